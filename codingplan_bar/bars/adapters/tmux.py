"""tmux's `#(command)` in a status line.

| tag | what tmux does with it |
| --- | --- |
| #[push-default] | what stands before it, a segment of the user's, is what `default` goes back to |
| #[bold,fg=#rrggbb] | the colour of what follows: a window's own, or the state's; tmux knows how to draw it in 256 |
| #[bold,fg=#rrggbb,bg=#rrggbb] | the same with a ground of its own: a chip |
| #[default] | the segment's own look again |
| #[pop-default] | the status line's own default again |

The last line that is not empty counts. A `#` that is to be seen is doubled.
"""

from codingplan_bar.bars.adapters import chip, painted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View


def render(view: "View") -> str:
    """One line."""
    text = painted(view, view.line, plain, tagged)
    return f"#[push-default]{text}#[pop-default]" if "#[" in text.replace("##", "") else text


def tagged(text: str, color: str, tone: str) -> str:
    """An escaped text in that colour, or as a chip."""
    if letters := chip(color, tone):
        return f"#[bold,fg={letters},bg={color}] {text} #[default]"
    return f"#[{'' if tone == 'stale' else 'bold,'}fg={color}]{text}#[default]"


def plain(text: str) -> str:
    """Text that tmux shows as it is. A `#` at the end would take the next tag's, so a space follows it."""
    doubled = text.replace("#", "##")
    return doubled + " " if doubled.endswith("#") else doubled
