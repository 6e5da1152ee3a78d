"""Firefox: what its ini files name, its cookies, of each container by itself, and its compressed JSON."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing

import lz4.block
import pytest
from hypothesis import given
from hypothesis import strategies as some
from support import handmade
from support.handmade import (
    CN,
    EVIL,
    EXPIRED,
    FIREFOX,
    INTL,
    NOW,
    VISITED,
    Crumb,
    compressed,
    elsewhere,
    names_and_values,
    signed_in,
)

from codingplan_bar.browsers import firefox, sqlite_copy, stores
from codingplan_bar.browsers import firefox as reader
from codingplan_bar.browsers.verdicts import StoreProblem
from codingplan_bar.transport.request import Deadline

RUNNING, CLOSED = "sessionstore-backups/recovery.jsonlz4", "sessionstore.jsonlz4"
ANNA = {("login_aliyunid_ticket", "ticket-of-anna"), ("login_aliyunid_pk", "pk-of-anna")}


def read(home):
    (store,) = home.stores()
    return reader.candidates(store, Deadline(2))


def jars(home):
    return {candidate.container: names_and_values(candidate.jar) for candidate in read(home)}


def test_only_the_providers_cookies_are_read(home):
    home.firefox([*signed_in(), *EVIL, Crumb("bailian-beijing-cs.aliyuncs.com", "own", "host")])
    assert jars(home) == {"": ANNA | {("own", "host")}}


def test_a_cookie_comes_with_all_that_it_has(home):
    home.firefox([Crumb(".aliyun.com", "a", "1", "/data", NOW + 7), Crumb("x.aliyun.com", "b", "2", secure=False)])
    a, b = sorted(read(home)[0].jar.cookies, key=lambda cookie: cookie.name)
    assert (a.domain, a.host_only, a.path, a.expires_at, a.secure) == ("aliyun.com", False, "/data", NOW + 7, True)
    assert (b.domain, b.host_only, b.secure) == ("x.aliyun.com", True, False)


@pytest.mark.parametrize("version", [10, 15, 16, 17, 18, 99])
def test_dates_are_right_in_each_version_of_the_store(home, version):
    home.firefox([Crumb(INTL, "a", "1")], version=version)
    assert read(home)[0].jar.cookies[0].expires_at == NOW + 86_400


def test_a_running_firefox_is_read(home, programs):
    folder = home.firefox()
    row = "INSERT INTO moz_cookies (name, value, host, path, expiry, isSecure, originAttributes) VALUES "
    values = f"('a', '1', '.aliyun.com', '/', {NOW + 9}000, 1, '')"
    statements = ["PRAGMA locking_mode = EXCLUSIVE", "PRAGMA wal_autocheckpoint = 0", row + values, "BEGIN EXCLUSIVE"]
    with elsewhere(folder / "cookies.sqlite", *statements):
        assert jars(home) == {"": {("a", "1")}}


def test_each_container_is_a_jar_of_its_own(home):
    home.firefox(VISITED)
    home.firefox(signed_in("otto"), attributes="^userContextId=7")
    home.firefox(signed_in("anna"), attributes="^userContextId=2")
    found = jars(home)
    assert list(found) == ["", "Work", "7"]
    assert found["Work"] == ANNA
    assert all(value.endswith("otto") for _, value in found["7"])


@pytest.mark.parametrize(
    ("identities", "name"),
    [
        ([{"userContextId": 7, "name": "Two\nlines"}], "Two lines"),
        ([{"userContextId": 7, "l10nID": "user-context-work"}], "7"),
        ([{"name": "no number"}], "7"),
        ("none", "7"),
        (None, "7"),
    ],
)
def test_a_container_has_the_name_that_its_user_gave_it(home, identities, name):
    folder = home.firefox(signed_in(), attributes="^userContextId=7")
    (folder / "containers.json").write_text(json.dumps({"identities": identities}))
    assert read(home)[0].profile == f"default, container {name}"


@pytest.mark.parametrize(
    "attributes",
    [
        "^partitionKey=%28https%2Cexample.com%29",
        "^userContextId=2&partitionKey=%28https%2Cexample.com%29",
        "^firstPartyDomain=example.com",
        "^privateBrowsingId=1",
        "^" + "&".join(f"a{number}=1" for number in range(50)),
    ],
)
def test_what_belongs_below_another_page_is_left_out(home, attributes):
    home.firefox(signed_in(), attributes=attributes)
    assert jars(home) == {}


@pytest.mark.parametrize("name", [RUNNING, CLOSED])
def test_cookies_of_the_session_come_from_its_file(home, name):
    folder = home.firefox(VISITED)
    theirs = [handmade.session_cookie(crumb) for crumb in (*signed_in(), *EVIL)]
    others = [handmade.session_cookie(crumb, userContextId=3) for crumb in signed_in("otto")]
    odd = [handmade.session_cookie(VISITED[0], partitionKey="(https,example.com)")]
    handmade.write_session(folder / name, [*theirs, *others, *odd])
    found = jars(home)
    assert found[""] == ANNA | {("cna", "visitor")}
    assert {value for _, value in found["Banking"]} == {"ticket-of-otto", "pk-of-otto"}
    assert {cookie.expires_at for cookie in read(home)[0].jar.cookies if cookie.name != "cna"} == {None}


def test_the_running_sessions_file_is_preferred(home):
    folder = home.firefox()
    handmade.write_session(folder / CLOSED, [handmade.session_cookie(crumb) for crumb in signed_in("otto")])
    handmade.write_session(folder / RUNNING, [handmade.session_cookie(crumb) for crumb in signed_in("anna")])
    assert jars(home) == {"": ANNA}
    (folder / RUNNING).write_bytes(b"mozLz40\0\xff")
    assert {value for _, value in jars(home)[""]} == {"ticket-of-otto", "pk-of-otto"}


GOOD = handmade.session_cookie(signed_in()[0])


@pytest.mark.parametrize(
    "items",
    [
        [None, 5, "text", [], GOOD],
        [{}, {"host": ".aliyun.com"}, {"host": 5}, GOOD],
        [{**GOOD, "value": 5}, {**GOOD, "value": "x" * 1_000_000}, {**GOOD, "name": ["a"]}, GOOD],
        [{**GOOD, "originAttributes": "text"}, {**GOOD, "originAttributes": {"userContextId": "x"}}, GOOD],
        [{**GOOD, "host": ".evil-aliyun.com"}, GOOD],
    ],
)
def test_an_odd_cookie_spoils_no_other(home, items):
    handmade.write_session(home.firefox() / CLOSED, items)
    assert jars(home) == {"": {("login_aliyunid_ticket", "ticket-of-anna")}}


@pytest.mark.parametrize("document", [[], {}, {"cookies": {}}, {"cookies": None}, 5, "text", [[]]])
def test_a_session_without_cookies_has_none(home, document):
    folder = home.firefox(VISITED)
    (folder / CLOSED).write_bytes(handmade.compressed(document))
    assert jars(home) == {"": {("cna", "visitor")}}


def test_values_of_other_types_are_left_out(home):
    folder = home.firefox(signed_in())
    with closing(sqlite3.connect(folder / "cookies.sqlite")) as connection, connection:
        for changes in ("value = x'00ff'", "expiry = 'soon'", "path = NULL", "name = x'41'"):
            connection.execute(handmade.FIREFOX_INSERT, ("", changes, "v", CN, "/", NOW, 1))
            connection.execute(f"UPDATE moz_cookies SET {changes} WHERE name = ?", (changes,))
        connection.execute(handmade.FIREFOX_INSERT, ("", "long", "x" * 70_000, CN, "/", NOW, 1))
    names = {name for name, _ in jars(home)[""]}
    assert names == {name for name, _ in ANNA}


def test_what_is_no_utf8_does_not_keep_the_rest_from_being_read(home):
    folder = home.firefox(signed_in())
    with closing(sqlite3.connect(folder / "cookies.sqlite")) as connection, connection:
        connection.execute("INSERT INTO moz_cookies (name, value, host, path, expiry, isSecure) VALUES "
                           f"('latin', CAST(x'636166e9' AS TEXT), '.aliyun.com', '/', {NOW + 9}000, 1)")  # fmt: skip
    (candidate,) = read(home)
    assert candidate.jar.header_for("bailian.console.aliyun.com", "/", NOW).count("=") == 2


def test_many_rows_are_bounded(home):
    home.firefox([Crumb(INTL, f"n{number}", "v") for number in range(sqlite_copy.MOST_ROWS + 50)])
    assert len(read(home)[0].jar.cookies) == sqlite_copy.MOST_ROWS


@pytest.mark.parametrize(("version", "word"), [(18, "newer"), (17, "broken")])
def test_a_store_of_a_new_kind_is_told(home, version, word):
    folder = home.firefox(version=version)
    with closing(sqlite3.connect(folder / "cookies.sqlite")) as connection, connection:
        connection.execute("ALTER TABLE moz_cookies RENAME COLUMN originAttributes TO origin")
    with pytest.raises(StoreProblem) as raised:
        read(home)
    assert raised.value.verdict == word


def test_a_date_that_has_passed_is_kept_for_whoever_judges(home):
    home.firefox(signed_in(expires_at=EXPIRED))
    assert {cookie.expires_at for cookie in read(home)[0].jar.cookies} == {EXPIRED}


@given(some.text())
def test_no_attributes_make_the_reader_fail(text):
    assert reader._container(text) is None or isinstance(reader._container(text), str)


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


def test_a_profile_of_a_group_that_has_no_name_is_found_too(home, root):
    outside = home.firefox(VISITED, root="elsewhere", profile="abc.default")
    group(root, (str(outside), None))
    assert (found(home), home.stores()[0].profile) == ([outside], "default")


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


# Mozilla's compressed JSON, also where it is none.


COMPRESSED = compressed({"cookies": [1, 2, 3], "text": "x" * 1000})


@pytest.fixture
def file(tmp_path):
    return tmp_path / "session.jsonlz4"


def loaded(file, content):
    file.write_bytes(content)
    return firefox.load(file)


def test_a_session_is_read(file):
    assert loaded(file, COMPRESSED)["cookies"] == [1, 2, 3]


def test_where_there_is_no_file_there_is_nothing(file):
    assert firefox.load(file) is None
    file.mkdir()
    assert firefox.load(file) is None


def test_a_pipe_is_not_waited_for(file):
    os.mkfifo(file)
    assert firefox.load(file) is None


@pytest.mark.parametrize("length", range(len(COMPRESSED)))
def test_a_file_that_ends_too_early_is_nothing(file, length):
    assert loaded(file, COMPRESSED[:length]) is None


@pytest.mark.parametrize("claim", [0, 1, 500, 1 << 20, 1 << 30, 0xFFFFFFFF])
def test_a_length_that_is_not_true_is_nothing(file, claim):
    whole = loaded(file, COMPRESSED)
    found = loaded(file, COMPRESSED[:8] + claim.to_bytes(4, "little") + COMPRESSED[12:])
    assert found in (None, whole)
    assert claim >= 1030 or found is None


def test_a_bomb_is_not_unpacked(file):
    text = b" " * (firefox.LARGEST_TEXT + 1)
    bomb = b"mozLz40\0" + len(text).to_bytes(4, "little") + lz4.block.compress(text, store_size=False)
    assert len(bomb) < firefox.LARGEST_FILE
    assert loaded(file, bomb) is None


def test_a_file_of_another_size_altogether_is_not_read(file):
    file.touch()
    os.truncate(file, firefox.LARGEST_FILE + 1)
    assert firefox.load(file) is None


def test_a_deep_document_is_nothing(file):
    text = b"[" * 200_000
    deep = b"mozLz40\0" + len(text).to_bytes(4, "little") + lz4.block.compress(text, store_size=False)
    assert loaded(file, deep) is None


@given(some.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("any") / "file"
    assert loaded(file, content) is None
    assert loaded(file, b"mozLz40\0" + content) is None or content
