"""What is worth an alert: each crossing once, whatever the numbers do around it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar import process
from codingplan_bar.alerts import notify
from codingplan_bar.alerts.decide import LEVELS, Alert, Alerter, Memory, Notices, by_use, decide
from codingplan_bar.history.forecast import Foretold, Outlook
from codingplan_bar.model import Packs, Plan, Problem, Snapshot, Window
from codingplan_bar.settings.settings import load

LIMITS = Notices((75, 90))
URL = "https://example.invalid/"


def good(percent, name="weekly", **more):
    windows = tuple(Window(each, used, 100, **more) for each, used in {name: percent}.items())
    return Snapshot(1_795_400_000, URL, "web", "intl", Plan("Pro"), windows)


def failed(code):
    return Snapshot(1_795_400_000, URL, error=Problem(code, "It failed."))


def told(snapshots, memory=None, limits=LIMITS):
    """The kinds that are told on the way."""
    memory, kinds = memory or Memory(), []
    for snapshot in snapshots:
        memory, alerts = decide(memory, snapshot, limits)
        kinds.append([alert.kind for alert in alerts])
    return kinds


@pytest.mark.parametrize(
    ("percents", "kinds"),
    [
        ([10, 74.9, 75, 80, 89], [[], [], ["warning"], [], []]),
        ([80, 90, 95, 99.9], [["warning"], ["critical"], [], []]),
        ([10, 95], [[], ["critical"]]),
        ([95], [["critical"]]),
        ([100, 100, 100], [["exhausted"], [], []]),
        ([100, 99, 96, 100], [["exhausted"], [], [], []]),
        ([100, 0, 80], [["exhausted"], ["free"], ["warning"]]),
        ([76, 74, 76, 71, 76], [["warning"], [], [], [], []]),
        ([76, 69, 76], [["warning"], [], ["warning"]]),
        ([92, 84, 91], [["critical"], [], ["critical"]]),
        ([92, 84, 69, 76], [["critical"], [], [], ["warning"]]),
    ],
)
def test_a_crossing_is_told_once(percents, kinds):
    assert told(map(good, percents)) == kinds


EACH = (Notices((50, 80)), Notices((75, 90)))
"""Two bars whose environments name thresholds of their own: whichever comes first asks for both."""


def told_in_turn(asked):
    """The kinds that are told of each snapshot by its own notices; what is remembered is kept as in a file."""
    memory, kinds = Memory(), []
    for snapshot, limits in asked:
        memory, alerts = decide(memory, snapshot, limits)
        memory = Memory.from_data(json.loads(json.dumps(memory.to_data())))
        kinds.append([alert.kind for alert in alerts])
    return kinds


@given(st.lists(st.tuples(st.floats(0, 99), st.sampled_from((0, 1)))))
def test_bars_with_thresholds_of_their_own_that_ask_in_turn_are_each_told_what_they_would_be_alone(course):
    course = [(0, 0), (0, 1), *course]
    kinds = told_in_turn((good(percent), EACH[who]) for percent, who in course)
    for one in (0, 1):
        mine = [place for place, (_, who) in enumerate(course) if who == one]
        assert [kinds[place] for place in mine] == told([good(course[place][0]) for place in mine], limits=EACH[one])


def test_that_nothing_is_left_and_that_there_is_some_again_is_the_same_by_all_thresholds():
    percents = (0, 0, 100, 100, 100, 40, 40, 40)
    kinds = told_in_turn((good(each), EACH[place % 2]) for place, each in enumerate(percents))
    assert kinds == [[], [], ["exhausted"], [], [], ["free"], [], []]


def test_the_next_window_is_told_anew_by_all_thresholds():
    first, then = ({"resets_at": at} for at in (1_795_300_000, 1_796_000_000))
    asked = [(good(0, **first), EACH[0]), (good(0, **first), EACH[1])]
    asked += [(good(95, **first), each) for each in EACH] + [(good(85, **then), each) for each in (*EACH, *EACH)]
    assert told_in_turn(asked)[2:] == [["critical"], ["critical"], ["critical"], ["warning"], [], []]


def test_each_window_has_a_memory_of_its_own():
    both = Snapshot(1, URL, "web", "intl", None, (Window("five_hour", 80, 100), Window("weekly", 95, 100)))
    memory, alerts = decide(Memory(), both, LIMITS)
    assert [(alert.kind, alert.window.name) for alert in alerts] == [("warning", "five_hour"), ("critical", "weekly")]
    assert decide(memory, both, LIMITS)[1] == []


@pytest.mark.parametrize("code", ["login_required", "missing_credentials", "invalid_cookie"])
def test_the_end_of_a_session_is_told_once_until_there_is_a_new_one(code):
    assert told([good(1), failed(code), failed(code), good(1), failed(code)]) == [
        [],
        ["signed_out"],
        [],
        [],
        ["signed_out"],
    ]


def test_who_was_never_signed_in_is_not_told_that_it_has_ended():
    assert told([failed("missing_credentials")]) == [[]]


@pytest.mark.parametrize("code", ["network", "rate_limited", "api_error", "internal"])
def test_a_failure_of_another_kind_tells_nothing_and_forgets_nothing(code):
    assert told([good(80), failed(code), good(80), failed("login_required")]) == [["warning"], [], [], ["signed_out"]]


def test_what_is_remembered_survives_a_restart():
    memory, _ = decide(Memory(), good(95), LIMITS)
    again = Memory.from_data(memory.to_data())
    assert again == memory
    assert told([good(95)], again) == [[]]


@pytest.mark.parametrize(
    "data", [None, 5, [], {}, {"levels": 5}, {"levels": {"weekly": "x", "day": "ok"}, "signed_in": 1}]
)
def test_a_damaged_memory_is_none(data):
    assert Memory.from_data(data) == Memory()


@given(st.lists(st.floats(0, 130), max_size=60))
def test_nothing_is_told_twice_without_having_fallen_by_the_hysteresis_between(percents):
    limits = {"warning": 75, "critical": 90, "exhausted": 100}
    lowest: dict[str, float] = {}
    for percent, kinds in zip(percents, told(map(good, percents)), strict=True):
        lowest = {kind: min(percent, so_far) for kind, so_far in lowest.items()}
        for kind in limits.keys() & set(kinds):
            assert kind not in lowest or lowest[kind] < limits[kind] - 5 + 1e-9
            lowest[kind] = percent


@given(st.floats(0, 100), st.tuples(st.floats(1, 50), st.floats(50, 100)))
def test_a_level_is_one_of_the_four(percent, limits):
    assert by_use(percent, 100, limits) in LEVELS


A, B = "a" * 32, "b" * 32


@pytest.mark.parametrize(
    ("accounts", "kinds"),
    [
        ([A, A], [["warning"], []]),
        ([A, B, B], [["warning"], ["warning"], []]),
        ([A, None, A], [["warning"], [], []]),
        ([None, A, None], [["warning"], [], []]),
    ],
)
def test_what_was_told_of_one_account_says_nothing_of_another(accounts, kinds):
    assert told(good(80)._replace(account=account) for account in accounts) == kinds


def test_nor_of_another_plan():
    other = good(80)._replace(plan=Plan("Essential", None, "token-plan"))
    assert told([good(80), other, other]) == [["warning"], ["warning"], []]


def test_what_version_1_remembered_counts_for_the_account_that_answers_next():
    memory = Memory.from_data({"levels": {"weekly": "warning"}, "signed_in": True})
    assert told([good(80)._replace(account=A), good(95)._replace(account=A)], memory) == [[], ["critical"]]


def test_an_alert_on_a_share_alone_names_no_amount():
    window = Window("monthly", 95, 100, 1_795_500_000, in_percent=True)
    snapshot = good(1)._replace(plan=Plan("Essential", None, "token-plan"), windows=(window,))
    (alert,) = decide(Memory(), snapshot, LIMITS)[1]
    facts = alert.facts()
    assert (facts["used"], facts["total"], facts["left"], facts["unit"]) == (None, None, None, "credits")
    title, text = notify.told([facts], "en")
    assert title == "Token Plan: 95% of the monthly quota used"
    assert text.startswith("resets ")


@pytest.mark.parametrize(
    ("alert", "title"),
    [
        ({"used_percent": 99.99}, "Token Plan: 99% of the monthly quota used"),
        ({"used_percent": 95.7}, "Token Plan: 96% of the monthly quota used"),
        ({"used_percent": 100, "packs_left": 18_000, "packs_total": 20_000}, "Token Plan: 10% of the usage packs used"),
        ({"used_percent": 100, "packs_left": 1, "packs_total": 20_000}, "Token Plan: 99% of the usage packs used"),
    ],
)
def test_an_alert_names_the_percentage_that_the_bars_name(alert, title):
    facts = decide(Memory(), good(1)._replace(windows=(Window("monthly", 99_999, 100_000),)), LIMITS)[1][0].facts()
    assert (facts["kind"], facts["used_percent"]) == ("critical", 99.99)
    assert notify.told([{**facts, "plan": "token-plan", **alert}], "en")[0] == title


NOW, DAY = 1_795_400_000, 86_400
RESET = NOW + 4 * DAY
OUT = Foretold(Outlook("runs_out", NOW + DAY, NOW + DAY // 2, NOW + 2 * DAY, 0.93, RESET), 0.0)
LASTS = Foretold(Outlook("lasts", probability=0.02, until=RESET), 18.0)
UNKNOWN = Foretold(Outlook("unknown", probability=0.4, until=RESET), 9.0)
NOTICES = Notices((75, 90), lapse=10, session=DAY, plan=(7 * DAY,))


def foretold(steps, notices=NOTICES, window="weekly", resets_at=RESET, at=NOW):
    """The kinds that are told of one window, what is foretold of it changing from step to step."""
    memory, kinds = Memory(), []
    for step in steps:
        reset, said = (resets_at, step) if isinstance(step, Foretold) else step
        snapshot = Snapshot(at, URL, "web", "intl", Plan("Pro"), (Window(window, 40, 100, reset),))
        memory, alerts = decide(Memory.from_data(memory.to_data()), snapshot, notices, {window: said})
        kinds.append([alert.kind for alert in alerts])
    return kinds


def test_that_a_window_runs_out_is_told_once_whatever_is_said_in_between():
    assert foretold([LASTS, OUT, OUT, UNKNOWN, OUT, LASTS, OUT]) == [[], ["runs_out"], [], [], [], [], []]


def test_the_next_window_is_another_one_and_a_reset_that_wanders_is_not():
    assert foretold([OUT, (RESET + 600, OUT), (RESET + 7 * DAY, OUT)]) == [["runs_out"], [], ["runs_out"]]


@pytest.mark.parametrize(
    ("steps", "kinds"),
    [
        ([(80, RESET), (80, RESET + 7 * DAY)], [["warning"], ["warning"]]),
        ([(95, RESET), (80, RESET + 7 * DAY)], [["critical"], ["warning"]]),
        ([(100, RESET), (100, RESET + 7 * DAY)], [["exhausted"], ["exhausted"]]),
        ([(100, RESET), (95, RESET + 7 * DAY)], [["exhausted"], ["free", "critical"]]),
        ([(100, RESET), (1, RESET + 7 * DAY), (80, RESET + 7 * DAY)], [["exhausted"], ["free"], ["warning"]]),
        ([(95, RESET), (95, None), (96, RESET + 7 * DAY)], [["critical"], [], ["critical"]]),
        ([(80, RESET), (80, RESET + 600)], [["warning"], []]),
        ([(80, None), (80, RESET + 7 * DAY)], [["warning"], []]),
    ],
)
def test_of_the_next_window_nothing_has_been_told(steps, kinds):
    memory, found = Memory(), []
    for number, (percent, reset) in enumerate(steps):
        at = RESET + 60 * number if number else NOW
        snapshot = Snapshot(at, URL, "web", "intl", Plan("Pro"), (Window("weekly", percent, 100, reset),))
        memory, alerts = decide(Memory.from_data(memory.to_data()), snapshot, LIMITS)
        found.append([alert.kind for alert in alerts])
    assert found == kinds


def test_a_reset_that_is_moved_before_it_has_come_begins_no_next_window():
    memory, _ = decide(
        Memory(), Snapshot(NOW, URL, "web", "intl", Plan("Pro"), (Window("weekly", 80, 100, RESET),)), LIMITS
    )
    later = Window("weekly", 81, 100, RESET + 7 * DAY)
    assert decide(memory, Snapshot(NOW + 60, URL, "web", "intl", Plan("Pro"), (later,)), LIMITS)[1] == []


def test_five_hours_that_were_foretold_to_last_in_between_are_told_again():
    told = foretold([OUT, OUT, UNKNOWN, OUT, LASTS, OUT], window="five_hour", resets_at=None)
    assert told == [["runs_out"], [], [], [], [], ["runs_out"]]


@pytest.mark.parametrize(
    ("said", "wanted", "left", "kinds"),
    [
        (LASTS, 10, DAY - 1, ["lapse"]),
        (LASTS, 18, DAY - 1, ["lapse"]),
        (LASTS, 18.1, DAY - 1, []),
        (LASTS, 0, DAY - 1, []),
        (LASTS, 10, DAY, []),
        (UNKNOWN, 5, DAY - 1, []),
        (OUT, 0.1, DAY - 1, ["runs_out"]),
    ],
)
def test_what_will_lapse_is_told_on_the_last_day_if_wanted(said, wanted, left, kinds):
    notices = Notices((75, 90), lapse=wanted)
    assert foretold([said, said], notices, at=RESET - left) == [kinds, []]


@pytest.mark.parametrize(
    ("ends", "kinds"),
    [
        ([2 * DAY, DAY, DAY, 9], [[], ["session_ends"], [], []]),
        ([DAY, 3 * DAY, DAY], [["session_ends"], [], ["session_ends"]]),
        ([None, 0, -5], [[], [], []]),
    ],
)
def test_the_end_of_a_session_is_told_before_it_comes_and_again_where_it_was_put_off(ends, kinds):
    memory, told_kinds = Memory(), []
    for end in ends:
        memory, alerts = decide(memory, good(1), NOTICES, session_ends=None if end is None else NOW + end)
        told_kinds.append([alert.kind for alert in alerts])
    assert told_kinds == kinds


@pytest.mark.parametrize(
    ("days", "notices", "days_told"),
    [
        ((9, 8, 7.5, 7, 6, 2, 1, 0.5, -1), (7, 1), (7, 1)),
        ((0.5, 0.2), (7, 1), (0.5,)),
        ((6, 0.5), (7, 1), (6, 0.5)),
        ((6, 30, 6, 1), (7, 1), (6, 6, 1)),
        ((20, 7, 1), (30,), (20,)),
        ((6, 1, 0.1), (), ()),
    ],
)
def test_the_end_of_the_plan_is_told_once_for_each_notice_and_again_where_it_was_put_off(days, notices, days_told):
    memory, told_at = Memory(), []
    for left in days:
        plan = Plan("Pro", NOW + int(left * DAY))
        snapshot = Snapshot(NOW, URL, "web", "intl", plan, good(1).windows)
        memory = Memory.from_data(memory.to_data())
        memory, alerts = decide(memory, snapshot, Notices(plan=[notice * DAY for notice in notices]))
        told_at += [left for alert in alerts if alert.kind == "plan_ends" and alert.ends_at == plan.expires_at]
    assert tuple(told_at) == days_told


def test_a_plan_that_renews_itself_is_not_said_to_end():
    snapshot, notices = good(1)._replace(plan=Plan("Pro", NOW + DAY)), Notices(plan=(7 * DAY, DAY))
    assert decide(Memory(), snapshot, notices, renews=True)[1] == []
    assert [alert.kind for alert in decide(Memory(), snapshot, notices)[1]] == ["plan_ends"]


@pytest.mark.parametrize(
    ("name", "kind", "renewable", "says", "in_chinese"),
    [
        ("Coding Plan Lite", "coding-plan", False, "can no longer be renewed. Choose a Token Plan", "无法续费"),
        ("Coding Plan Pro", "coding-plan", True, "Renew it", "续"),
        ("Token Plan Lite", "token-plan", True, "Renew it", "续"),
        (None, "coding-plan", True, "Renew it", "续"),
    ],
)
def test_of_a_plan_that_ends_it_is_told_whether_it_can_be_renewed(name, kind, renewable, says, in_chinese):
    snapshot = good(1)._replace(plan=Plan(name, NOW + DAY, kind))
    (alert,) = decide(Memory(), snapshot, Notices(plan=(7 * DAY,)))[1]
    facts = alert.facts()
    assert facts == {"kind": "plan_ends", "ends_at": NOW + DAY, "plan": kind, "renewable": renewable}
    assert says in notify.told([facts], "en")[1]
    assert in_chinese in notify.told([facts], "zh")[1]
    assert process.variables(facts)["CODINGPLAN_RENEWABLE"] == ("true" if renewable else "false")


# Extra packs.


def on_packs(remaining, used=100, resets_at=NOW + 4 * 86_400):
    plan = Plan("Essential", None, "token-plan", Packs(remaining, 1_000))
    return Snapshot(NOW, URL, "web", "cn", plan, (Window("monthly", used, 100, resets_at),))


NEXT_RESET = NOW + 34 * DAY


@pytest.mark.parametrize(
    ("steps", "kinds"),
    [
        ([on_packs(1_000, 50), on_packs(1_000, 95), on_packs(900), on_packs(800)], [[], ["critical"], ["pack"], []]),
        ([on_packs(240), on_packs(99), on_packs(0)], [["pack", "warning"], ["critical"], ["exhausted"]]),
        ([on_packs(0), on_packs(900), on_packs(0)], [["exhausted"], ["pack"], ["exhausted"]]),
        ([on_packs(1e-14), on_packs(0)], [["pack", "critical"], ["exhausted"]]),
        ([on_packs(900), on_packs(900, 0), on_packs(900, 80)], [["pack"], [], ["warning"]]),
        (
            [on_packs(900), on_packs(900, resets_at=NEXT_RESET), on_packs(900, 100, NEXT_RESET)],
            [["pack"], ["pack"], []],
        ),
    ],
)
def test_a_pack_is_told_once_a_window_and_its_own_share_from_then_on(steps, kinds):
    memory, told_kinds = Memory(), []
    for snapshot in steps:
        memory, alerts = decide(Memory.from_data(memory.to_data()), snapshot, LIMITS)
        told_kinds.append([alert.kind for alert in alerts])
    assert told_kinds == kinds


@pytest.mark.parametrize(
    ("language", "titles", "text"),
    [
        ("en", ["used up, a usage pack is in use", "76% of the usage packs used"], "240 of 1,000 credits left"),
        ("zh", ["已用完，正在使用用量包", "用量包已用 76%"], "剩余 240 / 1,000 Credits"),
    ],
)
def test_the_alert_of_a_pack_says_what_the_packs_have_left(language, titles, text):
    _, alerts = decide(Memory(), on_packs(240), LIMITS)
    assert [(alert.facts()["packs_left"], alert.facts()["packs_total"]) for alert in alerts] == [(240, 1_000)] * 2
    title, said = notify.told([alert.facts() for alert in alerts], language)
    assert all(each in title for each in titles)
    assert said.count(text) == 2


@pytest.mark.parametrize(("language", "seat"), [("en", "of the team, not of your seat"), ("zh", "不是你的席位额度")])
def test_an_alert_on_a_teams_sum_says_whose_it_is_and_rounds_in_words_alone(language, seat):
    plan = Plan(None, None, "token-plan-team")
    snapshot = good(1)._replace(plan=plan, windows=(Window("monthly", 950.5, 1_000.0, None),))
    (alert,) = decide(Memory(), snapshot, LIMITS)[1]
    assert alert.facts()["left"] == 49.5
    said = notify.told([alert.facts()], language)[1]
    assert seat in said
    assert "49.5" not in said


def test_the_end_of_a_session_is_told_once_for_all_plans_and_levels_once_for_each(tmp_path):
    orders = []

    def alerter(plan):
        return Alerter(
            tmp_path / f"alerts-{plan}.json",
            load("", {}),
            {},
            start=lambda order, _: orders.append([alert["kind"] for alert in json.loads(order)["alerts"]]),
            session=tmp_path / "alerts-session.json",
        )

    for snapshot in (good(80), failed("login_required"), good(80), failed("login_required")):
        for plan in ("a", "b"):
            alerter(plan).witness(snapshot)
    assert orders == [["warning"], ["warning"], ["signed_out"], ["signed_out"]]


def test_the_order_to_tell_of_a_failure_has_its_step(tmp_path):
    orders = []
    alerter = Alerter(tmp_path / "a.json", load("", {}), {}, start=lambda order, _: orders.append(json.loads(order)))
    alerter.witness(good(1))
    alerter.witness(failed("login_required")._replace(error=Problem("login_required", "It failed.", "Sign in here.")))
    assert [order["step"] for order in orders] == ["Sign in here."]


def test_the_facts_of_a_forecast_are_those_of_its_kind():
    window = Window("weekly", 40, 100, RESET)
    numbers = {"window": "weekly", "used_percent": 40.0, "used": 40, "total": 100, "left": 60, "resets_at": RESET}
    numbers |= {"plan": "coding-plan", "unit": "requests"}
    said = {"runs_out_at": NOW + DAY, "earliest": NOW + DAY // 2, "latest": NOW + 2 * DAY, "probability": 0.93}
    assert Alert("runs_out", window, OUT).facts() == {"kind": "runs_out", **numbers, **said}
    assert Alert("lapse", window, LASTS).facts() == {"kind": "lapse", **numbers, "lapses_percent": 18.0}
