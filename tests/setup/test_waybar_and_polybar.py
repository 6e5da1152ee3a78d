"""waybar's and polybar's configurations get a module more, and nothing else of them changes by a byte."""

from __future__ import annotations

import configparser
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.configurations import configurations

from codingplan_bar.configure import polybar, waybar
from codingplan_bar.configure.block import LeftAlone

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
