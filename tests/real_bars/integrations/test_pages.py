"""The pages of integrations/ and what they tell to copy: all is there; menus' plugins and panels run as they say."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib

import pytest
from support.grammar import menus, oneline
from support.grammar.judge import Allowed, shown, verdict
from support.machine import need, until
from support.rows import for_each
from support.showroom.home import FENCED, ROOT, snippets
from support.showroom.states import ACTIVE, COLORS, CRITICAL, ERROR, LIFE, OK, WARNING

from codingplan_bar import __version__, facts
from codingplan_bar.bars import BARS
from codingplan_bar.cli import main
from codingplan_bar.resources import shipped_folder
from codingplan_bar.settings.settings import SETTINGS, load
from codingplan_bar.settings.templates import PRESETS

FOLDER = ROOT / "integrations"
PAGES = {path.parent.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*/README.md")}
PICTURED = ("waybar", "polybar", "i3status-rust", "i3blocks", "tmux", "ansi")
SCREEN = 55
"""Lines of a page on a screen."""
HEAVIEST = 30_000
SCRIPTS = [*FOLDER.glob("*/*.sh"), *FOLDER.glob("*/*.tmux"), ROOT / "codingplan.tmux"]
FRAGMENTS = [path for path in FOLDER.glob("*/*") if path.is_file() and path.suffix not in {".md", ".png"}]
STATES = set(facts.STATES)
WINDOWS = {"five_hour", "weekly", "monthly"}


def own_files(bar):
    return {path.name for path in FRAGMENTS if path.parent.name == bar}


def test_every_bar_has_a_page_and_the_index_names_each_that_has_files_to_copy():
    assert set(PAGES) == {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert set(BARS) - {"json"} == set(PAGES)
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert {name for name in PAGES if f"]({name}/README.md)" in index} >= {path.parent.name for path in FRAGMENTS}


@pytest.mark.parametrize("bar", [*PAGES, "."])
def test_a_page_is_one_screen(bar):
    lines = (FOLDER / bar / "README.md").read_text(encoding="utf-8").split("\n")
    assert len(lines) <= SCREEN
    assert max(len(line) for line in lines if not line.startswith("|")) <= 120


@pytest.mark.parametrize("bar", PAGES)
def test_a_page_names_all_of_its_files_and_no_others(bar):
    named = set(re.findall(r"`([\w.-]+\.(?:jsonc|json|css|ini|toml|conf|kdl|sh))`", PAGES[bar]))
    users_own = {".tmux.conf"}
    shipped = own_files(bar) - {"codingplan.tmux"}  # the plugin's, which nobody copies
    assert named - users_own == shipped


@pytest.mark.parametrize("bar", PAGES)
def test_a_page_says_how_to_copy_click_and_remove(bar):
    text = PAGES[bar].lower()
    assert "cop" in text or bar in {"text", "tmux"}
    assert "click" in text or bar == "tmux"
    assert "remove" in text or bar == "text"


@pytest.mark.parametrize("bar", PICTURED)
def test_a_page_shows_a_small_picture(bar):
    (name,) = re.findall(r"!\[[^\]]+\]\((.+)\)", PAGES[bar])
    picture = (FOLDER / bar / name).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < HEAVIEST


@pytest.mark.parametrize("path", [*FOLDER.glob("*/README.md"), FOLDER / "README.md"], ids=lambda path: path.parent.name)
def test_a_link_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def code_of(path):
    """What of a file is no prose: the code on a page, all but the comments and messages of a fragment."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return "\n".join([*(body for _, body in FENCED.findall(text)), *re.findall("`([^`\n]+)`", text)])
    return "\n".join(line for line in text.split("\n") if not re.match(r" *(//|#|;|/\*|printf)", line))


@for_each("path", [*FRAGMENTS, *FOLDER.glob("*/README.md")], ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_command_that_is_named_exists(path):
    code = code_of(path)
    assert set(re.findall(r"codingplan-bar ([a-z][a-z0-9-]*)", code)) <= set(main.commands)
    assert set(re.findall(r"codingplan-bar [a-z0-9-]+ (--[a-z]+)", code)) <= {"--watch", "--window"}


@pytest.mark.parametrize("bar", PAGES)
def test_a_setting_that_is_named_exists(bar):
    for setting in re.findall(r"`(\w+) = ", PAGES[bar]):
        assert setting in SETTINGS
    for sentence in re.findall(r"[^.]*in the settings", PAGES[bar]):
        for word in re.findall(r"`([a-z_]+)`", sentence):
            assert word in SETTINGS, word


@pytest.mark.parametrize("bar", PAGES)
def test_a_signal_that_a_page_names_is_the_files_own(bar):
    texts = [path.read_text(encoding="utf-8") for path in FRAGMENTS if path.parent.name == bar]
    configured = {number for text in texts for number in re.findall(r"\bsignal\W+(\d+)", text)}
    named = {number for text in [*texts, PAGES[bar]] for number in re.findall(r"pkill -RTMIN\+(\d+)", text)}
    assert named == configured


def test_waybars_style_colours_no_state_as_a_whole_and_the_page_knows_each_class():
    css = (FOLDER / "waybar/codingplan.css").read_text(encoding="utf-8")
    assert re.findall(r"#custom-codingplan\.(\w+)|\b(color|font-weight|font-style) *:", css) == []
    sentence = PAGES["waybar"].split("CSS classes:")[1].split(".")[0]
    assert set(re.findall(r"`(\w+)`", sentence)) == STATES | WINDOWS | {"codingplan", "used_up"}


def test_i3status_rusts_page_tells_each_state():
    rows = dict(re.findall(r"^\| (`.*`) \| (\w+) \|$", PAGES["i3status-rust"], re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", "".join(rows))) == STATES
    assert set(rows.values()) <= {"Idle", "Info", "Good", "Warning", "Critical"}


def test_tmuxs_page_and_plugin_know_the_same_placeholders_and_options():
    plugin = (FOLDER / "tmux/codingplan.tmux").read_text(encoding="utf-8")
    for pattern in (r"#\{codingplan\w*\}", r"@codingplan_\w+"):
        assert set(re.findall(pattern, PAGES["tmux"])) == set(re.findall(pattern, plugin))
    for name, default in re.findall(r"\| `(@\w+)` \| `([^`]+)` \|", PAGES["tmux"]):
        assert f"option {name} {default})" in plugin


FORM = re.compile(r'# <xbar\.var>select\(VAR_([A-Z_]+)="([^"]*)"\): ([^\[\]]+\.) \[([^\]]+)\]</xbar\.var>')
PLUGINS = [path for path in SCRIPTS if "<xbar.var>" in path.read_text(encoding="utf-8")]
LEFT_TO_THE_FILE = "config.toml"
NOT_IN_THE_FORM = {"vertical"}
"""A preset for a bar that stands upright; a menu bar lies."""


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_settings_form_offers_each_choice_of_settings_that_exist_and_leaves_the_rest_to_the_file(path):
    text = path.read_text(encoding="utf-8")
    fields = FORM.findall(text)
    assert len(fields) == text.count("<xbar.var>")
    for name, default, _, choices in fields:
        first, *offered = choices.split(", ")
        assert first == default == LEFT_TO_THE_FILE
        assert offered == [one for one in choices_of(name.lower()) if one not in NOT_IN_THE_FORM]
        assert faults_of(f"CODINGPLAN_BAR_{name}", offered) == []
    (handed_on,) = re.findall(r"^for name in ([A-Z_ ]+);", text, re.MULTILINE)
    assert handed_on.split() == [name for name, *_ in fields]


def choices_of(setting):
    """What the setting takes, by what it says of a word that is none."""
    if setting == "format":
        return [*PRESETS]
    (fault,) = load("", {f"CODINGPLAN_BAR_{setting.upper()}": "nonsense"}).faults
    return re.search(r" one of (\w+(?:, \w+)+)\.", fault.said("en")[0])[1].split(", ")


def faults_of(variable, values):
    """What is wrong where the form's answer is handed on."""
    return [fault.said("en") for value in values for fault in load("", {variable: value}).faults]


READERS = {"toml": tomllib.loads, "json": lambda body: json.loads(f"{{{body}}}")}
"""A code in JSON is a member of an object."""


def test_the_codes_on_the_pages_are_well_formed():
    for text in PAGES.values():
        for language, body in FENCED.findall(text):
            assert language in {"jsonc", "ini", "tmux", "text", "sh", "toml", "json", "lua"}
            assert body.strip()
            if language in READERS:
                READERS[language](body)
    assert json.loads((FOLDER / "ansi/settings.json").read_text(encoding="utf-8"))["statusLine"]["type"] == "command"
    module = tomllib.loads((FOLDER / "ansi/starship.toml").read_text(encoding="utf-8"))["custom"]["codingplan"]
    assert shlex.split(module["command"])[0] == "codingplan-bar"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_script_is_plain_sh_and_can_be_run(path, programs):
    need("shellcheck", "dash")
    assert path.stat().st_mode & 0o111
    for command in (["shellcheck", str(path)], ["dash", "-n", str(path)]):
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr


# The plugin files of SwiftBar, xbar and Argos, run as each bar runs them and read by the models of their grammars.


GUI = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
"""What a program that was started by the desktop has for a PATH."""
PLUGIN_FILES = {
    "swiftbar/codingplan.1m.sh": {"SWIFTBAR": "1", "SWIFTBAR_VERSION": "2.1.2", "OS_APPEARANCE": "Dark"},
    "xbar/codingplan.1m.sh": {"XBARDarkMode": "true"},
    "argos/codingplan.1m.sh": {"ARGOS_VERSION": "2", "ARGOS_MENU_OPEN": "false"},
}
MENU_READERS = {"swiftbar": menus.read_swiftbar, "xbar": menus.read_xbar, "argos": menus.read_argos}
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
    return home.room.run(str(plugin(home, path)), environ={**PLUGIN_FILES[path], **GUI, **environ})


@pytest.mark.parametrize("path", PLUGIN_FILES)
def test_each_state_is_shown_without_a_fault(desktop, path):
    bar = path.split("/", maxsplit=1)[0]
    for moment in (OK, WARNING, ERROR):
        moment.come(desktop)
        output = run(desktop, path)
        assert shown(bar, output)[0] == moment.text
        commands = frozenset(action.command for item in MENU_READERS[bar](output).items for action in item.actions)
        assert verdict(bar, output, Allowed(commands, ANY.styles, ANY.columns)) == []
        assert sum("codingplan_bar" in command for command in commands) == 3


@pytest.mark.parametrize("path", PLUGIN_FILES)
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
    room.start(
        str(path), log="stream.log", environ={**PLUGIN_FILES["swiftbar/codingplan.1m.sh"], **GUI, **console(desktop)}
    )
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


@pytest.mark.parametrize("path", [*PLUGIN_FILES, "swiftbar/codingplan-stream.sh"])
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


@pytest.mark.parametrize("path", PLUGIN_FILES)
def test_the_menu_on_the_page_is_the_real_one(desktop, path):
    desktop.fetch(OK.mood)
    bar = path.split("/", maxsplit=1)[0]
    items = MENU_READERS[bar](run(desktop, path))
    lines = [item.text for item in items.bar] + ["---"]
    lines += ["---" if item.separator else item.text for item in items.items if not item.level]
    (page,) = snippets(bar, "text")
    assert [timeless(line) for line in page.strip().split("\n")] == [timeless(line) for line in lines]


def timeless(line):
    """The line without what depends on the day."""
    return re.sub(r"(resets in|ends|last 24 h:) .*", r"\1", line)


# Panels and terminals: what the pages of integrations/pango and integrations/ansi tell to copy, run as they run it.


LOOK = """\
rounded = 0
border_width = 0
background_color = #101418 100
panel_items = E
panel_size = 100% 40
panel_background_id = 1
"""
OWN = "execp_font = DejaVu Sans Mono Bold 20\nexecp_font_color = #e6e6e6 100\n"


@pytest.mark.usefixtures("programs")
def test_tint2_shows_every_state_in_its_colour(home, xvfbs):
    need("tint2")
    screen = xvfbs[0]
    own = home.copied("pango/tint2.conf", "executor", ("execp_interval = 60", "execp_interval = 1")).read_text("utf-8")
    OK.come(home)
    config = home.room.write("tint2rc", LOOK + own + OWN)
    home.room.start("tint2", "-c", str(config), log="printed", environ={"DISPLAY": screen.display})
    until(lambda: "#e6e6e6" in screen.picture().colours(), "the panel's own colour")
    for moment in (CRITICAL, ERROR):
        moment.come(home)
        until(lambda color=COLORS[moment.state]: color in screen.picture().colours(), f"the colour of {moment.state}")
    assert "markup" not in (home.room.folder / "printed").read_text().lower()


AWESOME = """\
local awful, gears, wibox = require("awful"), require("gears"), require("wibox")
require("beautiful").font = "DejaVu Sans Mono Bold 20"
local page = {}
local bar = awful.wibar({{ position = "top", height = 40, screen = screen[1], bg = "#101418", fg = "#e6e6e6" }})
bar:setup {{ layout = wibox.layout.fixed.horizontal, page, wibox.widget.textbox("mine") }}
"""


@pytest.mark.usefixtures("programs")
def test_awesome_shows_every_state_in_its_colour_by_the_lines_of_the_page(home, xvfbs):
    need("awesome")
    screen = xvfbs[0]
    page = (shipped_folder() / "pango/README.md").read_text("utf-8")
    lines = re.search(r"```lua\n(.*?)```", page, re.DOTALL)[1].replace('pango", 60,', 'pango", 1,')
    OK.come(home)
    config = home.room.write("rc.lua", AWESOME.format(lines))
    home.room.start("awesome", "-c", str(config), log="printed", environ={"DISPLAY": screen.display})
    until(lambda: "#e6e6e6" in screen.picture().colours(), "the bar's own colour")
    for moment in (CRITICAL, ERROR):
        moment.come(home)
        until(lambda color=COLORS[moment.state]: color in screen.picture().colours(), f"the colour of {moment.state}")


@pytest.mark.usefixtures("programs")
def test_genmons_script_says_the_text_and_a_click(home):
    script = home.copied("pango/genmon.sh", "genmon.sh")
    for moment in (OK, CRITICAL):
        moment.come(home)
        line = home.room.run("sh", str(script)).decode()
        text, click = line.removeprefix("<txt>").split("</txt>")
        assert oneline.read_pango(f"{text}\n".encode()).text.split() == moment.text.split()
        assert click == "<txtclick>codingplan-bar open</txtclick>\n"


MOMENTS = (OK, CRITICAL, ACTIVE, ERROR)
COLOUR = Allowed(styles=("sgr=*",))


@pytest.fixture
def printed(home):
    """printed(command, **environ) -> bytes: what a shell's command prints whose input is a document."""

    def run(command, **environ):
        return home.room.run("sh", "-c", f"echo '{{}}' | {command}", environ=environ)

    return run


@pytest.mark.usefixtures("programs")
def test_claude_codes_status_line_has_the_text_and_the_colour(home, printed):
    settings = json.loads(home.copied("ansi/settings.json", ".claude/settings.json").read_text(encoding="utf-8"))
    command = settings["statusLine"]["command"]
    for moment in MOMENTS:
        moment.come(home)
        assert shown("statusline", printed(command)) == (moment.text,)
        assert verdict("statusline", printed(command), COLOUR) == []
        assert printed(command, NO_COLOR="1").decode() == moment.text + "\n"


@pytest.mark.usefixtures("programs")
def test_starships_module_has_the_text(home, printed):
    config = home.copied("ansi/starship.toml", ".config/starship.toml").read_text(encoding="utf-8")
    command = tomllib.loads(config)["custom"]["codingplan"]["command"]
    for moment in MOMENTS:
        moment.come(home)
        assert shown("starship", printed(command)) == (moment.text,)
        assert verdict("starship", printed(command)) == []


@pytest.mark.usefixtures("programs")
def test_zjstatus_command_has_the_text_and_the_colour(home, printed):
    lines = home.copied("ansi/zjstatus.kdl", "zjstatus.kdl").read_text(encoding="utf-8")
    (command,) = re.findall(r'^command_codingplan_command +"(.+)"$', lines, re.MULTILINE)
    CRITICAL.come(home)
    assert shown("statusline", printed(command)) == (CRITICAL.text,)
