"""The decoding of a body: whole, or an error of ours, and never more than 4 MiB."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.http.replies import bomb

from codingplan_bar.errors import BadResponse, NetworkFailure
from codingplan_bar.transport.limits import LIMIT, decoded, joined

PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZIP\t": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": lambda body: zlib.compress(body, wbits=-15),
    "identity": bytes,
    "": bytes,
}


@pytest.mark.parametrize("coding", PACKERS)
@given(st.binary())
def test_what_was_packed_comes_back(coding, body):
    assert decoded(PACKERS[coding](body), coding) == body


@pytest.mark.parametrize("coding", PACKERS)
def test_exactly_4_mib_are_not_too_much(coding):
    body = bytes(LIMIT)
    assert decoded(PACKERS[coding](body), coding) == body


@pytest.mark.parametrize("window_bits", [31, 15, -15])
def test_a_bomb_is_given_up_at_4_mib_in_constant_memory(window_bits):
    raw = bomb(3000, window_bits)
    tracemalloc.start()
    with pytest.raises(BadResponse, match="The answer is longer than 4 MiB"):
        decoded(raw, "gzip" if window_bits == 31 else "deflate")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * LIMIT


@given(st.binary(min_size=1), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_a_body_or_an_error_of_ours(raw, coding):
    with suppress(BadResponse, NetworkFailure):
        assert len(decoded(raw, coding)) <= LIMIT


@given(st.binary(min_size=1), st.data())
def test_a_packed_body_without_its_end_is_cut_off(body, data):
    packed = gzip.compress(body)
    length = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(NetworkFailure, match="cut off"):
        decoded(packed[:length], "gzip")


def test_what_stands_behind_the_end_is_left_alone():
    assert decoded(gzip.compress(b"hi") + b"more", "gzip") == b"hi"


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress", "\x00", "gzip;q=1"])
def test_an_unknown_encoding_is_refused_unless_there_is_nothing_in_it(coding):
    assert decoded(b"", coding) == b""
    with pytest.raises(BadResponse, match="content encoding"):
        decoded(b"x", coding)


def test_no_more_is_taken_than_needed_to_see_that_it_is_too_much():
    taken = []

    def chunks():
        while True:
            taken.append(1)
            yield bytes(LIMIT // 4)

    with pytest.raises(BadResponse, match="The answer is longer than 4 MiB"):
        joined(chunks())
    assert len(taken) == 5
