"""A refresh: when it asks, what it keeps, and what the bars see of it."""

from __future__ import annotations

import threading
from dataclasses import replace

from world import NOW

from codingplan_bar.fetch.asker import Asked
from codingplan_bar.model import Problem

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

    first = threading.Thread(target=lambda: found.append(world.desk(ask=ask).refresh("when due")))
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
    latest = world.after(400).desk(misconfigured=problem).refresh("always")
    assert (latest.error, world.asked) == (problem, 1)
    assert world.facts["problem.code"] == "config"
    assert world.facts["window.weekly"] == "1 100 -"
    assert int(world.facts["due"]) > world.now + HOUR


def test_wrong_settings_with_nothing_stored_are_shown_too(world):
    world.desk(misconfigured=Problem("config", "wrong")).publish()
    assert (world.facts["status"], world.facts["problem.code"]) == ("error", "config")


def test_where_nothing_is_known_nothing_is_published_so_that_a_bar_asks(world):
    assert world.desk().publish()["problem.code"] == "network"
    assert world.facts is None


def test_an_answer_that_does_not_meet_the_schema_is_a_failure_and_not_kept(world):
    world.refresh()
    broken = lambda _: Asked(replace(world.snapshot("good"), source="telepathy"))  # noqa: E731
    assert world.after(400).desk(ask=broken).refresh("when due").error.code == "internal"
    assert world.stored["source"] == "web"


def test_settings_for_one_call_leave_no_failure_behind(world):
    world.refresh()
    world.answer = "api_key_unavailable"
    assert world.after(400).desk(passing=True).refresh("always").error.code == "api_key_unavailable"
    assert world.facts["problem.code"] == ""
    world.answer = "good"
    assert world.refresh().status == "ok"


def test_settings_for_one_call_with_nothing_stored_leave_the_bars_to_ask(world):
    world.answer = "api_key_unavailable"
    world.desk(passing=True).refresh("always")
    assert world.facts is None
    assert not world.desk().has_snapshot()


def test_settings_for_one_call_do_not_hide_the_providers_word(world):
    world.answer, world.retry_after = "rate_limited", 600.0
    world.desk(passing=True).refresh("always")
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
