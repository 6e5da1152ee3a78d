"""A file is replaced whole, for the owner that it has, and only while it says what was read."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar.configure.block import BEGINS, ENDS, Block, LeftAlone
from codingplan_bar.configure.files import Configuration

SOMEBODY = 4321
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="Only root can have files of another user's.")


@pytest.fixture
def environ(tmp_path):
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home")}


@pytest.fixture
def path(environ):
    found = Path(environ["HOME"], "config")
    found.write_text("before")
    found.chmod(0o640)
    return found


def owned(path):
    found = path.stat()
    return found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)


def others(folder, *kept):
    """What is in a folder besides."""
    return set(folder.iterdir()) - set(kept)


def save_in_place(path):
    path.write_text("the user's")


def save_by_rename(path):
    other = path.with_name("saved")
    other.write_text("the user's")
    other.replace(path)


@pytest.mark.parametrize("save", [save_in_place, save_by_rename])
def test_what_is_saved_after_the_reading_is_not_written_over(environ, path, save):
    file = Configuration(path, environ)
    assert file.text() == "before"
    save(path)
    for change in (lambda: file.replace("ours", mode=0o644), file.remove):
        with pytest.raises(LeftAlone, match="changed meanwhile"):
            change()
    assert path.read_text() == "the user's"
    assert others(path.parent, path) == set()


def test_a_file_that_has_come_meanwhile_stays(environ):
    path = Path(environ["HOME"], "config")
    file = Configuration(path, environ)
    assert file.text() == ""
    path.write_text("the user's")
    with pytest.raises(LeftAlone, match="changed meanwhile"):
        file.replace("ours", mode=0o644)
    assert path.read_text() == "the user's"


@pytest.mark.skipif(sys.platform != "linux", reason="Python knows the attributes of files on Linux alone.")
def test_what_a_file_has_beside_its_mode_stays(environ, path):
    """An access list, a label of the system's: on a system without attributes a file has none to lose."""
    with suppress(OSError):
        os.setxattr(path, "user.note", b"mine")
    before = {name: os.getxattr(path, name) for name in os.listxattr(path)}
    file = Configuration(path, environ)
    file.text()
    file.replace("after", mode=0o644)
    assert path.read_text() == "after"
    assert {name: os.getxattr(path, name) for name in os.listxattr(path)} == before


@as_root
def test_root_leaves_a_users_file_the_users(environ, path):
    os.chown(path, SOMEBODY, SOMEBODY)
    file = Configuration(path, environ)
    file.text()
    file.replace("after", mode=0o644)
    assert path.read_text() == "after"
    assert owned(path) == (SOMEBODY, SOMEBODY, 0o640)


@as_root
def test_what_root_makes_in_a_users_home_is_the_users(environ):
    home = Path(environ["HOME"])
    os.chown(home, SOMEBODY, SOMEBODY)
    file = Configuration(home / ".config/bar/config", environ)
    file.text()
    file.replace("new", mode=0o644)
    file.text()
    file.back_up()
    made = [path for path in home.rglob("*") if owned(path)[:2] != (SOMEBODY, SOMEBODY)]
    assert made == []
    assert owned(file.backup)[2] == 0o600


@as_root
def test_a_group_that_the_user_cannot_give_stays_all_the_same(programs):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config")
        path.write_text("before")
        path.chmod(0o640)
        os.chown(folder, SOMEBODY, SOMEBODY)
        os.chown(path, SOMEBODY, 0)
        assert as_somebody(lambda: replaced(path)) == 0
        assert path.read_text() == "after"
        assert owned(path) == (SOMEBODY, 0, 0o640)
        assert others(path.parent, path) == set()


def replaced(path):
    file = Configuration(path, {"HOME": str(path.parent)})
    file.text()
    file.replace("after", mode=0o644)


def as_somebody(work):
    """Do something as a user who is in no other group; 0 where it could be done."""
    child = os.fork()
    if not child:
        status = 1
        try:
            os.setgroups([])
            os.setgid(SOMEBODY)
            os.setuid(SOMEBODY)
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


def test_the_backup_is_the_users_alone_whatever_the_mode_of_the_file(environ, path):
    path.chmod(0o777)
    file = Configuration(path, environ)
    file.text()
    file.back_up()
    assert stat.S_IMODE(file.backup.stat().st_mode) == 0o600
    assert file.backup.parent.name == "before-setup"
    assert others(path.parent, path, path.parent / ".local") == set()


def test_what_another_program_makes_is_said_before_anything_is_written(environ, path, monkeypatch):
    """A link into a store that nobody may write, as home-manager makes them."""
    link = path.with_name("link")
    link.symlink_to(path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(LeftAlone, match="managed elsewhere"):
        Configuration(link, environ).try_writing()
    with pytest.raises(PermissionError):
        Configuration(path, environ).try_writing()


def test_another_name_of_a_file_says_the_same_afterwards(environ, path):
    other = path.with_name("dotfiles")
    os.link(path, other)
    file = Configuration(path, environ)
    file.text()
    file.back_up()
    file.replace("after", mode=0o644)
    assert (path.read_text(), other.read_text(), path.stat().st_nlink) == ("after", "after", 2)
    assert file.backup.read_text() == "before"
    other.write_text("changed meanwhile")
    with pytest.raises(LeftAlone):
        file.replace("later", mode=0o644)
    assert path.read_text() == "changed meanwhile"


@as_root
def test_another_name_in_another_users_folder_is_not_written_through(environ, path):
    other = path.with_name("elsewhere")
    os.link(path, other)
    os.chown(path.parent, SOMEBODY, SOMEBODY)
    file = Configuration(path, environ)
    file.text()
    file.replace("after", mode=0o644)
    assert (path.read_text(), other.read_text()) == ("after", "before")


# The block at the end of a text: put there once, and taken out without a trace.

LINES = Block(forms=lambda *_: [], begins="^", ours="[xyz]", anywhere=False)
SECTIONS = Block(forms=lambda *_: [], begins=r"^\[", ours=r"\A\[ours\]")
put, taken = LINES.put, LINES.taken

TEXTS = st.text(st.sampled_from("ab#>< \t\r\n\ufeff\x0c\u2028中"), max_size=40)
NEWLINES = st.sampled_from(["\n", "\r\n"])


@given(text=TEXTS, newline=NEWLINES)
def test_what_is_put_is_taken_to_the_byte_and_twice_is_once(text, newline):
    written = put(text, "x\ny\n", newline=newline)
    assert written.startswith(text)
    assert put(written, "x\ny\n", newline=newline) == written
    assert taken(written) == text
    assert taken(text) == text


FORM = Block(forms=lambda command, _: [f"x {command}\ny\n"], begins="^", ours="[xy]", anywhere=False)


@given(text=TEXTS, newline=NEWLINES)
def test_other_lines_take_the_place_of_the_first(text, newline):
    written = FORM.put(FORM.put(text, "x /codingplan-bar\ny\n", newline=newline), "x /opt/codingplan-bar\ny\n")
    assert written == FORM.put(text, "x /opt/codingplan-bar\ny\n", newline=newline)


@pytest.mark.parametrize(
    "text",
    [
        f"{BEGINS}\nx\n",
        f"x\n{ENDS}\n",
        f"{ENDS}\n{BEGINS}\n",
        f"{BEGINS}\n{ENDS}\n{BEGINS}\n{ENDS}\n",
        f"{BEGINS}\n{BEGINS}\n{ENDS}\n",
    ],
)
def test_markers_that_are_no_one_block_are_nobodys(text):
    for change in (taken, lambda text: put(text, "x\n")):
        with pytest.raises(LeftAlone, match="torn"):
            change(text)


def test_a_line_that_only_speaks_of_the_markers_is_the_users():
    text = f"# see {BEGINS}\nx {ENDS}\n"
    assert taken(put(text, "x\n")) == text


def test_where_each_piece_says_what_it_is_markers_may_be_missing_moved_or_doubled():
    """Whatever has become of the markers, our section goes, and the user's stay."""
    mine, ours = "[a]\nb = 1\n", "[ours]\nx = 1\n"
    for text in (
        f"{BEGINS}\n{ours}{mine}",
        f"{mine}{ENDS}\n{ours}",
        f"{BEGINS}\n{mine}{ENDS}\n{ours}{BEGINS}\n{ENDS}\n",
    ):
        assert SECTIONS.taken(text) == mine
        assert SECTIONS.put(text, ours) == text
    assert SECTIONS.taken(ours + mine) == ours + mine


@given(st.permutations([f"{BEGINS}\n", "[ours]\nx = 1\n", f"{ENDS}\n", "[a]\n# b\n", "[c]\n\n", "# d\n"]))
def test_in_whatever_order_the_user_has_put_it_all_the_users_own_stays(lines):
    own = [line for line in lines if not line.startswith(("[ours]", BEGINS, ENDS))]
    assert SECTIONS.taken("".join(lines)) == "".join(own)
