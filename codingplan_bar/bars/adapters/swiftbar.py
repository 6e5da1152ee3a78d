"""SwiftBar's plugin output (macOS).

| parameter | what SwiftBar does with it |
| --- | --- |
| color=LIGHT,DARK | the text's colour by the menu bar's appearance: the state's, or a row's own |
| sfimage=gauge tooltip= | a symbol beside the line, and a sentence for the pointer: what stops its owner first |
| badge= | words at a row's right end (macOS 14): what comes of a window |
| symbolize=false emojize=false | `:name:` stays text |
| bash= paramN= terminal=false | runs a program on a click, without a shell |
| refresh=true | reads the plugin again after it |
| href= | opens a page |
"""

from codingplan_bar.bars import tooltip
from codingplan_bar.bars.adapters import menu

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View
    from codingplan_bar.bars.windows import Row


def render(view: "View") -> str:
    """The bar's line and the menu."""
    return menu.render(view, _DIALECT)


def color(view: "View", tone: str) -> str:
    """Both colours; none where the state has none."""
    shades = view.color_of(tone, on_light=True), view.color_of(tone, on_light=False)
    return f"color={shades[0]},{shades[1]}" if all(shades) else ""


def beside(view: "View", row: "Row | None") -> list[str]:
    """The gauge and the sentence of the bar's line, the badge of a window's. None of it is text from outside."""
    if row:
        tail = row.tail()
        return [menu.parameter("badge", tail)] if tail else []
    if view.is_fresh and view.binding:
        return ["sfimage=gauge", menu.parameter("tooltip", tooltip.summary(view)[0])]
    return ["sfimage=gauge"]


_DIALECT = menu.Dialect(
    verbatim="symbolize=false emojize=false", fixed_width="font=Menlo", color=color, click=menu.click, beside=beside
)
