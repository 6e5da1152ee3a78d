"""waybar's custom module with `"return-type": "json"`.

| field | what waybar does with it |
| --- | --- |
| text | Pango markup; what `{}` in `format` stands for: each window in its own colour |
| alt | picks from `format-icons`: the state |
| tooltip | Pango markup, several lines |
| class | a list; each is a CSS class of the module: `codingplan`, the state, the binding window, and what holds of it |
| percentage | a whole number of 0 to 100 for `format-icons`; left out where nothing is known |

One line of JSON; waybar from 0.9.17 on reads it. `escape` must stay unset: the texts are escaped here.
"""

from codingplan_bar.bars import tooltip
from codingplan_bar.bars.adapters import json_string, markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View


def render(view: "View") -> str:
    """One line of JSON."""
    first = [view.binding.name] if view.binding else []
    more = ["used_up"] if view.binding and view.binding.tone == "used_up" else []
    classes = ["codingplan", view.state, *first, *more]
    below = markup.below(view, tooltip.composed(view))
    fields = [
        f'"text":{json_string(markup.line(view, view.line))}',
        f'"alt":{json_string(view.state)}',
        f'"tooltip":{json_string(f"<tt>{below}</tt>" if view.facts["tooltip_format"] else below)}',
        f'"class":[{",".join(map(json_string, classes))}]',
        *([] if view.percentage is None else [f'"percentage":{view.percentage}']),
    ]
    return "{" + ",".join(fields) + "}"
