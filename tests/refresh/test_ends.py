"""When a sign-in ends: by its own date, or by how long the three before it have lived on this machine."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.judging import texts
from support.scenes import FETCHED, Scene

from codingplan_bar.alerts import notify
from codingplan_bar.bars import BARS, tooltip
from codingplan_bar.credentials.cookies import Cookie, CookieJar, identity
from codingplan_bar.credentials.other_tools import KEPT, AccessKeyPair
from codingplan_bar.credentials.saved import SavedSession, SignIn, with_sign_in
from codingplan_bar.errors import LoginRequired
from codingplan_bar.provider.chain import Outcome
from codingplan_bar.refresh import in_use
from codingplan_bar.refresh.in_use import Ending, Lives, Tried
from codingplan_bar.refresh.session import Found, Imported, RenewingSource
from codingplan_bar.regions import REGIONS, SITES

HOUR, DAY = 3_600, 86_400
SITE = SITES["international"]


def after_lives(*hours, source="token"):
    """What is known at the beginning of the next sign-in, when that many hours of earlier ones are over."""
    lives, now = Lives(), 1_000
    for number, each in enumerate(hours):
        lives = lives.taken(source, f"mark {number}", now).taken(source, f"mark {number}", now + each * HOUR)
        lives = lives.refused(source, [f"mark {number}"])
        now += int(each * HOUR) + DAY
    return lives.taken(source, "the next", now), now


@pytest.mark.parametrize(
    ("hours", "foretold"),
    [
        ((), None),
        ((72, 72), None),
        ((72, 72, 72), 72),
        ((72, 70, 71), 70),
        ((72, 72, 48), None),
        ((24, 72, 71, 72), 71),
        ((72, 72, 72, 24), 72),
        ((72, 10, 72, 30, 72, 50), 72),
        ((30, 30, 30, 72, 72, 72), 72),
        ((72, 10, 30, 72, 50, 20), None),
        ((72, 72, 72, 40, 40, 40, 40), None),
        ((72, 72, 72, 40, 40, 40, 40, 40, 40), 40),
        ((0.5, 72, 72), None),
        ((72, 0.5, 72, 72), 72),
    ],
)
def test_the_three_longest_of_the_last_six_lives_foretell_the_next_where_they_agree(hours, foretold):
    """A sign-in elsewhere ends the first one: that makes a life shorter, and never longer."""
    lives, since = after_lives(*hours)
    at = since + foretold * HOUR if foretold else None
    assert lives.ending("token") == Ending(at, foretold is not None, since)
    assert lives.ending("web").at is None


def test_a_known_end_counts_more_than_a_learned_one():
    lives, since = after_lives(72, 72, 72)
    assert lives.ending("token", 5) == Ending(5, is_learned=False, since=since)


def test_an_end_counts_once_and_only_the_sign_in_in_use_ends():
    lives, _ = after_lives(72, 72)
    once = lives.taken("token", "the next", 10 * DAY + 9_000_000).refused("token", ["another", "the next"])
    assert lives.refused("token", ["another"]) == lives
    assert once.refused("token", ["the next"]) == once
    assert len(once.past["token"]) == 3
    assert once.ending("token") == Ending()


def test_a_sign_in_that_was_replaced_before_its_end_teaches_nothing():
    lives, now = after_lives(72, 72)
    assert lives.taken("token", "a newer one", now + DAY).past == lives.past


def refreshed(lives, now, *, old, new=None):
    """What a refresh learns that found the kept session `old` turned down, and `new` in the browsers, if any."""

    class Console:
        name, home = "web", None

        def __init__(self, found):
            self.found = found

        def covers(self, _region):
            return True

        def ask(self, _region):
            if self.found.jar == old:
                raise LoginRequired("session.over", store="Firefox")
            return "numbers"

    def browsers(_turned_down):
        if new is None:
            raise LoginRequired("session.over", store="Firefox")
        return Imported(new, "Firefox")

    source = RenewingSource(Found(old, SavedSession(), "Firefox", old, was_kept=True), Console, browsers)
    with suppress(LoginRequired):
        source.ask(REGIONS["intl"])
    return in_use.after(lives, Outcome((), None, "web" if new else None, None), Tried(source, [], None), now)


def test_a_session_in_whose_place_a_newer_one_stands_when_it_is_refused_teaches_nothing():
    """Somebody has signed in again in the browser while the first one lived: the second has ended it."""
    first = Lives().taken("web", identity(jar("anna")), 0).taken("web", identity(jar("anna")), 9 * HOUR)
    replaced = refreshed(first, 10 * HOUR, old=jar("anna"), new=jar("anna again"))
    assert (dict(replaced.past), replaced.present["web"].mark) == ({}, identity(jar("anna again")))
    ended = refreshed(first, 10 * HOUR, old=jar("anna"))
    assert ended.past == {"web": (9 * HOUR,)}
    assert refreshed(ended, 11 * HOUR, old=jar("anna"), new=jar("anna again")).past == ended.past


def test_the_numbers_of_another_account_are_said_for_a_day():
    lives = Lives().taken("web", "a", 0, "anna").taken("web", "b", 10, "anna")
    assert not lives.has_moved("web", 10)
    lives = lives.taken("web", "c", DAY, "bert").taken("web", "c", 2 * DAY - 1, "bert")
    assert [lives.has_moved("web", now) for now in (DAY, 2 * DAY - 1, 2 * DAY)] == [True, True, False]


def test_the_bars_say_whose_numbers_they_are_and_that_an_end_is_learned():
    past = {"session.moved": "yes", "session.learned": "yes", "session.ends_at": str(FETCHED + HOUR)}
    view = Scene(past=past).view()
    assert view.words["session_moved"] in tooltip.note_lines(view)
    assert view.value("session").startswith("sign-in probably ends in 58 min")
    assert view.words["session_moved"] not in tooltip.note_lines(Scene().view())


@pytest.mark.parametrize(("settings", "words"), [("", "other account"), ('language = "zh"', "另一账号")])
@pytest.mark.parametrize("own", ["", 'format = "{weekly.left}"', 'icons = "emoji"'])
@pytest.mark.parametrize("bar", BARS)
def test_every_bar_says_in_its_line_that_the_numbers_are_another_accounts(bar, own, settings, words):
    """Also in a line of the user's own, and beside old numbers: whose they are matters before how many there are."""
    for later in (0, 2_000):
        moved = Scene(past={"session.moved": "yes"}, settings=f"{settings}\n{own}", later=later)
        line = texts(bar, moved.view())[0]
        assert words in line
        assert words not in texts(bar, replace(moved, past={}).view())[0]


def test_a_refresh_a_few_minutes_after_another_changes_nothing_so_nothing_is_written():
    lives = Lives().taken("web", "mark", 1_000)
    for seconds, is_longer in ((300, False), (in_use.STEP - 1, False), (in_use.STEP, True)):
        assert (lives.taken("web", "mark", 1_000 + seconds).to_text() != lives.to_text()) is is_longer


def test_what_is_kept_is_read_again_and_holds_no_secret():
    lives, _ = after_lives(72, 72, 72)
    assert in_use.loads(lives.to_text()) == lives


PLAIN = st.none() | st.booleans() | st.integers() | st.text()
NAMES = st.sampled_from(["present", "past", "web", "mark", "first"])
DATA = st.recursive(PLAIN, lambda each: st.lists(each) | st.dictionaries(NAMES, each))


@given(st.text() | DATA.map(json.dumps))
def test_whatever_stands_in_the_file_is_no_reason_to_fail(text):
    assert isinstance(in_use.loads(text).ending("web"), Ending)


def jar(who, ends_at=None):
    names = {"login_aliyunid_ticket": f"ticket of {who}", "login_aliyunid_pk": who}
    return CookieJar(
        tuple(Cookie(name, value, "alibabacloud.com", expires_at=ends_at) for name, value in names.items())
    )


@pytest.mark.parametrize(("ends_at", "known"), [(None, None), (9_000, 9_000)])
def test_a_browsers_session_ends_with_its_cookies(ends_at, known):
    text = Found(jar("anna", ends_at), SavedSession(), "Firefox", jar("anna", ends_at)).to_text()
    assert in_use.ending(Lives(), "web", text).at == known
    assert in_use.ending(Lives(), "api", text).at is None
    assert in_use.facts(Lives(), "web", text, 0)["session.ends_at"] == str(known or "")
    assert in_use.facts(Lives(), "token", text, 0)["session.ends_at"] == ""


@pytest.mark.parametrize("ends_at", [None, 9_000])
def test_a_temporary_pair_ends_and_one_of_a_ram_user_does_not(ends_at):
    pair = AccessKeyPair("LTAI-a", "secret", ends_at=ends_at)
    sign_in = SignIn("access_key", SITE, SITE.region.id, which=KEPT, pair=pair, ends_at=ends_at)
    text = with_sign_in(None, sign_in)
    assert in_use.ending(Lives(), "token", text).at == ends_at
    assert in_use.way("token", text) == ("pair that ends" if ends_at else "pair")


def test_the_alert_says_when_and_what_to_do():
    for language, words in (("en", "login --with-access-key"), ("zh", "login --with-access-key")):
        title, text = notify.told([{"kind": "session_ends", "ends_at": 1_795_000_000}], language)
        assert title
        assert words in text
