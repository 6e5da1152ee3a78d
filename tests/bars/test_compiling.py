"""The facts: what the cold road hands to the bars."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.hostile import HOSTILE
from support.scenes import OFFLINE, SIGN_IN, Scene, answer, failure

from codingplan_bar import facts
from codingplan_bar.model import Plan, Problem
from codingplan_bar.refresh.compile import MESSAGE_LIMIT, NAME_LIMIT, compile_facts
from codingplan_bar.settings import settings


@pytest.mark.parametrize("name", HOSTILE)
def test_the_facts_of_any_text_are_one_line_each_and_short(name):
    text = HOSTILE[name]
    made = Scene(replace(answer(), plan=Plan(text)), Problem("network", text, text)).facts
    assert facts.loads(facts.dumps(made)) == made
    assert len(made["plan"]) <= NAME_LIMIT
    assert max(len(made["problem.message"]), len(made["problem.hint"])) <= MESSAGE_LIMIT


def test_a_failure_since_comes_before_that_of_the_snapshot():
    assert Scene(problem=SIGN_IN).facts["problem.code"] == "login_required"
    assert Scene(failure(OFFLINE)).facts["problem.code"] == "network"
    assert Scene(failure(OFFLINE), SIGN_IN).facts["problem.code"] == "login_required"
    assert Scene().facts["problem.code"] == ""


def test_the_display_settings_are_among_the_facts():
    made = Scene(
        settings='windows = ["weekly"]\nthresholds = [50, 60]\nshow = "remaining"\n[colors]\nok = "#112233"'
    ).facts
    names = ("windows", "warning", "critical", "show", "icons", "language", "interval", "color.ok")
    assert [made[name] for name in names] == ["weekly", "50", "60", "remaining", "none", "auto", "300", "#112233"]


def test_no_secret_of_the_settings_is_among_the_facts():
    told = compile_facts(answer(), None, settings.load('cookie_header = "a=SECRET"\napi_key = "sk-SECRET"', {}))
    assert "SECRET" not in repr(told)
