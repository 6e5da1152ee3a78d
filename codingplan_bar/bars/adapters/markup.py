"""Pango markup, for the bars that draw it: a line with each window in its own colour, and a tooltip with drawn bars.

| markup | what Pango does with it |
| --- | --- |
| `<span color= weight= style=>` | a colour `#rrggbb`, bold, italic |
| `<span background=>` | a ground below the letters: a chip |
| `<span alpha=>`, `background_alpha=` | the text's own colour, or a ground, paler: right in any theme |
| `<span size= letter_spacing=>` | in 1024ths of a point, and of a pixel: a stretch of exact width with a ground |

Every attribute is of Pango 1.38 (2015) or older. All text goes through `pango`; numbers and colours are ours.
"""

from codingplan_bar.bars.adapters import chip, painted, pango
from codingplan_bar.bars.tones import CALM, INKS, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View

NO_BREAK = "\u00a0"
WIDTH = 240
"""Pixels of a bar in a tooltip."""
FRAME = "<span size='1024'>\u200a</span>"
"""At both ends of a bar: Pango leaves half of the letter spacing off at the ends of a line."""
GAP = "<span size='4096'>\u200a</span>"
RAILS = ("background='#8c8c8c' background_alpha='34%'", "background='#808080' background_alpha='38%'")
DIMS = ("75%", "86%")
"""On a dark ground, on a light one."""


def line(view: "View", text: str) -> str:
    """A marked line for a bar: what worries in its colour, what is critical as a chip."""
    return painted(view, text, pango, span)


def span(text: str, color: str, tone: str) -> str:
    """An escaped text in that colour, as its tone is shown."""
    if letters := chip(color, tone):
        return f"<span background='{color}' color='{letters}' weight='bold'>{NO_BREAK}{text}{NO_BREAK}</span>"
    return _colored(text, color, "style='italic'" if tone == "stale" else "weight='bold'")


def below(view: "View", lines: "list[str]") -> str:
    """The marked lines of a tooltip (`tooltip.composed`)."""
    return "\n".join("".join(_stretch(view, tone, text) for tone, text in pieces(each)) or GAP for each in lines)


def _stretch(view: "View", tone: str, text: str) -> str:
    if tone.startswith("bar "):
        return bar(view, *tone.split(" ")[1:])
    shown = pango(text)
    if tone == "dim":
        return f"<span alpha='{DIMS[view.is_light]}'>{shown}</span>"
    if tone == "strong":
        return f"<span weight='bold'>{shown}</span>"
    color = view.color_of(tone)
    return _colored(shown, color, "weight='bold'") if color else shown


def _colored(text: str, color: str, more: str) -> str:
    return f"<span color='{color}' {more}>{text}</span>"


def bar(view: "View", tone: str, share: str, clock: str) -> str:
    """A bar of exact pixels: filled to `share`, with a tick where the clock stands; both 0 to 1, `-` for not known."""
    rail, ink = RAILS[view.is_light], INKS[not view.is_light]
    full = 0.0 if share == "-" else float(share)
    filled = min(max(round(full * WIDTH), 2 if full else 0), WIDTH - (full < 1))
    fill = f"background='{view.color_of(tone) or view.color_of(CALM)}'"
    if clock == "-":
        return FRAME + _pixels(filled, fill) + _pixels(WIDTH - filled, rail) + FRAME
    tick = min(max(round(float(clock) * WIDTH), 2), WIDTH - 3)
    before, after = min(filled, tick - 2), max(filled - tick - 2, 0)
    stretches = (
        *((before, fill), (tick - 2 - before, rail), (1, "")),
        (2, f"background='{ink}'"),
        *((1, ""), (after, fill), (WIDTH - tick - 2 - after, rail)),
    )
    return FRAME + "".join(_pixels(*stretch) for stretch in stretches) + FRAME


def _pixels(number: int, look: str) -> str:
    """So many pixels of that look: a character without a width of its own, and the space behind it."""
    space = f"letter_spacing='{number * 1024}'"
    return f"<span size='4096' {space}{' ' if look else ''}{look}>\u2060</span>" if number > 0 else ""
