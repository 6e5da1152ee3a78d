import pytest
from grammar import swiftbar
from grammar.menu import Action


def texts(items):
    return [item.text for item in items]


@pytest.mark.parametrize("line_break", ["\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_swiftbar_ends_lines_at_every_unicode_break_and_drops_blank_ones(line_break):
    menu = swiftbar.read(f"a{line_break}{line_break}---{line_break}b".encode())
    assert (texts(menu.bar), texts(menu.items)) == (["a"], ["b"])


def test_swiftbar_takes_keys_in_any_case_and_tells_unknown_ones():
    menu = swiftbar.read(b"P | BASH=touch Color=red bogus=1\n")
    assert menu.bar[0].actions == (Action("run", "touch"),)
    assert menu.bar[0].parameter("color") == "red"
    assert menu.errors == ("unknown parameter ignored: 'bogus'",)


def test_swiftbar_parts_parameters_by_blanks_alone():
    assert dict(swiftbar.read(b"P | size=1 | length=2\n").bar[0].parameters) == {"size": "1", "| length": "2"}


def test_swiftbar_keeps_the_backslash_of_a_quoted_quote():
    assert swiftbar.read(rb'P | tooltip="a\"b" size=3').bar[0].parameter("tooltip") == r"a\"b"


def test_swiftbar_opens_the_menu_at_any_line_that_begins_with_three_dashes():
    menu = swiftbar.read(b"x\n---y\nz\n")
    assert texts(menu.bar) == ["x"]
    assert menu.errors


def test_swiftbar_takes_a_separator_after_a_blank_for_text():
    assert texts(swiftbar.read(b"x\n ---\ny\n").bar) == ["x", "---", "y"]


def test_swiftbar_streams_its_last_part():
    menu = swiftbar.read(b"a\n~~~\nb\n---\nc\n~~~\n", streaming=True)
    assert (texts(menu.bar), texts(menu.items), menu.errors) == (["b"], ["c"], ())
    assert swiftbar.read(b"a ~~~ b\n", streaming=True).errors
    assert texts(swiftbar.read(b"a\n~~~\n").bar) == ["a", "~~~"]


def test_swiftbar_runs_stdin_too():
    assert swiftbar.read(b"P | stdin=x\n").bar[0].actions == (Action("stdin", "x"),)
