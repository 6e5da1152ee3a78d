import time

import pytest

from codingplan_bar.text import clean


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029"]
)
def test_a_line_end_of_any_kind_is_a_space(end):
    assert clean(f"a{end}b", 10) == "a b"


@pytest.mark.parametrize("space", ["   ", "\xa0", "\u3000", "\u2003", " \x00 ", "\u202f"])
def test_spaces_of_any_kind_become_one(space):
    assert clean(f" a{space}b ", 10) == "a b"


CONTROLS = (0x00, 0x1B, 0x7F, 0x9B, 0xD800, 0xDFFF, 0xE000, 0x10FFFD, 0x0378, 0xFFFE)
BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
UNSEEN = (0x00AD, 0x034F, 0x180B, 0x200B, 0x200C, 0x200D, 0x2060, 0x2800, 0x3164, 0xFE0F, 0xFEFF, 0xE0041, 0xE0100)


@pytest.mark.parametrize("char", [*map(chr, CONTROLS + BIDI + UNSEEN)], ids=ascii)
def test_what_cannot_be_seen_goes(char):
    assert clean(f"a{char}b", 10) == "ab"


@pytest.mark.parametrize(
    "text", ["编码套餐 专业版", "Ürün Pro – 5 h", "🚀 Pro", "ไทย", "हिन्दी", "<b>&amp;</b>", "%{A1:x:}#(id)|bash=x\\"]
)
def test_visible_text_stays_as_it_is(text):
    assert clean(text, 64) == text


def test_letters_and_marks_are_composed():
    assert clean("e\u0301", 10) == "é"


@pytest.mark.parametrize("sign", "&<>'\"")
def test_a_mark_does_not_sit_on_a_sign_of_markup(sign):
    assert clean(f"{sign}\u0301\u0327a", 10) == f"{sign}a"


def test_a_mark_that_makes_another_character_of_a_sign_leaves_no_sign():
    assert clean("<\u0338", 10) == "≮"


@pytest.mark.parametrize("text", ["\u0301a", " \u0301a", "\n\u0301a", "\u200b\u0301a"])
def test_a_mark_does_not_begin_a_text_where_it_would_sit_on_what_a_bar_puts_before(text):
    assert clean(text, 10) == "a"


def test_a_long_text_is_cut_with_an_ellipsis_within_the_limit():
    assert clean("x" * 11, 10) == "x" * 9 + "…"
    assert clean("x" * 10, 10) == "x" * 10
    assert clean("abc defg", 5) == "abc…"


def test_a_cut_falls_between_letters_and_not_between_a_letter_and_its_marks():
    assert clean("abq\u0323\u0301de", 5) == "ab…"
    assert clean("abq\u0323\u0301de", 6) == "abq\u0323\u0301…"
    assert clean("q" + "\u0323" * 20, 5) == "…"


@pytest.mark.parametrize("char", ["a", " ", "\u0301", "\u0301\u0327", "\u200b", "\ud800", "<\u0338"])
def test_a_megabyte_costs_no_more_than_a_line(char):
    begun = time.thread_time()
    assert len(clean(char * 1_000_000, 200)) <= 200
    assert time.thread_time() - begun < 0.5
