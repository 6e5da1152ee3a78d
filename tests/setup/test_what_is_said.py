"""What `setup` says, with and without `--write`: each piece below its file's name, what stays, in prose that fits."""

from __future__ import annotations

import json
import re
import sys

import pytest

from codingplan_bar.bars.phrases import width
from codingplan_bar.commands import output
from codingplan_bar.configure.bars import BARS, PLUGINS, PROGRAMS, missing, parts_of
from codingplan_bar.configure.machine import Machine
from codingplan_bar.looks.bar_themes import tmux
from codingplan_bar.words import table
from codingplan_bar.words.en.setup import SETUP
from codingplan_bar.words.zh.setup import PLUGIN, STYLE

LANGUAGES = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}
WITH_A_PLACE = {"tmux", "starship"}
"""Bars whose file may be new."""
CONFIGURATIONS = {
    "waybar": (".config/waybar/config", '{"modules-right": ["clock"]}\n'),
    "polybar": (".config/polybar/config.ini", "[bar/a]\nmodules-right = date\n"),
    "i3status-rust": (".config/i3status-rust/config.toml", '[[block]]\nblock = "time"\n'),
    "tmux": (".tmux.conf", "set -g mouse on\n"),
    "argos": (".config/argos/other.sh", "#!/bin/sh\n"),
    "xbar": ("Library/Application Support/xbar/plugins/other.sh", "#!/bin/sh\n"),
    "i3blocks": (".config/i3blocks/config", "[time]\ncommand=date\n"),
    "claude-code": (".claude/settings.json", "{}\n"),
    "qwen-code": (".qwen/settings.json", "{}\n"),
    "tint2": (".config/tint2/tint2rc", "panel_items = TSC\n"),
    "starship": (".config/starship.toml", "add_newline = false\n"),
    "zjstatus": (
        ".config/zellij/layouts/default.kdl",
        'layout { plugin location="zjstatus" { format_right "x"; }; }\n',
    ),
    "sketchybar": (".config/sketchybar/sketchybarrc", "#!/bin/sh\n"),
}


def pieces(home, bar, language):
    """What is to be pasted, and the file that each piece is for."""
    parts = [part for part in parts_of(bar, Machine(home.environ, language=language)) if part.is_main]
    return [(part.usual, part.printed().strip("\n")) for part in parts]


@pytest.mark.parametrize("action", [{}, {"write": True}])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bar", sorted(set(BARS) - WITH_A_PLACE))
def test_without_a_configuration_each_piece_has_its_files_name_above_it(home, bar, language, action):
    code, told, complained = home.setup(bar, language=language, **action)
    rest = told
    for file, piece in pieces(home, bar, language):
        above, found, rest = rest.partition(piece)
        assert found
        assert file in above.strip().splitlines()[-1]
    assert code == 1
    assert bool(complained) == bool(action)
    assert {path for path in home.folder.rglob("*") if ".local" not in path.parts} == set()


@pytest.mark.parametrize("bar", sorted(set(BARS) - WITH_A_PLACE))
def test_without_a_configuration_it_says_that_nothing_was_written_and_why(home, bar):
    told = home.setup(bar, write=True)[2]
    assert "was not found" in told
    assert "Nothing was changed." in told
    assert "was not found" not in home.setup(bar, write=True)[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bar", BARS)
def test_where_nothing_is_to_be_taken_out_it_says_so(home, bar, language):
    code, told, complained = home.setup(bar, language=language, undo=True)
    assert (code, complained) == (0, "")
    assert {"en": "has codingplan-bar lines", "zh": "没有 codingplan-bar 的内容"}[language] in told.replace(
        "no ", ""
    ) or (bar == "tmux")
    assert told.strip()


@pytest.mark.parametrize("bar", CONFIGURATIONS)
def test_where_it_is_already_there_it_says_so_and_prints_no_lines(home, bar):
    home.put(*CONFIGURATIONS[bar])
    home.setup(bar, write=True)
    code, told, complained = home.setup(bar)
    file = pieces(home, bar, "en")[0][0]
    assert (code, told, complained) == (0, SETUP["unchanged"].format(file) + "\n", "")


@pytest.mark.parametrize("bar", sorted(WITH_A_PLACE))
def test_a_file_that_would_be_new_is_called_so(home, bar):
    assert "a file that is not there yet" in home.setup(bar)[1]
    home.put(*CONFIGURATIONS[bar])
    assert "a file that is not there yet" not in home.setup(bar)[1]


@pytest.mark.parametrize("write", [False, True])
def test_a_style_sheet_that_waybar_lacks_is_named_as_the_style_sheet(home, write):
    home.put(*CONFIGURATIONS["waybar"])
    code, told, complained = home.setup("waybar", write=write)
    assert (code, complained) == (0, "")
    assert "was not found." not in told
    assert SETUP["no style"].format("~/.config/waybar/style.css") in told
    assert [path.name for path in (home.folder / ".config/waybar").iterdir()] == ["config"]
    assert "#custom-codingplan" not in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bar", sorted(set(CONFIGURATIONS) - PLUGINS))
def test_with_a_configuration_what_write_will_do_is_told_and_is_not_asked_of_the_user(home, bar, language):
    home.put(*CONFIGURATIONS[bar])
    first = home.setup(bar, language=language)[1].partition("\n")[0]
    assert first.startswith({"en": "# --write puts this into ~/", "zh": "# --write 会将以下内容写入 ~/"}[language])
    assert "请" not in first


def test_what_is_written_into_a_style_sheet_fits_80_columns_in_chinese():
    assert [line for text in STYLE.values() for line in text.splitlines() if width(line) > 80] == []


@pytest.mark.parametrize("bar", sorted(set(CONFIGURATIONS) - PLUGINS))
def test_a_bar_shows_it_only_where_its_program_is(home, bar):
    home.put(*CONFIGURATIONS[bar])
    program = PROGRAMS.get(bar, bar)
    told = home.setup(bar, write=True)[1]
    assert SETUP["no program"].format(program) in told
    assert "shows it" not in told
    found = home.doctor_on(bar)
    assert (found.verdict, f"the program {program} was not found" in found.text) == ("note", True)
    assert f"but the program `{program}` was not found" in home.setup(None)[1]
    home.install(program)
    assert SETUP["next." + bar].partition("{")[0] in home.setup(bar, write=True)[1]
    assert home.doctor_on(bar).verdict == "ok"


@pytest.mark.parametrize(("ipc", "runs"), [("true", True), ("true", False), ("false", True)])
def test_polybar_is_told_to_start_again_by_a_message_only_where_it_hears_one(home, monkeypatch, ipc, runs):
    running = [["polybar", "a"]] if runs else []
    monkeypatch.setattr("codingplan_bar.commands.setup.this_machine", lambda environ: Machine(environ, running=running))
    home.put(*CONFIGURATIONS["polybar"])
    file = home.folder / CONFIGURATIONS["polybar"][0]
    file.write_text(file.read_text().replace("\n", f"\nenable-ipc = {ipc}\n", 1))
    home.install("polybar")
    told = home.setup("polybar", write=True)[1]
    assert "polybar shows it once it is started again" in told
    assert ("polybar-msg" in told) == (ipc == "true" and runs)


def test_tmux_is_told_to_be_started_since_its_command_fails_without_it(home):
    home.put(*CONFIGURATIONS["tmux"])
    home.install("tmux")
    assert (
        "tmux shows it once it is started; where it runs already: `tmux source-file"
        in home.setup("tmux", write=True)[1]
    )


def test_a_bar_that_runs_is_here_wherever_its_program_is(home):
    running = Machine(home.environ, running=[["/elsewhere/bin/waybar", "-c", "a"]])
    assert missing("waybar", running) == ""
    assert missing("waybar", Machine(home.environ)) == "waybar"


RUN = {"i3blocks": "i3blocks", "i3status-rust": "i3status-rs"}
"""The bars of sway and i3, and the program of each."""


@pytest.mark.parametrize("place", [".config/sway/config", ".config/i3/config"])
@pytest.mark.parametrize("bar", RUN)
@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("bar {{\n  status_command i3status\n}}\n", "i3status"),
        ("set $b py3status -c x\nbar {{ status_command exec $b }}\n", "py3status"),
        ("bar {{\n  swaybar_command waybar\n}}\n", "waybar"),
        ("bar {{\n  status_command {program}\n}}\n", ""),
        ("bar {{\n  status_command i3status\n}}\nbar {{\n  status_command {program}\n}}\n", ""),
        ("bar {{\n  status_command ~/bin/status\n}}\n", ""),
        ("exec waybar\n", ""),
        ("", ""),
    ],
)
def test_what_no_bar_of_sway_or_i3_runs_is_not_written(home, place, bar, text, other):
    home.put(*CONFIGURATIONS[bar])
    home.install(RUN[bar])
    file, path = home.folder / CONFIGURATIONS[bar][0], home.folder / place
    path.parent.mkdir(parents=True)
    assert home.setup(bar, write=True)[0] == 0
    path.write_text(text.format(program=RUN[bar]))
    assert home.doctor_on(bar).verdict == ("bad" if other else "ok")
    home.setup(bar, undo=True)
    before = file.read_bytes()
    code, _, complained = home.setup(bar, write=True)
    assert (code, file.read_bytes() == before) == (int(bool(other)), bool(other))
    if other:
        assert f"The bar of ~/{place} runs {other}, not {RUN[bar]}. Nothing was changed." in complained
        assert f"~/{place} 的 bar 运行的是 {other}，不是" in home.setup(bar, write=True, language="zh")[2]
        assert f"runs {other}, not" in home.setup(bar)[2]


TYPED = re.compile("mkdir -p ~|codingplan-bar setup |[~/].*/codingplan-bar setup ")
"""A command that is typed: it stands in a line of its own, however long it is."""


def prose(text, pasted):
    """The lines that are not to be pasted."""
    return [line for line in text.splitlines() if line not in pasted]


@pytest.mark.parametrize("configured", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bar", CONFIGURATIONS)
def test_on_a_terminal_prose_fits_and_what_is_pasted_stays_whole(home, bar, language, configured, monkeypatch):
    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setenv("COLUMNS", "80")
    if configured:
        home.put(*CONFIGURATIONS[bar])
    pasted = [piece for _, piece in pieces(home, bar, language)]
    lines = {line for piece in pasted for line in piece.splitlines()}
    texts = home.setup(bar, language=language)[1:]
    assert all(piece in texts[0] for piece in (pasted[:1] if configured else pasted))
    for action in ("write", "undo"):
        texts += home.setup(bar, language=language, **{action: True})[1:]
    texts += home.setup(None, language=language)[1:]
    long = [line for text in texts for line in prose(text, lines) if width(line) > 80 and not TYPED.match(line)]
    assert long == [line for line in long if " " not in line.strip("# `")]


def test_a_refusal_on_a_terminal_is_broken_between_words(home, monkeypatch):
    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setenv("COLUMNS", "80")
    output.say("a word and another " * 12)
    told = home.capfd.readouterr().err.splitlines()
    assert all(width(line) <= 80 for line in told)
    assert not [line for line in told if re.search(r"\b(?:wor|anothe)$", line)]


COMMENTS = re.compile(r"(?m)(?:^|\s)(?:#|//|/\*)\s(?:[^*]|\*(?!/)){1,400}?(?:\*/|$)|^printf .*$")
"""And what a plugin prints where the program is gone."""
NAMES = re.compile(r"`[^`]*`|codingplan-bar setup .*|</?[\w.]+>|\[.*\]|GNOME Shell")


@pytest.mark.parametrize("bar", BARS)
def test_what_is_written_for_a_reader_is_in_the_readers_language(home, bar):
    told = {language: home.setup(bar, language=language)[1] for language in LANGUAGES}
    said = [NAMES.sub("", text) for text in COMMENTS.findall(told["zh"])]
    assert [text for text in said if re.search(r"[A-Za-z]+(?: [a-z]{2,}){2,}", text)] == []
    assert not re.search("[\u3400-\u9fff]", told["en"])


@pytest.mark.parametrize("bar", CONFIGURATIONS)
def test_a_block_of_either_language_is_renewed_and_taken_out_whole(home, bar):
    home.put(*CONFIGURATIONS[bar])
    if bar == "waybar":
        (home.folder / ".config/waybar/style.css").write_bytes(b"* {}\r\n")
    before = files(home)
    texts = {}
    for language, other in (("zh", "en"), ("en", "zh")):
        assert home.setup(bar, write=True, language=language)[0] == 0
        texts[language] = files(home)
        told = home.setup(bar, undo=True, language=other)[1]
        assert table(other, "setup", "SETUP")["taken out with"].partition("{}")[2][:6] not in told
        assert files(home) == before
    home.setup(bar, write=True, language="zh")
    home.setup(bar, write=True, language="en")
    assert files(home) == texts["en"]
    assert (texts["zh"] != texts["en"]) == (bar in {"waybar", *PLUGINS})


def files(home):
    own = home.folder / ".local"
    return {path: path.read_bytes() for path in home.folder.rglob("*") if path.is_file() and own not in path.parents}


def test_each_phrase_that_has_a_chinese_one_is_still_written(home):
    home.put(*CONFIGURATIONS["waybar"])
    (home.folder / ".config/waybar/style.css").write_text("* {}\n")
    told = home.setup("waybar")[1] + "".join(home.setup(bar)[1] for bar in PLUGINS)
    assert [phrase for phrase in {**STYLE, **PLUGIN} if phrase not in told] == []


# Without an option `setup` shows what `--write` would write, and says what stays and whose the colours are.


THEIRS = {"type": "command", "command": "~/bin/line 'é'", "padding": 0}
SETTINGS = {
    "claude-code": (".claude/settings.json", {"model": "opus", "statusLine": THEIRS}),
    "qwen-code": (".qwen/settings.json", {"ui": {"theme": "x", "statusLine": THEIRS}}),
}
I3 = "bar {\n    status_command i3blocks\n}\n"
COLOURS = {
    "waybar": (".config/waybar/style.css", "* { font-size: 13px; }\n", "window#waybar { background: #fff }\n"),
    "polybar": (".config/polybar/config.ini", "", "background = #222222\n"),
    "i3blocks": (".config/i3/config", I3, I3.replace("}\n", "    colors {\n background #282828\n }\n}\n")),
    "tmux": (".tmux.conf", "set -g mouse on\n", "set -g status-style 'bg=#1e1e2e,fg=#cdd6f4'\n"),
}
"""A file in which no colour is, and one in which there is one."""
BESIDE = {
    "waybar": (".config/waybar/config", '{"modules-right": ["clock"]}\n'),
    "polybar": (".config/polybar/config.ini", "[bar/a]\nmodules-right = date\n"),
    "i3blocks": (".config/i3blocks/config", "[time]\ncommand=date\n"),
}
"""What the bar's own file must say for setup."""


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("bar", SETTINGS)
def test_a_status_line_of_ones_own_is_shown_beside_ours_as_it_will_be_and_stays(home, bar, indent):
    name, settings = SETTINGS[bar]
    path = home.put(name, json.dumps(settings, indent=indent))
    code, told, _ = home.setup(bar)
    shown = json.loads("\n".join(line for line in told.splitlines() if not line.startswith("# ")))
    assert (code, json.loads(path.read_text())) == (0, settings)
    assert f"# {SETUP['beside']}" in told
    assert SETUP["beside"] in home.setup(bar, write=True)[1]
    written = json.loads(path.read_text())
    assert shown.get("ui", shown)["statusLine"] == written.get("ui", written)["statusLine"]
    assert THEIRS["command"] in written.get("ui", written)["statusLine"]["command"]


@pytest.mark.parametrize("bar", SETTINGS)
def test_without_a_status_line_of_ones_own_nothing_is_said_to_stay(home, bar):
    home.put(SETTINGS[bar][0], "{}")
    assert SETUP["beside"] not in home.setup(bar)[1] + home.setup(bar, write=True)[1]


@pytest.mark.parametrize("bar", BESIDE)
def test_of_lines_that_the_user_has_changed_those_are_shown_that_write_changes(home, bar, monkeypatch):
    path = home.put(*BESIDE[bar])
    home.setup(bar, write=True)
    text = path.read_text().replace("codingplan-bar open", "codingplan-bar status --window")
    path.write_text(text.replace("tail = true", "tail = false").replace("signal=10", "signal=11"))
    monkeypatch.setattr("codingplan_bar.configure.bar_file.command", lambda: "/new/codingplan-bar")
    before = path.read_text().splitlines()
    shown = [line for line in home.setup(bar)[1].splitlines() if not line.startswith("# ")]
    home.setup(bar, write=True)
    assert shown == [line for line in path.read_text().splitlines() if line not in before]
    assert any("/new/codingplan-bar status --window" in line for line in shown)


@pytest.mark.parametrize("bar", COLOURS)
def test_a_file_is_named_for_its_colours_where_there_are_some_in_it(home, bar):
    name, without, colours = COLOURS[bar]
    if bar in BESIDE:
        home.put(*BESIDE[bar])
    path = home.folder / name
    home.put(name, without if bar != "polybar" else BESIDE[bar][1])
    said = SETUP["its colours"].partition("{")[0]
    assert said not in home.setup(bar, write=True)[1]
    page = home.theme()
    assert f"  {bar}: " not in page
    assert "bar (yours)" not in page
    assert "This is your setting. No colours of a bar were found" in page
    home.setup(bar, undo=True)
    home.put(name, path.read_text() + colours if bar != "i3blocks" else colours)
    assert f"{said}~/{name}." in home.setup(bar, write=True)[1]
    assert f"  {bar}: ~/{name}\n" in home.theme()
    assert "bar (yours)\n" in home.theme()


@pytest.mark.parametrize(
    ("style", "ground"),
    [("bg=green,fg=black", ""), ("bg=themegreen,fg=themeblack", ""), ('"bg=#1e1e2e,fg=#cdd6f4"', "#1e1e2e")],
)
def test_what_a_running_tmux_says_by_itself_is_nobodys_choice_and_hides_no_style(tmp_path, style, ground):
    told = f"status-bg default\nstatus-fg default\nstatus-style {style}\n"
    look = tmux(tmp_path / ".tmux.conf", Machine({"HOME": str(tmp_path)}, printed_by=lambda _: told))
    assert [theme.ground for theme in look.themes.values()] == [ground] * bool(ground)


SPACE = "#!{}/my python/bin/python\n"


def test_doctor_names_the_same_reason_as_setup_where_setup_would_refuse(home, monkeypatch, programs):
    home.put(*BESIDE["waybar"])
    python = home.put("my python/bin/python", "")
    script = home.put("bin/codingplan-bar", SPACE.format(home.folder))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(script)])
    monkeypatch.setattr(sys, "executable", str(python))
    why = SETUP["no start"].format("~/bin/codingplan-bar")
    assert why in home.setup("waybar")[2]
    assert [line.text.endswith(why) for line in home.doctor()] == [True]
    assert [(line.verdict, line.next) for line in home.doctor("command")] == [("bad", why)]


@pytest.mark.parametrize(
    ("bar", "text"), [("waybar", '{"modules-left": 5}\n'), ("waybar", "{}\n"), ("i3blocks", "[time]\ncommand=date")]
)
def test_doctor_advises_no_setup_that_would_be_refused(home, bar, text, programs):
    home.put(BESIDE[bar][0], text)
    refusal = home.setup(bar, write=True)[2]
    line = next(home.doctor())
    assert (line.verdict, "setup" in line.next) == ("note", False)
    assert not line.next or line.next[5:-2] in refusal  # the command that the refusal names
    assert line.text.partition(": ")[2] in refusal
