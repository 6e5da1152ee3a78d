"""When the provider is asked next: what the interval, a reset, a failure and a user's wish come to. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from codingplan_bar.fetch import waiting
from codingplan_bar.fetch.circumstances import who_asks
from codingplan_bar.fetch.waiting import Waiting
from codingplan_bar.model import Instant, Snapshot

Wanted = Literal["always", "by hand", "when due"]
"""How much a refresh is wanted: by `fetch`, by a user's click, by a bar whose numbers have grown old."""

SOONEST_AFTER_RESET = 5
LATEST_AFTER_RESET = 20


@dataclass(frozen=True, slots=True)
class Schedule:
    """What decides at one moment. `interval` in seconds, `now` in seconds since 1970; `shown` is the stored snapshot.

    `circumstances` is a fingerprint of what a failure depends on.
    """

    now: float
    interval: int
    shown: Snapshot | None
    patience: Waiting
    circumstances: str

    def is_wanted(self, wanted: Wanted) -> bool:
        """Whether the provider is asked now."""
        if wanted == "by hand":
            return not self.patience.holds_by_hand(self.now)
        return wanted == "always" or self.now >= max(self._due(), self.patience.not_before(self.circumstances))

    def next_look(self) -> Instant:
        """When the bars start the next refresh: to ask, or to see whether what a failure depended on has changed."""
        held = self.patience.not_before(self.circumstances)
        if self.patience.code in waiting.SETTLED:
            held = min(held, self.now + self.interval)
        return max(self._due(), math.ceil(held))

    def leaves_it_to_others(self, code: str) -> bool:
        """Whether a failure says nothing: a bar has no credentials in its environment, and another one's has them.

        Where that one does not ask for two intervals, the failure counts.
        """
        last, own = who_asks(self.patience.circumstances), who_asks(self.circumstances)
        others = not self.patience.code and last not in {"", own}
        return code == "missing_credentials" and others and self.now < self.patience.asked_at + 2 * self.interval

    def _due(self) -> Instant:
        """When the numbers are old; 0 for at once. A snapshot from the future is of a clock that was set back."""
        if self.shown is None or self.patience.code or self.shown.fetched_at > self.now + waiting.CLOCK_SLACK:
            return 0
        return due(self.shown, self.interval)


def due(shown: Snapshot, interval: int) -> Instant:
    """When a snapshot is to be asked for anew: after an interval, or just after a window's reset where that is sooner.

    The provider may be a few seconds behind, and all who have a plan are reset at once: so 5 to 20 s after it, which
    of them depends on when the snapshot was asked for.
    """
    spread = SOONEST_AFTER_RESET + shown.fetched_at % (LATEST_AFTER_RESET - SOONEST_AFTER_RESET)
    resets = [window.resets_at + spread for window in shown.windows if window.resets_at]
    return min([shown.fetched_at + interval, *(reset for reset in resets if reset > shown.fetched_at)])
