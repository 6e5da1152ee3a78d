"""A line for what draws a terminal's colours: Claude Code's `statusLine`, zellij's zjstatus, a shell's prompt.

| sequence | what a terminal does with it |
| --- | --- |
| ESC [38;2;R;G;Bm | the colour of what follows: the state's |
| ESC [0m | the terminal's own colour again |

A cleaned text holds no control character, so nothing in it can begin a sequence.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """One line, coloured as a whole where the state has a colour and NO_COLOR is not set."""
    if not view.color or view.environ.get("NO_COLOR"):
        return view.text
    red, green, blue = bytes.fromhex(view.color[1:])
    return f"\x1b[38;2;{red};{green};{blue}m{view.text}\x1b[0m"
