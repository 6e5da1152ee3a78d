"""How long the provider is left alone after an answer. Pure; kept across restarts as one small document.

After a failure that passes by itself the next try waits 1, 2, 4 … 30 minutes, or as long as the provider says.
After one that only the user can mend, nothing is sent until something has changed, or an hour is over.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from codingplan_bar.model import Instant

FIRST_WAIT = 60
LONGEST_WAIT = 30 * 60
SETTLED_WAIT = 60 * 60
LONGEST_RETRY_AFTER = 24 * 60 * 60
TWO_ARE_ONE = 5
CLOCK_SLACK = 60
SETTLED = frozenset(
    {
        "missing_credentials",
        "invalid_cookie",
        "login_required",
        "invalid_credentials",
        "api_key_unavailable",
        "not_authorised",
        "endpoint_rejected",
        "no_plan",
        "config",
    }
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """When the provider was last asked, and until when it is left alone (`until` in seconds since 1970).

    `failures` in a row; `code` of the last one, empty after a success; `told` whether `until` is the provider's own
    word; `circumstances` a fingerprint of what the failure depended on.
    """

    asked_at: Instant = 0
    until: Instant = 0
    failures: int = 0
    code: str = ""
    told: bool = False
    circumstances: str = ""

    def after_success(self, now: Instant) -> Waiting:
        """An answer with a plan: nothing to wait for but the interval."""
        return Waiting(asked_at=now)

    def after_failure(
        self, code: str, now: Instant, *, retry_after: float | None, chance: float, circumstances: str
    ) -> Waiting:
        """The wait after one more failure. `chance`, 0 to 1, spreads many machines' tries by a tenth both ways."""
        failures = self.failures + 1
        if retry_after:
            wait, told = min(max(retry_after, FIRST_WAIT), LONGEST_RETRY_AFTER), True
        elif code in SETTLED:
            wait, told = float(SETTLED_WAIT), False
        else:
            wait, told = min(FIRST_WAIT * 2.0 ** min(failures - 1, 10), LONGEST_WAIT) * (0.9 + chance / 5), False
        return Waiting(now, now + round(wait), failures, code, told, circumstances)

    def holds(self, now: Instant, circumstances: str) -> bool:
        """Whether a refresh that nobody asked for by hand has to wait."""
        if self.clock_went_back(now) or now >= self.until:
            return False
        return self.code not in SETTLED or circumstances == self.circumstances

    def holds_by_hand(self, now: Instant) -> bool:
        """The same for one that a user asked for: only the provider's own word counts, and two at once are one."""
        if self.clock_went_back(now):
            return False
        return now - self.asked_at < TWO_ARE_ONE or (self.told and now < self.until)

    def next_look(self, interval: int) -> Instant:
        """When a refresh is next worth a process: to ask again, or to see whether anything has changed."""
        return min(self.until, self.asked_at + interval) if self.code in SETTLED else self.until

    def clock_went_back(self, now: Instant) -> bool:
        """Whether these times lie in the future, so that they say nothing."""
        return now < self.asked_at - CLOCK_SLACK


def dumps(waiting: Waiting) -> str:
    """The document."""
    return json.dumps(asdict(waiting))


def loads(text: str | None) -> Waiting:
    """The waiting in a document; none where there is none, or where it is not as it should be."""
    try:
        fields = json.loads(text or "{}")
        found = Waiting(**fields)
    except (ValueError, TypeError, RecursionError):
        return Waiting()
    types = {name: type(value) for name, value in asdict(Waiting()).items()}
    return found if all(type(getattr(found, name)) is kind for name, kind in types.items()) else Waiting()
