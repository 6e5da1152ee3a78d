"""One module a bar, each with one `render(view) -> str`: the line, or lines, that this bar takes.

Here stands what more than one bar shares: JSON strings, how a marked line is painted, and Pango's markup.

| markup | what Pango does with it |
| --- | --- |
| `<span color= weight= style=>` | a colour `#rrggbb`, bold, italic |
| `<span background=>` | a ground below the letters: a chip |

Every attribute is of Pango 1.38 (2015) or older. All text goes through `pango`; numbers and colours are ours.
"""

from codingplan_bar.bars.signs_and_colors import CHIPS, ink, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from codingplan_bar.bars.view import View

NO_BREAK = "\u00a0"


def json_string(text: str) -> str:
    r"""A JSON string with its quotes.

    Of the characters that JSON wants escaped, a cleaned text holds only these. A backslash is written as a number,
    since newer waybars rewrite the two characters `\x` before they read the JSON.
    """
    return '"' + text.replace("\\", "\\u005c").replace('"', '\\"').replace("\n", "\\n") + '"'


def pango(text: str) -> str:
    """Text that Pango markup shows as it is."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#39;")


def painted(view: "View", line: str, escape: "Callable[[str], str]", paint: "Callable[[str, str, str], str]") -> str:
    """A marked line as a bar takes it: each stretch's text through `escape`, and what has a colour through `paint`.

    `paint` is given the escaped text, the colour, and the tone. Neighbours without a colour are escaped as one text:
    two halves of what means something to the bar may stand at the end of one and at the start of the next.
    """
    done, bare = [], ""
    for tone, text in pieces(line):
        if color := view.color_of(tone):
            done += [escape(bare), paint(escape(text), color, tone)]
            bare = ""
        else:
            bare += text
    return "".join([*done, escape(bare)])


def chip(color: str, tone: str) -> str:
    """The colour of the letters, where that tone is shown as a chip on that colour; else empty."""
    return ink(color) if tone in CHIPS else ""


def spans(view: "View", text: str) -> str:
    """A marked line as Pango markup: what worries in its colour, what is critical as a chip."""
    return painted(view, text, pango, span)


def span(text: str, color: str, tone: str) -> str:
    """An escaped text in that colour, as its tone is shown."""
    if letters := chip(color, tone):
        margin = "" if "\n" in text else NO_BREAK  # of several lines it would widen the first and the last alone
        return f"<span background='{color}' color='{letters}' weight='bold'>{margin}{text}{margin}</span>"
    look = "style='italic'" if tone == "stale" else "weight='bold'"
    return f"<span color='{color}' {look}>{text}</span>"
