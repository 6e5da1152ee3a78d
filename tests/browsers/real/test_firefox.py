"""Debian's Firefox ESR, whose user has signed in at a console of the tests."""

from __future__ import annotations

import time

import pytest
from support.realbrowsers.browsers import FIREFOX_PLACE
from support.realbrowsers.world import DAY

from codingplan_bar.regions import CN, INTL

TICKET = f"ticket-of-alibabacloud.{'x' * 180}*$"


def search(home, **wish):
    return home.search("firefox", **{"now": time.time(), **wish})


def verdicts(found):
    return {report.profile: report.verdict for report in found.reports}


def ticket(found, region=INTL):
    return found.jar.values(region.hosts.gateway, time.time())["login_aliyunid_ticket"]


def test_a_running_one_is_found_though_it_holds_its_store_locked(firefox_running, of):
    found = search(of(firefox_running))
    assert (ticket(found), found.origin, verdicts(found)) == (TICKET, "Firefox, work", {"work": "signed_in"})


def test_a_running_ones_session_cookies_are_found(firefox_running, of):
    jar = search(of(firefox_running)).jar
    assert jar.values(INTL.hosts.gateway, time.time())["JSESSIONID"] == f"session-of-{INTL.hosts.gateway}"


def test_each_host_gets_its_own_cookies_and_no_other(firefox_running, of):
    jar, now = search(of(firefox_running)).jar, time.time()
    gateways = {INTL.hosts.gateway, CN.hosts.gateway}
    assert {cookie.domain for cookie in jar.cookies} == {"alibabacloud.com", "aliyun.com", *gateways}
    assert "only-here" not in jar.header_for(INTL.hosts.rpc, "/data/api.json", now)
    assert "FOREIGN" not in repr([cookie.value for cookie in jar.cookies])


def test_dates_are_right(firefox_running, of):
    ends = {cookie.name: cookie.expires_at for cookie in search(of(firefox_running)).jar.cookies}
    assert abs(ends["login_aliyunid_ticket"] - time.time() - 2 * DAY) < 600


def test_a_session_that_has_run_out_is_told(firefox_running, of):
    found = search(of(firefox_running), now=time.time() + 3 * DAY)
    assert (found.jar, verdicts(found)) == (None, {"work": "expired"})


def test_one_that_was_killed_is_found(firefox_running, copy_of):
    home = copy_of(firefox_running)  # the files as they are now are what a kill would leave
    assert next((home.folder / FIREFOX_PLACE).glob("*.work/cookies.sqlite-wal")).stat().st_size
    assert ticket(search(home)) == TICKET


def test_of_two_closed_profiles_the_one_that_is_signed_in_is_found(firefox_closed, of):
    found = search(of(firefox_closed))
    assert found.origin == "Firefox, work"
    assert verdicts(found) == {"work": "signed_in", "work, container Work": "spare", "play": "not_signed_in"}


def test_a_sign_in_until_it_is_closed_is_found_in_its_session(firefox_closed, of):
    found = search(of(firefox_closed))
    assert ticket(found) == TICKET
    (cookie,) = (c for c in found.jar.cookies if c.name == "login_aliyunid_ticket" and c.domain == "alibabacloud.com")
    assert cookie.expires_at is None


def test_a_container_is_another_person(firefox_closed, copy_of):
    home = copy_of(firefox_closed)
    for file in (home.folder / FIREFOX_PLACE).glob("*.work/sessionstore*/*"):
        file.unlink()
    for file in (home.folder / FIREFOX_PLACE).glob("*.work/sessionstore.jsonlz4"):
        file.unlink()
    found = search(home)
    assert (found.origin, ticket(found)) == ("Firefox, work, container Work", "ticket-of-the-container")
    assert {cookie.value for cookie in found.jar.cookies} == {"ticket-of-the-container", "90002"}


@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_damaged_store_is_told_and_the_other_profile_still_read(firefox_closed, copy_of, damage):
    home = copy_of(firefox_closed)
    (path,) = (home.folder / FIREFOX_PLACE).glob("*.play/cookies.sqlite")
    content = path.read_bytes()
    path.write_bytes(content[:20_000] if damage == "cut" else b"\xff" * len(content))
    found = search(home)
    assert ticket(found) == TICKET
    assert verdicts(found)["play"] == "broken"


@pytest.mark.parametrize(
    "place",
    [
        ".mozilla/firefox",
        "snap/firefox/common/.mozilla/firefox",
        ".var/app/org.mozilla.firefox/.mozilla/firefox",
        ".var/app/org.mozilla.firefox/config/mozilla/firefox",
        "xdg/mozilla/firefox",
    ],
)
def test_the_same_folder_is_found_in_other_places(firefox_closed, copy_of, place):
    home = copy_of(firefox_closed)
    home.environ["XDG_CONFIG_HOME"] = str(home.folder / "xdg")
    (home.folder / place).parent.mkdir(parents=True)
    (home.folder / FIREFOX_PLACE).rename(home.folder / place)
    assert ticket(search(home)) == TICKET
    assert home.left_behind() == []
