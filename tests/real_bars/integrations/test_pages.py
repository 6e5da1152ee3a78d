"""The pages of integrations/ and what they tell to copy: what they name is there, and nothing is forgotten."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib

import pytest
from support.machine import need
from support.showroom.home import FENCED, ROOT

from codingplan_bar import facts
from codingplan_bar.bars import BARS
from codingplan_bar.cli import main
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


@pytest.mark.parametrize(
    "path", [*FRAGMENTS, *FOLDER.glob("*/README.md")], ids=lambda path: f"{path.parent.name}-{path.name}"
)
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
