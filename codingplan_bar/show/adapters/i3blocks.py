"""i3blocks' blocklet with `format=json` (1.5 and later); with `interval=persist` a line an update.

| field | what i3blocks does with it |
| --- | --- |
| full_text | the text, as it is unless the block says `markup=pango` |
| short_text | the same where the bar is narrow |
| color | #rrggbb, the state's |
"""

from __future__ import annotations

from codingplan_bar.show.quoting import json_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """One line of JSON."""
    color = f',"color":{json_string(view.color)}' if view.color else ""
    return f'{{"full_text":{json_string(view.text)},"short_text":{json_string(view.short)}{color}}}'
