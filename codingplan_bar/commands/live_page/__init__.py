"""`status --watch`: the page that stays. It sleeps until a file, a key, a signal or the time changes what is shown."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from codingplan_bar import bars, paths, process
from codingplan_bar.bars import watch
from codingplan_bar.bars.signs_and_colors import mark
from codingplan_bar.bars.start_refresh import BackgroundRefresher
from codingplan_bar.bars.view import PROGRAM, View
from codingplan_bar.bars.watch import LONGEST_SLEEP, NOT_AS_THEY_SHOULD_BE, Alarm, until_next_change
from codingplan_bar.commands import PLAN_VARIABLE, USAGE, output
from codingplan_bar.commands.clicks import only_one
from codingplan_bar.commands.history import DAYS, chart, of_one_plan, recorded
from codingplan_bar.commands.live_page import drawing
from codingplan_bar.commands.live_page.drawing import Foot, Size
from codingplan_bar.commands.live_page.screen import GONE, Screen, is_there
from codingplan_bar.plans import AUTO, PLANS, PlanKind
from codingplan_bar.refresh import plan_search
from codingplan_bar.refresh.store import Files
from codingplan_bar.settings.settings import of_user
from codingplan_bar.text import clean
from codingplan_bar.words import table

Facts: TypeAlias = Mapping[str, str]

NOTE_SECONDS = 6.0
"""How long a note stands in the place of the keys."""
LONGEST_NOTE = 400
HEARD_AT_ONCE = 4096


def stay(environ: Mapping[str, str] = os.environ, *, in_window: bool = False) -> int:
    """Show the page until it is closed, or its terminal is; 0, or 2 where there is no terminal to show it on.

    `in_window`: a click has opened the window. A second such page ends at once.
    """
    if not is_there(environ.get("TERM")):
        output.say(_words(output.language_of(environ))["no terminal"])
        return USAGE
    with only_one(environ) if in_window else contextlib.nullcontext() as own_file:
        if own_file or not in_window:
            _show_page(environ, own_file)
    return 0


def _show_page(environ: Mapping[str, str], own_file: Path | None) -> None:
    with contextlib.suppress(*GONE, SystemExit):
        alarm, screen = Alarm(output=1, keys=0), Screen()
        screen.lend(Page(environ, screen, alarm, own_file=own_file).run)


def _words(language: str) -> Mapping[str, str]:
    return table(language, "commands", "PAGE")


class LiveFacts:
    """What the bars read of one plan, and the refreshes that make it new."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """`environ` names the plan, where its owner has asked for one."""
        self.environ = environ
        self.known: Facts = {}
        self._folder = paths.working_folder(environ)
        self._refresher = BackgroundRefresher(environ)

    def files(self) -> list[str]:
        """The files that what is shown depends on."""
        return watch.files(self.environ, self.known)

    def look(self, now: float) -> float:
        """Read what is stored, start a refresh where it is old; gives the seconds until the next look."""
        fresh: Facts | None = bars.stored_facts(self._folder, self.environ)
        has_ended = self._refresher.has_ended()
        if fresh is None and (has_ended or not self.known):
            fresh = self._made()
        try:
            pause = self._after(fresh, now)
        except NOT_AS_THEY_SHOULD_BE:
            fresh = self._made()
            pause = self._after(fresh, now)
        self.known = self.known if fresh is None else fresh
        return pause

    def _after(self, fresh: Facts | None, now: float) -> float:
        if fresh is None:
            return self._refresher.ask(now)
        View(fresh, now, self.environ)  # raises for facts that another program has written
        changes = until_next_change(fresh, now)
        if bars.is_due(fresh, now):
            return min(changes, self._refresher.ask(now))
        self._refresher.helped()
        return changes

    def _made(self) -> Facts:
        """The facts made here, where no other process could keep them."""
        from codingplan_bar.commands.refresh import open_refresher  # what has no other way

        return open_refresher(self.environ).publish()


class KnownPlan(NamedTuple):
    """A plan that can be shown: what the setting `plan` is to say then, and its kind."""

    asked: str
    kind: PlanKind


class DrawnPast(NamedTuple):
    """The history as it was drawn: after which refresh, and for a terminal of which size."""

    known: Facts
    size: Size
    lines: list[str]


KEYS = {"r": "r", "o": "o", "Tab": "tab", "h": "h", "↑ ↓": "scroll", "?": "?", "Esc": "esc", "q": "q"}
"""The keys as they are written, in their order, each with the name of its words."""
ON_OTHER_PAGES = ("↑ ↓", "Esc")
"""Those that the foot of the first page does not name."""


class Page:
    """What is shown, and what each key does."""

    def __init__(
        self,
        environ: Mapping[str, str],
        screen: Screen,
        alarm: Alarm,
        clock: Callable[[], float] = time.time,
        own_file: Path | None = None,
    ) -> None:
        """Nothing is read or drawn yet. `own_file`: the page ends when that file is taken away."""
        self._own_file = own_file if own_file and os.path.exists(own_file) else None
        self._own = self._environ = dict(environ)
        self._screen, self._alarm, self._clock = screen, alarm, clock
        self._stored = LiveFacts(self._environ)
        self._plans: list[KnownPlan] = []
        self._is_done = False
        self._shown, self._offset, self._last = "now", 0, 0
        self._note, self._note_until = "", 0.0
        self._errands: dict[int, str] = {}
        self._busy = ""
        self._past: DrawnPast | None = None

    def run(self) -> None:
        """Show the page until it is closed. Raises one of `GONE`, or SystemExit at a signal."""
        if not {"COLORFGBG", "NO_COLOR"} & self._own.keys():
            self._screen.ask_ground(self._own.get("TERM", ""))
        while not (self._is_done or self._alarm.ended):
            time.tzset()  # the user may have travelled
            now = self._clock()
            own = [str(self._own_file)] if self._own_file else []
            self._alarm.watch([*self._stored.files(), *own])
            if self._own_file and not os.path.exists(self._own_file):
                return
            pause = min(self._stored.look(now), LONGEST_SLEEP)
            self._find_plans()
            self._show(now)
            left = self._note_until - now if self._note else pause
            self._alarm.sleep(max(min(pause, left), 0.0))
            if self._alarm.typed:
                for key in self._screen.pressed():
                    self._press(key)
            self._listen()

    def _show(self, now: float) -> None:
        view = View(self._stored.known, now, self._environ)
        words, size = _words(view.words["language"]), self._screen.size
        if now >= self._note_until:
            self._note = ""
        body = self._body(view, size, self._foot(words), words)
        for _ in range(2):  # the foot names the arrows where it leaves too few rows for the body
            below = drawing.footer(self._foot(words), size)
            room = max(size.rows - len(below), 1)
            self._last = max(len(body) - room, 0)
        self._offset = min(self._offset, self._last)
        shown = [*body[self._offset : self._offset + room], *below]
        self._screen.draw([drawing.painted(view, line, size, self._screen.ground) for line in shown], size)

    def _body(self, view: View, size: Size, foot: Foot, words: Mapping[str, str]) -> list[str]:
        if self._shown == "keys":
            pairs = [(key, words["help." + name]) for key, name in self._keys().items()]
            return [mark(words["keys"], "strong"), "", *drawing.table(pairs, size)]
        return self._chart(size, words) if self._shown == "history" else drawing.lines(view, size, foot, words)

    def _chart(self, size: Size, words: Mapping[str, str]) -> list[str]:
        """The history as `history` draws it, read again after each refresh."""
        if self._past and self._past.known is self._stored.known and self._past.size == size:
            return self._past.lines
        span = recorded(DAYS, self._environ)
        canvas = chart.Chart(size.inner, span.begin, span.end, span.bars_words)
        lines = drawing.past(chart.series(of_one_plan(span.entries, self._environ)), canvas, size, words)
        self._past = DrawnPast(self._stored.known, size, lines)
        return lines

    def _keys(self) -> dict[str, str]:
        """The keys that do something now; Tab does where there is more than one plan."""
        return {key: name for key, name in KEYS.items() if key != "Tab" or len(self._plans) > 1}

    def _foot(self, words: Mapping[str, str]) -> Foot:
        note = words.get(self._busy, self._note)
        if self._shown == "now":
            keys = [(key, words[name]) for key, name in self._keys().items() if key not in ON_OTHER_PAGES]
            return Foot(keys, ("o", "h", "Tab", "r", "?"), note)
        keys = [("Esc", words["back"]), ("q", words["q"])]
        if self._last:
            keys.insert(0, ("↑ ↓", words["help.scroll"]))
        return Foot(keys, ("↑ ↓",), note)

    def _press(self, key: str) -> None:
        does: dict[str, Callable[[], None]] = {
            "q": self._close,
            "esc": self._close if self._shown == "now" else partial(self._turn_to, "now"),
            "r": partial(self._run, "refresh", "asking"),
            "o": partial(self._run, "open", "opening"),
            "h": partial(self._turn_to, "history"),
            "?": partial(self._turn_to, "keys"),
            "tab": self._next_plan,
            **{key: partial(self._scroll, rows) for key, rows in SCROLLS.items()},
        }
        self._note = ""
        if key in does:
            does[key]()

    def _close(self) -> None:
        self._is_done = True

    def _turn_to(self, page: str) -> None:
        self._shown, self._offset, self._past = ("now" if page == self._shown else page), 0, None

    def _scroll(self, rows: int) -> None:
        self._offset = min(max(self._offset + rows, 0), self._last)

    def _find_plans(self) -> None:
        """The plans that are known, each by what the setting `plan` is to say and its kind: the owner's own first."""
        own = of_user(self._own).plan
        files = Files(self._own, own)
        shown = files.shown_kind() if own == AUTO else own
        self._plans = []
        if shown:
            self._plans = [KnownPlan(own, shown), *(KnownPlan(kind, kind) for kind in plan_search.others(files, shown))]

    def _next_plan(self) -> None:
        """Show the next one, by the variable that `--plan` stands for."""
        if len(self._plans) < 2:
            return
        own = self._plans[0].asked
        now = self._environ.get(PLAN_VARIABLE, own)
        place = next((place for place, plan in enumerate(self._plans) if plan.asked == now), 0)
        following = self._plans[(place + 1) % len(self._plans)]
        self._environ = self._own if following.asked == own else {**self._own, PLAN_VARIABLE: following.asked}
        self._stored, self._past, self._offset = LiveFacts(self._environ), None, 0
        self._tell(PLANS[following.kind].title)

    # What is done by a process of its own: the same command that a click in a bar runs.

    def _run(self, command: str, note: str) -> None:
        if self._busy:
            return
        heard = process.overheard([*PROGRAM, command], self._environ)
        if heard is None:
            self._tell(_words(output.language_of(self._environ))["failed"])
            return
        self._busy, self._errands[heard] = note, ""

    def _listen(self) -> None:
        """Take what they say; at their end it is the note, without the program's name in front."""
        for heard in list(self._errands):
            with contextlib.suppress(BlockingIOError):
                while piece := os.read(heard, HEARD_AT_ONCE):
                    self._errands[heard] = (self._errands[heard] + piece.decode("utf-8", "replace"))[-HEARD_AT_ONCE:]
                os.close(heard)
                self._busy = ""
                said = self._errands.pop(heard).replace(f"{output.NAME}: ", "")
                self._tell(clean(said, LONGEST_NOTE) if said.strip() else "")

    def _tell(self, note: str) -> None:
        self._note, self._note_until = note, self._clock() + NOTE_SECONDS


SCROLLS = {"down": 1, "j": 1, "up": -1, "k": -1, "page down": 10, " ": 10, "page up": -10}
"""Which keys scroll, and by how many rows."""
