"""xbar's plugin output (macOS).

| parameter | what xbar does with it |
| --- | --- |
| color=#rrggbb | the text's colour; xbar says by XBARDarkMode which ground it is on |
| emojize=false ansi=false | `:name:` and escapes stay text |
| bash= paramN= terminal=false | runs a program on a click, without a shell |
| refresh=true, href= | reads the plugin again; opens a page |

A parameter that xbar does not know replaces the whole plugin by a warning: there are no others.
"""

from codingplan_bar.bars.adapters import menu

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View


def render(view: "View") -> str:
    """The bar's line and the menu."""
    return menu.render(view, _DIALECT)


def color(view: "View", tone: str) -> str:
    """The one colour that fits the ground."""
    dark = view.environ.get("XBARDarkMode", view.environ.get("BitBarDarkMode", "true")) != "false"
    shown = view.color_of(tone, on_light=not dark)
    return f"color={shown}" if shown else ""


_DIALECT = menu.Dialect(verbatim="emojize=false ansi=false", fixed_width="font=Menlo", color=color, click=menu.click)
