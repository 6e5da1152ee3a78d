"""A pipe, a folder, a socket or a device in the place of a file that is read: nothing waits for it, nothing breaks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest
from support.hostile import sample
from support.realbars.room import ordinary

from codingplan_bar import paths

LONGEST = 120  # seconds; a run takes less than one on a quiet machine, and one that waits for a pipe would never end
STATE, CACHE = ".local/state/codingplan-bar", ".cache/codingplan-bar"
SETTINGS = ".config/codingplan-bar/config.toml"
OURS = (
    *(f"{CACHE}/{name}" for name in ("snapshot.json", "failure.json", "bar.txt")),
    *(
        f"{STATE}/{name}"
        for name in ("session.json", "waiting.json", "alerts.json", "rhythm.json", "refresh.lock", "bar.txt.asked")
    ),
    *(f"{STATE}/history.db{end}" for end in ("", "-journal", "-wal", "-shm")),
)
OTHERS = (".config/codexbar/config.json", ".codexbar/config.json", ".bailian/config.json")


def listening(path):
    """A socket whose name stays; a long path is none that a socket could have."""
    before = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.fchdir(before)
        os.close(before)


def full(path):
    path.mkdir()
    (path / "kept").write_text("somebody's")


def sparse(path):
    with path.open("wb") as file:
        file.truncate(1 << 40)


def shut(path):
    path.write_text("{}")
    path.chmod(0)


IRREGULAR = {
    "pipe": os.mkfifo,
    "folder": os.mkdir,
    "socket": listening,
    "endless device": lambda path: path.symlink_to("/dev/zero"),
    "terminal": lambda path: path.symlink_to("/dev/tty"),
    "folder that is full": full,
    "full device": lambda path: path.symlink_to("/dev/full"),
    "loop of links": lambda path: path.symlink_to(path),
    "link to nowhere": lambda path: path.symlink_to("/nonexistent/file"),
}
KINDS = {
    **IRREGULAR,
    "file that is shut": shut,
    "file of a terabyte": sparse,
    "file of zeros": lambda path: path.write_bytes(bytes(4096)),
    "empty file": lambda path: path.write_bytes(b""),
}
PLACES = OURS + OTHERS
every_kind = pytest.mark.parametrize("kind", [*KINDS][:5])


def put(kind, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    KINDS[kind](path)
    return path


def place_of(visitor, place):
    """Where a file of that place is, for who asks by this environment."""
    return visitor.home / place.replace("bar.txt", visitor.facts.name)


def ended(visitor, *arguments):
    """The exit code and what was printed of a command that comes to its end; its process is killed where it does not.

    What it started in the background goes with it.
    """
    process = visitor.start(*arguments, start_new_session=True)
    try:
        out, err = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        pytest.fail(f"{arguments[0]} did not end")
    assert b"Traceback" not in out + err
    return process.returncode, out.decode()


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        *((place, "pipe") for place in OURS + OTHERS),
        *((place, "folder") for place in (f"{CACHE}/snapshot.json", f"{STATE}/waiting.json", f"{STATE}/history.db")),
        *((place, "endless device") for place in (f"{STATE}/alerts.json", f"{STATE}/refresh.lock", OTHERS[0])),
    ],
)
def test_a_refresh_brings_the_numbers_whatever_stands_in_the_place_of_a_file(visitor, place, kind):
    put(kind, place_of(visitor, place))
    assert ended(visitor, "fetch")[0] == 0
    assert "%" in ended(visitor, "text")[1]


@pytest.mark.parametrize(("place", "kind"), sample([*product(PLACES, KINDS)], 31))
def test_each_kind_of_file_in_each_place_lets_the_numbers_through(visitor, place, kind):
    put(kind, place_of(visitor, place))
    assert ended(visitor, "fetch")[0] == 0
    assert "%" in ended(visitor, "text")[1]
    assert ended(visitor, "status")[0] == 0


@pytest.mark.parametrize(
    "place", [f"{CACHE}/snapshot.json", f"{CACHE}/bar.txt", f"{STATE}/history.db", f"{STATE}/history.db-journal"]
)
def test_a_bar_has_its_line_whatever_stands_in_the_place_of_a_file_since(visitor, place):
    assert ended(visitor, "fetch")[0] == 0
    place_of(visitor, place).unlink(missing_ok=True)
    put("pipe", place_of(visitor, place))
    code, line = ended(visitor, "text")
    assert (code, line.count("\n")) == (0, 1)
    assert "internal" not in line
    assert ended(visitor, "history")[0] in (0, 1)
    assert ended(visitor, "fetch")[0] == 0


@pytest.mark.parametrize("kind", ["pipe", "folder", "socket"])
def test_settings_that_are_no_regular_file_are_an_error_that_says_so(visitor, kind):
    put(kind, visitor.home / SETTINGS)
    code, document = ended(visitor, "fetch")
    assert (code, "no regular file" in document, '"code":"config"' in document.replace(" ", "")) == (1, True, True)


@every_kind
@pytest.mark.parametrize("follow", [True, False])
def test_the_one_way_to_open_a_file_opens_regular_ones_alone(tmp_path, kind, follow):
    path = put(kind, tmp_path / "file")
    with pytest.raises(paths.Unfit, match="no regular file"):
        paths.opened(path, owner=paths.is_anyones, follow=follow)
    assert paths.read(path) is None


@pytest.mark.parametrize("kind", ["pipe", "folder", "endless device"])
def test_what_takes_the_files_place_at_the_last_moment_is_not_read_either(tmp_path, kind, monkeypatch):
    """Between the first look and the opening."""
    regular, path = Path(__file__).stat(), put(kind, tmp_path / "file")
    monkeypatch.setattr(os, "stat", lambda *_, **__: regular)
    with pytest.raises(paths.Unfit, match="no regular file"):
        paths.opened(path, owner=paths.is_anyones)


@pytest.mark.parametrize(("uid", "mine", "trusted"), [(0, False, True), (1000, True, True), (1001, False, False)])
def test_whose_file_it_is_is_asked_of_the_handle(tmp_path, monkeypatch, uid, mine, trusted):
    path = tmp_path / "file"
    path.write_text("text")
    found = path.stat()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result((*found[:4], uid, *found[5:])))
    monkeypatch.setattr(os, "stat", lambda *_, **__: os.stat_result((*found[:4], 1000, *found[5:])))
    for owner, is_right in ((paths.is_mine, mine), (paths.is_trusted, trusted), (paths.is_anyones, True)):
        if is_right:
            os.close(paths.opened(path, owner=owner))
        else:
            with pytest.raises(paths.Unfit, match="somebody else"):
                paths.opened(path, owner=owner)


def test_a_file_has_its_limit_and_not_a_byte_more(tmp_path):
    (tmp_path / "file").write_bytes(b"1234")
    assert paths.content(tmp_path / "file", 4) == b"1234"
    with pytest.raises(paths.Unfit, match="longer than"):
        paths.content(tmp_path / "file", 3)


BARS_OWN = (".config/waybar/config", ".config/argos/a.sh", ".claude/settings.json", ".tmux.conf")
SHUT = ("", ".config", ".config/codingplan-bar", ".config/waybar", ".config/argos", ".claude", ".bailian", ".cache")
LOOKING = ("setup", "setup waybar --write", "setup claude-code", "doctor --offline", "uninstall", "status", "waybar")
LOOKING += ("config", "privacy", "theme", "history", "logout --all")


class OrdinaryUser:
    """Whom a folder keeps out: root is kept out of nothing."""

    def __init__(self, home):
        self.home, self.account = home, ordinary()
        for name in (*OURS, *OTHERS, *BARS_OWN, SETTINGS):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text("")
        for path in (home, *home.rglob("*")):
            os.chown(path, self.account.owner, -1)

    def run(self, words):
        environ = {"HOME": str(self.home), "PATH": os.environ["PATH"], "HTTPS_PROXY": "http://127.0.0.1:9"}
        command = (*self.account.prefix, sys.executable, "-m", "codingplan_bar", *words.split())
        return subprocess.run(
            command, check=False, env=environ, cwd="/", capture_output=True, text=True, timeout=LONGEST
        )

    @contextmanager
    def kept_out_of(self, folder, mode=0):
        (self.home / folder).chmod(mode)
        yield
        (self.home / folder).chmod(0o700)


@pytest.fixture
def ordinary_user(tmp_path, programs):
    return OrdinaryUser(tmp_path / "home")


@pytest.mark.parametrize("folder", [*SHUT, ".local", ".local/state", STATE, CACHE])
def test_no_command_breaks_over_a_folder_that_keeps_the_user_out(ordinary_user, folder):
    with ordinary_user.kept_out_of(folder):
        done = {words: ordinary_user.run(words) for words in LOOKING}
    for words, each in done.items():
        assert "Unexpected" not in each.stdout + each.stderr, words
        assert "Traceback" not in each.stderr, words


@pytest.mark.parametrize("folder", [".cache", CACHE])
def test_that_a_folder_cannot_be_looked_into_is_no_proof_that_nothing_is_in_it(ordinary_user, folder):
    with ordinary_user.kept_out_of(folder):
        told, left, gone = (ordinary_user.run(words) for words in ("privacy", "uninstall", "logout --all"))
    assert "a folder that you may not look into" in told.stdout
    assert "~/.cache/codingplan-bar" in left.stdout
    assert (gone.returncode, "are removed" in gone.stdout) == (1, False)
    assert f"`chmod u+rwx ~/{folder}`" in gone.stderr
    assert (ordinary_user.home / CACHE / "snapshot.json").exists()


def test_where_a_file_cannot_be_removed_the_step_opens_the_folder_that_it_lies_in(ordinary_user):
    with ordinary_user.kept_out_of(CACHE, 0o500):
        gone = ordinary_user.run("logout --all")
    assert gone.returncode == 1
    assert f"`chmod u+rwx ~/{CACHE}`" in gone.stderr
