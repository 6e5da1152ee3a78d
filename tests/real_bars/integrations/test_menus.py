"""The plugin files of SwiftBar, xbar and Argos, run as each bar runs them and read by the models of their grammars."""

from __future__ import annotations

import re

import pytest
from support.grammar import menus
from support.grammar.judge import Allowed, shown, verdict
from support.machine import until
from support.showroom.home import snippets
from support.showroom.states import ERROR, LIFE, OK, WARNING

from codingplan_bar import __version__

GUI = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
"""What a program that was started by the desktop has for a PATH."""
PLUGINS = {
    "swiftbar/codingplan.1m.sh": {"SWIFTBAR": "1", "SWIFTBAR_VERSION": "2.1.2", "OS_APPEARANCE": "Dark"},
    "xbar/codingplan.1m.sh": {"XBARDarkMode": "true"},
    "argos/codingplan.1m.sh": {"ARGOS_VERSION": "2", "ARGOS_MENU_OPEN": "false"},
}
READERS = {"swiftbar": menus.read_swiftbar, "xbar": menus.read_xbar, "argos": menus.read_argos}
ANY = Allowed(styles=("*",), columns=4_000)
METADATA = re.compile(r"^# <(\w+\.[\w.]+)>(.*)</\1>$", re.MULTILINE)


@pytest.fixture
def desktop(home, room):
    """A home as the desktop knows it, in whose .local/bin a package manager has put the program."""
    (room.folder / ".local/bin").mkdir(parents=True)
    room.own(room.folder / ".local", 0o755)
    (room.folder / ".local/bin/codingplan-bar").symlink_to(home.installed.command)
    return home


def plugin(home, path):
    """Where the plugin file has been copied to: a folder with spaces in its name."""
    return home.copied(path, f"My plug-ins & more/{path}")


def run(home, path, **environ):
    """What the plugin prints when its bar runs it."""
    return home.room.run(str(plugin(home, path)), environ={**PLUGINS[path], **GUI, **environ})


@pytest.mark.parametrize("path", PLUGINS)
def test_each_state_is_shown_without_a_fault(desktop, path):
    bar = path.split("/", maxsplit=1)[0]
    for moment in (OK, WARNING, ERROR):
        moment.come(desktop)
        output = run(desktop, path)
        assert shown(bar, output)[0] == moment.text
        commands = frozenset(action.command for item in READERS[bar](output).items for action in item.actions)
        assert verdict(bar, output, Allowed(commands, ANY.styles, ANY.columns)) == []
        assert sum("codingplan_bar" in command for command in commands) == 3


@pytest.mark.parametrize("path", PLUGINS)
def test_where_the_program_is_not_installed_the_menu_says_what_to_do(room, home, path):
    bar = path.split("/", maxsplit=1)[0]
    output = run(home, path)
    assert verdict(bar, output, Allowed(frozenset({"refresh"}), ANY.styles, ANY.columns)) == []
    assert shown(bar, output)[0] == "Coding Plan?"
    assert "pipx install codingplan-bar" in "\n".join(shown(bar, output))


def test_xbar_is_given_the_colour_of_its_ground_and_swiftbar_both(desktop):
    desktop.fetch(WARNING.mood)
    dark, light = (run(desktop, "xbar/codingplan.1m.sh", XBARDarkMode=word).decode() for word in ("true", "false"))
    assert "color=#f2b83a" in dark.split("\n")[0]
    assert "color=#885b00" in light.split("\n")[0]
    assert "color=#885b00,#f2b83a" in run(desktop, "swiftbar/codingplan.1m.sh").decode().split("\n")[0]


def test_the_streaming_plugin_prints_a_new_menu_whenever_something_changes(desktop, room):
    path = plugin(desktop, "swiftbar/codingplan-stream.sh")
    room.start(str(path), log="stream.log", environ={**PLUGINS["swiftbar/codingplan.1m.sh"], **GUI, **console(desktop)})
    printed = room.folder / "stream.log"

    def bar():
        output = printed.read_bytes()
        return shown("swiftbar-stream", output)[0] if output.count(b"\n") > 5 else ""

    until(lambda: bar() == OK.text, "the first menu")
    for moment in LIFE:
        moment.come(desktop)
        until(lambda text=moment.text: bar() == text, moment.text)
    assert menus.read_swiftbar(printed.read_bytes(), streaming=True).errors == ()


def console(home):
    """What leads to the console; a bar of the desktop would have it from the settings."""
    return {name: home.room.environ[name] for name in home.console.environment}


@pytest.mark.parametrize("path", [*PLUGINS, "swiftbar/codingplan-stream.sh"])
def test_the_metadata_of_a_plugin_is_whole_and_true(home, path):
    fields = dict(METADATA.findall(plugin(home, path).read_text(encoding="utf-8")))
    if path.startswith("argos"):
        assert fields == {}
        return
    assert {
        "xbar.title",
        "xbar.version",
        "xbar.author",
        "xbar.author.github",
        "xbar.desc",
        "xbar.dependencies",
    } <= fields.keys()
    assert fields["xbar.version"] == f"v{__version__}"
    assert all(name.startswith("xbar") for name in fields) or path.startswith("swiftbar")
    assert ("swiftbar.type" in fields) == ("stream" in path)


@pytest.mark.parametrize("path", PLUGINS)
def test_the_menu_on_the_page_is_the_real_one(desktop, path):
    desktop.fetch(OK.mood)
    bar = path.split("/", maxsplit=1)[0]
    items = READERS[bar](run(desktop, path))
    lines = [item.text for item in items.bar] + ["---"]
    lines += ["---" if item.separator else item.text for item in items.items if not item.level]
    (page,) = snippets(bar, "text")
    assert [timeless(line) for line in page.strip().split("\n")] == [timeless(line) for line in lines]


def timeless(line):
    """The line without what depends on the day."""
    return re.sub(r"(resets in|ends|last 24 h:) .*", r"\1", line)
