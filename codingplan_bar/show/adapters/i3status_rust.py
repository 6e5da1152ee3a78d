"""i3status-rust's custom block with `json = true`.

| field | what i3status-rust does with it |
| --- | --- |
| state | one of Idle, Info, Good, Warning, Critical: the block's colours |
| text | Pango markup, by the default format |
| short_text | the same where the bar is narrow |

One object; a field that has nothing to say is left out, since null is an error.
"""

from __future__ import annotations

from codingplan_bar.show.quoting import json_string, pango

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.view import View

STATES = {
    "ok": "Idle",
    "active": "Info",
    "warning": "Warning",
    "critical": "Critical",
    "stale": "Info",
    "error": "Critical",
    "signed_out": "Warning",
}


def render(view: View) -> str:
    """One line of JSON."""
    return (
        f'{{"state":{json_string(STATES[view.state])},'
        f'"text":{json_string(pango(view.text))},'
        f'"short_text":{json_string(pango(view.short))}}}'
    )
