"""polybar's custom/script.

| tag | what polybar does with it |
| --- | --- |
| %{F#rrggbb} | the colour of what follows: a window's own, or the state's |
| %{B#rrggbb F#rrggbb} | the same with a ground of its own: a chip |
| %{F-}, %{F- B-} | the bar's own again, even where the module has a look of its own |
| %{F#rrggbb B#rrggbb} | the module's own again, where the settings `colors` name it |

One line, the first one counts. polybar has no escape for `%{`, so the two are moved apart.
"""

from codingplan_bar.bars.adapters import chip, painted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View


def render(view: "View") -> str:
    """One line."""
    ground, letters = (view.facts.get(f"color.{own}", "-") for own in ("background", "foreground"))

    def tagged(text: str, color: str, tone: str) -> str:
        """An escaped text in that colour, or as a chip."""
        if on_chip := chip(color, tone):
            return f"%{{B{color} F{on_chip}}} {text} %{{F{letters} B{ground}}}"
        return f"%{{F{color}}}{text}%{{F{letters}}}"

    return painted(view, view.line, plain, tagged)


def plain(text: str) -> str:
    """Text that polybar shows as it is, but for a space inside `%{`."""
    return text.replace("%{", "% {")
