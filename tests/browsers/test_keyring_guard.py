"""Keyrings in every mood: each has a word, none is waited for, none is made to ask unless it may."""

from __future__ import annotations

import time

import pytest
from support.handmade import browser_stores
from support.handmade.home import Home, names_and_values, signed_in
from support.machine import crowd
from support.realbrowsers.household import PASSWORD

from codingplan_bar.browsers import decrypt_program

pytestmark = pytest.mark.usefixtures("leaky")
SECRETS, KWALLET = "org.freedesktop.secrets", "org.kde.kwalletd5"
ANNA = {("login_aliyunid_ticket", "ticket-of-anna"), ("login_aliyunid_pk", "pk-of-anna")}


@pytest.fixture
def user(home, bus):
    """Somebody whose Chromium encrypts by the keyring; on a bus where nobody is yet."""
    home.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.household.environ["DBUS_SESSION_BUS_ADDRESS"]
    home.chromium(signed_in(), prefix=b"v11", password=PASSWORD)
    return home


def verdict(home: Home, **wish):
    (report,) = home.search(**wish).reports
    assert home.left_behind() == []
    return report.verdict


def test_a_key_of_the_keyring_opens_the_values(user, bus):
    bus.start_service(SECRETS, "open")
    found = user.search()
    assert (found.origin, names_and_values(found.jar)) == ("Chromium, Default", ANNA)


@pytest.mark.parametrize(
    ("mood", "word"),
    [("locked", "keyring_locked"), ("empty", "keyring_no_key"), ("error", "keyring_no_key"), ("mute", "keyring_mute")],
)
def test_a_keyring_that_gives_no_key_has_a_word(user, bus, mood, word):
    bus.start_service(SECRETS, mood)
    began = time.monotonic()
    assert verdict(user) == word
    assert time.monotonic() - began < 2.5 * crowd()


@pytest.mark.parametrize(
    "case",
    [
        (SECRETS, "open", "silent", None),
        (SECRETS, "locked", "silent", "keyring_locked"),
        (SECRETS, "empty", "ask", "keyring_no_key"),
        (SECRETS, "error", "silent", "keyring_no_key"),
        (SECRETS, "open", "none", "wrong_key"),
        (KWALLET, "open", "ask", None),
        (KWALLET, "open", "silent", "would_ask"),
        ("org.example.other", "open", "silent", "keyring_absent"),
    ],
)
def test_the_library_is_told_by_the_guard(user, bus, monkeypatch, case):
    name, mood, keyring, said = case
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", user.environ["DBUS_SESSION_BUS_ADDRESS"])
    bus.start_service(name, mood)
    (store,) = user.stores()
    answer = decrypt_program.read("Chromium", browser_stores.rows_of(store.path), keyring, 2)
    assert (answer.get("problem"), bool(answer.get("cookies"))) == (said, not said)


def test_on_a_bus_without_a_keyring_that_is_said(user):
    assert verdict(user) == "keyring_absent"


@pytest.mark.parametrize("address", ["", "unix:path=/nonexistent", "tcp:host=localhost,port=1", "nonsense"])
def test_without_a_bus_that_is_said(home, address, programs):
    home.environ["DBUS_SESSION_BUS_ADDRESS"] = address
    home.chromium(signed_in(), prefix=b"v11", password=PASSWORD)
    assert verdict(home) == "keyring_absent"


def test_a_bus_that_does_not_answer_is_not_waited_for(home, programs):
    import socket

    with socket.socket(socket.AF_UNIX) as mute:
        path = home.runtime / "mute"
        mute.bind(str(path))
        mute.listen()
        home.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={path}"
        home.chromium(signed_in(), prefix=b"v11", password=PASSWORD)
        began = time.monotonic()
        (report,) = home.search().reports
        assert report.verdict == "keyring_mute"
        assert time.monotonic() - began < 2.5 * crowd()


def test_a_key_that_everybody_knows_needs_no_bus(home, programs):
    home.environ["DBUS_SESSION_BUS_ADDRESS"] = "nonsense"
    home.chromium(signed_in())
    assert verdict(home) == "signed_in"


def test_the_keyring_is_not_asked_about_what_everybody_knows(user, bus, tmp_path):
    bus.start_service(SECRETS, "open", tmp_path / "log")
    user.chromium(signed_in())
    assert (user.search().origin, (tmp_path / "log").exists()) == ("Chromium, Default", False)


def test_the_keyring_is_not_asked_where_the_names_are_not_there(user, bus, tmp_path):
    bus.start_service(SECRETS, "open", tmp_path / "log")
    names = signed_in()
    user.chromium([crumb._replace(name="x") for crumb in names])
    assert (verdict(user), (tmp_path / "log").exists()) == ("not_signed_in", False)


def test_kwallet_is_not_opened_unless_it_may_ask(user, bus, tmp_path):
    bus.start_service(KWALLET, "open", tmp_path / "log")
    assert verdict(user) == "would_ask"
    assert not (tmp_path / "log").exists()
    assert verdict(user, may_prompt=True) == "signed_in"
    assert "open" in (tmp_path / "log").read_text().split()


def test_a_keyring_may_take_its_time_where_it_may_ask(user, bus):
    bus.start_service(SECRETS, "mute")
    began = time.monotonic()
    assert verdict(user, may_prompt=True, seconds=3.5) == "keyring_mute"
    assert 2 < time.monotonic() - began < 5 * crowd()


def test_a_real_keyring_gives_no_key_that_it_has_not(user, bus):
    bus.start_keyring()
    assert verdict(user) == "keyring_no_key"
