"""Debian's Chromium, whose user has signed in at a console of the tests."""

from __future__ import annotations

import time

import pytest
from support.handmade import elsewhere
from support.machine import crowd
from support.realbrowsers.world import DAY

from codingplan_bar.regions import CN, INTL

TICKET = f"ticket-of-alibabacloud.{'x' * 180}*$"
DEFAULT, SECOND = ".config/chromium/Default/Cookies", ".config/chromium/Profile 1/Cookies"


def search(home, **wish):
    return home.search("chromium", **{"now": time.time(), **wish})


def verdicts(found):
    return {report.profile: report.verdict for report in found.reports}


def assert_signed_in(found):
    assert found.jar.values(INTL.hosts.gateway, time.time())["login_aliyunid_ticket"] == TICKET
    assert found.jar.values(CN.hosts.gateway, time.time())["login_aliyunid"] == '"demo @ aliyun.invalid"'
    assert not found.unproven


def test_of_two_profiles_the_one_that_is_signed_in_is_found(chromium_closed, of):
    found = search(of(chromium_closed))
    assert_signed_in(found)
    assert sorted(verdicts(found).values()) == ["not_signed_in", "signed_in"]
    assert found.origin.startswith("Chromium, ")


def test_a_running_one_is_found(chromium_running, of):
    assert_signed_in(search(of(chromium_running)))


def test_each_host_gets_its_own_cookies_and_no_other(chromium_running, of):
    jar, now = search(of(chromium_running)).jar, time.time()
    domains = {cookie.domain for cookie in jar.cookies}
    assert domains == {"alibabacloud.com", "aliyun.com", INTL.hosts.gateway, CN.hosts.gateway}
    page, quota = jar.header_for(INTL.hosts.gateway, "/", now), jar.header_for(INTL.hosts.rpc, "/data/api.json", now)
    assert f"only-here=of-{INTL.hosts.gateway}" in page
    assert "only-here" not in quota
    assert "below=of-alibabacloud" in quota
    assert "below" not in page
    assert "aliyun;" not in page.replace("@ alibabacloud", "")
    assert "FOREIGN" not in page + quota
    assert jar.header_for("evil-aliyun.com", "/", now) is None


def test_a_key_in_the_keyring_is_asked_for(chromium_keyring, of):
    assert_signed_in(search(of(chromium_keyring)))


def test_without_a_bus_that_key_is_not_to_be_had(chromium_keyring, copy_of):
    assert verdicts(search(copy_of(chromium_keyring))) == {"Your Chromium": "keyring_absent"}


def test_a_session_that_has_run_out_is_told(chromium_running, of):
    found = search(of(chromium_running), now=time.time() + 3 * DAY)
    assert (found.jar, set(verdicts(found).values())) == (None, {"expired"})


def test_a_locked_store_is_read_all_the_same(chromium_closed, copy_of):
    home = copy_of(chromium_closed)
    began = time.monotonic()
    with elsewhere(home.folder / SECOND, "BEGIN EXCLUSIVE"):
        assert_signed_in(search(home))
    assert time.monotonic() - began < 4 * crowd()


@pytest.mark.parametrize("damage", ["cut", "overwritten", "emptied"])
def test_a_damaged_store_is_told_and_the_other_profile_still_read(chromium_closed, copy_of, damage):
    home = copy_of(chromium_closed)
    path = home.folder / DEFAULT
    content = path.read_bytes()
    spoilt = {"cut": content[: len(content) // 2], "overwritten": b"\xff" * len(content), "emptied": b""}
    path.write_bytes(spoilt[damage])
    found = search(home)
    assert_signed_in(found)
    assert sorted(verdicts(found).values()) == sorted(["signed_in", "no_cookies" if damage == "emptied" else "broken"])


def test_nothing_is_left_behind(chromium_closed, copy_of):
    home = copy_of(chromium_closed)
    search(home)
    assert home.left_behind() == []


@pytest.mark.parametrize(
    "place",
    ["snap/chromium/common/chromium", ".var/app/org.chromium.Chromium/config/chromium", "xdg/chromium"],
)
def test_the_same_folder_is_found_in_other_places(chromium_closed, copy_of, place):
    home = copy_of(chromium_closed)
    home.environ["XDG_CONFIG_HOME"] = str(home.folder / "xdg")
    (home.folder / place).parent.mkdir(parents=True)
    (home.folder / ".config/chromium").rename(home.folder / place)
    found = search(home)
    assert_signed_in(found)
    assert found.origin.startswith("Chromium" if place.startswith("xdg") else ("Chromium (Snap)", "Chromium (Flatpak)"))
