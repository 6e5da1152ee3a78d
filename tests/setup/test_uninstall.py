"""`uninstall` takes ours out of every bar, and names the one command that removes the package and nothing else."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from codingplan_bar.commands import setup as command
from codingplan_bar.commands import uninstall as removing
from codingplan_bar.commands.uninstall import Installation, installation, removal
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


def test_it_leaves_every_file_and_folder_as_it_was(environ, capfd, monkeypatch):
    monkeypatch.setattr(removing, "removal", lambda *_: ("remove package", "as it was installed"))
    before = everything(environ)
    put(environ, *BARS)
    assert everything(environ) != before
    assert removing.uninstall(environ=environ) == 0
    assert everything(environ) == before
    assert not Path(environ["HOME"], ".local/state/codingplan-bar").exists()
    said = capfd.readouterr().out.splitlines()
    assert said[-2:] == ["To remove the package:", "  as it was installed"]
    Path(environ["HOME"], ".local/state/codingplan-bar").mkdir(parents=True)
    Path(environ["HOME"], ".local/state/codingplan-bar/history.db").write_text("")
    capfd.readouterr()
    assert removing.uninstall(environ=environ) == 0
    said = capfd.readouterr().out.splitlines()
    assert said[0] == "No bar has codingplan-bar lines."
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
        "It is in the bar b. To move it to another one (a): codingplan-bar setup polybar --write --bar a"
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
    assert parts_of(bar, Machine(environ))[0].given(path.read_text()).bar == "b"
    put(environ, bar)
    assert parts_of(bar, Machine(environ))[0].given(path.read_text()).bar == "b"
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


# `uninstall` names the one command that removes the package, and that removes nothing else.


NAME = "codingplan-bar"


class World:
    """A home, and an environment of Python's in it that has the package."""

    def __init__(self, home):
        self.home = home
        self.answers = {}

    def environment(self, place, *, has_pip=True, **files):
        """Made at that place, which may be absolute, with files in its folder."""
        prefix = self.home / place
        (prefix / "bin").mkdir(parents=True)
        (prefix / "bin" / NAME).write_text("#!/bin/sh\n")
        (prefix / "pyvenv.cfg").touch()
        for name, text in files.items():
            (prefix / name.replace("_toml", ".toml").replace("_", "-", 1)).write_text(text)
        folder = prefix / "lib/python3.12/site-packages"
        folder.mkdir(parents=True)
        return Installation(folder, prefix, is_venv=True, python=str(prefix / "bin/python"), has_pip=has_pip)

    def removal(self, here):
        machine = Machine(
            {"HOME": str(self.home), "PATH": "/usr/bin:/bin"}, printed_by=lambda asked: self.answers.get(asked[0])
        )
        return removal(here, machine)

    def command(self, here):
        key, told = self.removal(here)
        assert key == "remove package"
        return told


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def of_pipx(here, main, *injected):
    notes = {"main_package": {"package": main}, "injected_packages": {name: {} for name in injected}}
    (here.prefix / "pipx_metadata.json").write_text(json.dumps(notes))
    return here


def system(folder, **more):
    return Installation(Path(folder), Path("/usr"), is_venv=False, python="/usr/bin/python3", **more)


@pytest.mark.parametrize(
    ("place", "main", "words"),
    [
        (f".local/share/pipx/venvs/{NAME}", NAME, f"pipx uninstall {NAME}"),
        (f"elsewhere/venvs/{NAME}-two", NAME, f"pipx uninstall {NAME}-two"),
        ("elsewhere/venvs/black", "black", f"pipx uninject black {NAME}"),
    ],
)
def test_what_pipx_has_installed_is_removed_by_pipx_and_nothing_that_it_was_put_into(world, place, main, words):
    assert world.command(of_pipx(world.environment(place), main, NAME)) == words


def test_what_was_made_for_one_run_is_not_installed(world):
    by_pipx = of_pipx(world.environment("pipx/.cache/0f28500532bd6ad"), NAME)
    by_uvx = world.environment(".cache/uv/archive-v0/zKEoKk9jpYad5iax", has_pip=False)
    assert world.removal(by_pipx) == ("not installed", "~/pipx/.cache/0f28500532bd6ad")
    assert world.removal(by_uvx) == ("not installed", "~/.cache/uv/archive-v0/zKEoKk9jpYad5iax")


def test_what_uv_has_installed_as_a_tool_is_removed_by_uv(world):
    place = f".local/share/uv/tools/{NAME}"
    assert world.command(world.environment(place, uv_receipt_toml="[tool]\n")) == f"uv tool uninstall {NAME}"


def test_within_another_tool_of_uv_the_package_alone_is_removed(world):
    here = world.environment(".local/share/uv/tools/black", has_pip=False, uv_receipt_toml="[tool]\n")
    assert world.command(here) == f"uv pip uninstall --python {here.python} {NAME}"


def linked(world, here):
    link = world.home / ".local/bin" / NAME
    link.parent.mkdir(parents=True)
    link.symlink_to(here.prefix / "bin" / NAME)
    return here


def test_the_readmes_environment_goes_with_its_link(world):
    here = linked(world, world.environment(f".local/lib/{NAME}"))
    assert world.command(here) == f"rm -r ~/.local/lib/{NAME} ~/.local/bin/{NAME}"
    (world.home / ".local/bin" / NAME).unlink()
    assert world.command(here) == f"rm -r ~/.local/lib/{NAME}"
    (world.home / ".local/bin" / NAME).symlink_to("/usr/bin/true")
    assert world.command(here) == f"rm -r ~/.local/lib/{NAME}"


def test_a_command_that_is_no_link_goes_with_the_environment_that_has_it(world):
    here = world.environment(".local")
    (here.prefix / "bin").mkdir(exist_ok=True)
    (here.prefix / "bin" / NAME).touch()
    assert world.command(here) == f"{here.python} -m pip uninstall {NAME}"


def test_a_readmes_environment_with_anything_else_in_it_is_not_removed_as_a_whole(world):
    here = linked(world, world.environment(f".local/lib/{NAME}"))
    (here.prefix / "notes.txt").touch()
    assert world.command(here) == f"{here.python} -m pip uninstall {NAME} && rm ~/.local/bin/{NAME}"


def test_of_a_projects_environment_the_package_alone_is_removed_and_the_command_can_be_typed(world):
    here = world.environment("my project/.venv")
    assert shlex.split(world.command(here)) == [here.python, "-m", "pip", "uninstall", NAME]
    assert "'" in world.command(here)


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        (f"/opt/homebrew/Cellar/{NAME}/0.1.0/libexec/lib/python3.12/site-packages", f"brew uninstall {NAME}"),
        ("/opt/homebrew/Cellar/python@3.12/3.12.1/lib/site-packages", f"/usr/bin/python3 -m pip uninstall {NAME}"),
        ("/usr/local/lib/python3.12/site-packages", f"/usr/bin/python3 -m pip uninstall {NAME}"),
    ],
)
def test_homebrews_own_is_removed_by_brew_and_what_pip_has_put_beside_it_by_pip(world, folder, words):
    assert world.command(system(folder)) == words


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        (
            "dpkg",
            f"python3-{NAME}: /usr/lib/python3/dist-packages/codingplan_bar/a.py\n",
            f"sudo apt remove python3-{NAME}",
        ),
        ("pacman", f"{NAME}\n", f"sudo pacman -R {NAME}"),
        ("rpm", NAME, f"sudo rpm -e {NAME}"),
        ("dpkg", "diversion by a from: /usr/lib\n", f"/usr/bin/python3 -m pip uninstall {NAME}"),
    ],
)
def test_a_distributions_package_is_removed_by_its_own_name(world, asked, answer, words):
    world.answers[asked] = answer
    assert world.command(system("/usr/lib/python3/dist-packages")) == words


def test_where_the_distribution_forbids_pip_its_command_says_that_it_may(world):
    told = world.command(system(world.home / ".local/lib/python3.12/site-packages", is_managed=True))
    assert told == f"/usr/bin/python3 -m pip uninstall --break-system-packages {NAME}"


def test_where_no_command_is_known_none_is_named(world):
    store = f"/nix/store/abc-{NAME}-0.1.0/lib/python3.12/site-packages"
    assert world.removal(system(store)) == ("in nix", store)
    assert (
        world.removal(Installation(None, Path("/usr"), is_venv=False, python="/usr/bin/python3"))[0] == "not installed"
    )


def test_the_one_that_runs_this_is_found():
    assert (installation().folder / "codingplan_bar").is_dir()
