"""Plain text, for anything that shows a line: no markup, no colour.

Who reads it is not known, and many read more than text: `%{A:…:}` is a click in lemonbar, `<action=…>` in xmobar,
`^ca(…)` in dzen2, `<img …>` is loaded by KDE's widget, `$…` expanded by conky. No escape is right for all of them, so
what came from outside keeps its letters, its digits and a few signs that mean nothing anywhere.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View

KEPT = " .,+-()\u00b7"


def render(view: "View") -> str:
    """One line."""
    return view.changed(outside=plain).text


def plain(text: str) -> str:
    """The letters of every script, the digits and the signs of `KEPT`; a space in the place of anything else."""
    return " ".join("".join(char if char.isalnum() or char in KEPT else " " for char in text).split())
