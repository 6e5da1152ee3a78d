"""Facts and the time of day to a view: which windows, how worried, how old, in which words.

Knows no bar's syntax and no clock. All that an adapter shows is an attribute of `View`. What stands below the line,
in a tooltip or a menu, is composed in `tooltip`, which a bar without one never imports.
"""

from __future__ import annotations

import sys

from codingplan_bar.show import pace, phrases, placeholders
from codingplan_bar.show.rows import SECONDS, Row, is_fact
from codingplan_bar.show.states import COLORS, SIGNS, is_fresh, state_of
from codingplan_bar.show.template import fill, mentions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = (sys.executable, "-P", "-m", "codingplan_bar")
CLOCK_SLACK = 60


class View:
    """What is shown now. Every text is one line, cleaned, and not yet escaped for any bar.

    `state` is one of ok, warning, critical, active, stale, error, signed_out; it, the sign, the colour and the
    percentage are those of the `most_used` window. `binding` is the one that stops its owner first (see `pace`): the
    short line names it. Each is None where no number is known. `age` is in seconds, None where the clock went back.
    """

    def __init__(self, facts: Mapping[str, str], now: float, environ: Mapping[str, str]) -> None:
        """Decide the state and the binding window; the texts are made when they are asked for.

        `now` in seconds since 1970; of `environ` the locale counts, and what a bar says of itself.
        """
        self.facts: Mapping[str, str] = facts
        self.now = now
        self.environ = environ
        self.words: Mapping[str, str] = phrases.words_for(facts["language"], environ)
        age = now - int(facts["fetched_at"])
        self.age = max(age, 0) if age >= -CLOCK_SLACK else None
        self.answered = facts["status"] != "error"
        self.rows = [Row(name, facts, now, self.words) for name in _shown_windows(facts)]
        self.is_fresh = self.answered and is_fresh(facts, self.age)
        for row in self.rows if self.is_fresh else ():
            row.foretell(facts)
        self.binding = pace.binding(self.rows)
        self.most_used = pace.most_used(self.rows)
        percent = self.most_used.percent if self.most_used else None
        self.state: str = state_of(facts, self.age, counted=bool(self.rows), percent=percent)
        self.dashboard = facts["dashboard"]
        self.program = PROGRAM
        self.document = facts["document"]

    @property
    def percentage(self) -> int | None:
        """The used share of the most used window, a whole number of 0 to 100; 100 is all of it."""
        return None if self.most_used is None else phrases.whole_percent(self.most_used.percent or 0)

    @property
    def sign(self) -> str:
        """The state as a sign."""
        return SIGNS[self.facts["icons"]].get(self.state, "")

    @property
    def color(self) -> str:
        """The state's colour on a dark ground, `#rrggbb`; empty: the bar's own."""
        return self.color_of(self.state)

    @property
    def color_on_light(self) -> str:
        """The same on a light ground."""
        return self.color_of(self.state, on_light=True)

    def color_of(self, state: str, *, on_light: bool = False) -> str:
        """Any state's colour: the user's, else ours."""
        return self.facts.get("color." + state) or COLORS.get(state, ("", ""))[on_light]

    @property
    def text(self) -> str:
        """The line: the user's template, or where that leaves nothing to see, all windows."""
        body = fill(self.facts["format"], self.value).replace("\n", " ")
        has_sign = bool(self.rows) and mentions(self.facts["format"], "sign") and self.sign in body
        return self._framed(body if body.strip() else placeholders.windows(self), has_sign=has_sign)

    @property
    def short(self) -> str:
        """The line where there is little room."""
        return self._framed(placeholders.brief(self))

    @property
    def title(self) -> str:
        """The plan and its state."""
        return f"{self.plan} · {self.words[self.state]}"

    @property
    def plan(self) -> str:
        """The plan's name, or what all of them are called."""
        return self.facts["plan"] or self.words["plan"]

    @property
    def table(self) -> list[list[str]]:
        """A row a window: its name, a bar, the share, what is left, when it resets."""
        return [[row.value(fact) for fact in ("label", "bar", "share", "left_of", "reset")] for row in self.rows]

    @property
    def notes(self) -> list[str]:
        """What else a person should know, a line each: what stops them first, how old, what went wrong, what to do."""
        from codingplan_bar.show import tooltip

        return tooltip.notes(self)

    @property
    def tooltip(self) -> list[str]:
        """The lines of the tooltip: the user's template, or the title, the windows and the notes."""
        from codingplan_bar.show import tooltip

        return tooltip.lines(self)

    @property
    def problem(self) -> tuple[str, str]:
        """What went wrong and what to do, in the user's language; both empty where nothing did."""
        code, message, hint = (self.facts["problem." + fact] for fact in ("code", "message", "hint"))
        if not code or (message and self.words["language"] == "en"):
            return message, hint
        from codingplan_bar.show import faults

        return faults.told(code, message, hint, self.words)

    def value(self, name: str) -> str:
        """What a placeholder stands for; empty where there is nothing to say. Raises KeyError for an unknown one."""
        window, dot, fact = name.partition(".")
        if not dot:
            return placeholders.value(self, name)
        if window not in {*SECONDS, "binding"} or not is_fact(fact):
            raise KeyError(name)
        row = self.row(window)
        return row.value(fact) if row else ""

    def row(self, window: str) -> Row | None:
        """The row of that name; where none is known, the first one is binding, and says since when it is not."""
        named = (row for row in self.rows if window in {row.name, "binding"})
        return self.binding if self.binding and window == "binding" else next(named, None)

    def ago(self) -> str:
        """How long ago the numbers were asked for, or why that is not known."""
        if self.age is None:
            return self.words["clock"]
        if self.age < 60:
            return self.words["now"]
        return self.words["ago"].format(phrases.duration(self.age, self.words))

    def ends(self) -> str:
        """When the plan ends, or has ended; empty where that is not known."""
        if not self.facts["expires_at"]:
            return ""
        ends = int(self.facts["expires_at"])
        return self.words["ends" if ends > self.now else "ended"].format(phrases.day(ends, self.now, self.words))

    def _framed(self, body: str, *, has_sign: bool = False) -> str:
        """The line may be the user's own; that it is old, wrong or worrying is said whatever the user wrote."""
        if not self.rows and self.answered:
            body = f"{self.plan} {self.words['active']}"
        elif not self.rows:
            body = self.words.get(self.facts["problem.code"], self.words["error"])
        if self.answered and self.state == "signed_out":
            body = f"{body} · {self.words['signed_out']}"
        if self.answered and self.state in {"stale", "signed_out"}:
            body = self.words["dated"].format(body, self.ago())
        return f"{self.sign} {body}" if self.sign and not has_sign else body


def _shown_windows(facts: Mapping[str, str]) -> list[str]:
    """The windows that the user wants to see and the provider gave; all that it gave, where that leaves none."""
    given = [name for name in SECONDS if "window." + name in facts]
    return [name for name in facts["windows"].split(",") if name in given] or given
