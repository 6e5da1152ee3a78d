"""waybar's custom module with `"return-type": "json"`.

| field | what waybar does with it |
| --- | --- |
| text | Pango markup; what `{}` in `format` stands for: each window in its own colour |
| alt | picks from `format-icons`: the state |
| tooltip | Pango markup, several lines |
| class | a list; each is a CSS class of the module: `codingplan`, the state, the binding window, and what holds of it |
| percentage | a whole number of 0 to 100 for `format-icons`; left out where nothing is known |

One line of JSON; waybar from 0.9.17 on reads it. `escape` must stay unset: the texts are escaped here. The tooltip's
bars are exact pixels, in more of Pango's markup than a line needs:

| markup | what Pango does with it |
| --- | --- |
| `<span alpha=>`, `background_alpha=` | the text's own colour, or a ground, paler: right in any theme |
| `<span size= letter_spacing=>` | in 1024ths of a point, and of a pixel: a stretch of exact width with a ground |
"""

from codingplan_bar.bars import tooltip
from codingplan_bar.bars.adapters import json_string, pango, spans
from codingplan_bar.bars.signs_and_colors import CALM, INKS, pieces
from codingplan_bar.facts import on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View

WIDTH = 240
"""Pixels of a bar in a tooltip."""
FRAME = "<span size='1024'>\u200a</span>"
"""At both ends of a bar: Pango leaves half of the letter spacing off at the ends of a line."""
GAP = "<span size='4096'>\u200a</span>"
RAILS = {
    False: "background='#8c8c8c' background_alpha='34%'",
    True: "background='#808080' background_alpha='38%'",
}
DIMS = {False: "75%", True: "86%"}
"""By whether the ground is light."""


def render(view: "View") -> str:
    """One line of JSON."""
    below = drawn(view.changed(facts=on(view.facts, "waybar-tooltip")), tooltip.composed(view))
    fields = [
        f'"text":{json_string(spans(view, view.upright if "upright" in view.named else view.line))}',
        f'"alt":{json_string(view.state)}',
        f'"tooltip":{json_string(f"<tt>{below}</tt>" if view.facts["tooltip_format"] else below)}',
        f'"class":[{",".join(map(json_string, _classes(view)))}]',
    ]
    if view.percentage is not None:
        fields.append(f'"percentage":{view.percentage}')
    return "{" + ",".join(fields) + "}"


def _classes(view: "View") -> list[str]:
    classes = ["codingplan", view.state]
    if view.binding:
        classes.append(view.binding.name)
        if view.binding.tone == "used_up":
            classes.append("used_up")
    return classes


def drawn(view: "View", lines: "list[str]") -> str:
    """The marked lines of a tooltip (`tooltip.composed`)."""
    alpha = view.facts.get("theme.dim") or DIMS[view.is_light]
    looks = {"": "", "strong": "weight='bold'", "dim": f"alpha='{alpha}'"}
    return "\n".join("".join(_stretch(view, tone, text, looks) for tone, text in pieces(each)) or GAP for each in lines)


def _stretch(view: "View", tone: str, text: str, looks: dict[str, str]) -> str:
    if tone.startswith("bar "):
        return bar(view, *tone.split(" ")[1:])
    if tone not in looks:
        color = view.color_of(tone)
        looks[tone] = f"color='{color}' weight='bold'" if color else ""
    return f"<span {looks[tone]}>{pango(text)}</span>" if looks[tone] else pango(text)


def bar(view: "View", tone: str, share: str, clock: str) -> str:
    """A bar of exact pixels: filled to `share`, with a tick where the clock stands; both 0 to 1, `-` for not known."""
    full = 0.0 if share == "-" else float(share)
    filled = round(full * WIDTH)
    if 0 < full < 1:
        filled = min(max(filled, 2), WIDTH - 1)
    fill, rail = f"background='{view.color_of(tone) or view.color_of(CALM)}'", RAILS[view.is_light]
    if clock == "-":
        return FRAME + _pixels(filled, fill) + _pixels(WIDTH - filled, rail) + FRAME
    tick = min(max(round(float(clock) * WIDTH), 2), WIDTH - 3)
    before, after = min(filled, tick - 2), max(filled - tick - 2, 0)
    black, white = INKS
    hand = _pixels(1, "") + _pixels(2, f"background='{black if view.is_light else white}'") + _pixels(1, "")
    left = _pixels(before, fill) + _pixels(tick - 2 - before, rail)
    right = _pixels(after, fill) + _pixels(WIDTH - tick - 2 - after, rail)
    return FRAME + left + hand + right + FRAME


def _pixels(number: int, look: str) -> str:
    """So many pixels of that look: a character without a width of its own, and the space behind it."""
    space = f"letter_spacing='{number * 1024}'"
    return f"<span size='4096' {space}{' ' if look else ''}{look}>\u2060</span>" if number > 0 else ""
