"""Facts and the time of day to a view: which windows, how worried, how old, in which words.

Knows no bar's syntax and no clock. All that an adapter shows is an attribute of `View`.
"""

from __future__ import annotations

import sys

from codingplan_bar.show import phrases
from codingplan_bar.show.rows import SECONDS, Row, is_fact
from codingplan_bar.show.states import COLORS, SIGNS, state_of
from codingplan_bar.show.template import fill, mentions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROGRAM = (sys.executable, "-P", "-m", "codingplan_bar")
CLOCK_SLACK = 60


class View:
    """What is shown now. Every text is one line, cleaned, and not yet escaped for any bar.

    `state` is one of ok, warning, critical, active, stale, error, signed_out; `binding` the most used window that is
    known, or None; `age` in seconds, None where the clock went back and nobody knows.
    """

    def __init__(self, facts: Mapping[str, str], now: float, environ: Mapping[str, str]) -> None:
        """Decide the state and the binding window; the texts are made when they are asked for.

        `now` in seconds since 1970; of `environ` the locale counts, and what a bar says of itself.
        """
        self.facts = facts
        self.now = now
        self.environ = environ
        self.words = phrases.words_for(facts["language"], environ)
        age = now - int(facts["fetched_at"])
        self.age = max(age, 0) if age >= -CLOCK_SLACK else None
        self.answered = facts["status"] != "error"
        self.rows = [Row(name, facts, now, self.words) for name in _shown_windows(facts)]
        known = [row for row in self.rows if row.percent is not None]
        self.binding = max(known, key=lambda row: row.percent or 0) if known else None
        percent = self.binding.percent if self.binding else None
        self.state = state_of(facts, self.age, counted=bool(self.rows), percent=percent)
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
        """The line: the user's template, or where that leaves nothing to see, all windows."""
        body = fill(self.facts["format"], self.value).replace("\n", " ")
        has_sign = bool(self.rows) and mentions(self.facts["format"], "sign") and self.sign in body
        return self._framed(body if body.strip() else self.windows(), has_sign=has_sign)

    @property
    def short(self) -> str:
        """The line where there is little room."""
        return self._framed(self.value("binding.share"))

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
        """What else a person should know, a line each: how old, from where, what went wrong, what to do."""
        facts = self.facts
        updated = self.ago() if self.age is None else self.words["updated"].format(self.ago())
        origin = (updated, facts["source"], facts["region"], self.ends()) if self.answered else ()
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
        window, dot, fact = name.partition(".")
        if not dot:
            return _PLACEHOLDERS[name](self)
        if window not in {*SECONDS, "binding"} or not is_fact(fact):
            raise KeyError(name)
        row = self._row(window)
        return row.value(fact) if row else ""

    def windows(self) -> str:
        """Each window's short name and share, in one line."""
        return self._listed(" · ", "short", "percent")

    def bars(self) -> str:
        """The same, each with a small bar."""
        return self._listed("  ", "short", "bar:5", "percent")

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

    def _row(self, window: str) -> Row | None:
        """The row of that name; where none is known, the first one is binding, and says since when it is not."""
        named = (row for row in self.rows if window in {row.name, "binding"})
        return self.binding if self.binding and window == "binding" else next(named, None)

    def _listed(self, gap: str, *facts: str) -> str:
        shares = gap.join(" ".join(map(row.value, facts)) for row in self.rows)
        return self.words["left_share"].format(shares) if self.facts["show"] == "remaining" else shares

    def _framed(self, body: str, *, has_sign: bool = False) -> str:
        """The line may be the user's own; that it is old, wrong or worrying is said whatever the user wrote."""
        if not self.rows and self.answered:
            body = f"{self.plan} {self.words['active']}"
        elif not self.rows:
            body = self.words.get(self.facts["problem.code"], self.words["error"])
        if self.answered and self.state == "signed_out":
            body = f"{body} · {self.words['signed_out']}"
        if self.answered and self.state in {"stale", "signed_out"}:
            body = f"{body} ({self.ago()})"
        return f"{self.sign} {body}" if self.sign and not has_sign else body


def aligned(table: list[list[str]]) -> list[str]:
    """The rows of a table as lines of one width a column, for a fixed-width font."""
    columns = [max(map(phrases.width, column)) for column in zip(*table, strict=True)]
    return ["  ".join(map(phrases.padded, row, columns)).rstrip() for row in table]


def _shown_windows(facts: Mapping[str, str]) -> list[str]:
    """The windows that the user wants to see and the provider gave; all that it gave, where that leaves none."""
    given = [name for name in SECONDS if "window." + name in facts]
    return [name for name in facts["windows"].split(",") if name in given] or given


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
