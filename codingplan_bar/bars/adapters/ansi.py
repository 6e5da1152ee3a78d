"""A line for what draws a terminal's colours: Claude Code's `statusLine`, zellij's zjstatus, a shell's prompt.

| sequence | what a terminal does with it |
| --- | --- |
| ESC [1;38;2;R;G;Bm | bold, and the colour of what follows: a window's own, or the state's |
| ESC [1;38;2;R;G;B;48;2;R;G;Bm | the same with a ground of its own: a chip |
| ESC [1;38;5;Nm, ESC [1;33m, ESC [30;43m | the same with 256 and with 16 colours |
| ESC [0m | the terminal's own look again |

`COLORTERM` and `TERM` say how many colours there are, `COLORFGBG` whether the ground is light, `NO_COLOR` that none are
wanted. Where nothing says which ground it is, all that wears a colour is a chip: it brings its ground along. A cleaned
text holds no control character, so nothing in it can begin a sequence. Programs that take colours read more than them
(zjstatus its `#[…]`), so texts from outside keep what they keep in plain text.
"""

from codingplan_bar.bars.adapters import chip, painted
from codingplan_bar.bars.adapters.text import plain
from codingplan_bar.bars.signs_and_colors import CHIPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from codingplan_bar.bars.view import View

SIXTEEN = {"runs_out": "33", "warning": "33", "critical": "31", "used_up": "31", "error": "35", "signed_out": "36"}
"""The terminal's own yellow, red, magenta and cyan; what is old is grey in 256 colours, and has its sign alone here."""
ON_LIGHT = {"signed_out": "34"}
"""Blue: cyan is not read on a light ground."""
SIXTEEN_CHIPS = {
    **dict.fromkeys(("runs_out", "warning"), "30;43"),
    **dict.fromkeys(("critical", "used_up"), "97;41"),
    "error": "97;45",
    "signed_out": "30;46",
}
"""Letters in black or bright white on these four, which are read in each terminal's own idea of them."""
CUBE = (0, 95, 135, 175, 215, 255)
"""The six values of each channel in the colours 16 to 231 of 256."""


def render(view: "View") -> str:
    """One line."""
    view = view.changed(outside=plain)
    return view.text if view.environ.get("NO_COLOR") else colored(view, view.line, view.environ)


def colored(view: "View", line: str, environ: "Mapping[str, str]") -> str:
    """A marked line in that terminal's colours."""
    depth, light = colors_of(environ), _has_light_ground(view, environ)

    def paint(text: str, color: str, tone: str) -> str:
        if light is None or (light and depth == 16):
            look = on_any_ground(color, tone, depth)
        else:  # the theme may be another bar's
            look = sequence(color if light == view.is_light else view.color_of(tone, on_light=light), tone, depth)
        return styled(text, look)

    return painted(view, line, str, paint)


def styled(text: str, look: str) -> str:
    """The text with the numbers of a look in front, and the terminal's own behind; as it is without any."""
    return f"\x1b[{look}m{text}\x1b[0m" if look else text


def _has_light_ground(view: "View", environ: "Mapping[str, str]") -> bool | None:
    """The terminal's word, else that of the theme, or of the own colours, that its user chose; None: unknown."""
    said = has_light_ground(environ)
    is_chosen = any(name == "theme.ground" or name.startswith("color.") for name in view.facts)
    return view.is_light if said is None and is_chosen else said


def on_any_ground(color: str, tone: str, depth: int) -> str:
    """The numbers of a chip, which brings its ground along; of 16 colours, what is old has its sign alone."""
    look = SIXTEEN_CHIPS.get(tone, "") if depth == 16 else sequence(color, CHIPS[0], depth)
    return look.removeprefix("1;") if tone == "stale" else look


def sequence(color: str, tone: str, depth: int) -> str:
    """The numbers of that look, where there are that many colours."""
    bold = "" if tone == "stale" else "1;"
    letters = chip(color, tone)
    if depth == 16:
        return f"{bold}{'7;' if letters else ''}{foreground(color, tone, depth)}".rstrip(";")
    behind = f";48;{numbers_of(color, depth)}" if letters else ""
    return f"{bold}{foreground(letters or color, tone, depth)}{behind}"


def foreground(color: str, tone: str, depth: int, *, light: bool | None = None) -> str:
    """The numbers of letters in that colour, where there are that many colours; empty for any other.

    `light`: whether the ground is, where that is known.
    """
    if depth > 16:
        return f"38;{numbers_of(color, depth)}"
    return (ON_LIGHT.get(tone) if light else None) or SIXTEEN.get(tone, "")


def colors_of(environ: "Mapping[str, str]") -> int:
    """How many colours there are: 16, 256 or 2**24; the last for a program that says nothing of its terminal."""
    if environ.get("COLORTERM") in ("truecolor", "24bit") or not environ.get("TERM"):
        return 2**24
    return 256 if "256" in environ["TERM"] else 16


def has_light_ground(environ: "Mapping[str, str]") -> bool | None:
    """Whether COLORFGBG, `15;0` or `0;default;15`, names a light colour of 16 as the ground; None: unknown."""
    ground = environ.get("COLORFGBG", "").rpartition(";")[2]
    return ground in ("7", "15") if ground.isascii() and ground.isdigit() else None


def numbers_of(color: str, depth: int) -> str:
    """The numbers of a colour in 24 bit, or of the nearest of 256: what follows `38;` or `48;` in a sequence."""
    channels = bytes.fromhex(color[1:])
    if depth > 256:
        return "2;{};{};{}".format(*channels)
    if max(channels) - min(channels) < 12 and 8 <= channels[0] <= 238:
        return f"5;{232 + (channels[0] - 8) // 10}"
    red, green, blue = (min(range(6), key=lambda place: abs(CUBE[place] - value)) for value in channels)
    return f"5;{16 + 36 * red + 6 * green + blue}"
