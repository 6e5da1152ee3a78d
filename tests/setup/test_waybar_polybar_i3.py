"""waybar's, polybar's, i3status-rust's and i3blocks' configurations get a module more and change by no other byte."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.configurations import configurations

from codingplan_bar.configure import polybar, waybar
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.machine import Machine, shell_text
from codingplan_bar.configure.panels import i3blocks
from codingplan_bar.configure.panels.i3status_rust_starship import found, i3status_rust, named

COMMAND = "/home/me/.local/bin/codingplan-bar"
BARS = {"waybar": waybar, "polybar": polybar}
CASES = [(bar, path) for bar in BARS for path in configurations(bar)]
everyone = pytest.mark.parametrize(("bar", "path"), CASES, ids=[f"{bar}-{path.stem}" for bar, path in CASES])


def text_of(path):
    return path.read_bytes().decode()


def read_json(text):
    """What waybar reads, with the comments cut out character by character."""
    out, at, text = [], 0, text.removeprefix("\ufeff")
    while at < len(text):
        if text[at] == '"':
            end = at + 1
            while text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            out.append(text[at : end + 1])
            at = end + 1
        elif text.startswith("//", at):
            at = text.find("\n", at) % (len(text) + 1)
        elif text.startswith("/*", at):
            at = text.index("*/", at) + 2
        else:
            out.append(text[at])
            at += 1
    return json.loads(re.sub(r",(\s*[]}])", r"\1", "".join(out)))


@pytest.mark.parametrize("path", [path for bar, path in CASES if bar == "waybar"], ids=lambda path: path.stem)
def test_waybar_reads_a_module_more_and_all_else_as_before(path):
    before, after = read_json(text_of(path)), read_json(waybar.changed(text_of(path), COMMAND))
    first, old = (each[0] if isinstance(each, list) else each for each in (after, before))
    assert first.pop("custom/codingplan")["exec"] == f"{COMMAND} waybar --watch"
    side = next(name for name in waybar.SIDES if name in old)
    assert first[side].pop(0) == "custom/codingplan"
    assert after == before


def read_ini(text):
    parser = configparser.RawConfigParser(strict=False, interpolation=None, delimiters=("=",), allow_no_value=True)
    parser.read_string("[none]\n" + re.sub(r"^[ \t]+", "", text.removeprefix("\ufeff"), flags=re.MULTILINE))
    return {name: dict(parser[name]) for name in parser.sections()}


@pytest.mark.parametrize("path", [path for bar, path in CASES if bar == "polybar"], ids=lambda path: path.stem)
def test_polybar_reads_a_module_more_and_all_else_as_before(path):
    before, after = read_ini(text_of(path)), read_ini(polybar.changed(text_of(path), COMMAND))
    ours = after.pop("module/codingplan")
    assert ours["exec"] == f"{COMMAND} polybar --watch"
    (changed,) = [
        (name, key) for name, keys in after.items() for key, value in keys.items() if before[name].get(key) != value
    ]
    name, key = changed
    assert key.startswith("modules-")
    assert after[name][key].split() == [*(before[name][key] or "").split(), "codingplan"]
    after[name][key] = before[name][key]
    assert after == before


@everyone
def test_twice_is_once_and_undo_brings_back_the_very_bytes(bar, path):
    text = text_of(path)
    written = BARS[bar].changed(text, COMMAND)
    assert written != text
    assert BARS[bar].changed(written, COMMAND) == written
    assert BARS[bar].taken(written) == text
    assert BARS[bar].taken(text) == text


@everyone
def test_another_command_replaces_the_one_before(bar, path):
    text = text_of(path)
    moved = BARS[bar].changed(BARS[bar].changed(text, COMMAND), "/opt/x y/codingplan-bar")
    assert COMMAND not in moved
    assert BARS[bar].taken(moved) == text


@everyone
@given(words=st.text(alphabet="abc ;#/=", max_size=30))
def test_what_the_user_writes_elsewhere_stays(bar, path, words):
    text, added = text_of(path), {"waybar": "// ", "polybar": ""}[bar] + words
    written = BARS[bar].changed(text, COMMAND)
    head = "\ufeff" if text.startswith("\ufeff") else ""
    edited = head + added + "\n" + written.removeprefix("\ufeff")
    assert BARS[bar].taken(edited) == head + added + "\n" + text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("bar", "text", "reason"),
    [
        ("waybar", "{", "no json"),
        ("waybar", '{"modules-right": "clock"}', "not understood"),
        ("waybar", '{"layer": "top"}', "no list"),
        ("waybar", "{}", "no list"),
        ("waybar", "[" * 5000, "not understood"),
        ("waybar", "not json at all", "no json"),
        ("waybar", '{"modules-right": []} {}', "no json"),
        *(("waybar", f'{{{space}"modules-right": []}}', "no json") for space in "\u00a0\u3000\u2028\x85\x0b\x0c"),
        ("waybar", '{"modules-right": ["custom/codingplan"], "custom/codingplan": {}}', "already there"),
        ("polybar", "[module/date]\ntype = internal/date\n", "no modules"),
        ("polybar", "[bar/a]\ninherit = bar/b\n", "no modules"),
        ("polybar", "[bar/a]\nmodules-right = x\n[module/codingplan]\nexec = a\n", "already there"),
        ("polybar", "[bar/a]\nmodules-right = x\n[module/q]\nexec = codingplan-bar polybar\n", "already there"),
        ("polybar", "include-file = ours.ini\n[bar/a]\nmodules-right = x codingplan\n", "already there"),
        ("polybar", "[bar/a]\nmodules-right = ${mods.right}\n", "reference"),
        ("polybar", "[mods]\nright = ${env:MODS}\n[bar/a]\nmodules-right = ${mods.right}\n", "reference"),
        ("polybar", "[a]\nx = ${b.x}\n[b]\nx = ${a.x}\n[bar/a]\nmodules-right = ${a.x}\n", "reference"),
    ],
)
def test_what_cannot_be_changed_with_certainty_is_left_alone(bar, text, reason):
    with pytest.raises(LeftAlone) as left:
        BARS[bar].changed(text, COMMAND)
    assert left.value.reason == reason


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize(
    "command", ["/a b/codingplan-bar", '/it\'s "quoted"/codingplan-bar', "/$HOME/`x`/codingplan-bar"]
)
def test_a_command_of_any_path_is_one_word_for_a_shell(bar, command):
    text = text_of(next(path for each, path in CASES if each == bar))
    written = BARS[bar].changed(text, command)
    assert BARS[bar].taken(written) == text
    with pytest.raises(LeftAlone):
        BARS[bar].changed(text, "/a\nb")


@given(st.text(alphabet='{}[]",:/*\\ \n\tabc1') | st.text())
def test_any_text_is_read_or_left_alone(text):
    try:
        found = waybar.parse(text)
    except LeftAlone:
        return
    assert 0 <= found.begins < found.ends <= len(text)


def test_a_name_that_an_editor_has_written_with_escapes_is_ours_all_the_same():
    before = '{"modules-right": ["clock"]}'
    written = waybar.changed(before, COMMAND)
    for slash in ("\\/", "\\u002F"):
        above, _, below = written.rpartition('"custom/codingplan"')
        edited = f'{above}"custom{slash}codingplan"{below}'
        assert waybar.changed(edited, COMMAND) == edited
        assert waybar.taken(edited) == before


def test_a_comment_before_ours_ends_with_its_line_also_in_a_file_of_windows():
    before = '{\r\n"modules-right": [\r\n"clock", // mine\r\n"cpu", "tray"]}\r\n'
    written = waybar.changed(before, COMMAND)
    name = '"custom/codingplan", '
    edited = written.replace('"custom/codingplan",', "").replace('"cpu", ', f'{name}"cpu", ')
    assert waybar.taken(edited).split() == before.split()


LAYOUTS = ['{"modules-right": ["clock"]}', '{\n    "modules-right": [\n        "cpu",\n        "clock"\n    ]\n}\n']


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("before", LAYOUTS)
def test_a_comment_of_the_users_at_any_line_leaves_an_undo_the_rest(before, newline):
    before = before.replace("\n", newline)
    lines = waybar.changed(before, COMMAND).splitlines(keepends=True)
    begins, ends = (next(n for n, line in enumerate(lines) if mark in line) for mark in (waybar.BEGINS, waybar.ENDS))
    for number in range(1, len(lines)):
        edited = "".join([*lines[:number], f"// mine{newline}", *lines[number:]])
        assert waybar.changed(edited, COMMAND) == edited
        rest = waybar.taken(edited)
        assert "".join(rest.replace("// mine", "").split()) == "".join(before.split())
        assert ("// mine" in rest) == (not begins + 1 < number < ends)


@pytest.mark.parametrize("sign", ["\t", "\n", "\r\n", "\x1b"])
def test_a_text_with_a_control_character_is_refused_with_its_line_and_ours_can_still_be_taken_out(sign):
    """waybar ends there from 0.15 on: "Control character in string"."""
    before = '{"modules-right": ["clock"],\n"clock": {"format": "a b"}}'
    with pytest.raises(LeftAlone) as refused:
        waybar.changed(before.replace("a b", f"a{sign}b"), COMMAND)
    assert (refused.value.reason, refused.value.line) == ("control sign", 2)
    written = waybar.changed(before, COMMAND).replace("a b", f"a{sign}b")
    assert waybar.taken(written) == before.replace("a b", f"a{sign}b")


@pytest.mark.parametrize("text", ["", "* { color: red; }\n", "* {}\r\n", "window { x: y }"])
def test_the_style_sheet_gets_the_colours_at_its_end(text):
    written = waybar.style.changed(text, COMMAND)
    assert written.startswith(text)
    assert "#custom-codingplan {" in written
    assert waybar.style.changed(written, COMMAND) == written
    assert waybar.style.taken(written) == text


@pytest.mark.parametrize(
    "text",
    [
        '{"modules-right": ["clock"], "custom/own": {"exec": "codingplan-bar text"}}',
        '[{"custom/own": {"exec": "codingplan-bar text"}}, {"modules-right": ["clock"]}]',
        '{"modules-right": ["clock", "codingplan-bar text"], "clock": {}}',
    ],
)
def test_what_the_user_had_of_this_program_stays_beside_ours_and_after_it(text):
    written = waybar.changed(text, COMMAND)
    assert '"exec": "' + COMMAND in written
    assert waybar.taken(written) == text


# i3status-rust gets one block more, i3blocks one section, and nothing else of these files changes by a byte.


changed, taken, place = i3status_rust.changed, i3status_rust.taken, i3status_rust.place
FILES = configurations("i3status_rust")
TOMLS = [path.read_bytes().decode() for path in FILES]
every_toml = pytest.mark.parametrize("text", TOMLS, ids=[path.stem for path in FILES])
I3_CASES = [(i3status_rust, path) for path in FILES] + [(i3blocks, path) for path in configurations("i3blocks")]


@pytest.mark.parametrize(("bar", "path"), I3_CASES, ids=[path.stem for _, path in I3_CASES])
def test_what_was_there_stays_to_the_byte_and_twice_is_once(bar, path):
    text = path.read_bytes().decode()
    written = bar.changed(text, COMMAND)
    assert written.startswith(text)
    assert bar.changed(written, COMMAND) == written
    assert bar.taken(written) == text


def test_the_line_to_blame_is_one_of_the_users_file():
    with pytest.raises(LeftAlone, match="not understood") as left:
        i3status_rust.changed('block = [ { block = "time" } ]\n', COMMAND)
    assert left.value.line <= 1


def parsed(text):
    return tomllib.loads(text.removeprefix("\ufeff"))


@every_toml
def test_there_is_exactly_one_block_more_the_last(text):
    before, after = parsed(text), parsed(changed(text, COMMAND))
    *blocks, ours = after["block"]
    assert {**after, "block": blocks} == {"block": [], **before}
    assert ours["command"] == f"{COMMAND} i3status-rust --watch"
    assert {click["button"]: click["cmd"] for click in ours["click"]} == {
        "left": f"{COMMAND} open",
        "right": f"{COMMAND} refresh",
    }


@every_toml
def test_the_lines_end_as_the_others_do(text):
    if "\r\n" in text:
        assert changed(text, COMMAND).count("\n") == changed(text, COMMAND).count("\r\n")
    else:
        assert "\r" not in changed(text, COMMAND)


def test_another_command_takes_the_place_of_the_first_even_where_the_user_has_moved_the_block():
    written = changed('[[block]]\nblock = "time"\n', COMMAND)
    moved = taken(written).join([written.removeprefix(taken(written)), ""])
    assert parsed(moved)["block"][0]["command"].startswith(COMMAND)
    elsewhere = changed(moved, "/opt/bin/codingplan-bar")
    assert elsewhere == moved.replace(COMMAND, "/opt/bin/codingplan-bar")
    assert changed(elsewhere, COMMAND) == moved


@pytest.mark.parametrize("path", ["/a b", "/it's", '/"q"', "/back\\slash", "/$HOME", "/中文"])
def test_any_path_is_one_word_of_the_shell(path):
    command = f"{path}/codingplan-bar"
    ours = parsed(changed("", command))["block"][0]
    assert changed(changed("", command), COMMAND) == changed("", COMMAND)
    assert shlex.split(ours["command"]) == [command, "i3status-rust", "--watch"]


@pytest.mark.parametrize(
    "text",
    [
        "[[block]\n",
        'block = "time"\n',
        'block = [{ block = "time" }]\n',
        "[block]\nblock = 'time'\n",
        "x = '''open\n",
        '[[block]]\nblock = "custom"\ncommand = "codingplan-bar i3status-rust"\njson = true\n',
        "[[block]]\nblock = 'custom'\ncommand = \"'/a b/codingplan-bar' i3status-rust --watch\"\n",
    ],
)
def test_what_is_not_understood_for_certain_or_has_it_already_is_left_alone(text):
    with pytest.raises(LeftAlone):
        changed(text, COMMAND)


def test_a_key_below_our_block_is_made_no_other_tables_and_the_path_is_renewed_all_the_same():
    before = '[[block]]\nblock = "time"\n'
    written = f"{changed(before, COMMAND)}interval = 5\n"
    assert changed(written, "/opt/codingplan-bar") == f"{changed(before, '/opt/codingplan-bar')}interval = 5\n"
    with pytest.raises(LeftAlone):
        taken(written)


def test_a_marker_that_is_left_alone_keeps_nothing_from_being_written():
    assert changed("# >>> codingplan-bar >>>\n[[block]]\n", COMMAND) == changed("[[block]]\n", COMMAND)


LINES = st.text(st.sampled_from("ab=[]#\"' \t\r\n\ufeff中"), max_size=30).map(lambda text: text + "\n")


@given(text=st.sampled_from(TOMLS), above=LINES, below=LINES)
def test_what_the_user_changes_outside_of_the_block_survives_the_undo(text, above, below):
    whole = below if text.endswith("\n") or not text else "\n" + below
    edited = above + changed(text, COMMAND) + whole
    try:
        assert taken(edited) == above + text + whole
    except LeftAlone:
        assert "=" in above + below  # a key or a string's beginning, see below


@pytest.mark.parametrize(("above", "below"), [("", "interval = 5\n"), ("x = '''\n", "'''\n")])
def test_no_key_of_the_users_becomes_one_of_another_table_and_no_string_loses_a_part(above, below):
    """What stands below our block is read as part of our table; what stands in a string is a string."""
    with pytest.raises(LeftAlone, match="not understood"):
        taken(above + changed('[[block]]\nblock = "time"\n', COMMAND) + below)
    assert taken(changed("", COMMAND) + "[theme]\n" + below * (not above)) == "[theme]\n" + below * (not above)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["/usr/bin/i3status-rs"], "config.toml"),
        (["i3status-rs", "bottom"], "bottom"),
        (["i3status-rs", "--never-pause", "-j", "4", "/home/me/bar.toml"], "/home/me/bar.toml"),
        (["i3status"], None),
        ([], None),
    ],
)
def test_a_command_line_of_i3status_rust_names_its_configuration(arguments, name):
    assert named(arguments) == name


def test_a_name_is_looked_for_where_i3status_rs_does(tmp_path):
    machine = Machine({"HOME": str(tmp_path)})
    config, data = tmp_path / ".config/i3status-rust", tmp_path / ".local/share/i3status-rust"
    assert found("config.toml", machine) == config / "config.toml"
    data.mkdir(parents=True)
    (data / "top.toml").touch()
    assert found("top", machine) == data / "top.toml"
    config.mkdir(parents=True)
    (config / "top.toml").touch()
    assert found("top", machine) == config / "top.toml"
    assert found("/etc/bar.toml", machine).as_posix() == "/etc/bar.toml"
    assert found("top", Machine({"HOME": str(tmp_path), "XDG_CONFIG_HOME": "/none"})) == data / "top.toml"


def test_a_running_one_is_believed_before_sway_and_sway_before_the_default(tmp_path):
    home = {"HOME": str(tmp_path)}
    assert place(Machine(home)) is None
    (tmp_path / ".config/sway").mkdir(parents=True)
    (tmp_path / ".config/sway/config").write_text("bar {\n  status_command i3status-rs ~/bar.toml\n}\n")
    assert place(Machine(home)) == tmp_path / "bar.toml"
    running = [["bash"], ["i3status-rs", "/elsewhere.toml"]]
    assert place(Machine(home, running=running)).as_posix() == "/elsewhere.toml"


def test_a_file_that_no_witness_names_is_never_made_and_several_are_listed(tmp_path):
    folder = tmp_path / ".config/i3status-rust"
    folder.mkdir(parents=True)
    for name in ("top.toml", "bottom.toml"):
        (folder / name).touch()
    with pytest.raises(LeftAlone, match="which") as refused:
        place(Machine({"HOME": str(tmp_path)}))
    assert refused.value.about == (f"{folder}/bottom.toml", f"{folder}/top.toml")
    (folder / "top.toml").write_text("# >>> codingplan-bar >>>\n")
    assert place(Machine({"HOME": str(tmp_path)})) == folder / "top.toml"
    (folder / "config.toml").touch()
    assert place(Machine({"HOME": str(tmp_path)})) == folder / "config.toml"


def test_the_section_of_i3blocks_is_the_polled_form():
    assert (
        "[codingplan]\ncommand=case $BLOCK_BUTTON in 1) /home/me/.local/bin/codingplan-bar open;;"
        in i3blocks.changed("", COMMAND)
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[time\ncommand=date\n", "not understood"),
        ("[time]\n  no property\n", "not understood"),
        ("[time]\r\ncommand=date\r\n", "windows"),
        ("[time]\ncommand=date", "no newline"),
        ("[mine]\ncommand=codingplan-bar i3blocks\n", "already there"),
        ("[codingplan]\ncommand=~/bin/other\n", "already there"),
    ],
)
def test_what_i3blocks_would_not_read_so_or_has_already_is_left_alone(text, reason):
    with pytest.raises(LeftAlone, match=reason):
        i3blocks.changed(text, COMMAND)


@pytest.mark.parametrize(
    ("edited", "reason"),
    [
        (lambda text: text.replace("\n", "\r\n"), "windows"),
        (lambda text: text.rstrip("\n"), "no newline"),
        (lambda text: text.replace("[", " ["), "not understood"),
        (lambda text: text.replace("]", "] "), "not understood"),
        (lambda text: text.replace("\n\n", "\n \t\n"), "not understood"),
        (lambda text: text + "  # mine\n", "not understood"),
    ],
)
def test_a_file_that_i3blocks_reads_no_more_shows_nothing_though_ours_is_in_it(edited, reason):
    text, machine = i3blocks.changed("[time]\ncommand=date\n\n", COMMAND), Machine({"HOME": "/none"})
    assert i3blocks.unseen(text, Path("/none"), machine) == ""
    for asked in (i3blocks.changed, lambda text, _: i3blocks.unseen(text, Path("/none"), machine)):
        with pytest.raises(LeftAlone, match=reason):
            asked(edited(text), COMMAND)


@pytest.mark.parametrize("below", ["color=#ff0000\n", "# mine\ncolor=#ff0000\n[cpu]\ncommand=cpu\n"])
def test_no_property_of_the_users_becomes_one_of_another_section(below):
    """What stands below our block is read as part of our section: where that goes it would be somebody else's."""
    text = "[time]\ncommand=date\n"
    edited = i3blocks.changed(text, COMMAND) + below
    assert i3blocks.changed(edited, COMMAND) == edited
    with pytest.raises(LeftAlone, match="not understood"):
        i3blocks.taken(edited)
    assert (
        i3blocks.taken(i3blocks.changed(text, COMMAND) + "# mine\n[cpu]\n" + below) == text + "# mine\n[cpu]\n" + below
    )


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["/usr/bin/i3blocks", "-vvv", "-c", "/a/b"], "/a/b"),
        (["i3blocks", "-c/a/b"], "/a/b"),
        (["i3blocks", "-c"], None),
        (["i3blocks"], None),
        (["date", "-c", "x"], None),
        ([], None),
    ],
)
def test_a_command_line_of_i3blocks_names_its_configuration(arguments, name):
    assert shell_text.named_by(arguments, i3blocks.PROGRAM) == name


def test_the_file_of_a_running_one_comes_first_then_the_users_own_and_a_new_one_would_hide_the_systems(tmp_path):
    machine = Machine({"HOME": str(tmp_path)})
    assert i3blocks.place(machine) is None
    (tmp_path / ".i3blocks.conf").touch()
    assert i3blocks.place(machine) == tmp_path / ".i3blocks.conf"
    (tmp_path / ".config/i3blocks").mkdir(parents=True)
    (tmp_path / ".config/i3blocks/config").touch()
    assert i3blocks.place(machine) == tmp_path / ".config/i3blocks/config"
    (tmp_path / "mine").touch()
    running = Machine({"HOME": str(tmp_path)}, running=[["i3blocks", "-c", str(tmp_path / "mine")]])
    assert i3blocks.place(running) == tmp_path / "mine"
