"""What the user writes later is theirs, `--undo` takes ours out of it, and what stays after it is named."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.bars.phrases import width
from codingplan_bar.commands import demo
from codingplan_bar.commands import setup as command
from codingplan_bar.commands.setup import by_hand, setup
from codingplan_bar.configure import files, polybar, tmux, waybar
from codingplan_bar.configure.bars import BARS
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.machine import Machine
from codingplan_bar.configure.panels import i3blocks
from codingplan_bar.configure.panels.i3status_rust_starship import i3status_rust
from codingplan_bar.dispatch import run
from codingplan_bar.resources import shipped_folder
from codingplan_bar.words import table

COMMAND = "/home/me/.local/bin/codingplan-bar"
MOVED = "/opt/it's here/codingplan-bar"
MODULES = {
    "i3blocks": i3blocks,
    "i3status_rust": i3status_rust,
    "polybar": polybar,
    "tmux": tmux,
    "waybar": waybar,
    "waybar_style": waybar.style,
}
BEFORE = {
    "i3blocks": "[time]\ncommand=date\n",
    "i3status_rust": '[[block]]\nblock = "time"\n',
    "polybar": "[bar/a]\nmodules-right = date\nmodules-left = title\n[module/date]\ntype = internal/date\n",
    "tmux": "set -g status-right ' %H:%M '\n",
    "waybar": '{\n    "modules-left": ["tray"],\n    "modules-right": ["cpu", "clock"]\n}\n',
    "waybar_style": "* {}\n",
}
INSIDE = [
    ("i3blocks", "interval=60", "interval=300\ncolor=#ff0000"),
    ("i3status_rust", "json = true", 'json = true\ntheme_overrides = { idle_bg = "#000000" }'),
    ("polybar", "tail = true", "tail = true\nlabel = Q %output%"),
    ("tmux", "status-right-length 94", "status-right-length 120"),
    ("waybar", '"format": "{}"', '"format": "Q {}", "signal": 4'),
    ("waybar_style", "padding: 0 8px", "padding: 0 1px"),
]
"""An edit within what setup has written, for each bar."""


@pytest.mark.parametrize(("bar", "ours", "theirs"), INSIDE, ids=[bar for bar, *_ in INSIDE])
def test_an_edit_inside_of_our_block_stays_while_the_programs_path_is_renewed(bar, ours, theirs):
    module = MODULES[bar]
    edited = module.changed(BEFORE[bar], COMMAND).replace(ours, theirs, 1)
    assert module.changed(edited, COMMAND) == edited
    again = module.changed(edited, MOVED)
    assert theirs in again
    assert again == module.changed(BEFORE[bar], MOVED).replace(ours, theirs, 1)
    assert module.taken(edited) == module.taken(again) == BEFORE[bar]


@pytest.mark.parametrize("bar", MODULES)
def test_an_untouched_block_of_another_form_is_of_this_form_again(bar):
    module = MODULES[bar]
    assert module.changed(module.changed(BEFORE[bar], MOVED), COMMAND) == module.changed(BEFORE[bar], COMMAND)


FOREIGN = {
    "i3blocks": "[cpu]\ncommand=cpu\n",
    "i3status_rust": '[[block]]\nblock = "cpu"\n',
    "polybar": "[module/cpu]\ntype = internal/cpu\n",
    "tmux": "set -g mouse on\n",
    "waybar_style": "#cpu {\n    color: red;\n}\n",
}


@pytest.mark.parametrize("where", ["first", "last"])
@pytest.mark.parametrize("bar", FOREIGN)
def test_what_the_user_puts_between_our_markers_stays(bar, where):
    module = MODULES[bar]
    lines = module.changed(BEFORE[bar], COMMAND).splitlines(keepends=True)
    begins = next(number for number, line in enumerate(lines) if ">>> codingplan-bar >>>" in line)
    lines.insert(begins + 1 if where == "first" else len(lines) - 1, FOREIGN[bar])
    edited = "".join(lines)
    assert FOREIGN[bar] in module.changed(edited, MOVED)
    assert module.taken(edited) == BEFORE[bar] + FOREIGN[bar]


@pytest.mark.parametrize("bar", ["i3blocks", "i3status_rust", "polybar"])
def test_our_section_is_ours_where_the_user_has_moved_it(bar):
    module = MODULES[bar]
    written = module.changed(BEFORE[bar], COMMAND)
    lines = written.splitlines(keepends=True)
    begins = next(number for number, line in enumerate(lines) if ">>> codingplan-bar >>>" in line)
    ours = "".join(lines[begins + 1 : -1])
    moved = ours + "\n# mine\n" + written.replace(ours, "")
    assert module.changed(moved, COMMAND) == moved
    assert MOVED.split("'", maxsplit=1)[0] in module.changed(moved, MOVED)
    assert COMMAND not in module.changed(moved, MOVED)
    assert module.taken(moved) == "\n# mine\n" + BEFORE[bar]


RENAMED = {
    "i3blocks": [("[codingplan]", "[plan]")],
    "polybar": [("module/codingplan", "module/plan"), ("date codingplan", "date plan")],
    "waybar": [('"custom/codingplan"', '"custom/plan"')],
}


@pytest.mark.parametrize("bar", RENAMED)
def test_a_module_that_the_user_has_renamed_is_shown_once_and_goes_by_its_new_name(environ, capfd, bar):
    path = home_file(environ, bar)
    assert setup(bar, write=True, undo=False, environ=environ) == 0
    text = path.read_text()
    for old, new in RENAMED[bar]:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)
    assert setup(bar, write=True, undo=False, environ=environ) == 0
    assert path.read_text() == text
    assert setup(bar, write=False, undo=True, environ=environ) == 0
    assert path.read_text() == BEFORE[bar]
    capfd.readouterr()


@pytest.mark.parametrize("bar", ["i3blocks", "i3status_rust", "polybar", "tmux"])
@pytest.mark.parametrize("change", ["set in", "byte order mark"])
def test_an_editors_indent_or_byte_order_mark_hides_nothing_of_ours_from_an_undo(bar, change):
    module, before = MODULES[bar], "" if change == "byte order mark" and bar != "polybar" else BEFORE[bar]
    written = module.changed(before, COMMAND)
    begins = written.index("# >>>" if bar != "polybar" else "; >>>")
    ours = written[begins:]
    edited = "\ufeff" + written
    if change == "set in":
        edited = written[:begins] + "".join(f"\t{line}" for line in ours.splitlines(keepends=True))
    assert "codingplan" not in module.taken(edited)
    assert module.taken(edited).strip("\ufeff\t\n") == before.strip()


def home_file(environ, bar):
    places = {"waybar": "waybar/config", "polybar": "polybar/config.ini", "i3blocks": "i3blocks/config"}
    path = Path(environ["HOME"], ".config", places[bar])
    path.parent.mkdir(parents=True)
    path.write_text(BEFORE[bar])
    return path


@pytest.fixture
def environ(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "this_machine", Machine)
    return {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8"}


WORDS = st.lists(st.sampled_from(["cpu", "memory", "date", "my-codingplan", "codingplan-2"]), max_size=5)
EVENTUALLY = [
    "modules-right = {}",
    'modules-right = "{}"',
    "modules-left={}",
    "modules-center =   {}  ",
    "[mods]\nright = {}\n[bar/b]\nmodules-right = ${{mods.right}}",
]


@given(words=WORDS, place=st.integers(0, 5), line=st.sampled_from(EVENTUALLY))
def test_polybar_loses_our_word_alone_from_the_line_as_it_is_by_then(words, place, line):
    """The line is written anew by the user, whichever line of whichever bar it is and wherever our word is on it."""
    named = [*words[:place], "codingplan", *words[place:]]
    written = polybar.changed(BEFORE["polybar"], COMMAND)
    own = "modules-right = date codingplan\n"
    assert own in written
    edited = written.replace(own, line.format(" ".join(named)) + "\n")
    assert polybar.changed(edited, COMMAND) == edited
    assert polybar.taken(edited) == BEFORE["polybar"].replace(
        "modules-right = date\n", line.format(" ".join(words)) + "\n"
    )


FIRST_VERSION = """\
[bar/a]
; >>> codingplan-bar: its place >>>
;was modules-right = date
modules-right = {}
; <<< codingplan-bar: its place <<<
; >>> codingplan-bar >>>
[module/codingplan]
type = custom/script
exec = /home/me/.local/bin/codingplan-bar polybar --watch
tail = true
click-left = /home/me/.local/bin/codingplan-bar open
click-right = /home/me/.local/bin/codingplan-bar refresh
; <<< codingplan-bar <<<
"""


def test_what_the_first_version_wrote_into_polybars_file_loses_nothing_either():
    edited = FIRST_VERSION.format("cpu memory date codingplan")
    assert polybar.taken(edited) == "[bar/a]\nmodules-right = cpu memory date\n"
    again = polybar.changed(edited, COMMAND)
    assert "modules-right = cpu memory date codingplan\n" in again
    assert "its place" not in again
    assert polybar.taken(again) == polybar.taken(edited)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"date cpu"', '"date cpu codingplan"'),
        ('""', '"codingplan"'),
        ("${mods.right}", "${mods.right}"),
        ('"${mods.right}"', '"${mods.right}"'),
        ("${self.mine}", "${self.mine}"),
        ("${root.mine}", "${root.mine}"),
        ("${BAR.mine}", "${BAR.mine}"),
        ("${bar/a.mine}", "${bar/a.mine}"),
        ("${xrdb:x} date", "${xrdb:x} date codingplan"),
    ],
)
def test_polybars_names_are_put_where_they_stand_and_nothing_is_torn(before, after):
    text = f"[mods]\nright = date\n[bar/a]\nmine = cpu\nmodules-right = {before}\n"
    written = polybar.changed(text, COMMAND)
    assert f"modules-right = {after}" in written.splitlines()
    assert sum(line.endswith((" codingplan", ' codingplan"', '"codingplan"')) for line in written.splitlines()) == 1
    assert polybar.changed(written, COMMAND) == written
    assert polybar.taken(written) == text


def listed(text):
    bar = json.loads("\n".join(line for line in text.splitlines() if "/*" not in line))
    return {name: value for name, value in bar.items() if name.startswith("modules-")}


NAMES = st.lists(st.sampled_from(["cpu", "clock", "tray", "custom/other"]), max_size=4, unique=True)


@given(left=NAMES, right=NAMES, place=st.integers(0, 4), side=st.sampled_from(["left", "right"]), indent=st.booleans())
def test_waybar_loses_our_name_alone_from_whichever_list_has_it_by_then(left, right, place, side, indent):
    """Also where a formatter has set it anew, and left the comment at the module alone."""
    lists = {"left": list(left), "right": list(right)}
    written = waybar.changed("{}".replace("{}", '{"modules-right": []}'), COMMAND)
    module = json.loads(waybar.shown(COMMAND))
    lists[side].insert(place, waybar.NAME)
    bar = {**{f"modules-{name}": value for name, value in lists.items()}, **module, "height": 30}
    text = json.dumps(bar, indent=4 if indent else None)
    edited = text.replace("{", "{\n/* >>> codingplan-bar >>> */\n", 1)
    assert waybar.BEGINS in written
    assert waybar.changed(edited, COMMAND) == edited
    assert listed(waybar.taken(edited)) == {"modules-left": left, "modules-right": right}
    assert "codingplan" not in waybar.taken(edited)


@pytest.mark.parametrize(
    ("edited", "rest"),
    [
        ('["a", // mine\n "custom/codingplan", "b"]', '["a", // mine\n "b"]'),
        ('["a", "custom/codingplan" // ours, they say\n]', '["a" // ours, they say\n]'),
        ('[/* >>> codingplan-bar >>> */ "custom/codingplan" /* <<< codingplan-bar <<< */, "a"]', '[ "a"]'),
        ('["a" /* x */, "custom/codingplan"]', '["a" /* x */]'),
        ('["a", "custom/codingplan", "custom/codingplan"]', '["a"]'),
    ],
)
def test_waybars_commas_and_comments_are_whole_when_ours_is_out(edited, rest):
    text = '{"height": 1, "modules-right": LIST, "x": {"y": 1, "y": 2} /* >>> codingplan-bar >>> */}'
    assert waybar.taken(text.replace("LIST", edited)) == text.replace("LIST", rest).replace(f" {waybar.BEGINS}", "")


def test_waybars_name_in_a_group_of_the_users_is_ours_too():
    text = '{"modules-right": ["group/g"], "group/g": {"orientation": "inherit", "modules": ["cpu"]}}'
    written = waybar.changed(text, COMMAND)
    grouped = written.replace('"cpu"', '"cpu", "custom/codingplan"').replace(' "custom/codingplan",', "", 1)
    assert waybar.changed(grouped, COMMAND) == grouped
    assert json.loads(waybar.taken(grouped)) == json.loads(text)


@pytest.mark.parametrize("bar", ["waybar", "polybar"])
def test_ours_comes_back_where_the_user_has_taken_out_half_of_it(bar):
    module = MODULES[bar]
    written = module.changed(BEFORE[bar], COMMAND)
    half = (
        written.replace(' "custom/codingplan",', "", 1)
        if bar == "waybar"
        else written.replace("date codingplan", "date")
    )
    assert half != written
    whole = module.changed(half, COMMAND)
    assert module.taken(whole) == module.taken(half) == BEFORE[bar]
    assert whole.count("custom/codingplan" if bar == "waybar" else "codingplan\n") >= written.count("custom/codingplan")
    assert module.changed(whole, COMMAND) == whole


@pytest.mark.parametrize(
    ("bar", "between", "below"),
    [
        ("i3blocks", "[mine]\ncommand=mine\n", "color=#ff0000\n"),
        ("polybar", "[module/mine]\ntype = internal/cpu\n", "label = mine\n"),
        ("i3status_rust", '[[block]]\nblock = "cpu"\n', "interval = 7\n"),
    ],
)
def test_a_line_of_the_users_below_our_markers_is_never_taken_out_with_ours(bar, between, below):
    written = MODULES[bar].changed(BEFORE[bar], COMMAND)
    begins = written.index("\n", written.index(">>> codingplan-bar")) + 1
    for text in (written + below, written[:begins] + between + written[begins:] + below):
        with pytest.raises(LeftAlone, match="not understood"):
            MODULES[bar].taken(text)


def test_no_key_of_the_users_becomes_one_of_another_section():
    """What stands below our block is read as part of our section: where that goes it would be somebody else's."""
    written = polybar.changed(BEFORE["polybar"], COMMAND)
    with pytest.raises(LeftAlone, match="not understood"):
        polybar.taken(written + "format-prefix = Q\n")
    assert polybar.taken(written + "[settings]\nscreenchange-reload = true\n").endswith(
        "[settings]\nscreenchange-reload = true\n"
    )


# What stays after an undo is named, what a refusal leaves alone is said, and one thing has one name.


LANGUAGES = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}
CONFIG = ".config/waybar/config"
WAYBAR = '{"modules-right": ["clock"]}\n'
TEXTS = {"waybar": WAYBAR, "polybar": "[bar/a]\nmodules-right = date\n", "tmux": "set -g mouse on\n"}


def typed(home, told, language):
    """The command in what was told, given to `setup` as somebody types it."""
    words = shlex.split(re.search(r"codingplan-bar setup (\S+ --undo --file .+)", told)[1])
    file = words[-1].replace("~", str(home.folder))
    return home.setup(words[0], language, undo=True, file=file)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("does", ["uninstall", "undo"])
@pytest.mark.parametrize(
    ("bar", "name", "copy"),
    [
        ("waybar", CONFIG, ".config/waybar/config.jsonc"),
        ("waybar", CONFIG, ".config/waybar/my old one"),
        ("polybar", ".config/polybar/config.ini", ".config/polybar/old.ini"),
        ("tmux", ".tmux.conf", ".tmux.conf.bak"),
    ],
)
def test_a_copy_beside_a_configuration_is_named_and_the_command_that_is_told_takes_ours_out(
    home, bar, name, copy, does, language
):
    text = TEXTS[bar]
    path = home.put(name, text)
    home.setup(bar, language, write=True)
    other = home.put(copy, path.read_text())
    code, told, _ = home.uninstall(language) if does == "uninstall" else home.setup(bar, language, undo=True)
    assert (code, path.read_text()) == (0, text)
    assert ">>> codingplan-bar" in other.read_text()
    assert f"{copy.rpartition('/')[2].split()[0]}" in told
    assert table(language, "setup", "SETUP")["in no bar"] not in told
    assert typed(home, told, language)[0] == 0
    assert other.read_text() == text
    assert ".bak" not in home.uninstall(language)[1]


PARTS = {
    "waybar": (CONFIG, '{"include": "~/parts/a", "modules-right": ["clock"]}\n', '{"clock": {}}\n'),
    "polybar": (
        ".config/polybar/config.ini",
        "include-file = ~/parts/a\n" + TEXTS["polybar"],
        "[module/date]\ntype=a\n",
    ),
    "tmux": (".tmux.conf", "source-file ~/parts/a\n", "set -g mouse on\n"),
}


@pytest.mark.parametrize("does", ["uninstall", "undo"])
@pytest.mark.parametrize("bar", PARTS)
def test_lines_of_ours_that_the_user_has_moved_into_a_file_that_is_read_besides_are_shown_and_named(home, bar, does):
    name, text, part = PARTS[bar]
    main, other = home.put(name, text), home.put("parts/a", part)
    home.setup(bar, write=True)
    written = main.read_text()
    begins = written.index(next(line for line in written.splitlines() if ">>> codingplan-bar" in line))
    ends = re.compile(r"<<< codingplan-bar <<<(?: \*/)?\n?").search(written, begins).end()
    block = written[begins:ends]
    main.write_text(written[:begins] + written[ends:])
    other.write_text("{\n" + block + part[1:] if bar == "waybar" else part + block)
    assert home.doctor_on(bar).verdict == "note"  # its program is not here
    before = main.read_text(), other.read_text()
    said = home.setup(bar, write=True)
    assert (main.read_text(), other.read_text()) == before
    assert "in this file" not in said[2] or bar == "polybar"  # its word is in this file
    told = (home.uninstall() if does == "uninstall" else home.setup(bar, undo=True))[1]
    assert typed(home, told, "en")[0] == 0
    assert other.read_text() == part


@pytest.mark.parametrize("does", ["uninstall", "undo"])
def test_a_second_plugin_of_ours_is_named_with_the_command_that_removes_it(home, does):
    first = home.put(".config/argos/mine.sh", "").with_name("codingplan.1m.sh")
    home.setup("argos", write=True)
    other = home.put(".config/argos/codingplan.5m copy.sh", first.read_text())
    told = (home.uninstall() if does == "uninstall" else home.setup("argos", undo=True))[1]
    assert (first.exists(), other.exists()) == (False, True)
    assert typed(home, told, "en")[0] == 0
    assert (other.exists(), first.with_name("mine.sh").exists()) == (False, True)
    assert "argos" not in home.uninstall()[1]


def test_a_copy_that_is_left_after_its_configuration_was_renamed_is_named(home):
    path = home.put(CONFIG, WAYBAR)
    home.setup("waybar", write=True)
    path.rename(path.with_name("renamed"))
    assert "~/.config/waybar/renamed has codingplan-bar lines, too." in home.uninstall()[1]


def test_a_file_with_our_marker_lines_in_the_folder_where_it_is_typed_is_not_named(home, monkeypatch):
    home.put("work/notes.md", "# >>> codingplan-bar >>>\n# <<< codingplan-bar <<<\n")
    monkeypatch.chdir(home.folder / "work")
    assert "notes" not in home.uninstall()[1]
    for bar in BARS:
        assert "notes" not in home.setup(bar, undo=True)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_of_a_style_sheet_is_named_and_left_to_its_owner(home, language):
    home.put(CONFIG, WAYBAR)
    style = home.put(".config/waybar/style.css", "* {}\n")
    home.setup("waybar", language, write=True)
    home.put(".config/waybar/old.css", style.read_text())
    told = home.uninstall(language)[1]
    assert table(language, "setup", "SETUP")["stray by hand"].format("~/.config/waybar/old.css") in told


def test_a_file_without_our_marker_lines_is_not_named(home):
    home.put(CONFIG, WAYBAR)
    home.put(".config/waybar/notes", "codingplan-bar is here\n")
    home.put("notes", "# >>> codingplan-bar >>>\n")
    assert "notes" not in home.uninstall()[1]
    assert "No bar has codingplan-bar lines." in home.uninstall()[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_that_removes_the_copies_of_configurations_says_so(home, language):
    words = table(language, "setup", "SETUP")
    path = home.put("state/place", "")
    home.put(".local/state/codingplan-bar/setup-places", "")
    assert words["left with copies"] not in home.uninstall(language)[1]
    path = home.put(".config/i3blocks/config", "[time]\ncommand=date\n")
    home.setup("i3blocks", language, write=True)
    path.write_text(path.read_text().replace("interval=60", "interval=61"))
    assert words["left with copies"] in home.uninstall(language)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_can_be_kept_it_says_that_nothing_was_changed_and_what_opens_the_folder(
    home, language, monkeypatch
):
    path = home.put(CONFIG, WAYBAR)
    state = home.folder / ".local/state"
    state.mkdir(parents=True)
    make, access = Path.mkdir, os.access

    def shut(folder, *rest, **more):
        if state in folder.parents:
            raise PermissionError(13, "shut", str(folder))
        return make(folder, *rest, **more)

    monkeypatch.setattr(Path, "mkdir", shut)
    monkeypatch.setattr(files.os, "access", lambda file, *rest: Path(file) != state and access(file, *rest))
    code, told, complained = home.setup("waybar", language, write=True)
    step = table(language, "errors", "ERRORS")["storage.chmod.hint"]
    assert (code, told, path.read_text()) == (1, "", WAYBAR)
    assert table(language, "setup", "SETUP")["untouched"] in complained
    assert step.format(folder="~/.local/state") in complained


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "takers"),
    [
        ("pango", ["tint2", "xfce-genmon"]),
        ("ansi", ["claude-code", "qwen-code", "starship", "zjstatus", "kde"]),
        ("text", ["sketchybar"]),
        ("json", []),
    ],
)
def test_whoever_would_set_up_a_format_is_told_which_bars_take_it(capfd, monkeypatch, form, takers, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", LANGUAGES[language])
    assert run(["setup", form]) == 2
    told = capfd.readouterr().err
    assert [bar for bar in takers if bar not in told] == []
    assert f"demo {form}" in told
    assert "argos" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_of_a_format_names_the_page_about_it(language):
    told = "".join(demo.steps("json", table(language, "commands", "DEMO"), 80))
    assert str(shipped_folder() / "text") in told


@pytest.mark.parametrize("shipped", ["", "etc/xdg/waybar/config", "etc/xdg/waybar/config.jsonc"])
def test_a_configuration_that_is_not_there_yet_has_one_name(home, shipped, monkeypatch):
    monkeypatch.setattr(by_hand, "ROOT", home.folder / "root")
    if shipped:
        home.put(f"root/{shipped}", WAYBAR)
    assert set(re.findall(r"~/\.config/waybar/config[.\w]*", home.setup("waybar")[1])) == {"~/.config/waybar/config"}
    names = re.findall(r"layouts/[.\w]+", home.setup("zjstatus")[1])
    assert set(names) == {"layouts/zjstatus.kdl"}


def test_what_setup_writes_for_tmux_and_into_a_style_sheet_fits_80_columns():
    lines = [*tmux.appended("/usr/bin/codingplan-bar").splitlines(), *waybar._rules().splitlines()]
    assert [line for line in lines if width(line) > 80] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_style_sheet_of_an_earlier_version_is_brought_up_to_date_and_taken_out_whole(home, language):
    home.put(CONFIG, WAYBAR)
    style = home.put(".config/waybar/style.css", "* {}\n")
    home.setup("waybar", language, write=True)
    written = style.read_text()
    earlier = waybar.translated(waybar._rules(), waybar.WIDER, "zh")
    assert earlier != waybar._rules()
    old = re.sub(r"(>>> \*/\n).*(/\* <<<)", lambda match: match[1] + earlier + match[2], written, flags=re.DOTALL)
    style.write_text(old)
    home.setup("waybar", language, write=True)
    assert style.read_text() == written
    home.setup("waybar", language, undo=True)
    assert style.read_text() == "* {}\n"
