"""One account at the provider: its session, its key, its plan, and how the provider feels about them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from support.console import answers
from support.console.regions import API_NAMES, PERSONAL
from support.console.wire import Answer, AnswerQuota, Request

from codingplan_bar.demo import Usage

OWNER_COOKIES = ("login_aliyunid_pk", "login_current_pk", "login_aliyunid")


PERIOD = 25 * 10**5
"""Seconds in which a made-up Token Plan is reset once."""


def complete(cookies: Mapping[str, str]) -> bool:
    """Whether these cookies are a session: the ticket, and one that names the account."""
    return bool(cookies.get("login_aliyunid_ticket")) and any(cookies.get(name) for name in OWNER_COOKIES)


@dataclass(frozen=True, slots=True)
class TokenPlan:
    """A personal Token Plan: the used share of each window by its length (`5Hour`, `1Week`, `1Month`), and its reset.

    `totals` is what `quota-config` names for its kind, `packs` the credits that are left and that there were. `renews`
    is the flag of that meaning, None where the answer has none.
    """

    shares: Mapping[str, float] = field(default_factory=lambda: {"1Month": 0.3725})
    resets_at: int = 0
    spec: str = "essential"
    status: str = "VALID"
    ends_at: int = 0
    totals: Mapping[str, float] = field(default_factory=lambda: {"five_hour": 1800, "monthly": 25500})
    packs: tuple[float, float] | None = None
    renews: bool | None = None

    def says(self, name: str, now: int) -> dict[str, Any]:
        """What it answers to the call of that name."""
        reset = self.resets_at or (now // PERIOD + 1) * PERIOD
        usage = {f"per{window}Percentage": share for window, share in self.shares.items()}
        remaining, total = self.packs or (0, 0)
        return {
            "usage": {**usage, **{f"per{window}ResetTime": reset * 1000 for window in self.shares}},
            "subscription": {
                "instanceCode": "sfm_tokenplansolo-made-up",
                "specCode": self.spec,
                "status": self.status,
                "endTime": (self.ends_at or reset + PERIOD) * 1000,
                **({} if self.renews is None else {"autoRenewFlag": self.renews}),
            },
            "quota-config": {self.spec: self.totals, "addon_quota": {"extrabundle": 20000}},
            "addon/summary": {"totalCredits": total, "remainingCredits": remaining},
        }[name]


class Account:
    """A signed-in account with a plan. Each attribute may be replaced at any time, from any thread."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        """All secrets are made up, and new each time; `clock` tells the epoch seconds."""
        self.clock = clock
        self.usage = Usage()
        self.answer_quota: AnswerQuota = self.count
        """Answers a quota request that was found right; others are in `moods`."""
        self.token_plan: TokenPlan | None = None
        """Without one, each of its calls is a success that carries nothing."""
        self.team: tuple[float, float] | None = None
        """The credits that a team's Token Plan has left, and all that it has."""
        self.answer_token_plan: AnswerQuota = self.tell
        """As `answer_quota`, for a call about a personal Token Plan."""
        self.accepts_session: Callable[[Mapping[str, str]], bool] = complete
        """Judges the cookies of a request."""
        self.api_names = frozenset(API_NAMES)
        """The names that the quota goes by in web mode."""
        self.token_sources = frozenset({"dashboard", "user_info"})
        """Where the token is to be had."""
        self.takes_empty_token = False
        """Whether `intl` does without a token, which was seen live."""
        self.sec_token = f"demo+{secrets.token_hex(8)}/{secrets.token_hex(4)}=="  # each sign matters in a form
        self.api_key = f"sk-demo-{secrets.token_hex(16)}"
        self.cookie_header = _made_up_session()
        self._step = Lock()

    def sign_out(self) -> None:
        """Accept no session any longer."""
        self.accepts_session = lambda _: False

    def sign_in(self) -> None:
        """Accept any complete session."""
        self.accepts_session = complete

    def count(self, request: Request) -> Answer:
        """The plan with its counters, which have moved one step by the next time."""
        with self._step:
            usage, self.usage = self.usage, self.usage.moved()
        return answers.quota([usage.instance(now=self.clock())], request.query.get("api", ""))

    def tell(self, request: Request) -> Answer:
        """What there is to say of the personal Token Plan."""
        api, plan = request.query.get("api", ""), self.token_plan
        return answers.personal(plan and plan.says(api.removeprefix(PERSONAL), int(self.clock())), api)

    def sum_up(self) -> Answer:
        """What there is to say of a team's."""
        left, total = self.team or (0, 0)
        return answers.team(int(self.team is not None), total, left, int(self.clock()) + 10**6)


def _made_up_session() -> str:
    owner = f"1000{secrets.randbelow(10**12):012}"
    cookies = {
        "cna": secrets.token_urlsafe(18),
        "login_aliyunid_ticket": f"demo_ticket.{secrets.token_urlsafe(96)}*$",
        "login_aliyunid_csrf": f"_csrf_tk_{secrets.token_hex(8)}",
        "login_aliyunid": '"demo @ example.invalid"',
        "login_aliyunid_pk": owner,
        "login_current_pk": owner,
    }
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
