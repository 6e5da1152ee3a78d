"""The menu that SwiftBar, xbar and Argos draw: one grammar, three dialects of its parameters.

The first line is the bar; after `---` each line is an item, `--` in front makes it a submenu's. What follows the
first `|` of a line are its parameters, and there is no way to escape it: `|` and the backslash are shown by their
full-width twins, no text begins with a dash, and none holds the `~~~` that begins SwiftBar's next print.
"""

from __future__ import annotations

from codingplan_bar.show.phrases import aligned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from codingplan_bar.show.view import View

DETAILS = ("used", "left", "total", "reset_at", "pace")


class Dialect:
    """How one of the three spells what the others spell differently, as parameters of a line.

    `verbatim`: what keeps a text as it is; `fixed_width`: a font for a table; `color`: the state's colour;
    `click`: what runs this program with an argument, and reads the menu anew.
    """

    def __init__(
        self, *, verbatim: str, fixed_width: str, color: Callable[[View], str], click: Callable[[View, str], str]
    ) -> None:
        """Keep the four."""
        self.verbatim = verbatim
        self.fixed_width = fixed_width
        self.color = color
        self.click = click


def render(view: View, dialect: Dialect) -> str:
    """The bar's line and the menu, without a final new line."""
    return "\n".join(
        [
            _line(view.text, dialect.verbatim, dialect.color(view)),
            "---",
            _line(view.title, dialect.verbatim),
            *_windows(view, dialect),
            *(_line(note, dialect.verbatim) for note in view.notes),
            "---",
            _line(view.words["sign_in" if view.state == "signed_out" else "open"], parameter("href", view.dashboard)),
            _line(view.words["refresh"], dialect.click(view, "refresh")),
            _line(view.words["copy"], dialect.click(view, "copy")),
            _line(view.words["preferences"], dialect.click(view, "preferences")),
        ]
    )


def plain(text: str) -> str:
    """Text that all three show as it is, but for a few characters that become their look-alikes."""
    shown = text.replace("|", "\uff5c").replace("\\", "\uff3c").replace("~~~", "\u223c\u223c\u223c").strip()
    return "\u2010" + shown[1:] if shown.startswith("-") else shown


def parameter(name: str, value: str) -> str:
    """`name="value"`, in quotes of a kind that the value has not.

    Empty where neither kind can hold it: SwiftBar and xbar have no escape for what ends a value.
    """
    if not value.isprintable() or "\\" in value or {"'", '"'} <= set(value):
        return ""
    return f"{name}='{value}'" if '"' in value else f'{name}="{value}"'


def _line(text: str, *parameters: str, level: int = 0) -> str:
    return " ".join(["--" * level + plain(text), "|", *(parameter for parameter in parameters if parameter)])


def _windows(view: View, dialect: Dialect) -> list[str]:
    lines = []
    for row, text in zip(view.rows, aligned(view.table), strict=True):
        lines.append(_line(text, dialect.verbatim, dialect.fixed_width))
        details = [(view.words[field], row.value(field)) for field in DETAILS]
        lines += [_line(f"{word}: {value}", dialect.verbatim, level=1) for word, value in details if value]
    return lines
