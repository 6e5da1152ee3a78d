"""Chromium's cookies: judged by their names, decrypted where that is worth it, by whatever key they need."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from support import handmade
from support.handmade import CN, EVIL, INTL, NOW, VISITED, Crumb, names_and_values, signed_in

from codingplan_bar.browsers import chromium as reader
from codingplan_bar.browsers.stores import SEALED
from codingplan_bar.browsers.verdicts import StoreProblem
from codingplan_bar.transport.request import Deadline

ANNA = {("login_aliyunid_ticket", "ticket-of-anna"), ("login_aliyunid_pk", "pk-of-anna")}


def read(home, **how):
    (store,) = home.stores()
    (candidate,) = reader.candidates(store, home.environ, Deadline(2), **how)
    return candidate


def opened(home, **how):
    return names_and_values(read(home, **how).unseal(Deadline(5)))


def test_names_are_known_before_any_value_is_decrypted(home, programs):
    home.chromium([*signed_in(), *EVIL, Crumb("bailian-beijing-cs.aliyuncs.com", "own", "host")])
    assert names_and_values(read(home).jar) == {(name, SEALED) for name in ("own", *dict(ANNA))}
    assert opened(home) == ANNA | {("own", "host")}
    assert home.left_behind() == []


def test_a_cookie_comes_with_all_that_it_has(home, programs):
    crumbs = [Crumb(CN, "a", "1", "/data", NOW + 7), Crumb("x.aliyun.com", "b", "2", "/", None, secure=False)]
    home.chromium(crumbs)
    sealed = read(home)
    for jar in (sealed.jar, sealed.unseal(Deadline(5))):
        a, b = sorted(jar.cookies, key=lambda cookie: cookie.name)
        assert (a.domain, a.host_only, a.path, a.expires_at, a.secure) == ("aliyun.com", False, "/data", NOW + 7, True)
        assert (b.domain, b.host_only, b.expires_at, b.secure) == ("x.aliyun.com", True, None, False)


@pytest.mark.parametrize("version", [20, 23, 24, 25])
def test_values_are_right_in_each_version_of_the_store(home, version, programs):
    home.chromium(signed_in(), version=version)
    assert opened(home) == ANNA


def test_values_that_lie_open_need_no_process(home):
    home.chromium(signed_in(), plain=True)
    candidate = read(home)
    assert (candidate.unseal, names_and_values(candidate.jar)) == (None, ANNA)


def test_one_value_that_cannot_be_decrypted_costs_no_other(home, programs):
    path = home.chromium(signed_in())
    with closing(sqlite3.connect(path)) as connection, connection:
        for name, value in (
            ("bad", b"v10" + b"\0" * 33),
            ("latin", handmade.sealed(b"\0" * 32 + b"caf\xe9")),
            ("empty", b""),
        ):
            row = (CN, "", name, "", value, "/", 0, 1)
            connection.execute(handmade.CHROMIUM_INSERT, row)
    assert opened(home) == ANNA


def test_values_under_another_key_are_told(home, programs):
    home.chromium(signed_in(), password=b"another key")
    with pytest.raises(StoreProblem) as raised:
        opened(home)
    assert raised.value.verdict == "wrong_key"


@pytest.mark.parametrize("prefix", [b"v12", b"v20", b"xyz"])
def test_values_that_are_bound_to_the_browser_are_left_out_and_told(home, prefix):
    home.chromium([*signed_in(), *VISITED], prefix=prefix)
    candidate = read(home)
    assert (candidate.jar.cookies, candidate.app_bound) == ((), True)
    assert home.verdicts() == [("Chromium", "Default", "app_bound")]


def test_a_bound_cookie_of_no_worth_is_not_told(home, programs):
    path = home.chromium(signed_in())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(handmade.CHROMIUM_INSERT, (CN, "", "cna", "", b"v20xxxx", "/", 0, 1))
    assert (read(home).app_bound, opened(home)) == (False, ANNA)


def test_cookies_of_embedded_pages_are_left_out(home):
    home.chromium(signed_in(), frame="https://example.com")
    assert read(home).jar.cookies == ()


def test_an_older_store_without_that_column_is_read(home, programs):
    path = home.chromium(signed_in(), version=12)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE cookies DROP COLUMN top_frame_site_key")
    assert opened(home) == ANNA


def test_a_browser_that_has_only_been_started_has_no_cookies(home):
    path = home.chromium(VISITED)
    path.write_bytes(b"")
    assert read(home).jar.cookies == ()


@pytest.mark.parametrize(("version", "word"), [(25, "newer"), (24, "broken")])
def test_a_store_of_a_new_kind_is_told(home, version, word):
    path = home.chromium(VISITED, version=version)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE cookies RENAME COLUMN encrypted_value TO sealed_value")
    with pytest.raises(StoreProblem) as raised:
        read(home)
    assert raised.value.verdict == word


def test_a_store_without_a_version_is_read(home, programs):
    path = home.chromium(signed_in(), version=23)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM meta")
    assert opened(home) == ANNA


def test_values_of_other_types_are_left_out(home):
    path = home.chromium(signed_in())
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, changes in enumerate(["encrypted_value = 'text'", "expires_utc = 'soon'", "name = x'00'"]):
            connection.execute(handmade.CHROMIUM_INSERT, (CN, "", f"odd{number}", "", b"v10x", "/", 0, 1))
            connection.execute(f"UPDATE cookies SET {changes} WHERE name = 'odd{number}'")
        connection.execute(handmade.CHROMIUM_INSERT, (CN, "", "long", "x" * 70_000, b"", "/", 0, 1))
    assert names_and_values(read(home).jar) == {(name, SEALED) for name, _ in ANNA}


def test_macos_key_chain_is_left_alone_unless_it_may_ask(home):
    home.chromium(signed_in())
    candidate = read(home, macos=True)
    with pytest.raises(StoreProblem) as raised:
        candidate.unseal(Deadline(2))
    assert raised.value.verdict == "would_ask"
    assert read(home, macos=True, may_prompt=True).unseal.args[-1] == "none"


def test_a_v11_value_is_no_value_on_macos(home):
    home.chromium(signed_in(), prefix=b"v11")
    assert read(home, macos=True).jar.cookies == ()


@pytest.mark.parametrize(
    ("prefix", "may_prompt", "keyring"), [(b"v10", True, "none"), (b"v11", False, "silent"), (b"v11", True, "ask")]
)
def test_the_keyring_is_asked_only_for_what_it_has_the_key_of(home, prefix, may_prompt, keyring):
    home.chromium([*signed_in(), *EVIL], prefix=prefix)
    assert read(home, may_prompt=may_prompt).unseal.args[-1] == keyring


def test_where_no_process_can_be_started_that_is_the_stores_failure(home, programs):
    home.chromium(signed_in())
    candidate = read(home)
    home.environ["XDG_RUNTIME_DIR"] = ""
    home.environ["LANG"] = "x" * 200_000  # more than the kernel takes
    with pytest.raises(StoreProblem) as raised:
        candidate.unseal(Deadline(2))
    assert raised.value.verdict == "failed"


def test_the_greatest_hosts_are_no_matter(home, programs):
    home.chromium([Crumb(INTL, "a", "1"), Crumb("." + "x" * 5000 + ".aliyun.com", "b", "2")])
    assert opened(home) == {("a", "1"), ("b", "2")}
