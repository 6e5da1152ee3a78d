"""A refresh after a failure, after a reset, and with a clock that was set."""

from __future__ import annotations

from itertools import pairwise

import pytest
from world import NOW

HOUR, DAY = 3_600, 86_400
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
    for path in world.desk().files.folder.iterdir():
        path.unlink()
    assert world.after(30).refresh().error.code == "network"
    assert world.asked == 1


def test_while_it_has_to_wait_with_nothing_stored_the_bars_have_something_to_show(world):
    world.answer, world.retry_after = "rate_limited", 600.0
    world.refresh()
    world.desk().files.snapshot.unlink()
    world.after(10).desk().publish()
    assert world.facts["problem.code"] == "rate_limited"
    assert int(world.facts["due"]) >= NOW + 600


@pytest.mark.parametrize("code", ["login_required", "invalid_credentials", "no_plan", "missing_credentials"])
def test_what_only_the_user_can_mend_is_asked_again_in_an_hour_or_after_a_change(world, code):
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
        world.after(400).desk(ask=killed).refresh("when due")
    world.after(30).refresh()
    assert world.asked == 1
    world.after(31).refresh()
    assert world.asked == 2


def test_a_user_is_heard_right_after_an_asking_that_was_killed(world):
    with pytest.raises(KeyboardInterrupt):
        world.desk(ask=lambda _: (_ for _ in ()).throw(KeyboardInterrupt)).refresh("when due")
    assert world.refresh("by hand").status == "ok"
