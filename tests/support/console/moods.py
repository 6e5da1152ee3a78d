"""How the provider may feel about a quota request that is right: each mood is an answer for `Account.answer_quota`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from support.console import answers
from support.console.answers import Answer, AnswerQuota, BareAnswer, Request
from support.console.demands import CN

from codingplan_bar.demo_provider import Usage


def counters(usage: Usage | None = None, *, clock: Callable[[], float] = time.time, **changes: Any) -> AnswerQuota:
    """An active plan whose numbers stand still; `changes` are fields of `Usage`, such as `weekly=(9, 10)`."""
    still = replace(usage or Usage(), **changes)
    return lambda request: answers.quota([still.instance(now=clock())], _api(request))


def no_plan() -> AnswerQuota:
    """A success that lists no instance."""
    return lambda request: answers.quota([], _api(request))


def empty_success() -> AnswerQuota:
    """A success that carries nothing at all: passing trouble."""
    return lambda request: answers.empty_success(_api(request))


def signed_out() -> AnswerQuota:
    """A session that is over, said below an outer success. For the whole console, see `Account.sign_out`."""
    return lambda request: answers.not_logined(_api(request))


def not_authorised() -> AnswerQuota:
    """A good session that may not see the plan."""
    return lambda request: answers.not_authorised(_api(request))


def key_unavailable() -> AnswerQuota:
    """A good key that reads no quota: the console asks it for a login."""
    return lambda _: answers.console_need_login("You need to log in.")


def token_expired() -> AnswerQuota:
    """A token that was right a moment ago."""
    return lambda _: answers.token_rejected()


def rate_limited(retry_after: float | str | None = None) -> AnswerQuota:
    """HTTP 429; `retry_after` in seconds, or the header as it is to be sent, or None for no header."""
    header = None if retry_after is None else str(retry_after)
    return lambda _: answers.rate_limited(header)


def server_error(status: int = 503) -> AnswerQuota:
    """A failing server, which sends a page."""
    return lambda _: answers.server_error(status)


def elsewhere(location: str, *, status: int = 302) -> AnswerQuota:
    """A redirect; 307 and 308 ask the client to repeat its POST there."""
    return lambda _: answers.redirect(location, status=status)


def slow(mood: AnswerQuota, *, seconds: float) -> AnswerQuota:
    """Another mood, after a wait; closing the console ends the wait."""
    return lambda request: Answer(*mood(request))._replace(delay=seconds)


def in_turn(*moods: AnswerQuota) -> AnswerQuota:
    """Each mood for one request, the last for all that follow."""
    turns = chain(moods, repeat(moods[-1]))

    def answer(request: Request) -> Answer | BareAnswer:
        return next(turns)(request)

    return answer


def by_region(*, intl: AnswerQuota, cn: AnswerQuota) -> AnswerQuota:
    """A mood for each region."""
    return lambda request: (cn if _region_is_cn(request) else intl)(request)


def _region_is_cn(request: Request) -> bool:
    return CN.action == request.query.get("action") or CN.region_id == request.query.get("currentRegionId")


def _api(request: Request) -> str:
    return request.query.get("api", "")
