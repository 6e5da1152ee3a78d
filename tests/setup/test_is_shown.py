"""`setup` and `doctor` agree: whatever `--write` has written is shown, and shown means that the bar would show it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from support.configurations import CASES, PLACES

from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands.doctor import bars as doctor
from codingplan_bar.commands.doctor.report import CheckContext
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.commands.setup import setup
from codingplan_bar.configure import waybar
from codingplan_bar.configure.files import Configuration
from codingplan_bar.configure.machine import Machine, tmux_trial
from codingplan_bar.words.en.doctor import DOCTOR


@pytest.fixture
def environ(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "missing", lambda _bar, _machine: "")  # these tests are of the configurations alone
    return {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8"}


def put(environ, bar, content):
    path = Path(environ["HOME"], PLACES[bar])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def said_by_doctor(environ, bar):
    """The verdict on that bar, and doctor's words."""
    visit = CheckContext(environ, open_refresher(environ), DOCTOR, words_for("en", environ), offline=True)
    line = next(line for line in doctor.bars(visit) if line.name == "bar" and line.text.startswith(f"{bar} "))
    return line.verdict, line.text


@pytest.mark.parametrize(("bar", "path"), CASES, ids=[f"{bar}-{path.stem}" for bar, path in CASES])
def test_what_is_written_is_shown_and_what_is_not_shown_is_not_written(environ, bar, path, programs):
    written = put(environ, bar, path.read_bytes())
    name = bar.replace("_", "-")
    if setup(name, write=True, undo=False, environ=environ):
        assert written.read_bytes() == path.read_bytes()
    else:
        assert said_by_doctor(environ, name)[0] == "ok"


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("my.key = 1", "polybar does not start: it cannot read ~/.config/polybar/config.ini:2 (my.key = 1)."),
        ("my key = 1", "it cannot read ~/.config/polybar/config.ini:2"),
        ("height", "it cannot read ~/.config/polybar/config.ini:2"),
        ("[self]", "it cannot read ~/.config/polybar/config.ini:2"),
        ("include-file = no.ini", "~/.config/polybar/config.ini:2 includes no.ini, which is not there."),
        ("inherit = bar/no", "[bar/main] inherits from [bar/no], which is not there."),
    ],
)
def test_doctor_says_what_keeps_polybar_from_starting(environ, line, cause, programs):
    path = put(environ, "polybar", b"[bar/main]\nmodules-right = date\n")
    assert setup("polybar", write=True, undo=False, environ=environ) == 0
    assert said_by_doctor(environ, "polybar")[0] == "ok"
    path.write_text(path.read_text().replace("[bar/main]\n", f"[bar/main]\n{line}\n"))
    verdict, told = said_by_doctor(environ, "polybar")
    assert (verdict, cause in told) == ("bad", True)


LATE = "set -g status-right 'its own'"
TRIALS = [
    ("set -g status-right '%H:%M'\n", ""),
    (f'run-shell "tmux {LATE}"\n', ""),
    (f"if-shell -b 'sleep 0.3' \"{LATE}\"\n", "set later"),
    (f'run-shell -b "sleep 0.3; tmux {LATE}"\n', "set later"),
    ("set -g status off\n", "status off"),
    ("set -g status off\nset -g status 2\n", ""),
    ("if-shell 'true' 'set -g status off'\n", "status off"),
    ("set -g @mine '#{T:status-right}'\nset -g status-format[0] '#{E:@mine}'\n", ""),
    ("set -g status-format[1] '#{T:status-right}'\nset -g status-format[0] '#{codingplan}'\n", ""),
    ("if-shell -b 'sleep 0.3' \"set -g status-format[0] 'no more'\"\n", "set later"),
]


@pytest.mark.skipif(not shutil.which("tmux"), reason="there is no tmux")
@pytest.mark.parametrize(("text", "reason"), TRIALS)
def test_a_private_tmux_says_whether_the_status_line_shows_it(environ, capfd, text, reason, programs):
    path = put(environ, "tmux", text.encode())
    assert setup("tmux", write=True, undo=False, environ=environ) == bool(reason)
    assert (path.read_bytes() == text.encode()) == bool(reason)
    if not reason:
        assert said_by_doctor(environ, "tmux")[0] == "ok"
        return
    refusal = capfd.readouterr()
    assert setup("tmux", write=False, undo=False, environ=environ) == 1
    assert capfd.readouterr() == refusal
    assert "CODINGPLAN_COMMAND" in refusal.out


@pytest.mark.skipif(not shutil.which("tmux"), reason="there is no tmux")
@pytest.mark.parametrize(("text", "reason"), [case for case in TRIALS if case[1]])
def test_doctor_says_what_stands_in_the_way_of_lines_that_are_there(environ, text, reason, programs):
    path = put(environ, "tmux", b"")
    setup("tmux", write=True, undo=False, environ=environ)
    path.write_text(text + path.read_text())
    verdict, words = said_by_doctor(environ, "tmux")
    assert verdict == "bad"
    assert "tmux would not show it" in words


@pytest.mark.parametrize("line", ["run 'git clone https://x ~/y'", "set -g @continuum-restore 'on'"])
def test_a_configuration_that_fetches_or_restores_something_is_not_started_for_a_look(environ, tmp_path, line):
    path = put(environ, "tmux", f"{line}\nrun 'touch {tmp_path}/started'\n".encode())
    assert tmux_trial.tried([path], "", environ) is None
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("undo", [False, True])
def test_a_file_that_another_program_changes_meanwhile_is_the_one_that_is_named(
    environ, tmp_path, monkeypatch, undo, capfd
):
    put(environ, "waybar", b'{"modules-right": ["clock"]}')
    style = tmp_path / ".config/waybar/style.css"
    style.write_text("* { color: red }\n")
    if undo:
        setup("waybar", write=True, undo=False, environ=environ)
    replace = Configuration.replace

    def replaced(self, text, *, mode):
        if self.path == style:
            style.write_text("* { color: blue }\n")
        replace(self, text, mode=mode)

    monkeypatch.setattr(Configuration, "replace", replaced)
    capfd.readouterr()
    assert setup("waybar", write=not undo, undo=undo, environ=environ) == 1
    assert "style.css: Another program changed it just now." in " ".join(capfd.readouterr().err.split())
    assert style.read_text() == "* { color: blue }\n"


PROGRAMS = [
    "new-session -d -s mail 'touch ~/started'",
    "new -d 'touch ~/started'",
    "set -g mouse on ; neww -d 'touch ~/started'",
    "if-shell true \"split-window -d 'touch ~/started'\"",
    "set-hook -g session-created 'send-keys \"touch ~/started\" Enter'",
]


@pytest.mark.skipif(not shutil.which("tmux"), reason="there is no tmux")
@pytest.mark.parametrize("sourced", [False, True])
@pytest.mark.parametrize("line", PROGRAMS)
def test_a_configuration_that_opens_windows_of_its_own_is_not_started_for_a_look(
    environ, tmp_path, line, sourced, programs
):
    """What runs in them are the user's programs, which a dry run and `doctor` have no business to start."""
    (tmp_path / "more.conf").write_text(f"{line}\n")
    path = put(environ, "tmux", b"source-file -q ~/more.*\n" if sourced else f"{line}\n".encode())
    assert tmux_trial.tried([path], "", environ) is None
    assert not (tmp_path / "started").exists()


@pytest.mark.skipif(not shutil.which("tmux"), reason="there is no tmux")
@pytest.mark.parametrize("line", ["bind c new-window", "set-hook -g after-new-window 'set status on'", "# new window"])
def test_keys_and_hooks_that_are_about_windows_open_none(environ, line, programs):
    path = put(environ, "tmux", f"{line}\n".encode())
    assert tmux_trial.tried([path], "", environ)["status"] == "on"


@pytest.mark.skipif(not shutil.which("tmux"), reason="there is no tmux")
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere `ps` belongs to the system")
def test_a_private_tmux_is_asked_where_there_is_no_ps(environ, tmp_path, monkeypatch, programs):
    (tmp_path / ".tmux.conf").write_text("if-shell -b 'sleep 0.3' \"set -g status-right 'its own'\"\n")
    monkeypatch.setenv("PATH", str(tmp_path))  # of this process; tmux has the one of `environ`
    assert tmux_trial.tried([tmp_path / ".tmux.conf"], "", environ)["status-right"] == "its own"


@pytest.mark.skipif(not shutil.which("tmux"), reason="there is no tmux")
def test_the_trial_leaves_nothing_behind_and_meets_no_server_of_the_users(environ, tmp_path, programs):
    path = put(environ, "tmux", b"run 'echo \"$TMUX\" >~/socket'\n")
    assert tmux_trial.tried([path], "", environ | {"TMUX": "/the/users,1,0"})["status"] == "on"
    socket = (tmp_path / "socket").read_text().split(",")[0]
    assert socket != "/the/users"
    assert not Path(socket).exists()


@pytest.mark.parametrize("link", ["style.css", "folder", ""])
def test_every_place_is_tried_before_the_first_is_written_and_the_lines_for_it_are_said(
    environ, tmp_path, monkeypatch, capfd, link
):
    """A read-only store into which home-manager links: a file of it, or a folder; and a folder without a link."""
    config = put(environ, "waybar", b'{"modules-right": ["clock"]}')
    store = tmp_path / "store"
    store.mkdir()
    style = config.with_name("style.css")
    (store / "style.css").write_text("* {}\n")
    if link == "style.css":
        style.symlink_to(store / "style.css")
    elif link:
        (store / "config").write_text('{"modules-right": ["clock"]}')
        shutil.rmtree(config.parent)
        config.parent.symlink_to(store)
    else:
        store = style
        style.write_text("* {}\n")
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not_in(store, path) and may(path, mode))
    before = config.read_bytes(), style.read_bytes()
    dry, done = said(capfd, environ), said(capfd, environ, write=True)
    assert dry == done
    assert done[0] == 1
    assert ("another program makes it" if link else "cannot be written") in done[2]
    assert ("#custom-codingplan {" if link == "style.css" else '"custom/codingplan"') in done[1]
    assert (config.read_bytes(), style.read_bytes()) == before


def not_in(store, path):
    return not Path(os.path.realpath(path)).is_relative_to(store if store.is_dir() else store.parent)


def said(capfd, environ, *, write=False):
    code = setup("waybar", write=write, undo=False, environ=environ)
    return code, *capfd.readouterr()


WAYBARS = [
    ('{"modules-right": ["custom/q"], "custom/q": {"exec": "codingplan-bar waybar"}}', ""),
    ('{"modules-right": [], "custom/q": {"exec": "codingplan-bar waybar"}}', "not named"),
    ('{"modules-right": ["custom/q"], "custom/q": {"exec": "codingplan-bar refresh"}}', "absent"),
    ('{"modules-right": ["group/g"], "group/g": {"modules": ["custom/q"]}, "include": "~/more"}', ""),
    ('{"modules-right": [], "group/g": {"modules": ["custom/q"]}, "include": ["$HOME/more"]}', "not named"),
    ('[{"modules-left": []}, {"modules-left": ["custom/q"], "include": "more"}]', ""),
    ('{"custom/q": {"exec": "date"}, "modules-right": ["custom/q"], "include": "more"}', "absent"),
    ('{"modules-right": ["custom/q"], "include": "~/mor*"}', ""),
    ('{"modules-right": ["group/g"], "group/g": {"modules": ["group/g"]}, "include": "more"}', "not named"),
]


@pytest.mark.parametrize(("text", "reason"), WAYBARS)
def test_waybar_shows_what_a_bar_names_here_or_in_an_included_file(tmp_path, text, reason):
    (tmp_path / "more").write_text('{"custom/q": {"exec": "/a b/codingplan-bar waybar"}}')
    assert waybar.unseen(text, tmp_path / "config", Machine({"HOME": str(tmp_path)})) == reason
