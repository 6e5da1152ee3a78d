"""tmux's `#(command)` in a status line.

| tag | what tmux does with it |
| --- | --- |
| #[fg=#rrggbb] | the colour of what follows: the state's |
| #[fg=default] | the status line's own colour again; a background of the user's stays |

The last line that is not empty counts. A `#` that is to be seen is doubled.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """One line, coloured as a whole where the state has a colour."""
    text = plain(view.text)
    return f"#[fg={view.color}]{text}#[fg=default]" if view.color else text


def plain(text: str) -> str:
    """Text that tmux shows as it is. A `#` at the end would take the next tag's, so a space follows it."""
    doubled = text.replace("#", "##")
    return doubled + " " if doubled.endswith("#") else doubled
