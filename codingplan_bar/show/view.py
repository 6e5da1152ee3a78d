"""Facts and the time of day to a view: which windows, how worried, how old, in which words.

Knows no bar's syntax and no clock. All that an adapter shows is an attribute of `View`.
"""

from __future__ import annotations

import sys

from codingplan_bar.show import phrases
from codingplan_bar.show.rows import SECONDS, Row
from codingplan_bar.show.signs import COLORS, SIGNS
from codingplan_bar.show.template import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROGRAM = (sys.executable, "-P", "-m", "codingplan_bar")
SIGNED_OUT = ("login_required", "missing_credentials", "invalid_cookie")
CLOCK_SLACK = 60


class View:
    """What is shown now. Every text is one line, cleaned, and not yet escaped for any bar.

    `state` is one of ok, warning, critical, active, stale, error, signed_out; `binding` the most used window that is
    known, or None; `age` in seconds.
    """

    def __init__(self, facts: Mapping[str, str], now: float, environ: Mapping[str, str]) -> None:
        """Decide the state and the binding window; the texts are made when they are asked for.

        `now` in seconds since 1970; of `environ` the locale counts, and what a bar says of itself.
        """
        self.facts = facts
        self.environ = environ
        self.words = phrases.words_for(facts["language"], environ)
        self.age = max(now - int(facts["fetched_at"]), 0)
        self.clock_went_back = now < int(facts["fetched_at"]) - CLOCK_SLACK
        self.answered = facts["status"] != "error"
        names = [name for name in facts["windows"].split(",") if "window." + name in facts]
        self.rows = [Row(name, facts, now, self.words) for name in names]
        known = [row for row in self.rows if row.percent is not None]
        self.binding = max(known, key=lambda row: row.percent or 0) if known else None
        self.state = self._state()
        self.dashboard = facts["dashboard"]
        self.program = PROGRAM
        self.document = facts["document"]

    @property
    def percentage(self) -> int | None:
        """The used share of the binding window, a whole number of 0 to 100; 100 is all of it."""
        return None if self.binding is None else phrases.whole_percent(self.binding.percent or 0)

    @property
    def sign(self) -> str:
        """The state as a sign."""
        return SIGNS[self.facts["icons"]].get(self.state, "")

    @property
    def color(self) -> str:
        """The state's colour on a dark ground, `#rrggbb`; empty: the bar's own."""
        return self.facts.get("color." + self.state) or COLORS.get(self.state, ("", ""))[0]

    @property
    def color_on_light(self) -> str:
        """The same on a light ground."""
        return self.facts.get("color." + self.state) or COLORS.get(self.state, ("", ""))[1]

    @property
    def text(self) -> str:
        """The line."""
        return self._framed(fill(self.facts["format"], self.value).replace("\n", " "))

    @property
    def short(self) -> str:
        """The line where there is little room."""
        return self._framed(self.binding.share if self.binding else "?")

    @property
    def title(self) -> str:
        """The plan and its state."""
        return f"{self.facts['plan'] or self.words['plan']} · {self.words[self.state]}"

    @property
    def table(self) -> list[list[str]]:
        """A row a window: its name, a bar, the share, what is left, when it resets."""
        return [
            [row.value("label"), row.value("bar"), row.share, row.value("left_of"), row.value("reset")]
            for row in self.rows
        ]

    @property
    def notes(self) -> list[str]:
        """What else a person should know, a line each: how old, from where, what went wrong, what to do."""
        facts = self.facts
        origin = (self._updated(), facts["source"], facts["region"], self.ends()) if self.answered else ()
        failed = self.words["failed"].format(facts["problem.message"]) if self.answered else facts["problem.message"]
        lines = (
            "" if self.rows or not self.answered else self.words["no_windows"],
            " · ".join(part for part in origin if part),
            failed if facts["problem.code"] else "",
            facts["problem.hint"],
        )
        return [line for line in lines if line]

    @property
    def tooltip(self) -> list[str]:
        """The lines of the tooltip: the user's template, or the title, the table and the notes."""
        if self.facts["tooltip_format"]:
            return fill(self.facts["tooltip_format"], self.value).split("\n")
        return [self.title, *aligned(self.table), *self.notes]

    def value(self, name: str) -> str:
        """What a placeholder stands for; empty where there is nothing to say. Raises KeyError for an unknown one."""
        window, dot, field = name.partition(".")
        if not dot:
            return _PLACEHOLDERS[name](self)
        if window == "binding":
            return self.binding.value(field) if self.binding else "?"
        if window not in SECONDS:
            raise KeyError(name)
        return next((row.value(field) for row in self.rows if row.name == window), "")

    def _state(self) -> str:
        code = self.facts["problem.code"]
        if code in SIGNED_OUT:
            return "signed_out"
        if not self.answered:
            return "error"
        old = self.age > 2 * float(self.facts["interval"]) or (bool(self.rows) and self.binding is None)
        return "stale" if code or old or self.clock_went_back else self._worry()

    def _worry(self) -> str:
        if self.binding is None:
            return "active"
        percent = self.binding.percent or 0
        if percent >= float(self.facts["critical"]):
            return "critical"
        return "warning" if percent >= float(self.facts["warning"]) else "ok"

    def _framed(self, body: str) -> str:
        """The line may be the user's own; that it is old, wrong or worrying is said whatever the user wrote."""
        if not self.rows:
            body = (
                f"{self.facts['plan']} {self.words['active']}"
                if self.answered
                else self.words[self.facts["problem.code"]]
            )
        elif self.state == "signed_out":
            body = f"{body} · {self.words['signed_out']}"
        if self.answered and self.state in {"stale", "signed_out"}:
            body = f"{body} ({self.ago()})"
        return f"{self.sign} {body}" if self.sign else body

    def windows(self) -> str:
        """Each window's short name and share, in one line."""
        shares = " · ".join(f"{row.value('short')} {row.value('percent')}" for row in self.rows)
        return f"{shares} {self.words['left']}" if self.facts["show"] == "remaining" else shares

    def bars(self) -> str:
        """The same, each with a small bar."""
        return "  ".join(f"{row.value('short')} {row.value('bar:5')} {row.value('percent')}" for row in self.rows)

    def _updated(self) -> str:
        return self.words["clock"] if self.clock_went_back else self.words["updated"].format(self.ago())

    def ago(self) -> str:
        """How long ago the numbers were asked for."""
        if self.age < 60:
            return self.words["now"]
        return self.words["ago"].format(phrases.duration(self.age, self.words))

    def ends(self) -> str:
        """When the plan ends; empty where that is not known."""
        ends = self.facts["expires_at"]
        return self.words["ends"].format(phrases.day(int(ends), self.words)) if ends else ""


_PLACEHOLDERS: dict[str, Callable[[View], str]] = {
    "plan": lambda view: view.facts["plan"],
    "source": lambda view: view.facts["source"],
    "region": lambda view: view.facts["region"],
    "message": lambda view: view.facts["problem.message"],
    "hint": lambda view: view.facts["problem.hint"],
    "windows": lambda view: view.windows(),
    "bars": lambda view: view.bars(),
    "age": lambda view: view.ago(),
    "expires": lambda view: view.ends(),
    "state": lambda view: view.state,
    "word": lambda view: view.words[view.state],
    "sign": lambda view: view.sign,
}


def aligned(table: list[list[str]]) -> list[str]:
    """The rows of a table as lines of one width a column, for a fixed-width font."""
    columns = [max(map(phrases.width, column)) for column in zip(*table, strict=True)]
    return ["  ".join(map(phrases.padded, row, columns)).rstrip() for row in table]
