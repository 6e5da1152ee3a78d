"""How long the provider is left alone after an answer. Pure; kept across restarts as one small document.

After a failure that passes by itself the next try waits 1, 2, 4 … 30 minutes, or as long as the provider says.
After one that only the user can mend, nothing is sent until something has changed, or an hour is over.
All times are seconds since 1970.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

FIRST_WAIT = 60.0
LONGEST_WAIT = 30 * 60.0
SETTLED_WAIT = 60 * 60.0
LONGEST_RETRY_AFTER = 24 * 60 * 60.0
TWO_ARE_ONE = 5.0
CLOCK_SLACK = 60.0
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


class Failure(NamedTuple):
    """What went wrong: its code, the seconds that the provider asks to wait, and what the answer depended on."""

    code: str
    retry_after: float | None = None
    circumstances: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """When the provider was last asked, and until when it is left alone.

    `failures` in a row; `code` of the last one, empty after a success; `told` whether `until` is the provider's own
    word; `circumstances` a fingerprint of what the answer depended on; `begun_at` when an asking began of which
    nothing is known yet: the process was killed.
    """

    asked_at: float = 0.0
    until: float = 0.0
    failures: int = 0
    code: str = ""
    told: bool = False
    circumstances: str = ""
    begun_at: float = 0.0

    def begun(self, now: float) -> Waiting:
        """The same while the provider is being asked."""
        return replace(self, begun_at=now)

    def after_success(self, now: float, circumstances: str) -> Waiting:
        """An answer with a plan: nothing to wait for but the interval."""
        return Waiting(asked_at=now, circumstances=circumstances)

    def after_failure(self, failure: Failure, now: float, *, chance: float) -> Waiting:
        """The wait after one more failure. `chance`, 0 to 1, spreads many machines' tries by a tenth both ways."""
        failures, told = self.failures + 1, bool(failure.retry_after)
        if failure.retry_after:
            wait = min(failure.retry_after, LONGEST_RETRY_AFTER)
        elif failure.code in SETTLED:
            wait = SETTLED_WAIT
        else:
            wait = min(FIRST_WAIT * 2.0 ** min(failures - 1, 10), LONGEST_WAIT / 1.1) * (0.9 + chance / 5)
        return Waiting(now, now + wait, failures, failure.code, told, failure.circumstances)

    def not_before(self, circumstances: str) -> float:
        """When a refresh that nobody asked for by hand may ask again; 0 for at any time."""
        killed = self.begun_at + FIRST_WAIT if self.begun_at else 0.0
        if self.code in SETTLED and not self.told and circumstances != self.circumstances:
            return killed
        soon_again = self.asked_at + FIRST_WAIT if self.told and self.failures > 1 else 0.0
        return max(self.until, killed, soon_again)

    def holds_by_hand(self, now: float) -> bool:
        """Whether one that a user asked for has to wait: for the provider's own word; and two at once are one."""
        return now - self.asked_at < TWO_ARE_ONE or (self.told and now < self.until)

    def by_clock(self, now: float) -> Waiting:
        """The same for a clock that may have been set back: times that lie in the future then say nothing.

        But what the provider asked for counts anew from now on.
        """
        begun_at = self.begun_at if self.begun_at <= now + CLOCK_SLACK else 0.0
        if self.asked_at <= now + CLOCK_SLACK:
            return replace(self, begun_at=begun_at)
        until = now + self.until - self.asked_at if self.told else 0.0
        return replace(self, asked_at=now if self.told else 0.0, until=until, begun_at=begun_at)


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
    return found if _is_good(found) else Waiting()


def _is_good(found: Waiting) -> bool:
    kinds = {name: type(value) for name, value in asdict(Waiting()).items()}
    if not all(type(value) is kinds[name] for name, value in asdict(found).items()):
        return False
    times_are_good = all(map(math.isfinite, (found.asked_at, found.until, found.begun_at)))
    return times_are_good and found.until - found.asked_at <= LONGEST_RETRY_AFTER + 1 and 0 <= found.failures < 1e6
