"""polybar's custom/script.

| tag | what polybar does with it |
| --- | --- |
| %{F#rrggbb} | the colour of what follows: the state's |
| %{F-} | the bar's own colour again |

One line, the first one counts. polybar has no escape for `%{`, so the two are moved apart.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """One line, coloured as a whole where the state has a colour."""
    text = plain(view.text)
    return f"%{{F{view.color}}}{text}%{{F-}}" if view.color else text


def plain(text: str) -> str:
    """Text that polybar shows as it is, but for a space inside `%{`."""
    return text.replace("%{", "% {")
