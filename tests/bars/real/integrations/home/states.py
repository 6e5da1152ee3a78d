"""A life of a bar: each state that there is, how the provider brings it about, and what is shown then."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codingplan_bar.demo import moods
from codingplan_bar.demo.usage import Usage

if TYPE_CHECKING:
    from codingplan_bar.demo.wire import AnswerQuota
    from home.home import Home

DASHBOARD = "https://modelstudio.console.alibabacloud.com/ap-southeast-1/?tab=globalset#/efm/coding_plan"
LASTING = Usage(resets_in=16 * 3_600)
"""A plan of which no window runs out before its reset, on whatever day the test runs."""
NUMBERS = "5h 21% · wk 32% · mo 68%"


class Moment(NamedTuple):
    """A state, the mood of the console that leads to it, the text, the short text, and the binding window."""

    state: str
    mood: AnswerQuota
    text: str
    short: str
    binding: str = ""

    def come(self, home: Home) -> None:
        """Have it happen: an error is all that is known only where nothing was known before."""
        if self.state == "error":
            home.forget()
        home.fetch(self.mood)

    @property
    def classes(self) -> list[str]:
        """The CSS classes that it has in waybar."""
        return ["codingplan", self.state, *([self.binding] if self.binding else [])]


OK = Moment("ok", moods.counters(LASTING), NUMBERS, "mo 68%", "monthly")
WARNING = Moment(
    "warning", moods.counters(LASTING, weekly=(40_000, 45_000)), "! 5h 21% · wk 89% · mo 68%", "! wk 89%", "weekly"
)
CRITICAL = Moment(
    "critical",
    moods.counters(LASTING, five_hour=(6_000, 6_000)),
    "!! 5h 100% · wk 32% · mo 68%",
    "!! 5h 100%",
    "five_hour",
)
ACTIVE = Moment(
    "active",
    moods.counters(five_hour=None, weekly=None, monthly=None),
    "Coding Plan Pro active",
    "Coding Plan Pro active",
)
STALE = Moment("stale", moods.server_error(), f"~ {NUMBERS} (just now)", "~ mo 68% (just now)", "monthly")
SIGNED_OUT = Moment(
    "signed_out",
    moods.signed_out(),
    f"? {NUMBERS} · sign in (just now)",
    "? mo 68% · sign in (just now)",
    "monthly",
)
ERROR = Moment("error", moods.no_plan(), "x no plan", "x no plan")
LIFE = (WARNING, CRITICAL, ACTIVE, OK, STALE, SIGNED_OUT, ERROR, OK)

WORST = moods.counters(plan="Coding Plan Professional", five_hour=(6_000, 6_000), weekly=(45_000, 45_000))
"""The longest numbers, with the longest name that is shown whole."""
FORMATS = [
    f'format = "{preset}"\nlanguage = "{language}"\n'
    for preset in ("minimal", "compact", "full", "bars")
    for language in ("en", "zh")
]
COLORS = {
    "warning": "#f2c230",
    "critical": "#f47c58",
    "stale": "#8f8f8f",
    "error": "#c965ff",
    "signed_out": "#6fa8dc",
}
"""The colour of the text on a dark ground, where a state has one."""
