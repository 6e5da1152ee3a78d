"""One line of Pango markup: tint2's executor, ironbar, nwg-panel, awesome, and Genmon's `<txt>` within a script.

| markup | what a panel does with it |
| --- | --- |
| `<span color= background= weight= style=>` | a window's own colour, or the state's |
| `&amp;` and four more | the five characters of markup, as characters |

No panel needs more, and each of them draws nothing at all where the markup is wrong.
"""

from codingplan_bar.bars.adapters import spans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View


def render(view: "View") -> str:
    """One line."""
    return spans(view, view.line)
