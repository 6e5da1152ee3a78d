""""""

from __future__ import annotations

import pytest
from support.grammar import menus
from support.grammar.menus import Action

READ = {"swiftbar": menus.read_swiftbar, "xbar": menus.read_xbar, "argos": menus.read_argos}
every_bar = pytest.mark.parametrize("read", READ.values(), ids=READ)


def texts(items):
    return [item.text for item in items]


@every_bar
def test_the_first_dashes_open_the_menu_and_later_ones_part_it(read):
    menu = read(b"5h 42%\nweek 7%\n---\nPlan: Pro\n--used 42\n---\nOpen\n")
    assert texts(menu.bar) == ["5h 42%", "week 7%"]
    assert [(item.text, item.level, item.separator) for item in menu.items] == [
        ("Plan: Pro", 0, False),
        ("used 42", 1, False),
        ("", 0, True),
        ("Open", 0, False),
    ]
    assert (menu.visible, menu.dead, menu.errors) == (True, False, ())


@every_bar
def test_the_first_pipe_ends_the_text_and_begins_the_parameters(read):
    item = read(b'P | color=#ff0000 size=12 bash="/bin/a b" param1="c|d" terminal=false refresh=true\n').bar[0]
    assert item.text == "P"
    assert item.parameter("color") == "#ff0000"
    assert item.actions == (
        Action("run", "'/bin/a b' 'c|d'" if read is not menus.read_argos else "/bin/a b 'c|d'"),
        Action("refresh", "refresh"),
    )


@every_bar
def test_a_plan_name_can_become_a_live_click(read):
    item = read(b"x\n---\nP |bash=/usr/bin/touch param1=pwned refresh=true\n").items[0]
    assert item.actions == (Action("run", "/usr/bin/touch pwned"), Action("refresh", "refresh"))


@every_bar
def test_an_address_is_opened(read):
    assert read(b"P | href=https://example.invalid/?a=b\n").bar[0].actions == (
        Action("open", "https://example.invalid/?a=b"),
    )


@every_bar
def test_a_submenu_after_a_leading_blank_is_plain_text(read):
    assert [(item.text, item.level) for item in read(b"x\n---\na\n --y\n").items] == [("a", 0), ("--y", 0)]


@every_bar
def test_a_bar_line_of_dashes_is_an_error(read):
    assert read(b"--x\n---\na\n").errors


@every_bar
def test_a_submenu_without_a_parent_is_an_error(read):
    assert read(b"x\n---\n--y\n").errors


@every_bar
def test_shortcodes_are_replaced_unless_switched_off_and_times_are_none(read):
    assert read(b"x :rocket: y\n").bar[0].replaced == (":rocket:",)
    off = b" symbolize=false" if read is menus.read_swiftbar else b""
    assert read(b"x :rocket: y | emojize=false" + off + b"\n").bar[0].replaced == ()
    assert read(b"at 12:30:45 x\n").bar[0].replaced == ()


@every_bar
def test_invalid_utf8_is_an_error(read):
    assert read(b"a\xffb\n").errors


@pytest.mark.parametrize(
    ("read", "shown"), [(menus.read_swiftbar, False), (menus.read_xbar, False), (menus.read_argos, True)]
)
def test_without_output_only_argos_shows_something(read, shown):
    menu = read(b"")
    assert (menu.visible, "".join(texts(menu.bar))) == (shown, "")
    assert menu.errors


@pytest.mark.parametrize(
    ("read", "escape"),
    [(menus.read_xbar, rb"\x41\u0042\n"), (menus.read_argos, rb"\101\n"), (menus.read_swiftbar, rb"\t\n")],
)
def test_escapes_in_a_text_are_read(read, escape):
    item = read(b"a" + escape + b"b\n").bar[0]
    assert "\\" not in item.text
    assert "\n" in item.text
    assert item.replaced


@pytest.mark.parametrize("read", [menus.read_xbar, menus.read_argos])
def test_a_separator_after_a_blank_still_is_one(read):
    assert texts(read(b"x\n ---\ny\n").items) == ["y"]


@pytest.mark.parametrize("text", ["A & <b>", "A & <b", "5 < 6"])
def test_argos_reads_markup_by_default_and_a_wrong_one_breaks_the_line(text):
    assert "a broken line" in menus.read_argos(text.encode()).errors[0]
    clean = menus.read_argos(f"{text} | useMarkup=false".encode())
    assert (texts(clean.bar), clean.errors) == ([text], ())


def test_argos_applies_spans_and_ansi_colours():
    assert menus.read_argos(b"<span size='1'>x</span>").bar[0].styles == ("size=1",)
    assert menus.read_argos(b"a\x1b[31mb").bar[0].styles == ("ansi=31",)
    assert menus.read_argos(b"a | color=red size=12").bar[0].styles == ()


def test_argos_breaks_a_line_with_a_wrong_colour():
    assert menus.read_argos(b"a | color=nope").errors


def test_argos_drops_all_attributes_at_an_unbalanced_quote():
    menu = menus.read_argos(b"it's | bash='touch")
    assert (texts(menu.bar), menu.bar[0].parameters) == (["it's"], ())
    assert menu.errors == ("all attributes are dropped: No closing quotation",)


def test_argos_runs_bash_and_javascript_but_not_shell():
    assert menus.read_argos(b"a | shell=touch").bar[0].actions == ()
    assert menus.read_argos(b"a | eval=x()").bar[0].actions == (Action("eval", "x()"),)
    assert menus.read_argos(b"a | bash='echo $(id)' param1='a b'").bar[0].actions == (
        Action("run", "echo $(id) 'a b'"),
    )


def test_argos_takes_any_line_of_dashes_for_a_separator_and_drops_blank_ones():
    menu = menus.read_argos(b"x\n\n-\na\n-----\nb\n")
    assert [(item.text, item.separator) for item in menu.items] == [("a", False), ("", True), ("b", False)]


def test_argos_with_everything_off_shows_a_hostile_text_as_it_is():
    off = "useMarkup=false unescape=false emojize=false ansi=false"
    text = r"A & <b> :rocket: \x41\n 'it''s'"
    assert texts(menus.read_argos(f"{text} | {off}".encode()).bar) == [text]


@pytest.mark.parametrize("line_break", ["\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_swiftbar_ends_lines_at_every_unicode_break_and_drops_blank_ones(line_break):
    menu = menus.read_swiftbar(f"a{line_break}{line_break}---{line_break}b".encode())
    assert (texts(menu.bar), texts(menu.items)) == (["a"], ["b"])


def test_swiftbar_takes_keys_in_any_case_and_tells_unknown_ones():
    menu = menus.read_swiftbar(b"P | BASH=touch Color=red bogus=1\n")
    assert menu.bar[0].actions == (Action("run", "touch"),)
    assert menu.bar[0].parameter("color") == "red"
    assert menu.errors == ("unknown parameter ignored: 'bogus'",)


def test_swiftbar_parts_parameters_by_blanks_alone():
    assert dict(menus.read_swiftbar(b"P | size=1 | length=2\n").bar[0].parameters) == {"size": "1", "| length": "2"}


def test_swiftbar_keeps_the_backslash_of_a_quoted_quote():
    assert menus.read_swiftbar(rb'P | tooltip="a\"b" size=3').bar[0].parameter("tooltip") == r"a\"b"


def test_swiftbar_opens_the_menu_at_any_line_that_begins_with_three_dashes():
    menu = menus.read_swiftbar(b"x\n---y\nz\n")
    assert texts(menu.bar) == ["x"]
    assert menu.errors


def test_swiftbar_takes_a_separator_after_a_blank_for_text():
    assert texts(menus.read_swiftbar(b"x\n ---\ny\n").bar) == ["x", "---", "y"]


def test_swiftbar_streams_its_last_part():
    menu = menus.read_swiftbar(b"a\n~~~\nb\n---\nc\n~~~\n", streaming=True)
    assert (texts(menu.bar), texts(menu.items), menu.errors) == (["b"], ["c"], ())
    assert menus.read_swiftbar(b"a ~~~ b\n", streaming=True).errors
    assert texts(menus.read_swiftbar(b"a\n~~~\n").bar) == ["a", "~~~"]


def test_swiftbar_runs_stdin_too():
    assert menus.read_swiftbar(b"P | stdin=x\n").bar[0].actions == (Action("stdin", "x"),)


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
    menu = menus.read_xbar(f"x\n---\n{line}\n".encode())
    assert menu.dead
    assert not menu.visible


@pytest.mark.parametrize("output", ["P |=q\n", "--x\n---\n--y\n", "---\n--y\n", "---\na | alternate=true\n"])
def test_xbar_panics(output):
    menu = menus.read_xbar(output.encode())
    assert menu.dead
    assert "panic" in menu.errors[0]


def test_xbar_shows_a_lone_bar_line_of_dashes_without_them():
    assert texts(menus.read_xbar(b"--x\n").bar) == ["x"]


def test_xbar_hangs_a_first_submenu_on_the_bar_item():
    menu = menus.read_xbar(b"x\n---\n--y\nz\n")
    assert texts(menu.items) == ["z"]
    assert "lost" in menu.errors[0]


def test_xbar_goes_one_level_deeper_at_a_time():
    assert [(item.text, item.level) for item in menus.read_xbar(b"x\n---\na\n----b\n").items] == [("a", 0), ("--b", 1)]


@pytest.mark.parametrize(
    ("source", "value"), [("'a\"b'", 'a"b'), ('"a\'b"', "a'b"), ('"a b" size=1', "a b"), ('"a|b"', "a|b")]
)
def test_xbar_ends_a_quoted_value_at_the_next_such_quote(source, value):
    assert menus.read_xbar(f"P | font={source}\n".encode()).bar[0].parameter("font") == value


def test_xbar_unquotes_no_text_that_holds_a_quote_or_a_wrong_escape():
    assert texts(menus.read_xbar(b'a\\x41"\nb\\q\n').bar) == ['a\\x41"', "b\\q"]
    assert texts(menus.read_xbar(b"a\\x41 | ansi=false\n").bar) == ["a\\x41"]


def test_xbar_makes_a_blank_line_an_empty_item_and_splits_at_newlines_only():
    menu = menus.read_xbar("a\n\nb\u2028c\r\n".encode())
    assert texts(menu.bar) == ["a", "", "b\u2028c"]
    assert menu.errors == ("an empty item",)


def test_xbar_dies_of_a_line_longer_than_its_buffer():
    assert menus.read_xbar(b"L" * 70_000).dead
