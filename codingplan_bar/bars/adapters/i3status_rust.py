"""i3status-rust's custom block with `json = true`.

| field | what i3status-rust does with it |
| --- | --- |
| state | one of Idle, Info, Good, Warning, Critical: the block's colours, where all of it is meant; else Idle |
| text | Pango markup, by the default format |
| short_text | the same where the bar is narrow |

One object; a field that has nothing to say is left out, since null is an error.
"""

from codingplan_bar.bars.adapters import json_string, pango, spans
from codingplan_bar.bars.signs_and_colors import pieces, unmarked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View

STATES = {
    "ok": "Idle",
    "active": "Info",
    "runs_out": "Info",
    "warning": "Warning",
    "critical": "Critical",
    "stale": "Info",
    "error": "Critical",
    "signed_out": "Warning",
}


def render(view: "View") -> str:
    """One line of JSON; where one window of several is meant, it alone has a colour, and the block none."""
    full, short = view.line, view.short_line
    tones = {tone for tone, _ in pieces(full)}
    if len(tones) > 1 and view.is_fresh:
        state, full, short = "Idle", spans(view, full), spans(view, short)
    else:
        state, full, short = STATES[view.state], pango(unmarked(full)), pango(unmarked(short))
    return f'{{"state":{json_string(state)},"text":{json_string(full)},"short_text":{json_string(short)}}}'
