"""A refresh: when it asks, what it keeps, what the bars see, and files that are another's, broken or in the way."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from itertools import pairwise

import pytest
from support.staging import NOW

from codingplan_bar import bars, snapshot
from codingplan_bar.bars import tooltip
from codingplan_bar.bars.view import View
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.model import Attempt, Problem
from codingplan_bar.refresh.refresh import ClientAnswer
from codingplan_bar.refresh.sources import RetryAfterRecorder
from codingplan_bar.transport.request import Answer, Request

HOUR = 3_600


def test_with_nothing_stored_it_is_asked_kept_and_compiled_for_the_bars(world):
    assert world.refresh().status == "ok"
    assert world.stored["windows"]["weekly"]["used"] == 1
    assert world.facts["window.weekly"] == "1 100 -"
    assert int(world.facts["due"]) == int(NOW) + 300


def test_it_is_asked_once_an_interval_however_often_a_bar_wants_it(world):
    for _ in range(100):
        world.refresh()
        world.after(10)
    assert world.asked == 4


def test_the_interval_is_the_users(world):
    world.settings = {"refresh_interval": 1800}
    world.refresh()
    assert int(world.facts["due"]) == int(NOW) + 1800
    world.after(1799).refresh()
    assert world.asked == 1


def test_fetch_always_asks(world):
    for _ in range(3):
        world.refresh("always")
    assert world.asked == 3


def test_a_users_refresh_is_honoured_at_once_but_two_within_five_seconds_are_one(world):
    world.refresh()
    world.after(100).refresh("by hand")
    world.after(4).refresh("by hand")
    assert world.asked == 2
    world.after(2).refresh("by hand")
    assert world.asked == 3


def test_two_at_once_are_one_and_whoever_waited_gets_what_the_other_brought(world):
    inside, go_on, found = threading.Event(), threading.Event(), []
    slow = world.ask

    def ask(settings):
        inside.set()
        assert go_on.wait(10)
        return slow(settings)

    first = threading.Thread(target=lambda: found.append(world.refresher(ask=ask).refresh("when due")))
    second = threading.Thread(target=lambda: found.append(world.refresh("by hand")))
    first.start()
    assert inside.wait(10)
    second.start()
    go_on.set()
    for thread in (first, second):
        thread.join(10)
    assert world.asked == 1
    assert found[0] == found[1]


def test_a_failure_takes_no_numbers_away_and_tells_what_went_wrong(world):
    world.refresh()
    world.answer = "network"
    assert world.after(400).refresh().error.code == "network"
    assert world.stored["status"] == "ok"
    assert world.facts["window.weekly"] == "1 100 -"
    assert world.facts["fetched_at"] == str(int(NOW))
    assert (world.facts["problem.code"], world.facts["problem.message"]) == ("network", "It is network.")


def test_that_there_is_no_plan_any_longer_takes_the_numbers_away(world):
    world.refresh()
    world.answer = "no_plan"
    world.after(400).refresh()
    assert world.facts["status"] == "error"
    assert "window.weekly" not in world.facts
    world.answer = "good"
    assert world.after(4000).refresh().status == "ok"
    assert "window.weekly" in world.facts


@pytest.mark.parametrize("other", ["network", "rate_limited", "api_error", "bad_response", "internal"])
def test_no_plan_in_one_region_takes_nothing_away_where_the_other_one_could_not_say(world, other):
    world.refresh()
    none = world.snapshot("no_plan")
    unsure = none._replace(attempts=(*none.attempts, Attempt("web", "cn", other)))
    world.after(400).refresher(ask=lambda _: ClientAnswer(unsure._replace(fetched_at=int(world.now)))).refresh(
        "when due"
    )
    assert world.facts["problem.code"] == "no_plan"
    assert "window.weekly" in world.facts


def test_the_next_good_answer_ends_the_failure(world):
    world.refresh()
    world.answer = "network"
    world.after(400).refresh()
    world.answer = "good"
    world.after(70).refresh()
    assert world.facts["problem.code"] == ""
    assert world.facts["window.weekly"] == "3 100 -"
    assert int(world.facts["due"]) == int(world.now) + 300


def test_wrong_settings_ask_nobody_and_are_what_the_bars_show(world):
    world.refresh()
    problem = Problem("config", "config.toml line 1: there is no setting 'x'.")
    latest = world.after(400).refresher(misconfigured=problem).refresh("always")
    assert (latest.error, world.asked) == (problem, 1)
    assert world.facts["problem.code"] == "config"
    assert world.facts["window.weekly"] == "1 100 -"
    assert int(world.facts["due"]) > world.now + HOUR


def test_wrong_settings_with_nothing_stored_are_shown_too(world):
    world.refresher(misconfigured=Problem("config", "wrong")).publish()
    assert (world.facts["status"], world.facts["problem.code"]) == ("error", "config")


def test_where_nothing_is_known_nothing_is_published_so_that_a_bar_asks(world):
    assert world.refresher().publish()["problem.code"] == "not_asked"
    assert world.facts is None


def test_an_answer_that_does_not_meet_the_schema_is_a_failure_and_not_kept(world):
    world.refresh()
    broken = lambda _: ClientAnswer(world.snapshot("good")._replace(source="telepathy"))  # noqa: E731
    assert world.after(400).refresher(ask=broken).refresh("when due").error.code == "internal"
    assert world.stored["source"] == "web"


def test_settings_for_one_call_leave_no_failure_behind(world):
    world.refresh()
    world.answer = "api_key_unavailable"
    assert world.after(400).refresher(passing=True).refresh("always").error.code == "api_key_unavailable"
    assert world.facts["problem.code"] == ""
    world.answer = "good"
    assert world.refresh().status == "ok"


def test_settings_for_one_call_with_nothing_stored_leave_the_bars_to_ask(world):
    world.answer = "api_key_unavailable"
    world.refresher(passing=True).refresh("always")
    assert world.facts is None
    assert not world.refresher().has_snapshot()


def test_settings_for_one_call_do_not_hide_the_providers_word(world):
    world.answer, world.retry_after = "rate_limited", 600.0
    world.refresher(passing=True).refresh("always")
    world.after(300).refresh()
    assert world.asked == 1


def test_a_bar_without_credentials_takes_no_numbers_from_one_that_has_them(world):
    world.refresh()
    world.answer, world.circumstances = "missing_credentials", "a bar without the variable"
    world.after(301).refresh()
    assert world.facts["problem.code"] == ""
    world.answer, world.circumstances = "good", "here"
    world.after(30).refresh()
    assert world.facts["window.weekly"] == "3 100 -"


def test_a_session_that_is_gone_everywhere_is_told_after_two_intervals(world):
    world.refresh()
    world.answer, world.circumstances = "missing_credentials", "there"
    for _ in range(21):
        world.after(30).refresh()
    assert world.facts["problem.code"] == "missing_credentials"


# A refresh after a failure, after a reset, and with a clock that was set.

DAY = 86_400
RESET = int(NOW) + 100


@pytest.mark.parametrize("wanted", ["when due", "by hand"])
def test_after_a_429_it_is_not_asked_before_the_provider_said_by_nobody(world, wanted):
    world.refresh()
    world.answer, world.retry_after = "rate_limited", 1000.0
    world.after(400).refresh()
    assert int(world.facts["due"]) >= world.now + 1000
    assert world.after(999).refresh(wanted).error.code == "rate_limited"
    assert world.asked == 2
    world.after(1).refresh(wanted)
    assert world.asked == 3


def test_failures_are_further_and_further_apart(world):
    world.answer = "network"
    tries = []
    for _ in range(2 * HOUR // 15):
        before = world.asked
        world.after(15).refresh()
        tries += [world.now] if world.asked > before else []
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    for gap, minutes in zip(gaps, (1, 2, 4, 8, 16), strict=False):
        assert 0.9 * 60 * minutes <= gap <= 1.1 * 60 * minutes + 15
    assert max(gaps) <= HOUR / 2 + 15


def test_the_waiting_survives_a_restart_and_a_cleaned_cache(world):
    world.answer = "network"
    world.refresh()
    for path in world.refresher().files.folder.iterdir():
        path.unlink()
    assert world.after(30).refresh().error.code == "network"
    assert world.asked == 1


def test_while_it_has_to_wait_with_nothing_stored_the_bars_have_something_to_show(world):
    world.answer, world.retry_after = "rate_limited", 600.0
    world.refresh()
    world.refresher().files.snapshot.unlink()
    world.after(10).refresher().publish()
    assert world.facts["problem.code"] == "rate_limited"
    assert int(world.facts["due"]) >= NOW + 600


@pytest.mark.parametrize("code", ["missing_credentials", "invalid_cookie"])
def test_what_only_a_change_here_can_mend_is_asked_again_in_an_hour_or_after_a_change(world, code):
    world.answer = code
    world.refresh()
    for _ in range(11):
        world.after(300).refresh()
    assert world.asked == 1
    world.circumstances = "there"
    world.refresh()
    assert world.asked == 2
    world.after(HOUR).refresh()
    assert world.asked == 3
    world.after(60).refresh("by hand")
    assert world.asked == 4


@pytest.mark.parametrize("code", ["no_plan", "login_required", "not_authorised", "invalid_credentials"])
def test_what_is_mended_elsewhere_is_seen_after_5_10_20_and_then_every_30_minutes(world, code):
    """A plan that is renewed on the web site, a right that is granted: nothing of it is to be seen on this machine."""
    world.answer, began, tries = code, world.now, []
    for _ in range(3 * HOUR // 60):
        before = world.asked
        world.refresh()
        tries += [round((world.now - began) / 60)] if world.asked > before else []
        world.after(60)
    assert tries == [0, 5, 15, 35, 65, 95, 125, 155]
    world.answer = "good"
    world.after(HOUR / 2).refresh()
    assert world.facts["problem.code"] == ""


def test_while_the_user_has_to_mend_it_the_bars_look_once_an_interval(world):
    world.answer = "login_required"
    world.refresh()
    for passed in (300, 300):
        world.after(passed).refresh()
        assert world.now < int(world.facts["due"]) <= world.now + 301


def test_after_a_reset_it_is_asked_before_the_interval_is_over(world):
    world.resets = (RESET,)
    world.refresh()
    assert RESET + 5 <= int(world.facts["due"]) <= RESET + 20
    world.after(104).refresh()
    assert world.asked == 1
    world.after(17).refresh()
    assert world.asked == 2


def test_a_failure_is_told_though_the_clock_was_set_back_since_the_last_numbers(world):
    world.now = time.time() + DAY
    world.refresh()
    world.answer = "network"
    world.after(-DAY).refresh()
    assert world.facts["problem.code"] == "network"
    assert world.facts["window.weekly"] == "1 100 -"


def test_a_clock_that_was_set_back_is_a_reason_to_ask(world):
    world.refresh()
    world.after(-DAY).refresh()
    assert world.asked == 2
    assert world.stored["fetched_at"] == "2026-11-22T02:13:20Z"


def test_a_clock_that_was_set_back_does_not_break_the_providers_word_and_lets_it_end(world):
    world.answer, world.retry_after = "rate_limited", 600.0
    world.refresh()
    world.after(-DAY)
    for _ in range(59):
        world.after(10).refresh()
        world.refresh("by hand")
    assert world.asked == 1
    world.after(20).refresh()
    assert world.asked == 2


def test_a_clock_that_was_set_forward_is_an_interval_that_is_over(world):
    world.refresh()
    world.after(30 * DAY).refresh()
    assert world.asked == 2


def test_an_asking_that_was_killed_is_not_repeated_by_every_bar(world):
    def killed(_settings):
        raise KeyboardInterrupt

    world.refresh()
    with pytest.raises(KeyboardInterrupt):
        world.after(400).refresher(ask=killed).refresh("when due")
    world.after(30).refresh()
    assert world.asked == 1
    world.after(31).refresh()
    assert world.asked == 2


def test_a_user_is_heard_right_after_an_asking_that_was_killed(world):
    with pytest.raises(KeyboardInterrupt):
        world.refresher(ask=lambda _: (_ for _ in ()).throw(KeyboardInterrupt)).refresh("when due")
    assert world.refresh("by hand").status == "ok"


# A refresh whose files are another version's, broken, in the way, or shared.


NEWER = '{"schema_version": 3}'


def test_a_newer_versions_snapshot_is_left_untouched_and_said_so(world):
    world.refresh()
    world.refresher().files.snapshot.write_text(NEWER)
    before = world.refresher().files.waiting.read_text()
    for wanted in ("when due", "by hand"):
        assert "newer version" in world.after(HOUR).refresh(wanted).error.message
    assert world.asked == 1
    assert world.refresh("always").status == "ok"
    assert world.refresher().files.snapshot.read_text() == NEWER
    assert world.refresher().files.waiting.read_text() == before
    assert world.facts["problem.code"] == "internal"
    assert world.refresher().has_snapshot()


def test_what_cannot_be_read_is_asked_for_anew_and_put_aside(world):
    world.refresh()
    world.refresher().files.snapshot.write_text("{")
    assert world.after(10).refresh().status == "ok"
    assert (world.refresher().files.folder / "snapshot.json.unreadable").read_text() == "{"


def spoil(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a file where a folder would be")


def test_where_the_cache_cannot_be_written_the_next_place_serves(world):
    spoil(world.home / ".cache")
    assert world.refresh().status == "ok"
    assert world.after(10).refresh().status == "ok"
    assert world.asked == 1
    assert ".local/state" in str(world.refresher().files.facts)


@pytest.fixture
def nowhere(world):
    """A home in which nothing can be written."""
    for folder in (".cache", ".local"):
        spoil(world.home / folder)
    return world


def test_where_nothing_can_be_written_the_result_is_given_all_the_same(nowhere):
    refresher = nowhere.refresher()
    assert refresher.refresh("when due").status == "ok"
    assert refresher.publish()["window.weekly"] == "1 100 -"
    assert "Cannot write" in refresher.storage_problem.message


def test_what_nobody_waits_for_and_could_not_be_kept_is_not_asked_for(nowhere):
    nowhere.refresh(wait=False)
    assert nowhere.asked == 0


def test_where_only_the_wait_can_be_stored_the_provider_is_asked_once_an_interval(world):
    """A cache on a full disk of its own, say."""
    world.refresher().files.snapshot.mkdir(parents=True)
    (world.refresher().files.snapshot / "in the way").touch()
    for _ in range(4):
        world.after(20).refresh()
    assert world.asked == 1
    world.after(HOUR).refresh()
    assert world.asked == 2


def test_a_failure_to_store_numbers_does_not_hide_the_new_ones(world):
    world.refresh()
    refresher = world.after(400).refresher()
    refresher.files.failure.mkdir()
    (refresher.files.failure / "in the way").touch()
    world.answer = "network"
    refresher.refresh("when due")
    assert refresher.publish()["problem.code"] == "network"


def test_bars_with_their_own_display_settings_share_the_one_who_asks(world):
    world.refresh()
    world.environ = {"CODINGPLAN_BAR_FORMAT": "{weekly.used}"}
    world.settings = {"format": "\x1fweekly.used\x1f"}
    world.after(10).refresh()
    assert world.asked == 1
    assert world.facts["environment"] == "FORMAT='{weekly.used}'"


def test_after_a_change_of_settings_the_next_print_of_a_bar_asks_and_no_later_one_does(world):
    world.refresh()
    changed = {"circumstances": "here:another key"}
    world.after(101).refresher(**changed).publish()
    assert int(world.facts["due"]) <= world.now
    for _ in range(3):
        world.after(1).refresher(**changed).refresh("when due")
        assert world.asked == 2
        assert int(world.facts["due"]) > world.now


def test_bars_of_two_environments_do_not_ask_in_turn_after_a_change_of_settings(world):
    world.refresh()
    world.after(100)
    for number in range(20):
        world.after(10).refresher(circumstances=f"{number % 2}:key").refresh("when due")
    assert world.asked == 3, "each of them once, a minute apart"


@pytest.mark.parametrize("code", ["login_required", "invalid_credentials", "not_authorised", "no_plan"])
def test_two_bars_of_which_one_has_no_access_blank_no_number_and_make_no_flood(world, code):
    """For the one the provider answers, for the other it refuses: both print every ten seconds, for an hour."""
    blank = 0
    for number in range(360):
        world.circumstances = f"{number % 2}:key"
        world.answer = code if number % 2 else "good"
        world.after(10).refresh()
        blank += "window.weekly" not in world.facts
    assert blank == 0
    assert world.asked <= 2 * 12 + 6


def of_another(_):
    return True


def test_numbers_of_another_sign_in_are_old_at_once_until_this_one_has_answered(world):
    world.refresh()
    world.after(10).refresher(is_of_another=of_another).publish()
    view = View(world.facts, world.now, {})
    assert (view.state, view.is_fresh, view.text) == ("stale", False, "~ wk 1% (other sign-in)")
    assert tooltip.lines(view)[0] == f"~ {view.words['replaced']}"
    world.after(60).refresher(circumstances="here:new", is_of_another=of_another).refresh("when due")
    view = View(world.facts, world.now, {})
    assert (world.asked, view.state, view.is_fresh) == (2, "ok", True)


@pytest.mark.parametrize(
    ("code", "text"),
    [("not_authorised", "x no access"), ("no_plan", "x no plan"), ("network", "~ wk 1% (other sign-in)")],
)
def test_they_are_not_shown_where_the_provider_says_that_this_account_cannot_see_a_plan(world, code, text):
    world.refresh()
    world.answer = code
    changed = {"circumstances": "here:new", "is_of_another": of_another}
    for later in (70, 10):
        world.after(later).refresher(**changed).refresh("when due")
        assert View(world.facts, NOW + 80, {}).text == text
    world.after(10).refresher().publish()
    shown = View(world.facts, world.now, {})
    assert ("1%" in shown.text) == (code != "no_plan"), "back with the sign-in of before, its numbers are there"


@pytest.mark.parametrize("odd", ["\n", "\r", "\x1f", "\x85", "\u2028", "\udcff"])
def test_whatever_characters_the_home_folder_s_name_has_the_bars_find_their_facts(tmp_path, odd):
    home = tmp_path / f"a{odd}b"
    home.mkdir()
    environ = {"HOME": str(home), "PATH": "", "CODINGPLAN_BAR_SOURCE": "web", "CODINGPLAN_BAR_COOKIE_SOURCE": "off"}
    refresher = open_refresher(environ)
    refresher.refresh("always")
    assert bars.stored_facts(str(refresher.files.folder), environ) == refresher.publish()


def test_the_marker_of_a_refresh_is_gone_after_it(world):
    marker = world.refresher().files.started_marker
    marker.parent.mkdir(parents=True)
    marker.touch()
    world.refresh()
    assert not marker.exists()


def test_the_bars_know_of_a_refresh_that_a_user_asked_for(world):
    """Else each watcher that sees the new snapshot before its facts would start a refresh of its own."""
    world.refresh()
    seen = []
    ask = world.ask

    def looking(settings):
        seen.append(world.refresher().files.started_marker.exists())
        return ask(settings)

    world.after(10).refresher(ask=looking).refresh("by hand")
    assert seen == [True]


def test_what_is_stored_meets_the_schema_and_can_be_read_back(world):
    latest = world.refresh()
    assert snapshot.loads(world.refresher().files.snapshot.read_text()) == latest


@pytest.mark.parametrize("wanted", ["when due", "by hand", "always"])
def test_every_refresh_sweeps_what_a_killed_one_left_whether_it_asks_or_not(world, wanted, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    world.refresh()
    left = world.refresher().files.session.with_name(".session.json.1.ab.tmp")
    left.write_text("a session")
    copy = tmp_path / "codingplan-bar-import-1"
    copy.mkdir()
    (copy / "store").write_text("a whole store")
    os.utime(copy, (0, 0))
    world.after(1).refresh(wanted)
    assert (left.exists(), copy.exists()) == (False, False)
    assert world.asked == (2 if wanted == "always" else 1)


# However the refresh ends, what the provider asked to wait is heard.


AT = 1_795_400_000.0
ASKED = Request("GET", "https://a.example/")


def heard(*answers):
    coming = iter(answers)
    send = RetryAfterRecorder(lambda _: next(coming), lambda: AT)
    assert [send(ASKED) for _ in answers] == list(answers)
    return send.wait


def answer(status, wait=None):
    return Answer(status, {} if wait is None else {"retry-after": wait})


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wait", "seconds"), [("600", 600), ("Mon, 23 Nov 2026 02:14:20 GMT", 60), ("99999999", 86_400)]
)
def test_a_wait_is_heard_in_seconds_or_as_a_date(status, wait, seconds):
    assert heard(answer(status, wait)) == seconds


def test_the_longest_counts_whichever_request_it_was_said_to():
    assert heard(answer(503, "30"), answer(200), answer(429, "600"), answer(429, "60"), answer(401)) == 600


@pytest.mark.parametrize(
    "said", [answer(200, "60"), answer(404, "60"), answer(429), answer(429, "soon"), answer(503, "0")]
)
def test_without_a_time_to_wait_there_is_none(said):
    assert heard(said) is None


def test_an_error_of_the_other_goes_through():
    def fail(_):
        raise ValueError("on the way")

    with pytest.raises(ValueError, match="on the way"):
        RetryAfterRecorder(fail, lambda: AT)(ASKED)
