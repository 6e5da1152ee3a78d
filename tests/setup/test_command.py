"""`setup` as a person uses it: the installed command on files in a home."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from support.configurations import CASES, PLACES

pytestmark = pytest.mark.usefixtures("programs")

SCRIPT = Path(sysconfig.get_path("scripts")) / "codingplan-bar"


class Home:
    def __init__(self, folder):
        self.folder = folder
        self.environ = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}

    def setup(self, *arguments, **more):
        command = [str(SCRIPT), "setup", *arguments]
        environ = self.environ | more
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    def put(self, bar, content):
        path = self.folder / PLACES[bar]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def backups(self):
        """What setup has kept of the user's files."""
        return sorted((self.folder / ".local/state/codingplan-bar/before-setup").glob("*"))

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


def test_the_file_as_it_was_before_setup_is_kept_where_no_bar_looks(home):
    path = home.put("polybar", b"[bar/a]\nmodules-right = x\n")
    path.chmod(0o755)
    said = home.setup("polybar", "--write").stdout
    (kept,) = home.backups()
    assert f"~/{kept.relative_to(home.folder)}" in said
    assert kept.read_bytes() == b"[bar/a]\nmodules-right = x\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    present = path.read_text().replace("= x", "= y x").replace(str(SCRIPT), "/gone/codingplan-bar")
    path.write_text(present)
    home.setup("polybar", "--write")
    later = kept.with_name(kept.name + ".later")
    assert (kept.read_bytes(), later.read_text()) == (b"[bar/a]\nmodules-right = x\n", present)
    home.setup("polybar", "--undo")
    assert path.read_text() == "[bar/a]\nmodules-right = y x\n"
    assert home.backups() == [kept]


def test_what_an_undo_takes_of_the_users_own_is_kept(home):
    path = home.put("i3blocks", b"[time]\ncommand=date\n")
    home.setup("i3blocks", "--write")
    path.write_text(path.read_text().replace("interval=60", "interval=300\ncolor=#ff0000"))
    edited = path.read_text()
    said = home.setup("i3blocks", "--undo").stdout
    assert path.read_text() == "[time]\ncommand=date\n"
    before, kept = home.backups()
    assert f"the file with it: ~/{kept.relative_to(home.folder)}." in said
    assert f"The file as it was before setup: ~/{before.relative_to(home.folder)}." in said
    assert (before.read_bytes(), kept.read_text()) == (b"[time]\ncommand=date\n", edited)


@pytest.mark.parametrize("action", ["--write", "--undo"])
def test_what_the_first_version_kept_in_a_folder_of_plugins_runs_there_no_more(home, action):
    folder = home.folder / ".config/argos"
    folder.mkdir(parents=True)
    home.setup("argos", "--write")
    (plugin,) = folder.iterdir()
    plugin.write_text(plugin.read_text())
    earlier = folder / (plugin.name + ".before-codingplan-bar")
    earlier.write_text("#!/bin/sh\necho an older one\n")
    earlier.chmod(0o755)
    home.setup("argos", action)
    assert list(folder.iterdir()) == ([plugin] if action == "--write" else [])
    assert "an older one" in {path.read_text().split("echo ")[-1].strip() for path in home.backups()}


def test_the_folders_that_were_made_for_a_new_file_go_with_it(home):
    (home.folder / ".config/sway").mkdir(parents=True)
    (home.folder / ".config/sway/config").write_text("bar {\n    status_command i3status-rs\n}\n")
    assert home.setup("i3status-rust", "--write").returncode == 0
    assert (home.folder / PLACES["i3status_rust"]).exists()
    home.setup("i3status-rust", "--undo")
    assert list((home.folder / ".config").iterdir()) == [home.folder / ".config/sway"]


def test_a_file_that_was_there_and_empty_stays(home):
    path = home.put("tmux", b"")
    home.setup("tmux", "--write")
    home.setup("tmux", "--undo")
    assert path.read_bytes() == b""


@pytest.mark.parametrize("name", ["relative", "/no/such/home", ""])
@pytest.mark.parametrize("action", ["--write", "--undo"])
def test_without_a_home_nothing_is_written_anywhere(home, name, action):
    done = home.setup("tmux", action, HOME=name) if name else home.setup("tmux", action, HOME=str(home.folder / "gone"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "HOME is" in done.stderr
    assert not Path("/no").exists()
    assert not Path("/nonexistent").exists()
    assert list(home.folder.iterdir()) == []


def test_a_file_that_setup_made_goes_again(home):
    done = home.setup("tmux", "--write")
    assert (home.folder / ".tmux.conf").exists()
    assert "Made ~/.tmux.conf." in done.stdout
    assert "Removed" in home.setup("tmux", "--undo").stdout
    assert not (home.folder / ".tmux.conf").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "is not valid JSON"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b" " * (5 << 20), "too long to be"),
    ],
)
def test_what_cannot_be_read_is_left_alone_in_one_line(home, content, said):
    path = home.put("waybar", content)
    done = home.setup("waybar", "--write")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


REFUSED = [
    ("waybar", b'{\n  "modules-right": [\n    "a" "b"\n  ]\n}\n', ":3: ", "custom/codingplan"),
    ("polybar", b"[bar/a]\nmodules-right = ${mods.right}\n", ":2: ", "[module/codingplan]"),
    ("i3blocks", b"[time]\nno property\n", ":2: ", "[codingplan]"),
    ("tmux", b"set -g status-right 'open\n", ": ", "CODINGPLAN_COMMAND"),
    ("i3status_rust", b"[theme]\n[[block]\n", ":2: ", "[[block]]"),
]


@pytest.mark.parametrize(("bar", "content", "line", "pasted"), REFUSED, ids=[bar for bar, *_ in REFUSED])
def test_a_refusal_names_file_line_and_cause_and_the_lines_to_paste_and_the_dry_run_is_the_same(
    home, bar, content, line, pasted
):
    path = home.put(bar, content)
    dry, done = (home.setup(bar.replace("_", "-"), *more) for more in ((), ("--write",)))
    assert (dry.returncode, dry.stdout, dry.stderr) == (done.returncode, done.stdout, done.stderr)
    assert done.returncode == 1
    assert done.stderr.startswith(f"codingplan-bar: ~/{PLACES[bar]}{line}")
    assert done.stdout.startswith(f"# This goes into ~/{PLACES[bar]}, ")
    assert pasted in done.stdout
    assert str(SCRIPT) in done.stdout
    assert path.read_bytes() == content


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
    home.put("polybar", b"[bar/a]\nmodules-right = date\n")
    done = home.setup()
    assert done.returncode == 0
    assert "polybar reads ~/.config/polybar/config.ini" in done.stdout
    assert "xbar" not in done.stdout.split("\n", 1)[0]
    told = home.setup(PATH="/nowhere").stdout.splitlines()[0]
    assert told.startswith("polybar would read ~/.config/polybar/config.ini, but ")


def test_that_no_file_was_found_is_said_once_for_all_that_goes_into_files(home):
    done = home.setup("waybar")
    assert (done.returncode, done.stdout.count("was not found")) == (1, 1)
    assert "You have no ~/.config/waybar/style.css." in " ".join(done.stdout.replace("#", " ").split())


def test_the_next_step_can_be_typed(home):
    assert "`tmux source-file ~/.tmux.conf`" in home.setup("tmux", "--write").stdout
    own = home.folder / "my files/tmux.conf"
    own.parent.mkdir()
    own.touch()
    assert "`tmux source-file ~/'my files/tmux.conf'`" in home.setup("tmux", "--write", "--file", str(own)).stdout


def test_it_speaks_chinese(home):
    assert "请指定状态栏" in home.setup(LANG="zh_CN.UTF-8").stdout


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


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_undo_without_a_bar_names_the_bars_that_have_it_and_what_takes_it_out_of_all(home, language):
    env = {"CODINGPLAN_BAR_LANGUAGE": language}
    refused = home.setup("--undo", **env)
    assert refused.returncode == 2
    assert refused.stderr.rstrip().endswith("codingplan-bar uninstall")
    home.put("i3blocks", b"[time]\ncommand=date\n")
    home.setup("i3blocks", "--write")
    told = home.setup("--undo", **env).stderr.splitlines()[1]
    assert "i3blocks" in told
    assert "waybar" not in told
