import json
import math
import tracemalloc

import pytest

from codingplan_bar.errors import BadResponse, EmptySuccess
from codingplan_bar.provider.values import MAX_VALUES, decode

FOUR_MIB = 4 * 1024 * 1024


def wrapped(value, times):
    """`value` as JSON inside a string inside a list, so many times."""
    for _ in range(times):
        value = [json.dumps(value)]
    return json.dumps(value)


def test_strings_are_opened_at_every_depth():
    assert decode(wrapped({"a": 1}, 4)) == [[[[{"a": 1}]]]]


@pytest.mark.parametrize("text", ["[", "{Pro}", '"quoted"', "12", "true", "null", "", "[1] and more", "NaN"])
def test_a_string_that_is_no_object_and_no_list_stays_a_string(text):
    assert decode(json.dumps({"a": text})) == {"a": text}


def test_a_string_of_white_space_and_json_is_opened():
    assert decode(json.dumps(" \n [1] ")) == [1]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_every_charset_of_json_is_read(charset):
    assert decode('{"名": "版"}'.encode(charset)) == {"名": "版"}


def test_a_mark_before_a_text_is_no_part_of_it():
    assert decode("\ufeff[1]") == [1]


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", "", b"\xef\xbb\xbf"])
def test_nothing_at_all_is_a_success_that_carries_nothing(body):
    with pytest.raises(EmptySuccess):
        decode(body)


@pytest.mark.parametrize("body", [b"<html>", b"[1", b"[1] [2]", b"\xff\xfe\xfd", b"{'a': 1}", b"\x00", b'["\x01"]'])
def test_what_is_no_json_is_a_bad_response(body):
    with pytest.raises(BadResponse, match="not JSON"):
        decode(body)


def test_a_hundred_levels_are_read_and_one_more_is_not():
    assert decode("[" * 100 + "]" * 100)
    with pytest.raises(BadResponse, match="100 levels"):
        decode("[" * 101 + "]" * 101)


def test_the_levels_of_embedded_json_count_with_those_around_it():
    inner = json.dumps("[" * 50 + "]" * 50)
    assert decode("[" * 50 + inner + "]" * 50)
    with pytest.raises(BadResponse, match="100 levels"):
        decode("[" * 51 + inner + "]" * 51)


CLOSED = ["[" * 40_000 + "]" * 40_000, '{"a":' * 40_000 + "1" + "}" * 40_000]


@pytest.mark.parametrize("deep", [*CLOSED, json.dumps(CLOSED[:1])])
def test_a_nesting_beyond_the_interpreter_is_a_bad_response(deep):
    with pytest.raises(BadResponse, match="100 levels"):
        decode(deep)


@pytest.mark.parametrize("deep", ["[" * 90_000, '{"a":' * 90_000])
def test_a_nesting_that_never_closes_is_a_bad_response(deep):
    """Whether Python sees first that it is deep or that it is cut off depends on its version."""
    with pytest.raises(BadResponse, match=r"100 levels|not JSON"):
        decode(deep)


def test_an_embedded_nesting_that_never_closes_is_text_where_python_reads_so_far():
    embedded = ["[" * 40_000]
    try:
        assert decode(json.dumps(embedded)) == embedded
    except BadResponse as error:
        assert "100 levels" in error.message  # noqa: PT017 - both are right


def test_numbers_beyond_every_float_are_values_and_no_errors():
    small, large, far = decode(f"[-1{'0' * 5000}, 1{'0' * 5000}, 1e999]")
    assert (small, large, far) == (-math.inf, math.inf, math.inf)


def test_values_are_counted_again_where_they_are_opened():
    third = json.dumps("[" + "1," * (MAX_VALUES // 3) + "1]")
    assert len(decode(f"[{third}]")[0]) == MAX_VALUES // 3 + 1
    with pytest.raises(BadResponse, match="100000 values"):
        decode(f"[{third}, {third}]")


def as_four_mib(beginning, repeated, end):
    times = (FOUR_MIB - len(beginning) - len(end)) // len(repeated)
    return beginning + repeated * times + end


@pytest.mark.parametrize(
    "body",
    [
        as_four_mib(b"[", b'{"a":1},', b"0]"),
        as_four_mib(b"[", b"[],", b"0]"),
        as_four_mib(b'["', b'[1","', b'"]'),
        as_four_mib(b"[", b"9", b"]"),
        as_four_mib(b"[0.", b"1", b"]"),
        as_four_mib(b'["', b"\\ud83d\\ude00", b'"]'),
        as_four_mib(b'["', b"x", b'"]'),
        wrapped("x" * 3_000_000, 15).encode(),
    ],
    ids=["objects", "lists", "strings", "digits", "fraction", "escapes", "text", "wraps"],
)
def test_four_mib_of_malice_end_in_bounded_memory(body):
    tracemalloc.start()
    try:
        decode(body)
    except BadResponse:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 40 * 1024 * 1024
