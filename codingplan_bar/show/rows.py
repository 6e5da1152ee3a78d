"""One window as a bar shows it: its facts at a time of day, and each of them in words."""

from __future__ import annotations

from codingplan_bar.show import phrases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SECONDS = {"five_hour": 300 * 60, "weekly": 10_080 * 60, "monthly": 43_200 * 60}
UNKNOWN = "?"


class Row:
    """A window: `percent` is the used share, 0 to 100, or None where the number is too old to be known.

    A number is good until its window has been reset; where no reset is named, for as long as the window is.
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
        ended = self.resets_at or int(facts["fetched_at"]) + SECONDS[name]
        self.since = ended if now >= ended else None
        self.percent = None if self.since else min(self.used, self.total) / self.total * 100

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
        return self.words["rolling"] if self.name == "five_hour" else ""

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
}
