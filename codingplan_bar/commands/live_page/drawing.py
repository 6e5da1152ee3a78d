"""The page as lines of a terminal, as wide and as high as there is room. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from codingplan_bar.bars import phrases, tooltip
from codingplan_bar.bars.adapters.ansi import colors_of, foreground, has_light_ground, styled
from codingplan_bar.bars.phrases import padded, width
from codingplan_bar.bars.signs_and_colors import CALM, mark, pieces, unmarked
from codingplan_bar.bars.template import spark
from codingplan_bar.bars.view import View
from codingplan_bar.bars.windows import Row
from codingplan_bar.commands.history.chart import COLORS, Chart, Series
from codingplan_bar.commands.output import color_on, cut, is_readable, wrapped
from codingplan_bar.themes import OWN_LEAST, is_light, legible
from codingplan_bar.words import filled

DAY = 86_400
WIDEST = 72
"""Cells of a bar at most: a longer one says no more, and parts what belongs together."""
MARGINS = ((44, 2), (30, 1))
"""From so many columns on, so many are left free on the left."""
FILLED, RAIL, TICK = "━", "─", "┃"
RAILS = "fill dim"
"""The tone of a bar's rest."""
BETWEEN = mark(" · ", "dim")


@dataclass(frozen=True, slots=True)
class Size:
    """How many columns and rows a terminal has."""

    columns: int
    rows: int

    @property
    def margin(self) -> int:
        """Columns that are left free on the left, and on the right."""
        return next((free for least, free in MARGINS if self.columns >= least), 0)

    @property
    def inner(self) -> int:
        """Columns that a line may take."""
        return max(min(self.columns - 2 * self.margin, WIDEST), 1)


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below: a note where there is one, else the keys as pairs, the ones to leave out first in `spare`."""

    keys: Sequence[tuple[str, str]]
    spare: Sequence[str] = field(default=())
    note: str = ""


def lines(view: View, size: Size, foot: Foot, words: Mapping[str, str]) -> list[str]:
    """The page as marked lines (`tones`), as roomy as it fits; where nothing fits, more lines than there are rows.

    `words` are the page's own.
    """
    below = footer(foot, size)
    room = size.rows - len(below)
    parts = Layout(view, size, words)
    layouts = (parts.roomy, parts.tight, parts.lean, parts.bare)
    drawn: list[str] = []
    for layout in layouts:
        drawn = layout()
        if len(drawn) <= room:
            break
    return drawn


def footer(foot: Foot, size: Size) -> list[str]:
    """The last lines: a gap, and the note or as many of the keys as fit; nothing where there are few rows."""
    if size.rows < 4:
        return []
    told = list(_broken(foot.note, size.inner)) if foot.note else [cut(_keys(foot, size.inner), size.inner)]
    gap = [""] if size.rows > 8 else []
    return [*gap, *(mark(line, "dim") for line in told[: max(size.rows // 2, 1)])]


def _broken(text: str, room: int) -> Iterator[str]:
    """The text in lines of that many columns; an address, which has no place to break it, goes on in the next one."""
    for line in wrapped(text, room, framed=True):
        begin = 0
        for place in range(1, len(line)):
            if width(line[begin : place + 1]) > room:
                yield line[begin:place]
                begin = place
        yield line[begin:]


def _keys(foot: Foot, room: int) -> str:
    shown = list(foot.keys)
    for name in ("", *foot.spare):
        shown = [(key, does) for key, does in shown if key != name]
        line = "   ".join(f"{key} {does}" for key, does in shown)
        if width(line) <= room:
            break
    return line


class Layout:
    """The pieces of a page: the headline, the windows, and what else there is to know."""

    def __init__(self, view: View, size: Size, words: Mapping[str, str]) -> None:
        """Nothing is drawn yet."""
        self.view, self.room, self.words = view, size.inner, words

    def roomy(self) -> list[str]:
        """All, with a gap between any two parts."""
        parts = [self._head(), *(self._window(row) for row in self.view.rows), self._day() + self._tail()]
        return [line for part in parts if part for line in ("", *part)][1:]

    def tight(self) -> list[str]:
        """All, without gaps."""
        windows = (self._window(row) for row in self.view.rows)
        return list(chain(self._head(), *windows, self._day(), self._tail()))

    def lean(self) -> list[str]:
        """The headline, and of each window its name, its share and its bar."""
        windows = ([self._title(row), self._bar(row)] for row in self.view.rows)
        return list(chain(self._head(), *windows))

    def bare(self) -> list[str]:
        """The headline's first line, and a line a window."""
        return [*self._head()[:1], *map(self._title, self.view.rows)]

    def _head(self) -> list[str]:
        return list(chain(*map(self._wrapped, tooltip.headline(self.view))))

    def _wrapped(self, line: str) -> list[str]:
        """A marked line of one tone in as many as it takes."""
        tone = next((tone for tone, _ in pieces(line)), "")
        return [mark(cut(each, self.room), tone) for each in wrapped(unmarked(line), self.room, framed=True)]

    def _window(self, row: Row) -> list[str]:
        """A window: its name and share, its bar, the amount, and what becomes of it."""
        amount, becomes = row.shown_amount(), self._becomes(row)
        if width(amount) + width(unmarked(becomes)) + 2 > self.room:
            becomes = self._becomes(row, is_brief=True)
        drawn = [self._title(row), self._bar(row)]
        drawn += self._beside(amount if row.is_current else mark(amount, "dim"), becomes)
        if lapse := row.lapse():
            drawn += self._wrapped(mark(lapse, "dim"))
        return drawn

    def _title(self, row: Row) -> str:
        """The name, and at the right end its sign and the percentage."""
        share = f"{self.view.sign_of(row.tone)} {row.value('percent')}".strip()
        name = cut(row.value("label"), self.room - width(share) - 1)
        gap = " " * (self.room - width(name) - width(share))
        return cut_marked(mark(name, "strong") + gap + mark(share, row.tone or "strong"), self.room)

    def _bar(self, row: Row) -> str:
        """Full only at 100 %, empty only at 0; the tick stands where the clock does."""
        if row.percent is None:
            return mark(phrases.unknown_bar(self.room), RAILS)
        share = row.shown_percent / 100
        cells = int(share * self.room)
        if 0 < share < 1:
            cells = min(max(cells, 1), self.room - 1)
        tone = f"fill {row.tone or CALM}" if row.is_current else "fill stale"
        drawn, clock = FILLED * cells + RAIL * (self.room - cells), row.clock
        if clock is None:
            return _half(drawn, tone)
        tick = min(int((1 - clock if row.remaining else clock) * self.room), self.room - 1)
        return _half(drawn[:tick], tone) + mark(TICK, "strong") + _half(drawn[tick + 1 :], tone)

    def _becomes(self, row: Row, *, is_brief: bool = False) -> str:
        """When it is reset, and whether it lasts, as marked stretches; a brief one leaves the countdown out."""
        reset = "" if row.since else row.value("reset")
        if reset and row.resets_at and is_brief:
            reset = filled(self.words["resets"], row.reset_at())
        told = [mark(reset, "dim"), mark(row.prospect(), row.tone if row.runs_out is not None else "dim")]
        return BETWEEN.join(filter(None, told))

    def _beside(self, amount: str, becomes: str) -> list[str]:
        """Two marked texts at both ends of a line; below each other where they do not fit."""
        taken = width(unmarked(amount)) + width(unmarked(becomes))
        if amount and becomes and taken + 2 <= self.room:
            return [amount + " " * (self.room - taken) + becomes]
        stacked = [amount, *becomes.split(BETWEEN)]
        return [line for each in stacked if each for line in self._wrapped(each)]

    def _day(self) -> list[str]:
        """The five hours over the last day, and their highest share."""
        drawn = spark(self.view)
        if not drawn:
            return []
        name = self.words["day"]
        shares = [int(each) for each in self.view.facts.get("spark", "").split(",") if phrases.is_whole(each)]
        most = self.words["most"].format(phrases.percent(max(shares, default=0)))
        gap = self.room - width(name) - 2 - width(drawn) - width(most)
        told = name + "  " + mark(drawn, f"fill {CALM}")
        if gap >= 2:
            return [told + " " * gap + mark(most, "dim")]
        return [told] if gap + width(most) >= 0 else [name, mark(drawn[-self.room :], f"fill {CALM}")]

    def _tail(self) -> list[str]:
        """How old the numbers are, and all else that the tooltip knows."""
        view = self.view
        day = view.words["last_day"].format(spark(view))
        notes = [line for line in (*tooltip.known_lines(view), *tooltip.failure_lines(view)) if line != day]
        return [mark(cut(line, self.room), "dim") for note in notes for line in wrapped(note, self.room, framed=True)]


def _half(text: str, tone: str) -> str:
    """A stretch of a bar."""
    filled_part = text.rstrip(RAIL)
    return mark(filled_part, tone) + mark(text[len(filled_part) :], RAILS)


def cut_marked(line: str, room: int) -> str:
    """A marked line in at most that many columns."""
    if width(unmarked(line)) <= room:
        return line
    kept = ""
    for tone, text in pieces(line):
        part = cut(text, room)
        kept, room = kept + mark(part, tone), room - width(part)
        if part != text:
            break
    return kept


def table(rows: Sequence[tuple[str, str]], size: Size) -> list[str]:
    """Pairs as two columns; the second one is broken where it is long."""
    first = max(width(name) for name, _ in rows) + 3
    drawn = []
    for name, text in rows:
        told = wrapped(text, max(size.inner - first, 8), framed=True)
        drawn += [mark(padded(name, first), "strong") + told[0], *(" " * first + line for line in told[1:])]
    return [cut_marked(line, size.inner) for line in drawn]


def past(series: Sequence[Series], canvas: Chart, size: Size, words: Mapping[str, str]) -> list[str]:
    """The recorded past as `history` draws it, a block a window; `words` are the page's own."""
    days = (canvas.end - canvas.begin) / DAY
    lines = [mark(words["history"].format(days), "strong"), ""]
    for each in series:
        lines += [_in_color(line, COLORS[each.window]) for line in canvas.block(each, colorful=False)]
    lines += [canvas.footer()] if series else wrapped(words["no history"].format(days), size.inner)
    return [cut_marked(line, size.inner) for line in lines]


def _in_color(line: str, color: str) -> str:
    """A row of a chart with what is behind its axis in that colour."""
    axis, sign, columns = line.partition("┤")
    return axis + sign + mark(columns, f"fill {color}") if sign else line


GRAPHIC = 3.0
"""WCAG 2's contrast for graphics: what fills a bar."""
THIN = 5.8
"""For secondary lines: in a terminal thin letters lose up to 21 % of the contrast to anti-aliasing (seen in foot)."""
FAINT = 2.0
"""The contrast of a bar's rest: seen, and behind what fills it."""


def painted(view: View | None, line: str, size: Size, ground: str = "") -> str:
    """A marked line in the colours that the terminal has, behind the margin; without any where NO_COLOR is set.

    `ground` is the terminal's, where it has said it. Whatever a text holds, no control character of it is sent.
    """
    shown = ((tone, "".join(filter(str.isprintable, text))) for tone, text in pieces(line))
    stretches = (styled(text, _look(view, tone, ground)) for tone, text in shown)
    return " " * size.margin + "".join(stretches)


def _look(view: View | None, tone: str, ground: str) -> str:
    """The numbers of a tone's look: bold for letters, not for what fills a bar."""
    if view is None or not tone or view.environ.get("NO_COLOR"):
        return ""
    depth = colors_of(view.environ)
    if tone == RAILS:
        return _shade(ground, "", depth, ground, FAINT) or "2"
    is_fill, _, name = tone.rpartition(" ")
    if name == "strong":
        return "1"
    light = is_light(ground) if ground else has_light_ground(view.environ)
    if name == "dim":
        return _shade(color_on(view, "stale", light=light), "stale", depth, ground, THIN) if light is not None else ""
    least = GRAPHIC if is_fill else OWN_LEAST
    look = _shade(color_on(view, name, light=light), name, depth, ground, least, light=light)
    if is_fill:
        return look
    return f"1;{look}" if look and is_readable(look, light=light) else "1"


def _shade(
    color: str, name: str, depth: int, ground: str, least: float = OWN_LEAST, *, light: bool | None = None
) -> str:
    """The numbers of a colour, moved until it stands out from the ground, where that is known; empty for none."""
    color = legible(color, ground, least) if color and ground else color
    return foreground(color, name, depth, light=light) if color else ""
