"""What there is to show, as the cold road compiles it, at fixed times: snapshots, problems, settings, golden cases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from codingplan_bar.bars.view import View
from codingplan_bar.errors import CODES
from codingplan_bar.model import Packs, Plan, Problem, Snapshot, Window
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.settings.settings import load

if TYPE_CHECKING:
    from collections.abc import Mapping


FETCHED = 1_795_537_805  # Wednesday 2026-11-25, 00:30:05 in China
MONDAY = 1_795_968_000  # 2026-11-30, 00:00 in China
MONTH_END = 1_796_400_000  # 2026-12-05, 00:00 in China
DASHBOARD = "https://modelstudio.console.alibabacloud.com/ap-southeast-1/?tab=globalset#/efm/coding_plan"
PROGRAM = ("/opt/coding plan/bin/python3", "-P", "-m", "codingplan_bar")

PLAN = Plan("Coding Plan Pro", 1_798_732_800)
NOTHING_ANSWERED = Snapshot(FETCHED, DASHBOARD)
OFFLINE = Problem("network", "The console could not be reached: connection refused.", "Check the network.")
SIGN_IN = Problem("login_required", "The console asks for a sign-in.", "Sign in to the console again.")
NO_PLAN = Problem("no_plan", "This account has no Coding Plan.", "Check the region and the account.")


def answer(five_hour: float = 210, weekly: float = 1_400, monthly: float = 6_600, plan: Plan = PLAN) -> Snapshot:
    """A snapshot with that much used of 1,000, 5,000 and 10,000; the usual lasts in every window."""
    windows = (
        Window("five_hour", five_hour, 1_000),
        Window("weekly", weekly, 5_000, MONDAY),
        Window("monthly", monthly, 10_000, MONTH_END),
    )
    return Snapshot(FETCHED, DASHBOARD, "web", "intl", plan, windows)


ESSENTIAL = Plan("Token Plan Essential", FETCHED + 26 * 86_400, "token-plan")
CREDITS = 25_500
"""What the plan Essential has a month."""
OF_THE_MONTH = (Window("monthly", 0.8745 * CREDITS, CREDITS, MONTH_END),)


def token_answer(*windows: Window, plan: Plan = ESSENTIAL) -> Snapshot:
    """A snapshot of the Token Plan with these windows; the usual has the month only, as since September 2026."""
    return Snapshot(FETCHED, DASHBOARD, "web", "cn", plan, windows or OF_THE_MONTH)


def with_packs(remaining: float = 13_250, total: float = 20_000, used: float = CREDITS) -> Snapshot:
    """The same with so many credits left of its packs; the usual has used the whole month."""
    window = Window("monthly", used, CREDITS, MONTH_END)
    return token_answer(window, plan=ESSENTIAL._replace(packs=Packs(remaining, total)))


def failure(problem: Problem) -> Snapshot:
    """A snapshot of a refresh that failed where none had succeeded before."""
    return NOTHING_ANSWERED._replace(error=problem)


ACTIVE = answer()._replace(windows=())
LASTS = {"outlook.weekly": "lasts - - - 0.02 -"}


def running_out(at: int = MONDAY - 2 * 86_400, window: str = "weekly", latest: int | None = None) -> dict[str, str]:
    """The fact of a window that is foretold to run out at that instant; by its default on Saturday, 2 d early."""
    return {f"outlook.{window}": f"runs_out {at} {at - 3_600} {at + 36_000 if latest is None else latest} 0.93 0"}


@dataclass(frozen=True)
class Scene:
    """A snapshot, what went wrong since, the settings as TOML, and how many seconds later it is looked at.

    `past` is what the recorded past and the session add to the facts.
    """

    snapshot: Snapshot = field(default_factory=answer)
    problem: Problem | None = None
    settings: str = ""
    later: float = 120
    environ: Mapping[str, str] = field(default_factory=dict)
    past: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def facts(self) -> dict[str, str]:
        """The facts that the cold road makes of it; to compile them takes longer than to show them."""
        return {**compile_facts(self.snapshot, self.problem, load(self.settings, {})), **self.past}

    def view(self, **changed: str) -> View:
        """What is shown of it, some facts replaced as they are given."""
        view = View({**self.facts, **changed}, self.snapshot.fetched_at + self.later, self.environ)
        view.program = PROGRAM
        return view


def every_error() -> list[Problem]:
    """A problem of each code."""
    return [Problem(code, f"What happened ({code}).", "What to do.") for code in CODES]


# The cases of the golden files: each a scene that a bar's owner meets, by the file's name, and behind a comma in which
# variant; without one it is the plain one.

DAY = 86_400
CUSTOM = r"""
format = "{plan}: {five_hour.percent} [({five_hour.reset_in}) ]{weekly.bar:4} [[{monthly.left}]]"
tooltip_format = '''
{word}[ since {age}]
Week: {weekly.used} of {weekly.total}[, {weekly.reset}]
[Went wrong: {message}[ {hint}]]'''
"""
WRONG_SETTING = Problem("config", "config.toml line 3: there is no setting 'formt'.", "Did you mean 'format'?")
HOSTILE_PLAN = Plan('A & <b>"%{A1:x:}#(y)|z=\\')
COUNTED_DOWN = answer()._replace(windows=(Window("five_hour", 400, 1_000, answer().fetched_at + 7_500),))
FRACTIONS = answer(0.25, 4_999.5)._replace(windows=answer(0.25, 4_999.5).windows[:2])
RUNNING_OUT = answer(weekly=2_000)
IN_A_DAY = running_out(MONDAY - 2 * DAY + 9 * 3_600)
ON_FRIDAY = answer(weekly=4_550)._replace(fetched_at=MONDAY - 2 * DAY)
PAST = {
    "made_at": str(FETCHED),
    "spark": "-,-,-,0,0,0,3,9,18,31,44,58,73,86,97,100,100,81,62,40,22,11,15,21",
    "flow.five_hour": f"{FETCHED + 3_600} 120",
    **running_out(FETCHED + 7_300, "five_hour"),
    "outlook.weekly": "lasts - - - 0.05 900",
    "today.weekly": f"3 14.29 {FETCHED + 84_595}",
    "session.ends_at": str(FETCHED + 6 * 3_600),
    "session.origin": "Firefox (default)",
}
SPARKS = r"""
format = "{sign} [{spark:8} ]{brief}[ {binding.pace}]"
tooltip_format = '''
{five_hour.label} {five_hour.pace}[, {five_hour.frees}]
{spark}
[{weekly.elapsed} {outlook}] {next}
{session}'''
"""
OF_CREDITS = r"""
format = "{plan} {monthly.used} / {monthly.total} {unit}[ + {packs}]"
tooltip_format = "{monthly.left_of}[, {packs}]"
"""
BEFORE_MONDAY = answer()._replace(fetched_at=MONDAY - 60)

ZH = 'language = "zh"'
FIVE_AND_WEEK = token_answer(
    Window("five_hour", 0.21 * 1_800, 1_800, FETCHED + 7_500), Window("weekly", 0.084 * 9_000, 9_000, MONDAY)
)
IN_PERCENT = token_answer(Window("monthly", 37.25, 100, MONTH_END, in_percent=True))
OF_A_TEAM = token_answer(Window("monthly", 250_000, 400_000, MONTH_END), plan=Plan(None, None, "token-plan-team"))
LAST_DAY = answer(plan=Plan("Coding Plan Lite", FETCHED + DAY - 3_600))
OF_PLANS = {
    "token_plan_month_only": Scene(token_answer()),
    "token_plan_five_hours_and_week": Scene(FIVE_AND_WEEK),
    "token_plan_percentage_alone": Scene(IN_PERCENT, settings='format = "bars"'),
    "token_plan_packs": Scene(with_packs()),
    "token_plan_team": Scene(OF_A_TEAM, settings='format = "full"'),
    "a_plan_that_ends_within_a_day": Scene(LAST_DAY),
}

CASES = {
    **OF_PLANS,
    **{f"{name}, in Chinese": replace(each, settings=f"{each.settings}\n{ZH}") for name, each in OF_PLANS.items()},
    "token_plan_packs, counted down": Scene(with_packs(1_200), settings='show = "remaining"\nformat = "minimal"'),
    "token_plan_packs, gone": Scene(with_packs(0)),
    "token_plan_packs, in a template": Scene(with_packs(used=20_000), settings=OF_CREDITS),
    "ok": Scene(),
    "ok, minimal": Scene(settings='format = "minimal"'),
    "ok, two windows in own order": Scene(settings='windows = ["monthly", "five_hour"]'),
    "ok, counted down as bars": Scene(settings='show = "remaining"\nformat = "bars"'),
    "ok, counted down in Chinese": Scene(settings='language = "zh"\nshow = "remaining"'),
    "ok, in a template": Scene(settings=CUSTOM),
    "warning": Scene(answer(weekly=3_750)),
    "warning, as bars with nerd icons": Scene(answer(monthly=7_600), settings='format = "bars"\nicons = "nerd"'),
    "critical": Scene(answer(five_hour=901)),
    "critical, counted down": Scene(answer(weekly=4_600), settings='show = "remaining"'),
    "critical, in Chinese": Scene(answer(weekly=4_600), settings='language = "zh"\nformat = "full"'),
    "critical, in own colors": Scene(answer(five_hour=950), settings='[colors]\ncritical = "#ff00aa"'),
    "used_up, five hours": Scene(answer(five_hour=1_000), past={"flow.five_hour": f"{FETCHED + 3_600} 60"}),
    "used_up, a week behind idle five hours": Scene(answer(five_hour=0, weekly=5_100)),
    "used_up, a month and a week in Chinese": Scene(answer(weekly=5_000, monthly=10_000), settings='language = "zh"'),
    "a_week_that_runs_out": Scene(RUNNING_OUT, past=running_out()),
    "a_week_that_runs_out, as emoji": Scene(RUNNING_OUT, past=running_out(), settings='icons = "emoji"'),
    "a_week_that_runs_out, in Chinese": Scene(
        RUNNING_OUT, past=running_out(), settings='language = "zh"\nformat = "bars"'
    ),
    "a_week_that_runs_out, counted down": Scene(RUNNING_OUT, past=running_out(), settings='show = "remaining"'),
    "a_week_that_runs_out, within a day": Scene(ON_FRIDAY, past=IN_A_DAY, settings='format = "full"'),
    "a_week_that_runs_out, and a fuller month": Scene(
        answer(weekly=4_550, monthly=9_300)._replace(fetched_at=MONDAY - 2 * DAY),
        past=IN_A_DAY,
        settings='format = "minimal"',
    ),
    "a_week_of_which_some_will_lapse": Scene(
        answer()._replace(fetched_at=MONDAY - DAY // 2), past={"outlook.weekly": "lasts - - - 0.01 900"}
    ),
    "the_recorded_past": Scene(past=PAST),
    "the_recorded_past, in Chinese": Scene(past=PAST, settings='language = "zh"\nformat = "full"'),
    "the_recorded_past, of stale numbers": Scene(problem=OFFLINE, past=PAST, later=2 * 3_600),
    "the_recorded_past, in a template": Scene(past=PAST, settings=SPARKS),
    "active": Scene(ACTIVE),
    "active, signed out": Scene(ACTIVE, SIGN_IN, later=7_500),
    "a_failure_of_a_moment_ago": Scene(problem=OFFLINE, later=240),
    "stale, by age": Scene(later=2 * 3_600),
    "stale, by failure": Scene(problem=OFFLINE, later=700),
    "looked_at_later, the week was reset": Scene(BEFORE_MONDAY, later=120),
    "looked_at_later, nothing is known any more": Scene(later=35 * DAY),
    "looked_at_later, the plan has ended": Scene(answer(plan=Plan("Coding Plan Pro", FETCHED + 60))),
    "looked_at_later, the clock went back": Scene(later=-DAY),
    "error, no plan": Scene(failure(NO_PLAN)),
    "error, offline as emoji": Scene(failure(OFFLINE), settings='icons = "emoji"'),
    "error, a wrong setting in Chinese": Scene(failure(WRONG_SETTING), settings='language = "zh"'),
    "signed_out": Scene(failure(SIGN_IN)),
    "signed_out, with numbers": Scene(problem=SIGN_IN, later=DAY),
    "signed_out, with numbers in Chinese": Scene(problem=SIGN_IN, later=7_500, environ={"LANG": "zh_CN.UTF-8"}),
    "signed_out, with numbers in a template": Scene(settings=CUSTOM, problem=SIGN_IN, later=3_700),
    "five_hours_with_a_reset": Scene(COUNTED_DOWN),
    "fractions": Scene(FRACTIONS),
    "hostile_plan": Scene(answer(five_hour=800)._replace(plan=HOSTILE_PLAN), settings='format = "full"'),
}
