"""i3blocks' blocklet with `format=json` (tried with 1.4); with `interval=persist` a line an update.

| field | what i3blocks does with it |
| --- | --- |
| full_text | the text |
| short_text | the same where the bar is narrow |
| markup | pango, whatever the user's own blocks begin with: both texts have each window in its own colour |
"""

from codingplan_bar.bars.adapters import json_string, spans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View


def render(view: "View") -> str:
    """One line of JSON."""
    full, short = (json_string(spans(view, line)) for line in (view.line, view.short_line))
    return f'{{"full_text":{full},"short_text":{short},"markup":"pango"}}'
