"""A life of a bar: each state, how the provider brings it about, what is shown, and the steps of all bars."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, NamedTuple

from support.console import moods
from support.machine import need, until
from support.realbars.bar import Raw

from codingplan_bar.demo_provider import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from support.console.answers import AnswerQuota
    from support.showroom.home import Home


DASHBOARD = "https://modelstudio.console.alibabacloud.com/ap-southeast-1/?tab=globalset#/efm/coding_plan"
LASTING = Usage(resets_in=16 * 3_600)
"""A plan of which no window runs out before its reset, on whatever day the test runs."""
NUMBERS = "5h 21% · wk 32% · mo 68%"


SIGNS = {"warning": "!", "critical": "×"}
"""In front of the window that worries, in these moments."""


def _span(text: str, state: str) -> str:
    """How a piece is drawn where there is Pango markup: what is critical as a chip."""
    if not state:
        return text
    if state == "critical":
        return f"<span background='{COLORS[state]}' color='#000000' weight='bold'>\u00a0{text}\u00a0</span>"
    return f"<span color='{COLORS[state]}' {SLANT if state == 'stale' else 'weight=' + repr('bold')}>{text}</span>"


SLANT = "style='italic'"


class Moment(NamedTuple):
    """A state, the mood of the console that leads to it, the text, the short text, and the binding window.

    Last, what else is true of it, as a class.
    """

    state: str
    mood: AnswerQuota
    text: str
    short: str
    binding: str = ""
    more: str = ""

    def come(self, home: Home) -> None:
        """Have it happen: an error is all that is known only where nothing was known before."""
        if self.state == "error":
            home.forget()
        home.fetch(self.mood)

    @property
    def classes(self) -> list[str]:
        """The CSS classes that it has in waybar."""
        return ["codingplan", self.state, *filter(None, (self.binding, self.more))]

    def parts(self, text: str = "") -> list[tuple[str, str]]:
        """The text, or another of the same state, in pieces: each with the state whose colour it has, if any."""
        text = text or self.text
        if self.state in {"ok", "active"}:
            return [(text, "")]
        if self.state == "signed_out" and " · sign in" in text:
            return [(text.removesuffix(" · sign in"), "stale"), (" · ", ""), ("sign in", "signed_out")]
        sign = SIGNS.get(self.state)
        if not sign:
            return [(text, self.state)]
        windows = text.split(" · ")
        parts = [(window, self.state if window.startswith(sign) else "") for window in windows]
        return [piece for part in parts for piece in ((" · ", ""), part)][1:]

    def markup(self, text: str = "") -> Raw:
        """The same as Pango markup."""
        return Raw("".join(_span(text, state) for text, state in self.parts(text)))


OK = Moment("ok", moods.counters(LASTING), NUMBERS, "mo 68%", "monthly")
WARNING = Moment(
    "warning", moods.counters(LASTING, weekly=(40_000, 45_000)), "5h 21% · ! wk 89% · mo 68%", "! wk 89%", "weekly"
)
CRITICAL = Moment(
    "critical",
    moods.counters(LASTING, five_hour=(6_000, 6_000)),
    "× 5h 100% · wk 32% · mo 68%",
    "× 5h 100%",
    "five_hour",
    "used_up",
)
ACTIVE = Moment(
    "active",
    moods.counters(five_hour=None, weekly=None, monthly=None),
    "Coding Plan Pro active",
    "Coding Plan Pro active",
)
SIGNED_OUT = Moment(
    "signed_out",
    moods.signed_out(),
    f"? {NUMBERS} (just now) · sign in",
    "? mo 68% (just now) · sign in",
    "monthly",
)
ERROR = Moment("error", moods.no_plan(), "x no plan", "x no plan")
LIFE = (WARNING, CRITICAL, ACTIVE, OK, SIGNED_OUT, ERROR, OK)

WORST = moods.counters(plan="Coding Plan Professional", five_hour=(6_000, 6_000), weekly=(45_000, 45_000))
"""The longest numbers, with the longest name that is shown whole."""
FORMATS = [
    f'format = "{preset}"\nlanguage = "{language}"\n'
    for preset in ("minimal", "compact", "full", "bars")
    for language in ("en", "zh")
]
COLORS = {
    "runs_out": "#f2b83a",
    "warning": "#f2b83a",
    "critical": "#f27d6c",
    "stale": "#9c9c9c",
    "error": "#cf9ad5",
    "signed_out": "#919dfe",
}
"""The colour of the text on a dark ground, where a state has one."""


def presets(home: Home, bar: str) -> Iterator[str]:
    """What the bar's command prints by each preset in both languages, each once it is set."""
    for settings in FORMATS:
        home.configure(settings)
        yield home.room.run("codingplan-bar", bar).decode().rstrip("\n")


def click(home: Home, bar: Any) -> None:
    """Open the console by a click, and ask it anew by another: its answer is WARNING."""
    bar.click("left")
    until(home.opened, "the browser")
    home.console.answer_quota = WARNING.mood
    home.rest()
    bar.click("right")


def replace_watcher(home: Home, bar: str) -> None:
    """Kill the bar's watcher, and wait for another."""
    (watcher,) = home.running(bar, "--watch")
    os.kill(watcher, signal.SIGKILL)
    until(lambda: set(home.running(bar, "--watch")) - {watcher}, "another watcher")


TERMINAL = '#!/bin/sh\nshift\nsleep 1000 | exec script --quiet --flush --command "$*" "$HOME/shown"\n'
"""A terminal without a window: what it shows is in a file."""


def set_up_for_the_page(home: Home, bar: str, config: str, text: str) -> Path:
    """Have `setup` put our module into that configuration, with a click that shows the page; the file's path."""
    need("script")
    home.room.environ["TERMINAL"] = str(home.room.script("terminal", TERMINAL))
    path = home.room.write(config, text)
    told = home.room.run("codingplan-bar", "setup", bar, "--write", "--click", "page").decode()
    assert "A click shows the page in terminal." in told
    home.fetch(OK.mood)
    return path


def click_for_the_page(home: Home, bar: Any) -> None:
    """Show the page by a click, and close it by another."""
    shown = home.room.folder / "shown"
    bar.click("left")
    until(lambda: shown.exists() and "q close" in shown.read_text("utf-8"), "the page")
    until(lambda: not home.running("status", "--window"), "the first click's end")
    assert home.running("status", "--watch", "--window")
    bar.click("left")
    until(lambda: not home.running("status", "--watch", "--window"), "the page's end")
