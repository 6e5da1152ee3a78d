"""What Firefox's two ini files name, however odd they are."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as some
from support.handmade.files import elsewhere
from support.handmade.home import FIREFOX, VISITED

from codingplan_bar.browsers import stores


@pytest.fixture
def root(home):
    folder = home.folder / FIREFOX
    folder.mkdir(parents=True)
    return folder


def found(home):
    return [store.folder for store in home.stores("firefox")]


def test_a_profile_below_the_root_is_found_without_any_ini(home):
    folder = home.firefox(VISITED, profile="abc.work")
    assert found(home) == [folder]
    assert home.stores()[0].profile == "work"


@pytest.mark.parametrize("ini", ["profiles.ini", "installs.ini"])
def test_a_profile_elsewhere_is_found_by_its_absolute_path(home, root, ini):
    folder = home.firefox(VISITED, root="elsewhere", profile="mine")
    section = "[Profile0]\nName=Mine\nIsRelative=0\nPath=" if ini == "profiles.ini" else "[F00D]\nDefault="
    (root / ini).write_text(section + str(folder))
    assert found(home) == [folder]


def test_the_default_of_an_installation_is_found(home, root):
    folder = home.firefox(VISITED, root=FIREFOX + "/deep", profile="er")
    (root / "profiles.ini").write_text("[Install1]\nDefault=\nLocked=1\n\n[Install2]\nDefault=deep/er\n")
    assert found(home) == [folder]


@pytest.mark.parametrize(
    "before",
    [
        "\ufeff",
        "no section at all\n",
        "[Profile9]\nPath\n=\n[\n",
        "[Profile0]\nPath=a\n[Profile0]\nPath=b\n",
        "\0\n",
        "%\n",
    ],
    ids=["bom", "headless", "broken lines", "twice", "nul", "percent"],
)
def test_an_odd_line_spoils_no_other(home, root, before):
    folder = home.firefox(VISITED, root=FIREFOX + "/50%(x)s", profile="p")
    (root / "profiles.ini").write_text(before + "[Profile1]\nName=Half\nIsRelative=1\nPath=50%(x)s/p\n")
    assert found(home) == [folder]
    assert home.stores()[0].profile == "Half"


def test_windows_line_ends_and_other_letters_are_read(home, root):
    folder = home.firefox(VISITED, root=FIREFOX + "/deep", profile="ä")
    (root / "profiles.ini").write_bytes("[Profile0]\r\nName=Büro\r\nIsRelative=1\r\nPath=deep/ä\r\n".encode())
    assert (found(home), home.stores()[0].profile) == ([folder], "Büro")


def group(root, *rows, journal="wal", name="0a1b2c3d"):
    """A group's file as Firefox makes it, with the columns that count."""
    (root / "Profile Groups").mkdir(exist_ok=True)
    with closing(sqlite3.connect(root / "Profile Groups" / f"{name}.sqlite")) as connection, connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE Profiles (id INTEGER PRIMARY KEY, path TEXT UNIQUE, name TEXT, avatar TEXT)")
        connection.executemany("INSERT INTO Profiles (path, name) VALUES (?, ?)", rows)
    return root / "Profile Groups" / f"{name}.sqlite"


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_each_profile_of_a_group_is_found_wherever_it_lies(home, root, journal):
    outside = home.firefox(VISITED, root="elsewhere", profile="abc.default")
    beside = home.firefox(VISITED, root=FIREFOX + "/deep", profile="xyz.second")
    group(root, (str(outside), "Far away"), ("deep/xyz.second", "Büro"), journal=journal)
    group(root, ("/gone", "Gone"), ("/a\0b", "Nul"), ("x" * 5000, "Long"), (b"bytes", 5), name="4e5f")
    assert sorted(found(home)) == sorted([beside, outside])
    assert {store.profile for store in home.stores()} == {"Far away", "Büro"}


def test_a_group_is_read_while_firefox_has_it_open(home, root, programs):
    outside = home.firefox(VISITED, root="elsewhere", profile="abc.default")
    path = group(root)
    row = f"INSERT INTO Profiles (path, name) VALUES ('{outside}', 'Far away')"
    with elsewhere(path, "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA wal_autocheckpoint = 0", row):
        assert found(home) == [outside]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_group_hides_no_profile(home, root, content):
    group(root, ("/gone", "Gone")).write_bytes(content)
    folder = home.firefox(VISITED)
    assert found(home) == [folder]


def test_a_path_that_is_none_is_passed_over(home, root):
    (root / "profiles.ini").write_text("[Profile0]\nIsRelative=0\nPath=/a\0b\n[Profile1]\nPath=" + "x" * 5000)
    folder = home.firefox(VISITED)
    assert found(home) == [folder]


@given(some.text())
def test_no_text_makes_the_reader_fail(text):
    assert all(isinstance(section, dict) for section in stores._sections(text))
