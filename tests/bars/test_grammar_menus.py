import pytest
from grammar import argos, swiftbar, xbar
from grammar.menu import Action

READ = {"swiftbar": swiftbar.read, "xbar": xbar.read, "argos": argos.read}
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
        Action("run", "'/bin/a b' 'c|d'" if read is not argos.read else "/bin/a b 'c|d'"),
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
    off = b" symbolize=false" if read is swiftbar.read else b""
    assert read(b"x :rocket: y | emojize=false" + off + b"\n").bar[0].replaced == ()
    assert read(b"at 12:30:45 x\n").bar[0].replaced == ()


@every_bar
def test_invalid_utf8_is_an_error(read):
    assert read(b"a\xffb\n").errors


@pytest.mark.parametrize(("read", "shown"), [(swiftbar.read, False), (xbar.read, False), (argos.read, True)])
def test_without_output_only_argos_shows_something(read, shown):
    menu = read(b"")
    assert (menu.visible, "".join(texts(menu.bar))) == (shown, "")
    assert menu.errors


@pytest.mark.parametrize(
    ("read", "escape"), [(xbar.read, rb"\x41\u0042\n"), (argos.read, rb"\101\n"), (swiftbar.read, rb"\t\n")]
)
def test_escapes_in_a_text_are_read(read, escape):
    item = read(b"a" + escape + b"b\n").bar[0]
    assert "\\" not in item.text
    assert "\n" in item.text
    assert item.replaced


@pytest.mark.parametrize("read", [xbar.read, argos.read])
def test_a_separator_after_a_blank_still_is_one(read):
    assert texts(read(b"x\n ---\ny\n").items) == ["y"]
