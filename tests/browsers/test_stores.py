"""Which stores are found, in which order, and what they are called."""

from __future__ import annotations

import json
import os

import pytest
from support.handmade.home import CHROMIUM, FIREFOX, VISITED

from codingplan_bar.browsers.catalogue import BROWSERS
from codingplan_bar.browsers.stores import stores_state

FILES = {"chromium": "Default/Cookies", "firefox": "x1y2.default/cookies.sqlite", "safari": "Cookies.binarycookies"}
PLACES = [
    pytest.param(platform, browser, folder, id=f"{platform}-{browser.name}-{folder}")
    for platform in ("linux", "darwin")
    for browser in BROWSERS
    for folder in (browser.linux if platform == "linux" else browser.macos)
]


@pytest.mark.parametrize(("platform", "browser", "folder"), PLACES)
def test_a_store_is_found_in_each_place(home, platform, browser, folder):
    path = home.folder / folder.replace("{config}", ".config") / FILES[browser.family]
    path.parent.mkdir(parents=True)
    path.touch()
    assert [(store.browser, store.path) for store in home.stores(platform=platform)] == [(browser, path)]


@pytest.mark.parametrize(
    "place", ["Default/Cookies", "Default/Network/Cookies", "Profile 10/Cookies", "Anna's own/Cookies", "Cookies"]
)
def test_every_profile_of_a_chromium_is_found(home, place):
    path = home.folder / CHROMIUM / place
    path.parent.mkdir(parents=True)
    path.touch()
    assert [store.path for store in home.stores()] == [path]


def test_what_is_no_file_is_no_store(home):
    (home.folder / CHROMIUM / "Default/Cookies").mkdir(parents=True)
    (home.folder / CHROMIUM / "Profile 1").mkdir()
    os.mkfifo(home.folder / CHROMIUM / "Profile 1/Cookies")
    assert home.stores() == []


def test_a_file_in_the_place_of_a_folder_holds_none(home):
    (home.folder / ".config").mkdir()
    for root in (CHROMIUM, ".mozilla"):
        (home.folder / root).touch()
    assert home.stores() == []


def test_without_any_browser_there_is_none(home):
    assert home.stores() == []
    assert home.search().reports == ()


def written(path, at):
    os.utime(path, (at, at))


def test_of_one_browser_the_store_that_was_written_last_comes_first(home):
    for name, at in (("Default", 100), ("Profile 1", 300), ("Profile 2", 200)):
        written(home.chromium(VISITED, profile=name), at)
    assert [store.folder.name for store in home.stores()] == ["Profile 1", "Profile 2", "Default"]


def test_what_lies_beside_a_store_counts_as_written(home):
    for name, at in (("a.one", 100), ("b.two", 200)):
        written(home.firefox(VISITED, profile=name) / "cookies.sqlite", at)
    (home.folder / FIREFOX / "a.one/cookies.sqlite-wal").touch()
    assert [store.profile for store in home.stores()] == ["one", "two"]


def test_browsers_keep_their_order_whatever_was_written_last(home):
    written(home.firefox(VISITED) / "cookies.sqlite", 100)
    written(home.chromium(VISITED), 200)
    assert [store.browser.name for store in home.stores()] == ["firefox", "chromium"]
    assert [store.browser.name for store in home.stores("chromium", "firefox")] == ["chromium", "firefox"]
    assert [store.browser.name for store in home.stores("chromium")] == ["chromium"]


def test_a_file_that_is_reached_by_two_names_counts_once(home):
    home.chromium(VISITED)
    (home.folder / CHROMIUM / "Profile 1").symlink_to("Default")
    home.environ["XDG_CONFIG_HOME"] = str(home.folder / ".config")
    assert len(home.stores()) == 1


def test_a_profile_has_the_name_that_its_user_gave_it(home):
    home.chromium(VISITED, profile="Profile 1")
    state = {"profile": {"info_cache": {"Profile 1": {"name": "At work\n\x1b[31m"}}}}
    (home.folder / CHROMIUM / "Local State").write_text(json.dumps(state))
    assert [store.profile for store in home.stores()] == ["At work [31m"]


@pytest.mark.parametrize(
    "state",
    [
        "",
        "[]",
        "{",
        '{"profile": 1}',
        '{"profile": {"info_cache": []}}',
        '{"profile": {"info_cache": {"Default": {"name": 5}}}}',
        '{"profile": {"info_cache": {"Default": {"name": " "}}}}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_without_a_name_it_is_called_by_its_folder(home, state):
    home.chromium(VISITED)
    (home.folder / CHROMIUM / "Local State").write_text(state, errors="surrogateescape")
    assert [store.profile for store in home.stores()] == ["Default"]


def test_operas_first_profile_is_its_root(home):
    home.chromium(VISITED, root=".config/opera", profile=".")
    assert [(store.title, store.profile) for store in home.stores()] == [("Opera", "Default")]


def test_no_name_tells_the_home_folder(home):
    home.chromium(VISITED)
    home.firefox(VISITED)
    home.firefox(VISITED, root="snap/firefox/common/.mozilla/firefox")
    names = [f"{store.title}, {store.profile}" for store in home.stores()]
    assert names == ["Firefox (Snap), default", "Firefox, default", "Chromium, Default"]
    assert not any("/" in name for name in names)


def test_the_state_changes_with_a_store_and_only_then(home):
    folder = home.firefox(VISITED)
    states = [stores_state(home.environ)]
    assert stores_state(home.environ) == states[0]
    (home.folder / "something else").touch()
    assert stores_state(home.environ) == states[0]
    for name in ("cookies.sqlite-wal", "sessionstore.jsonlz4"):
        (folder / name).write_bytes(b"1")
        states.append(stores_state(home.environ))
    written(folder / "cookies.sqlite", 100)
    states.append(stores_state(home.environ))
    home.chromium(VISITED)
    states.append(stores_state(home.environ))
    assert len(set(states)) == len(states)
    assert stores_state(home.environ, ["firefox"]) == states[3]
