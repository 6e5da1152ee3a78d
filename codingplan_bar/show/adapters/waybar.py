"""waybar's custom module with `"return-type": "json"`.

| field | what waybar does with it |
| --- | --- |
| text | Pango markup; what `{}` in `format` stands for |
| alt | picks from `format-icons`: the state |
| tooltip | Pango markup, several lines |
| class | a list; each is a CSS class of the module: `codingplan`, the state, the binding window |
| percentage | a whole number of 0 to 100 for `format-icons`; left out where nothing is known |

One line of JSON; waybar from 0.9.17 on reads it. `escape` must stay unset: the texts are escaped here.
"""

from __future__ import annotations

from codingplan_bar.show.quoting import json_string, pango

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """One line of JSON."""
    classes = ["codingplan", view.state, *([view.binding.name] if view.binding else [])]
    tooltip = f"<tt>{pango(chr(10).join(view.tooltip))}</tt>"
    fields = [
        f'"text":{json_string(pango(view.text))}',
        f'"alt":{json_string(view.state)}',
        f'"tooltip":{json_string(tooltip)}',
        f'"class":[{",".join(map(json_string, classes))}]',
        *([] if view.percentage is None else [f'"percentage":{view.percentage}']),
    ]
    return "{" + ",".join(fields) + "}"
