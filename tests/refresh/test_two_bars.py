"""Two plans in two bars at once, end to end: the installed command on one home, each bar with its own plan."""

from __future__ import annotations

import contextlib
import json

import pytest
from support.console import moods
from support.console.account import TokenPlan
from support.machine import until

NAMES = {"coding": "Coding Plan Pro", "token": "Token Plan Essential"}
QUOTA, USAGE = "queryCodingPlanInstanceInfoV2", "usage"
BESIDE = ["subscription", "quota-config", "summary"]
"""What is asked of a Token Plan that is new, beside its shares."""


@pytest.fixture
def both(home):
    """A home whose account has both plans."""
    home.console.token_plan = TokenPlan()
    yield home
    assert home.console.refusals == []


def asked(home):
    """What was asked of the plans since the last time."""
    names = [each.query.get("api", "") for each in home.console.requests if each.path == "/data/api.json"]
    home.console.forget()
    return sorted(name.rpartition("/")[2].rpartition(".")[2] for name in names)


def shown(line):
    """What a line for waybar says in all."""
    said = json.loads(line)
    return f"{said['text']}\n{said['tooltip']}"


@contextlib.contextmanager
def watchers(home):
    """A watcher for each plan, as waybar starts them; gives the file with what each prints."""
    files = {plan: home.folder / f"{plan}.out" for plan in NAMES}
    with contextlib.ExitStack() as stack:
        for plan, path in files.items():
            out = stack.enter_context(path.open("wb"))
            process = stack.enter_context(home.start("waybar", "--watch", "--plan", plan, stdout=out))
            stack.callback(process.terminate)
        yield files


def test_two_watchers_show_their_own_plans_by_the_requests_that_each_plan_takes(both):
    with watchers(both) as files:
        for plan, name in NAMES.items():
            until(lambda plan=plan, name=name: name in files[plan].read_text(), f"{name} in its bar")
        until(both.is_quiet, "the refreshes to end")
        assert asked(both) == sorted([QUOTA, USAGE, *BESIDE])
        before = {plan: path.read_text().count("\n") for plan, path in files.items()}
        both.console.token_plan = TokenPlan(shares={"1Month": 0.5})
        assert [both.run("fetch", "--plan", plan).returncode for plan in NAMES] == [0, 0]
        assert asked(both) == sorted([QUOTA, USAGE])
        until(lambda: all(path.read_text().count("\n") > before[plan] for plan, path in files.items()), "a line more")
        lines = {plan: list(map(shown, path.read_text().splitlines())) for plan, path in files.items()}
    assert "50%" in lines["token"][-1]
    for plan, name in NAMES.items():
        (other,) = set(NAMES.values()) - {name}
        assert name in lines[plan][-1]
        assert not any(other in line for line in lines[plan])


def test_two_plain_commands_show_their_own_plans_and_ask_no_more_while_the_numbers_are_fresh(both):
    for _ in range(2):
        for plan, name in NAMES.items():
            assert name in shown(both.run("waybar", "--plan", plan).stdout)
    assert asked(both) == sorted([QUOTA, USAGE, *BESIDE])


def test_a_429_of_one_plan_is_respected_by_both_commands(both):
    for plan in NAMES:
        both.run("waybar", "--plan", plan)
    both.console.answer_quota = moods.rate_limited(3_000)
    asked(both)
    both.run("fetch", "--plan", "coding")
    assert asked(both) == [QUOTA]
    for plan in NAMES:
        both.run("refresh", "--plan", plan)
    assert asked(both) == []
