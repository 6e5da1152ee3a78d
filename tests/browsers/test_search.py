"""The search: the first signed-in session, else the likeliest one; what speaks for a jar; a word for every store."""

from __future__ import annotations

import os
import time
from typing import get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from support import handmade
from support.handmade import CN, EVIL, EXPIRED, FIREFOX, INTL, NOW, VISITED, Crumb, names_and_values, signed_in
from support.machine import crowd

from codingplan_bar import regions
from codingplan_bar.browsers import verdicts
from codingplan_bar.browsers.catalogue import BY_NAME
from codingplan_bar.browsers.search import Wanted, search
from codingplan_bar.credentials.cookies import (
    ELSEWHERE,
    LIKELY,
    NAMED,
    NOTHING,
    SIGNED_IN,
    Cookie,
    CookieJar,
    Rank,
    identity,
    rank,
)
from codingplan_bar.regions import CN as CHINA
from codingplan_bar.regions import INTL as INTERNATIONAL
from codingplan_bar.transport.request import Deadline


def whose(found):
    """The owner of the chosen session."""
    return {value.rpartition("-")[2] for _, value in names_and_values(found.jar)} if found.jar else None


def test_of_two_profiles_the_one_that_is_signed_in_is_chosen(home, programs):
    home.chromium(VISITED, profile="Default")
    home.chromium(signed_in("anna"), profile="Profile 1")
    found = home.search()
    assert (found.origin, whose(found), found.unproven) == ("Chromium, Profile 1", {"anna"}, False)
    assert {r.profile: r.verdict for r in found.reports} == {"Default": "not_signed_in", "Profile 1": "signed_in"}


def test_the_first_signed_in_browser_wins(home, programs):
    home.chromium(signed_in("chris"))
    home.firefox(signed_in("fred"))
    assert whose(home.search()) == {"fred"}
    assert whose(home.search("chromium", "firefox")) == {"chris"}
    assert home.verdicts() == [("Firefox", "default", "signed_in"), ("Chromium", "Default", "spare")]


def test_a_session_without_proof_is_chosen_where_there_is_no_other(home):
    home.firefox([Crumb(INTL, "JSESSIONID", "few")], profile="a.few")
    home.firefox([Crumb(INTL, name, "many") for name in ("JSESSIONID", "c_token")], profile="b.many")
    home.firefox(VISITED, profile="c.none")
    found = home.search()
    assert (found.origin, found.unproven, whose(found)) == ("Firefox, many", True, {"many"})
    assert {r.profile: r.verdict for r in found.reports} == {
        "few": "not_signed_in",
        "many": "unproven",
        "none": "not_signed_in",
    }


def test_in_china_a_session_without_proof_is_none(home):
    home.firefox([Crumb(CN, name, "v") for name in ("JSESSIONID", "login_aliyunid_pk")])
    assert home.search(region=CHINA).jar is None


def test_an_account_of_the_other_region_is_found_for_who_has_said_nothing(home):
    home.firefox(signed_in("wei", hosts=[CN]))
    assert whose(home.search()) == {"wei"}
    assert home.search(fallback=None).jar is None


def test_a_jar_of_both_domains_is_one_session(home):
    home.firefox(signed_in("anna", [INTL]), profile="a.one")
    home.firefox(signed_in("otto", [CN]), profile="b.two")
    assert whose(home.search()) == {"anna"}


def test_foreign_cookies_of_a_like_name_prove_nothing(home):
    home.firefox(EVIL)
    home.chromium(EVIL)
    assert [verdict for _, _, verdict in home.verdicts()] == ["no_cookies", "no_cookies"]


def test_half_a_session_in_each_of_two_places_is_none(home):
    ticket, owner = signed_in("anna", [CN])
    home.firefox([ticket])
    home.firefox([owner], profile="b.two")
    folder = home.firefox([ticket], profile="c.three")
    handmade.make_firefox(folder, [owner], attributes="^userContextId=1")
    found = home.search(region=CHINA)
    assert (found.jar, {report.verdict for report in found.reports}) == (None, {"not_signed_in"})


def test_a_signed_in_container_is_found(home):
    folder = home.firefox(VISITED)
    handmade.make_firefox(folder, signed_in("anna"), attributes="^userContextId=2")
    found = home.search()
    assert (found.origin, whose(found)) == ("Firefox, default, container Work", {"anna"})
    assert home.verdicts() == [
        ("Firefox", "default", "not_signed_in"),
        ("Firefox", "default, container Work", "signed_in"),
    ]


def test_what_is_missing_is_named(home):
    home.firefox([signed_in(hosts=[CN])[1]])
    (report,) = home.search(region=CHINA).reports
    assert report.says == "not signed in: login_aliyunid_ticket is missing"
    home.chromium(VISITED)
    assert (
        "login_aliyunid_pk or login_current_pk or login_aliyunid is missing" in home.search("chromium").reports[0].says
    )


def test_an_expired_session_is_told(home):
    home.firefox(signed_in(expires_at=EXPIRED))
    home.chromium(signed_in(expires_at=EXPIRED))
    assert [verdict for _, _, verdict in home.verdicts()] == ["expired", "expired"]


def test_what_has_expired_or_is_empty_is_not_in_the_session(home, programs):
    more = [Crumb(INTL, "old", "v", expires_at=EXPIRED), Crumb(INTL, "empty", ""), Crumb(INTL, "own", "v-anna")]
    for make in (home.firefox, home.chromium):
        make([*signed_in(), *more])
    for name in ("firefox", "chromium"):
        names = {cookie.name for cookie in home.search(name).jar.cookies}
        assert names == {"login_aliyunid_ticket", "login_aliyunid_pk", "own"}


def test_values_that_turn_out_empty_are_no_session(home, programs):
    home.chromium([crumb._replace(value="") for crumb in signed_in()])
    home.chromium(signed_in("otto"), profile="Profile 1")
    found = home.search()
    assert whose(found) == {"otto"}
    assert home.verdicts("chromium")[-1][2] in ("no_cookies", "spare")


def test_a_session_that_was_turned_down_is_passed_over(home, programs):
    home.firefox(signed_in("fred"))
    home.chromium(signed_in("chris"))
    first = home.search()
    second = home.search(turned_down=frozenset({identity(first.jar)}))
    assert (whose(first), whose(second)) == ({"fred"}, {"chris"})
    assert second.reports[0].verdict == "turned_down"
    third = home.search(turned_down=frozenset({identity(first.jar), identity(second.jar)}))
    assert third.jar is None


def test_no_broken_store_keeps_the_next_one_from_being_read(home, programs):
    home.firefox(VISITED, profile="a.damaged")
    (home.folder / FIREFOX / "a.damaged/cookies.sqlite").write_bytes(b"no database")
    home.chromium(signed_in(), profile="Default", prefix=b"v20")
    home.chromium(signed_in(), profile="Profile 1", password=b"unknown")
    os.utime(home.chromium(signed_in("anna"), profile="Profile 2"), (100, 100))  # so the last one of its browser
    home.chromium(signed_in(), profile="Profile 3", prefix=b"v11", password=b"unknown")
    found = home.search()
    assert whose(found) == {"anna"}
    assert {r.profile: r.verdict for r in found.reports} == {
        "damaged": "broken",
        "Default": "app_bound",
        "Profile 1": "wrong_key",
        "Profile 2": "signed_in",
        "Profile 3": "keyring_absent",
    }


def test_unknown_names_are_told_and_do_not_matter(home):
    home.firefox(signed_in())
    found = home.search("netscape", "firefox")
    assert (found.unknown, bool(found.jar)) == (("netscape",), True)


def test_what_there_is_no_time_for_is_told(home):
    home.firefox(signed_in())
    home.chromium(signed_in())
    found = home.search(seconds=0)
    assert (found.jar, found.reports) == (None, ())


def test_what_no_time_is_left_for_is_told(home):
    home.firefox(VISITED)
    home.chromium(signed_in())
    times = iter([0, 0, 0, 0, *[9] * 1000])
    wanted = Wanted((INTERNATIONAL,), NOW)
    found = search(home.environ, wanted, deadline=Deadline(5, clock=lambda: next(times)))
    assert (found.jar, {report.verdict for report in found.reports} - {"too_slow"}) == (None, {"not_looked_at"})


def test_on_a_mac_nobody_is_asked_unless_that_is_wanted(home, programs):
    handmade.make_safari(home.folder / BY_NAME["safari"].macos[0] / "Cookies.binarycookies", signed_in("sam"))
    home.chromium(signed_in("chris"), root=BY_NAME["chrome"].macos[0])
    found = home.search(platform="darwin")
    assert (found.origin, whose(found)) == ("Safari", {"sam"})
    assert [report.verdict for report in found.reports] == ["would_ask", "signed_in"]
    assert "doctor --import" in found.reports[0].hint


@pytest.mark.parametrize("place", ["strange", "strange/deep/profile"])
@pytest.mark.parametrize("family", ["chromium", "firefox"])
@pytest.mark.parametrize("home_as", ["~", "whole"])
def test_a_browser_that_nobody_has_heard_of_is_found_by_its_folder(home, family, place, home_as, programs):
    """The folder of its profiles, or of the one profile."""
    getattr(home, family)(signed_in("sam"), root="strange/deep", profile="profile")
    folder = "strange/deep" if place == "strange" else place
    named = f"~/{folder}" if home_as == "~" else str(home.folder / folder)
    assert home.search().reports == ()
    found = home.search("firefox", named, seconds=20.0)
    assert (whose(found), found.origin.partition(",")[0]) == ({"sam"}, folder.rpartition("/")[2])


def test_an_error_that_nobody_has_thought_of_costs_one_store_alone(home, monkeypatch, programs):
    home.firefox(signed_in("fred"))
    home.chromium(signed_in("chris"))

    monkeypatch.setattr("codingplan_bar.browsers.firefox.candidates", lambda *_: 1 / 0)
    found = home.search()
    assert (whose(found), [report.verdict for report in found.reports]) == ({"chris"}, ["failed", "signed_in"])


def test_an_environment_that_is_none_finds_nothing(home):
    home.firefox(signed_in("fred"))
    home.environ["HOME"] = "/\0"
    assert home.search().reports == ()


def test_each_word_has_a_meaning_and_something_to_do():
    assert set(get_args(verdicts.Verdict)) == set(verdicts.MEANINGS)
    for word, meaning in verdicts.MEANINGS.items():
        assert meaning.says.format(missing="x")
        assert meaning.hint or word in ("signed_in", "spare"), word


def test_nothing_that_is_said_holds_a_value_or_a_path(home):
    home.firefox(signed_in("fred"))
    home.chromium(signed_in("chris"))
    found = home.search()
    said = repr(found)
    assert "ticket-of" not in said
    assert "pk-of" not in said
    assert str(home.folder) not in said


def test_nothing_is_left_behind(home, programs):
    for number in range(3):
        home.chromium(signed_in(), profile=f"Profile {number}", prefix=b"v11", password=b"unknown")
    home.firefox(VISITED)
    home.search()
    assert home.left_behind() == []


def test_a_store_of_hundreds_is_searched_quickly(home):
    for number in range(40):
        home.chromium(VISITED, profile=f"Profile {number}")
    home.firefox(signed_in())
    began = time.monotonic()
    assert home.search().jar
    assert time.monotonic() - began < 5 * crowd()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(offset=3_647, noise=b"\x80", which=True)
@given(offset=some.integers(0, 20_000), noise=some.binary(min_size=1, max_size=300), which=some.booleans())
def test_no_damage_makes_the_search_fail(home, offset, noise, which):
    if which:
        path = home.firefox(signed_in(), journal="delete", profile="a.b") / "cookies.sqlite"
    else:
        path = home.chromium(signed_in(), plain=True)
    content = bytearray(path.read_bytes())
    content[offset % len(content) : offset % len(content) + len(noise)] = noise
    path.write_bytes(content)
    os.utime(path, (0, 0))  # else it is waited for
    try:
        for report in home.search(seconds=3).reports:
            assert report.verdict in verdicts.MEANINGS
            assert report.verdict != "failed"
    finally:
        path.unlink()


# What speaks for a jar, and what tells sign-ins apart.


TICKET, OWNER = "login_aliyunid_ticket", "login_current_pk"


def jar(*names, domain=INTL, value="v", expires_at=None):
    return CookieJar(tuple(Cookie(name, value, domain.removeprefix("."), expires_at=expires_at) for name in names))


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (jar(TICKET, OWNER), Rank(SIGNED_IN)),
        (jar(OWNER, "sessionid"), Rank(NAMED, 2)),
        (jar(TICKET, OWNER, domain=CN), Rank(ELSEWHERE)),
        (jar("JSESSIONID", "c_token", "cna", "isg", "XSRF-TOKEN"), Rank(LIKELY, 2)),
        (jar("cna", "isg"), Rank(NOTHING)),
        (jar(), Rank(NOTHING)),
        (jar(TICKET, OWNER, expires_at=EXPIRED), Rank(NOTHING)),
        (CookieJar((*jar(TICKET, expires_at=EXPIRED).cookies, *jar(OWNER).cookies)), Rank(NOTHING)),
        (jar(TICKET, OWNER, value=""), Rank(NOTHING)),
        (jar(TICKET, OWNER, domain="evil-aliyun.com"), Rank(NOTHING)),
        (CookieJar((*jar(TICKET).cookies, *jar(OWNER, domain=CN).cookies)), Rank(LIKELY, 1)),
    ],
)
def test_what_an_international_user_gets(found, wanted):
    assert rank(found, (regions.INTL, regions.CN), NOW) == wanted


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (jar(TICKET, OWNER, domain=CN), Rank(SIGNED_IN)),
        (jar(OWNER, "JSESSIONID", domain=CN), Rank(NOTHING)),
        (jar(TICKET, OWNER), Rank(NOTHING)),
    ],
)
def test_where_the_ticket_is_known_to_be_wanted_nothing_else_will_do(found, wanted):
    assert rank(found, (regions.CN,), NOW) == wanted


def test_a_session_is_known_again_though_other_cookies_change():
    before, after = jar(TICKET, OWNER, "isg"), jar(TICKET, OWNER, "isg2")
    assert identity(before) == identity(after)
    assert identity(jar(TICKET, value="other")) != identity(before)


def test_without_a_ticket_it_is_known_by_what_is_like_a_session():
    assert identity(jar(OWNER, "isg")) == identity(jar(OWNER, "cna")) != identity(jar(OWNER, value="other"))


def test_an_identity_holds_no_value():
    assert "secret" not in identity(jar(TICKET, value="secret"))
