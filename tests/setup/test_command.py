"""`setup` as a person uses it: the installed command on files in a home."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

SCRIPT = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
CONFIGURATIONS = Path(__file__).parent / "configurations"
PLACES = {
    "waybar": ".config/waybar/config",
    "polybar": ".config/polybar/config.ini",
    "i3status_rust": ".config/i3status-rust/config.toml",
    "tmux": ".tmux.conf",
    "i3blocks": ".config/i3blocks/config",
}
CASES = [(bar, path) for bar in PLACES for path in sorted((CONFIGURATIONS / bar).glob("[0-9]*"))]


class Home:
    def __init__(self, folder):
        self.folder = folder
        measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
        self.environ = {"HOME": str(folder), "PATH": "/usr/bin:/bin", **measured}

    def setup(self, *arguments, **more):
        command = [str(SCRIPT), "setup", *arguments]
        environ = self.environ | more
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    def put(self, bar, content):
        path = self.folder / PLACES[bar]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def files(self):
        """Every file of the user's with its content and mode, but for those of this program."""
        ours = self.folder / ".cache", self.folder / ".local"
        paths = [path for path in self.folder.rglob("*") if path.is_file() and not set(ours) & set(path.parents)]
        return {path: (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) for path in paths}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.mark.parametrize(("bar", "path"), CASES, ids=[f"{bar}-{path.stem}" for bar, path in CASES])
def test_it_is_put_there_once_and_taken_out_again_to_the_byte(home, bar, path):
    name = bar.replace("_", "-")
    written = home.put(bar, path.read_bytes())
    written.chmod(0o640)
    before = home.files()
    first = home.setup(name, "--write")
    if first.returncode:
        assert home.files() == before
        assert "Nothing was changed." in first.stderr
        return
    assert str(SCRIPT) in written.read_text("utf-8")
    once = home.files()
    assert home.setup(name, "--write").returncode == 0
    assert home.files() == once
    assert home.setup(name, "--undo").returncode == 0
    assert home.files() == before


def test_most_configurations_are_understood(home):
    """The test before lets one be left alone; this one counts."""
    refused = 0
    for bar, path in CASES:
        written = home.put(bar, path.read_bytes())
        refused += home.setup(bar.replace("_", "-"), "--write").returncode
        written.unlink()
        written.with_name(written.name + ".before-codingplan-bar").unlink(missing_ok=True)
    assert refused <= 3


def test_without_write_nothing_is_written(home):
    home.put("waybar", b'{"modules-right": []}')
    before = home.files()
    done = home.setup("waybar")
    assert (done.returncode, done.stderr) == (0, "")
    assert f'"{SCRIPT} waybar --watch"' in done.stdout
    assert "~/.config/waybar/config" in done.stdout
    assert home.files() == before


def test_a_link_stays_a_link_and_what_it_leads_to_is_changed(home, tmp_path):
    dotfiles = tmp_path / "dotfiles/waybar.json"
    dotfiles.parent.mkdir()
    dotfiles.write_text('{"modules-right": []}')
    place = home.folder / PLACES["waybar"]
    place.parent.mkdir(parents=True)
    place.symlink_to(dotfiles)
    home.setup("waybar", "--write")
    assert place.is_symlink()
    assert "custom/codingplan" in dotfiles.read_text()
    home.setup("waybar", "--undo")
    assert dotfiles.read_text() == '{"modules-right": []}'


def test_what_was_there_is_kept_beside_it_and_a_second_run_keeps_the_first(home):
    path = home.put("polybar", b"[bar/a]\nmodules-right = x\n")
    home.setup("polybar", "--write")
    kept = path.with_name("config.ini.before-codingplan-bar")
    assert kept.read_bytes() == b"[bar/a]\nmodules-right = x\n"
    path.write_text(path.read_text() + "; mine\n")
    home.setup("polybar", "--write")
    assert kept.read_bytes() == b"[bar/a]\nmodules-right = x\n"
    home.setup("polybar", "--undo")
    assert path.read_text() == "[bar/a]\nmodules-right = x\n; mine\n"
    assert kept.exists()


def test_a_file_that_setup_made_goes_again(home):
    done = home.setup("tmux", "--write")
    assert (home.folder / ".tmux.conf").exists()
    assert "Made ~/.tmux.conf." in done.stdout
    assert "Removed" in home.setup("tmux", "--undo").stdout
    assert not (home.folder / ".tmux.conf").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "cannot be read with certainty"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b" " * (5 << 20), "longer than any"),
    ],
)
def test_what_cannot_be_read_is_left_alone_in_one_line(home, content, said):
    path = home.put("waybar", content)
    done = home.setup("waybar", "--write")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert said in done.stderr
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_pipe_in_its_place_holds_nobody_up(home):
    path = home.folder / PLACES["tmux"]
    os.mkfifo(path)
    assert home.setup("tmux", "--write").returncode == 1


def test_one_file_that_cannot_be_changed_leaves_the_other_as_it_is(home):
    config = home.put("waybar", b'{"modules-right": []}')
    style = config.with_name("style.css")
    style.write_text("/* >>> codingplan-bar >>> */\n")
    before = home.files()
    assert home.setup("waybar", "--write").returncode == 1
    assert home.files() == before


def test_where_there_is_no_file_of_the_users_the_fragment_is_printed(home):
    done = home.setup("waybar", "--write")
    assert done.returncode == 1
    assert "custom/codingplan" in done.stdout
    assert home.files() == {}


def test_a_running_bars_own_file_is_the_one(home, tmp_path):
    """What its command line names, wherever that is."""
    elsewhere = tmp_path / "elsewhere.jsonc"
    elsewhere.write_text('{"modules-right": []}')
    home.put("waybar", b'{"modules-right": []}')
    stand_in = tmp_path / "waybar"
    stand_in.symlink_to(sys.executable)
    script = tmp_path / "sleep.py"
    script.write_text("import time\ntime.sleep(60)\n")
    command = ["waybar", str(script), "--config", str(elsewhere)]
    environ = {"HOME": str(home.folder)}
    with subprocess.Popen(command, executable=str(stand_in), env=environ) as process:
        try:
            done = home.setup("waybar")
        finally:
            process.kill()
    assert "elsewhere.jsonc" in done.stdout


def test_without_a_bar_it_says_which_file_each_reads(home):
    home.put("polybar", b"")
    done = home.setup()
    assert done.returncode == 0
    assert "polybar reads ~/.config/polybar/config.ini" in done.stdout
    assert "waybar: no file of yours was found" in done.stdout


def test_it_speaks_chinese(home):
    assert "没有找到" in home.setup(LANG="zh_CN.UTF-8").stdout


def test_both_at_once_are_an_error_of_use(home):
    done = home.setup("tmux", "--write", "--undo")
    assert (done.returncode, done.stdout) == (2, "")


def test_an_argos_plugin_can_be_run_and_goes_only_while_it_is_ours(home):
    (home.folder / ".config/argos").mkdir(parents=True)
    assert home.setup("argos", "--write").returncode == 0
    (plugin,) = (home.folder / ".config/argos").iterdir()
    assert plugin.stat().st_mode & 0o111
    plugin.write_text(plugin.read_text() + "# mine\n")
    assert home.setup("argos", "--undo").returncode == 1
    assert plugin.exists()
