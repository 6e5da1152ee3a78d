"""polybar's custom/script.

| tag | what polybar does with it |
| --- | --- |
| %{F#rrggbb} | the colour of what follows: a window's own, or the state's |
| %{B#rrggbb F#rrggbb} | the same with a ground of its own: a chip |
| %{F-}, %{F- B-} | the bar's own again |

One line, the first one counts. polybar has no escape for `%{`, so the two are moved apart.
"""

from codingplan_bar.bars.adapters import chip, painted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View


def render(view: "View") -> str:
    """One line."""
    return painted(view, view.line, plain, tagged)


def tagged(text: str, color: str, tone: str) -> str:
    """An escaped text in that colour, or as a chip."""
    if letters := chip(color, tone):
        return f"%{{B{color} F{letters}}} {text} %{{F- B-}}"
    return f"%{{F{color}}}{text}%{{F-}}"


def plain(text: str) -> str:
    """Text that polybar shows as it is, but for a space inside `%{`."""
    return text.replace("%{", "% {")
