"""What there is to show, as the cold road compiles it: a few snapshots, problems and settings, at fixed times."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from codingplan_bar.bars.view import View
from codingplan_bar.errors import CODES
from codingplan_bar.model import Packs, Plan, Problem, Snapshot, Window
from codingplan_bar.refresh.compile import compile_facts
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
    return token_answer(window, plan=replace(ESSENTIAL, packs=Packs(remaining, total)))


def failure(problem: Problem) -> Snapshot:
    """A snapshot of a refresh that failed where none had succeeded before."""
    return replace(NOTHING_ANSWERED, error=problem)


ACTIVE = replace(answer(), windows=())
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
