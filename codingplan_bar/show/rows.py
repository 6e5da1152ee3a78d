"""One window as a bar shows it: its facts at a time of day, and each of them in words."""

from __future__ import annotations

from codingplan_bar.show import pace, phrases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SECONDS = {"five_hour": 300 * 60, "weekly": 10_080 * 60, "monthly": 43_200 * 60}
UNKNOWN = "?"


class Row:
    """A window: `percent` is the used share, 0 to 100, or None where the number is too old to be known.

    A number is good until its window has been reset; where no reset is named, for as long as the window is.
    `full_at` is when the window is full at the present pace (see `pace`), None until `foretell` was called.
    """

    def __init__(self, name: str, facts: Mapping[str, str], now: float, words: Mapping[str, str]) -> None:
        """Read the fact `window.NAME`: `used total resets_at`, the last `-` where there is none."""
        used, total, resets = facts["window." + name].split(" ")
        self.name = name
        self.now = now
        self.words = words
        self.remaining = facts["show"] == "remaining"
        self.used, self.total = max(float(used), 0), float(total)
        self.resets_at = None if resets == "-" else int(resets)
        self.ends = self.resets_at or int(facts["fetched_at"]) + SECONDS[name]
        self.since = self.ends if now >= self.ends else None
        self.percent = None if self.since else min(self.used, self.total) / self.total * 100
        self.start = facts.get("start." + name, "")
        self.flow = pace.Flow("")
        self.full_at: float | None = None
        self.is_fresh = False

    def foretell(self, facts: Mapping[str, str]) -> None:
        """From now on tell the pace: to be called where the numbers are fresh, and only there."""
        self.is_fresh = True
        self.flow = pace.Flow(facts.get("flow." + self.name, ""))
        self.full_at = pace.of(self, facts)

    def value(self, name: str) -> str:
        """One fact in words; `?` where it is too old to be known. Raises KeyError for a fact that there is not."""
        field, _, argument = name.partition(":")
        if field == "bar":
            return self.bar(argument)
        if self.since and name in _NUMBERS:
            return UNKNOWN
        return _FACTS[name](self)

    @property
    def share(self) -> str:
        """The percentage that the user wants to see, and which of the two it is where it counts down."""
        percent = self.value("percent")
        return self.words["left_share"].format(percent) if self.remaining and not self.since else percent

    @property
    def shown_percent(self) -> float:
        """What the percentage counts: the used, or the remaining share."""
        used = self.percent or 0
        return 100 - used if self.remaining else used

    @property
    def left(self) -> float:
        """How many requests are left."""
        return max(self.total - self.used, 0)

    @property
    def is_used_up(self) -> bool:
        """Whether it is known that nothing is left."""
        return self.percent is not None and self.used >= self.total

    @property
    def runs_out(self) -> float | None:
        """When it is full, where that is before its reset; None where it lasts, is used up, or nothing can be said."""
        before = self.full_at is not None and self.full_at < (self.resets_at or pace.NEVER)
        return max(self.full_at or 0, self.now) if before and not self.is_used_up else None

    @property
    def free_at(self) -> float:
        """When something of it is free again: at its reset; where it slides, when the next requests fall out."""
        return self.resets_at or self.flow.falls_at or self.ends

    @property
    def outlook(self) -> str:
        """What comes of it at the present pace: used_up, runs_out, lasts; empty where nothing can be said."""
        if self.is_used_up:
            return "used_up" if self.is_fresh else ""
        if self.full_at is None:
            return ""
        return "lasts" if self.runs_out is None else "runs_out"

    def pace(self) -> str:
        """The same in words, with when it runs out, and how long before its reset."""
        if self.runs_out is None:
            return self.words.get(self.outlook, "")
        key = "runs_out_at" if phrases.is_near(self.runs_out, self.now) else "runs_out_on"
        told = self.words[key].format(self.foreseen())
        return self.words["before_reset"].format(told, self.early()) if self.resets_at else told

    def foreseen(self) -> str:
        """When it runs out, as exactly as a forecast can be; empty where it does not."""
        return "" if self.runs_out is None else phrases.foreseen(self.runs_out, self.now, self.words)

    def runs_out_in(self) -> str:
        """How long until it runs out; empty where it does not."""
        return "" if self.runs_out is None else phrases.duration(self.runs_out - self.now, self.words)

    def early(self) -> str:
        """How long before its reset it runs out; empty where it does not, or has none."""
        if self.runs_out is None or not self.resets_at:
            return ""
        return phrases.duration(self.resets_at - self.runs_out, self.words)

    def elapsed(self) -> str:
        """How much of a fixed window's time is over, as a percentage; empty where that is not known."""
        if not self.start or not self.resets_at or not int(self.start) <= self.now < self.resets_at:
            return ""
        return phrases.percent((self.now - int(self.start)) / (self.resets_at - int(self.start)) * 100)

    def frees(self) -> str:
        """When how many requests fall out of a sliding window next; empty where that is not known."""
        if not self.flow.falls or not self.flow.falls_at or self.flow.falls_at <= self.now or self.resets_at:
            return ""
        time = phrases.clock(self.flow.falls_at, self.now, self.words)
        return self.words["frees"].format(count=phrases.count(self.flow.falls), time=time)

    def bar(self, cells: str = "") -> str:
        """As many cells as asked for, 1 to 40, ten where that is no number; dots where nothing is known."""
        number = min(max(int(cells), 1), 40) if cells.isascii() and cells.isdigit() and len(cells) < 4 else 10
        return phrases.unknown_bar(number) if self.since else phrases.bar(self.shown_percent / 100, number)

    def reset(self) -> str:
        """When the window is reset, or since when its number is not known."""
        if self.since:
            return self.words["unknown_since"].format(phrases.clock(self.since, self.now, self.words))
        if self.resets_at:
            return self.words["resets"].format(self.reset_in(), self.reset_at())
        return self.frees() or (self.words["rolling"] if self.name == "five_hour" and self.used else "")

    def reset_in(self) -> str:
        """How long until the reset; empty where it has none."""
        return phrases.duration(self.resets_at - self.now, self.words) if self.resets_at else ""

    def reset_at(self) -> str:
        """When the reset is; empty where it has none."""
        return phrases.clock(self.resets_at, self.now, self.words) if self.resets_at else ""

    def left_of(self) -> str:
        """How many requests are left of how many."""
        return self.words["left_of"].format(phrases.count(self.left), phrases.count(self.total))


def is_fact(name: str) -> bool:
    """Whether a window has a fact of that name."""
    return name in _FACTS or name.partition(":")[0] == "bar"


_NUMBERS = {"share", "used", "left", "left_of", "percent", "used_percent", "left_percent", "reset_in", "reset_at"}
_FACTS: dict[str, Callable[[Row], str]] = {
    "label": lambda row: row.words[row.name],
    "short": lambda row: row.words[row.name + ".short"],
    "share": lambda row: row.share,
    "used": lambda row: phrases.count(row.used),
    "left": lambda row: phrases.count(row.left),
    "total": lambda row: phrases.count(row.total),
    "left_of": lambda row: row.left_of(),
    "percent": lambda row: phrases.percent(row.shown_percent),
    "used_percent": lambda row: phrases.percent(row.percent or 0),
    "left_percent": lambda row: phrases.percent(100 - (row.percent or 0)),
    "reset": lambda row: row.reset(),
    "reset_in": lambda row: row.reset_in(),
    "reset_at": lambda row: row.reset_at(),
    "elapsed": lambda row: row.elapsed(),
    "frees": lambda row: row.frees(),
    "pace": lambda row: row.pace(),
    "runs_out": lambda row: row.foreseen(),
    "runs_out_in": lambda row: row.runs_out_in(),
    "early": lambda row: row.early(),
}
