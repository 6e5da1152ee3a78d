"""The real browsers that all tests of this folder share: each is started once, signs in, and is looked at from then on.

A test that changes a store changes a copy of the home.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager

import pytest
from support.handmade import Home
from support.machine import need, until
from support.realbrowsers import browsers
from support.realbrowsers.browsers import Firefox
from support.realbrowsers.household import Bus, Household
from support.realbrowsers.world import INTL, World

from codingplan_bar.browsers import firefox

SIGN_IN, FOR_A_SESSION, VISIT = (f"https://{INTL}/{page}" for page in ("sign-in", "sign-in?life=session", "visit"))


@pytest.fixture(scope="session")
def world(programs):
    """The console under the provider's names, and the proxy that leads there."""
    with World() as made:
        yield made


@contextmanager
def household(*programs):
    need(*programs)
    made = Household()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def chromium_closed(world):
    """Two profiles, of which the second is signed in; values have the key that everybody knows (v10)."""
    with household("chromium") as user:
        browsers.visit_in_chromium(user, world, VISIT)
        browsers.visit_in_chromium(user, world, SIGN_IN, profile="Profile 1")
        yield user


@pytest.fixture(scope="session")
def chromium_running(world):
    """One that is signed in, and still runs."""
    with household("chromium") as user:
        process = browsers.start_chromium(user, world, SIGN_IN)
        until(
            lambda: browsers.count_cookies(user.home / ".config/chromium/Default/Cookies") >= browsers.BATCH,
            "a sign-in",
        )
        yield user
        assert process.poll() is None, "it was to run all the time"


@pytest.fixture(scope="session")
def chromium_keyring(world):
    """One that is signed in, with the key in gnome's keyring on a private bus (v11)."""
    with household("chromium", "gnome-keyring-daemon", "secret-tool", "dbus-daemon") as user:
        user.bus = Bus(user)
        user.bus.start_keyring()
        browsers.visit_in_chromium(user, world, SIGN_IN, keyring="gnome-libsecret")
        yield user


@pytest.fixture(scope="session")
def firefox_running(world):
    """One that is signed in, and still runs: its cookies are in the second file, those of the session in a third."""
    with household("firefox-esr") as user:
        browser = Firefox(user, world)
        browser.marionette.open(SIGN_IN)
        session = browser.profile / "sessionstore-backups/recovery.jsonlz4"
        until(lambda: "JSESSIONID" in str(firefox.load(session)), "the session's cookies in its file")
        browser.marionette.close()
        yield user
        assert browser.process.poll() is None, "it was to run all the time"


@pytest.fixture(scope="session")
def firefox_closed(world):
    """Two profiles: one was only used to look; one is signed in until it is closed, and with another account in a
    container. Both are closed."""
    with household("firefox-esr") as user:
        visitor = Firefox(user, world, "play")
        visitor.marionette.open(VISIT)
        visitor.close()
        worker = Firefox(user, world, "work")
        worker.marionette.open(FOR_A_SESSION)
        worker.add_container(2, "ticket-of-the-container")
        worker.close()
        yield user


@pytest.fixture
def copy_of(tmp_path):
    """copy_of(user) -> Home: the user's home, for a test to spoil."""

    def copied(user):
        home = Home(tmp_path)
        shutil.rmtree(home.folder)
        shutil.copytree(user.home, home.folder, symlinks=True, ignore=shutil.ignore_patterns("Singleton*", "lock"))
        return home

    return copied


@pytest.fixture
def of():
    """of(user) -> Home: the user's own home and environment, to search in."""

    def seen(user):
        home = Home.__new__(Home)
        home.folder, home.environ = user.home, user.environ
        return home

    return seen
