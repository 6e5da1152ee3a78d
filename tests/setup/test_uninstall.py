"""`uninstall` takes ours out of every bar, wherever it has been put, and says the one command that is left."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codingplan_bar.commands import setup as command
from codingplan_bar.commands import uninstall as removing
from codingplan_bar.configure.bars import parts_of
from codingplan_bar.configure.machine import Machine

FILES = {
    ".config/waybar/config": '{"modules-right": ["clock"]}',
    ".config/waybar/style.css": "* {}\n",
    ".config/polybar/config.ini": "[bar/a]\nmodules-right = date\n[bar/b]\nmodules-right = cpu power\n",
    ".config/i3blocks/config": "[time]\ncommand=date\n",
    ".config/i3/config": (
        "bar {\n    status_command i3status-rs ~/.config/i3status-rust/bar.toml\n}\n"
        "bar {\n    status_command i3blocks\n}\n"
    ),
    ".config/argos/other.sh": "#!/bin/sh\n",
    ".config/tint2/tint2rc": "panel_items = TEC\nexecp = new\nexecp_command = date\n",
    ".config/zellij/layouts/default.kdl": 'layout { plugin location="zjstatus" { format_right "{datetime}"; }; }\n',
    ".config/sketchybar/sketchybarrc": "#!/bin/sh\nsketchybar --update\n",
    ".claude/settings.json": '{"model": "opus", "statusLine": {"type": "command", "command": "date"}}\n',
    ".qwen/memory.md": "mine\n",
    ".config/xfce4/panel/genmon-3.rc": "Command=date\n",
    ".config/plasma-org.kde.plasma.desktop-appletsrc": "plugin=com.github.zren.commandoutput\ncommand=date\n",
}
COMMENTED = {
    "polybar": (".config/polybar/config.ini", ";"),
    "i3blocks": (".config/i3blocks/config", "#"),
    "tint2": (".config/tint2/tint2rc", "#"),
    "starship": (".config/starship.toml", "#"),
    "zjstatus": (".config/zellij/layouts/default.kdl", "//"),
    "sketchybar": (".config/sketchybar/sketchybarrc", "#"),
    "i3status-rust": (".config/i3status-rust/bar.toml", "#"),
    "tmux": (".tmux.conf", "#"),
}
"""Where each of these bars has its lines, and how a comment begins there."""
BARS = (*COMMENTED, "waybar", "argos", "claude-code", "qwen-code")


@pytest.fixture
def environ(tmp_path, monkeypatch):
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8"}
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for module in (command, removing):
        monkeypatch.setattr(module, "this_machine", Machine)
    return environ


def everything(environ):
    """Files and folders of the home, those of this program aside."""
    home = Path(environ["HOME"])
    own = home / ".local"
    paths = [path for path in home.rglob("*") if path != own and own not in path.parents]
    return {path: path.read_text() if path.is_file() else None for path in paths}


def put(environ, *bars, **more):
    for bar in bars:
        assert command.setup(bar, write=True, undo=False, environ=environ, **more) == 0


def test_it_leaves_every_file_and_folder_as_it_was(environ, capfd):
    before = everything(environ)
    put(environ, *BARS)
    assert everything(environ) != before
    assert removing.uninstall(environ=environ) == 0
    assert everything(environ) == before
    assert not Path(environ["HOME"], ".local/state/codingplan-bar").exists()
    said = capfd.readouterr().out.splitlines()
    assert said[-2:] == ["To remove the package:", f"  {sys.executable} -m pip uninstall codingplan-bar"]
    Path(environ["HOME"], ".local/state/codingplan-bar").mkdir(parents=True)
    Path(environ["HOME"], ".local/state/codingplan-bar/history.db").write_text("")
    capfd.readouterr()
    assert removing.uninstall(environ=environ) == 0
    said = capfd.readouterr().out.splitlines()
    assert said[0] == "No bar has anything of codingplan-bar."
    assert said[1] == "Settings, records and stored answers stay. To remove them:"


def test_what_the_user_has_written_around_ours_since_is_all_that_is_left(environ):
    home, before = Path(environ["HOME"]), everything(environ)
    put(environ, *BARS)
    above, below = "{0} above\n{0}\n", "{0} below, and the last\n"
    for name, sign in COMMENTED.values():
        text = (home / name).read_text()
        (home / name).write_text(above.format(sign) + text + below.format(sign))
    assert removing.uninstall(environ=environ) == 0
    after = everything(environ)
    for name, sign in COMMENTED.values():
        assert after.pop(home / name) == above.format(sign) + before.pop(home / name, "") + below.format(sign)
    assert {path: text for path, text in after.items() if text is not None} == {
        path: text for path, text in before.items() if text is not None
    }


@pytest.mark.parametrize("bar", ["xfce-genmon", "kde"])
def test_a_bar_that_writes_its_own_settings_is_told_of_alone(environ, capfd, bar):
    before = everything(environ)
    assert command.setup(bar, write=True, undo=False, environ=environ) == 1
    assert "use the widget's own dialog" in capfd.readouterr().err
    assert everything(environ) == before


def test_a_bar_that_reads_another_file_by_now_is_none_the_less_without_ours(environ):
    before = everything(environ)
    put(environ, "waybar")
    other = Path(environ["HOME"], "other.json")
    other.write_text('{"modules-right": []}')
    sway = Path(environ["HOME"], ".config/sway/config")
    sway.parent.mkdir()
    sway.write_text("exec waybar -c ~/other.json\n")
    assert removing.uninstall(environ=environ) == 0
    after = everything(environ)
    assert {path: after[path] for path in before} == before
    assert other.read_text() == '{"modules-right": []}'


def test_one_that_is_left_alone_does_not_keep_the_others(environ, capfd):
    before = everything(environ)
    put(environ, "waybar", "argos")
    plugin = Path(environ["HOME"], ".config/argos/codingplan.1m.sh")
    plugin.write_text(plugin.read_text() + "# mine\n")
    assert removing.uninstall(environ=environ) == 1
    after = everything(environ)
    assert {path: after[path] for path in before} == before
    assert plugin.exists()
    assert "setup did not write it" in capfd.readouterr().err


def test_what_was_put_into_a_named_bar_is_ours_alone_if_nobody_has_changed_it(environ, capfd):
    put(environ, "polybar", which="b")
    path = Path(environ["HOME"], ".config/polybar/config.ini")
    assert "modules-right = cpu codingplan power" in path.read_text()
    assert (
        "It is in the bar b. To move it to another one (a): codingplan-bar setup polybar --write --bar NAME"
        in capfd.readouterr().out
    )
    assert command.setup("polybar", write=False, undo=True, environ=environ) == 0
    assert "Removed the codingplan-bar lines" in capfd.readouterr().out
    assert path.read_text() == FILES[".config/polybar/config.ini"]


@pytest.mark.parametrize("bar", ["polybar", "waybar"])
def test_naming_another_bar_moves_it_there(environ, bar):
    path = Path(environ["HOME"], ".config/polybar/config.ini" if bar == "polybar" else ".config/waybar/config")
    if bar == "waybar":
        path.write_text('[{"name": "a", "modules-right": ["clock"]}, {"name": "b", "modules-right": ["cpu"]}]')
    before = path.read_bytes()
    put(environ, bar)
    in_first = path.read_bytes()
    put(environ, bar, which="b")
    assert path.read_bytes() != in_first
    assert parts_of(bar, Machine(environ))[0].bar_among(path.read_text())[0] == "b"
    put(environ, bar)
    assert parts_of(bar, Machine(environ))[0].bar_among(path.read_text())[0] == "b"
    put(environ, bar, which="a")
    assert path.read_bytes() == in_first
    assert command.setup(bar, write=False, undo=True, environ=environ) == 0
    assert path.read_bytes() == before


def test_a_bar_that_inherits_its_modules_may_be_named_again_and_the_users_edits_stay(environ):
    path = Path(environ["HOME"], ".config/polybar/config.ini")
    path.write_text(
        "[bar/other]\nmodules-right = date\n[bar/base]\nmodules-right = cpu\n[bar/heir]\ninherit = bar/base\n"
    )
    put(environ, "polybar", which="heir")
    edited = path.read_text().replace("tail = true", "tail = true\nlabel = Q %output%") + "; mine\n"
    path.write_text(edited)
    put(environ, "polybar", which="heir")
    put(environ, "polybar", which="base")
    assert path.read_text() == edited


def test_a_bar_is_named_only_where_there_are_several_and_a_file_where_it_is_not_certain(environ, capfd):
    assert command.setup("i3blocks", write=True, undo=False, which="top", environ=environ) == 1
    assert "--bar is for waybar and polybar" in capfd.readouterr().err
    folder = Path(environ["HOME"], ".config/polybar")
    (folder / "config.ini").unlink()
    for name in ("one.ini", "two.ini"):
        (folder / name).write_text("[bar/a]\nmodules-right = date\n")
    assert command.setup("polybar", write=True, undo=False, environ=environ) == 1
    assert capfd.readouterr().err == (
        "codingplan-bar: polybar: It is not certain which of these is read: ~/.config/polybar/one.ini,"
        " ~/.config/polybar/two.ini. Name it by --file. Nothing was changed.\n"
    )
    put(environ, "polybar", file=str(folder / "two.ini"))
    assert "codingplan" in (folder / "two.ini").read_text()
    assert command.setup("polybar", write=False, undo=True, environ=environ) == 0
    assert (folder / "two.ini").read_text() == "[bar/a]\nmodules-right = date\n"


OF_LINUX = ["waybar", "polybar", "argos", "i3blocks"]
LISTED = [*OF_LINUX, "claude-code", "tint2", "zjstatus", "sketchybar", "xfce-genmon", "kde"]


def test_without_a_bar_only_those_of_this_machine_are_listed(environ, capfd):
    assert command.setup(None, write=False, undo=False, environ=environ | {"PATH": "/nowhere"}) == 0
    bars = [line.split()[0] for line in capfd.readouterr().out.splitlines()]
    assert bars == [*LISTED, "Name"]
