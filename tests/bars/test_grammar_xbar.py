import pytest
from grammar import xbar


def texts(items):
    return [item.text for item in items]


@pytest.mark.parametrize(
    "line",
    [
        "P | q | color=red",
        "P | Color=red",
        "P | sfimage=x",
        "P | useMarkup=false",
        "P | color=#12",
        "P | color=nope",
        "P | size=x",
        "P | terminal=maybe",
        "P | size=1 word",
        "P | tooltip=x",
        "P | symbolize=false",
        "P | paramx=1",
    ],
)
def test_xbar_replaces_the_plugin_at_the_first_thing_it_does_not_know(line):
    menu = xbar.read(f"x\n---\n{line}\n".encode())
    assert menu.dead
    assert not menu.visible


@pytest.mark.parametrize("output", ["P |=q\n", "--x\n---\n--y\n", "---\n--y\n", "---\na | alternate=true\n"])
def test_xbar_panics(output):
    menu = xbar.read(output.encode())
    assert menu.dead
    assert "panic" in menu.errors[0]


def test_xbar_shows_a_lone_bar_line_of_dashes_without_them():
    assert texts(xbar.read(b"--x\n").bar) == ["x"]


def test_xbar_hangs_a_first_submenu_on_the_bar_item():
    menu = xbar.read(b"x\n---\n--y\nz\n")
    assert texts(menu.items) == ["z"]
    assert "lost" in menu.errors[0]


def test_xbar_goes_one_level_deeper_at_a_time():
    assert [(item.text, item.level) for item in xbar.read(b"x\n---\na\n----b\n").items] == [("a", 0), ("--b", 1)]


@pytest.mark.parametrize(
    ("source", "value"), [("'a\"b'", 'a"b'), ('"a\'b"', "a'b"), ('"a b" size=1', "a b"), ('"a|b"', "a|b")]
)
def test_xbar_ends_a_quoted_value_at_the_next_such_quote(source, value):
    assert xbar.read(f"P | font={source}\n".encode()).bar[0].parameter("font") == value


def test_xbar_unquotes_no_text_that_holds_a_quote_or_a_wrong_escape():
    assert texts(xbar.read(b'a\\x41"\nb\\q\n').bar) == ['a\\x41"', "b\\q"]
    assert texts(xbar.read(b"a\\x41 | ansi=false\n").bar) == ["a\\x41"]


def test_xbar_makes_a_blank_line_an_empty_item_and_splits_at_newlines_only():
    menu = xbar.read("a\n\nb\u2028c\r\n".encode())
    assert texts(menu.bar) == ["a", "", "b\u2028c"]
    assert menu.errors == ("an empty item",)


def test_xbar_dies_of_a_line_longer_than_its_buffer():
    assert xbar.read(b"L" * 70_000).dead
