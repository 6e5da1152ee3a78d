"""What a server rightly says arrives whole, whatever its status, framing and encoding, and never more than 4 MiB."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.http import loopback
from support.http.asking import ask
from support.http.loopback import CHUNKED, OK, bomb, framed

from codingplan_bar.errors import BadResponse, NetworkFailure
from codingplan_bar.transport.limits import LIMIT, decoded, joined

if TYPE_CHECKING:
    from .conftest import Serve


@pytest.mark.parametrize("status", [101, 200, 204, 206, 304, 400, 401, 403, 404, 418, 429, 500, 503, 599, 999])
def test_every_status_is_an_answer(serve: Serve, status):
    length = "" if status in {101, 204, 304} else "Content-Length: 2\r\n"
    server = serve(
        loopback.saying(f"HTTP/1.1 {status} X\r\n{length}Retry-After: 9\r\n\r\n{'hi' if length else ''}".encode())
    )
    answer = ask(server.url())
    assert (answer.status, answer.body) == (status, b"hi" if length else b"")
    assert answer.headers["retry-after"] == "9"
    assert server.connections == 1


@pytest.mark.parametrize("status", [100, 102, 103, 199])
@pytest.mark.parametrize("headers", [b"", b"Link: </a.css>; rel=preload\r\nLink: </b.js>\r\n"])
def test_an_interim_answer_is_passed_over(serve: Serve, status, headers):
    interim = b"HTTP/1.1 %d Soon\r\n%b\r\n" % (status, headers)
    answer = ask(serve(loopback.saying(interim * 3 + framed(b"hi"))).url())
    assert (answer.status, answer.body) == (200, b"hi")


@pytest.mark.parametrize("length", [0, 1, 65536, 4 << 20])
@pytest.mark.parametrize("framing", ["length", "chunked", "closed"])
def test_up_to_4_mib_arrive_whole_in_any_framing(serve: Serve, length, framing):
    body = b"\xab" * length
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:]) if part)
    data = {
        "length": framed(body),
        "chunked": CHUNKED + chunks + b"0\r\nx-sum: 1\r\n\r\n",
        "closed": OK + b"\r\n" + body,
    }
    assert ask(serve(loopback.saying(data[framing])).url()).body == body


def test_headers_of_one_name_are_joined(serve: Serve):
    answer = ask(serve(loopback.saying(framed(b"", headers=("X-A: 1", "x-a: 2")))).url())
    assert answer.headers["x-a"] == "1, 2"


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
