"""What a watcher does each time that it wakes: look, print what is new, ask for what is old."""

from __future__ import annotations

import time

from codingplan_bar import places, show
from codingplan_bar.show.pace import Flow
from codingplan_bar.show.refresher import Refresher, spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SLEEP = 60.0
ONCE_MORE = {"tmux": 1.1, "polybar": 1.1}
"""Seconds after which a bar is told a line again.

tmux draws none of a job's first second, and one a second then. polybar 3.6 draws the first of two lines that it has
read at once, and the second with the next that comes.
"""
NEVER = float("inf")
NOT_AS_THEY_SHOULD_BE = (ArithmeticError, LookupError, ValueError)
"""What facts raise that another program has written."""


class Watcher:
    """What one watcher remembers between two looks: the facts, and what it printed of them."""

    def __init__(self, bar: str, environ: Mapping[str, str], refresher: Refresher | None = None) -> None:
        """Nothing is read or printed yet."""
        self.bar = bar
        self.environ = environ
        self.known: Mapping[str, str] | None = None
        self._refresher = refresher or Refresher(environ)
        self._printed = ""
        self._good_from = self._good_until = 0.0
        self._once_more_at = NEVER

    def files(self) -> list[str]:
        """The files that what is shown depends on."""
        folder = places.working_folder(self.environ)
        return [*show.inputs(folder, self.environ), show.facts_file(folder, self.environ)]

    def step(self, now: float, *, again: bool = False) -> float:
        """Look once, print what is new (`again`: in any case); gives the seconds until the next look.

        `now` in seconds since 1970. Raises OSError where nobody reads.
        """
        time.tzset()  # the user may have travelled
        again = again or now >= self._once_more_at
        folder = places.working_folder(self.environ)
        fresh = show.stored_facts(folder, self.environ)
        if fresh is not None and not self._show(fresh, now, again=again):
            fresh = None
        if fresh is None and self.known is not None:
            self._show(self.known, now, again=again)
        pause = self._after(fresh, now)
        pause = min(pause, self._once_more_at - now, LONGEST_SLEEP)
        return min(pause, self._good_until - now) if self.known else pause

    def _after(self, fresh: Mapping[str, str] | None, now: float) -> float:
        """Ask for a refresh where one is due; gives the seconds until that is to be thought of again."""
        if self._refresher.has_ended() and self.known is None:
            self._have_it_printed()
        if fresh is not None and not show.is_due(fresh, now):
            self._refresher.helped()
            return LONGEST_SLEEP
        return self._refresher.ask(now)

    def _show(self, facts: Mapping[str, str], now: float, *, again: bool) -> bool:
        """Print what these facts are shown as; false where they are not as they should be."""
        if facts == self.known and self._good_from <= now < self._good_until and not again:
            return True
        try:
            text = show.render(self.bar, facts, now, self.environ)
            changes = until_next_change(facts, now)
        except NOT_AS_THEY_SHOULD_BE:
            return False
        self.known, self._good_from, self._good_until = facts, now, now + changes
        if text != self._printed or again:
            show.write(show.streamed(self.bar, text))
            self._once_more_at = NEVER if text == self._printed else now + ONCE_MORE.get(self.bar, NEVER)
            self._printed = text
        return True

    def _have_it_printed(self) -> None:
        if beginning := show.streamed(self.bar, "").strip():
            show.write(beginning)
        spawn([self.bar], self.environ, prints=True)


def until_next_change(facts: Mapping[str, str], now: float) -> float:
    """Seconds until what is shown may change.

    That is where a minute of the age or of a time until a reset is over, what was foretold of the five hours is past,
    or a refresh is due. Raises ValueError or LookupError for facts that are not as they should be.
    """
    age, interval = now - int(facts["fetched_at"]), int(float(facts["interval"]))
    resets = [value.rpartition(" ")[2] for name, value in facts.items() if name.startswith("window.")]
    minutes = [60 - age % 60, *((int(reset) - now) % 60 for reset in resets if reset != "-")]
    flow = Flow(facts.get("flow.five_hour", ""))
    foretold = [instant - now for instant in (flow.falls_at, flow.full_at) if instant is not None]
    events = [2 * interval - age, int(facts["due"]) - now, int(facts["made_at"]) - now, *foretold]
    return min([*minutes, *(seconds for seconds in events if seconds >= 0), LONGEST_SLEEP]) + 0.05
