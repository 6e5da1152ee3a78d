"""Without an option `setup` shows what `--write` would write, and says what stays and whose the colours are."""

from __future__ import annotations

import json
import sys

import pytest

from codingplan_bar.configure.machine import Machine
from codingplan_bar.looks.readers import tmux
from codingplan_bar.words.en.setup import SETUP

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
    monkeypatch.setattr("codingplan_bar.configure.bars.command", lambda: "/new/codingplan-bar")
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
    look = tmux(tmp_path / ".tmux.conf", Machine({"HOME": str(tmp_path)}, said=lambda _: told))
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
    assert (line.verdict, line.next) == ("note", "")
    assert line.text.partition(": ")[2] in refusal
