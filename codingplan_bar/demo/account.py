"""One account at the provider: its session, its key, its plan, and how the provider feels about them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from threading import Lock

from codingplan_bar.demo import answers
from codingplan_bar.demo.regions import API_NAMES
from codingplan_bar.demo.usage import Usage
from codingplan_bar.demo.wire import Answer, AnswerQuota, Request

OWNER_COOKIES = ("login_aliyunid_pk", "login_current_pk", "login_aliyunid")


def complete(cookies: Mapping[str, str]) -> bool:
    """Whether these cookies are a session: the ticket, and one that names the account."""
    return bool(cookies.get("login_aliyunid_ticket")) and any(cookies.get(name) for name in OWNER_COOKIES)


class Account:
    """A signed-in account with a plan. Each attribute may be replaced at any time, from any thread."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        """All secrets are made up, and new each time; `clock` tells the epoch seconds."""
        self.clock = clock
        self.usage = Usage()
        self.answer_quota: AnswerQuota = self.count
        """Answers a quota request that was found right; others are in `moods`."""
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
