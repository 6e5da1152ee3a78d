"""i3blocks' blocklet with `format=json` (tried with 1.4); with `interval=persist` a line an update.

| field | what i3blocks does with it |
| --- | --- |
| full_text | the text |
| short_text | the same where the bar is narrow |
| color | #rrggbb, the state's |
| markup | none, whatever the user's own blocks begin with: `markup=pango` on top of a configuration is everybody's |
"""

from __future__ import annotations

from codingplan_bar.show.quoting import json_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """One line of JSON."""
    color = f',"color":{json_string(view.color)}' if view.color else ""
    return f'{{"full_text":{json_string(view.text)},"short_text":{json_string(view.short)}{color},"markup":"none"}}'
