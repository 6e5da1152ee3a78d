"""Argos' plugin output (GNOME Shell).

| parameter | what Argos does with it |
| --- | --- |
| color=#rrggbb | the text's colour; GNOME's bar is dark |
| unescape=false emojize=false ansi=false | the text is Pango markup: the bar's line, each window in its own colour |
| useMarkup=false and the same three | the text stays as it is: the menu |
| bash= terminal=false | runs a command line by `bash -c` |
| refresh=true, href= | reads the plugin again; opens a page |
"""

from codingplan_bar.bars.adapters import menu, spans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View


def render(view: "View") -> str:
    """The bar's line and the menu."""
    return menu.render(view, _DIALECT)


def color(view: "View", tone: str) -> str:
    """The colour for a dark ground; none where the state has none."""
    shown = view.color_of(tone)
    return f"color={shown}" if shown else ""


def drawn(view: "View") -> tuple[str, str]:
    """The bar's line as markup, and the switches for it."""
    return spans(view, view.line), "unescape=false emojize=false ansi=false"


def click(view: "View", *command: str) -> str:
    """Runs this program by a shell: each word of the command in single quotes, all of it in Argos' own double ones."""
    line = " ".join(_shell_quoted(word) for word in [*view.program, *command])
    if not line.isprintable():
        return ""
    escaped = line.replace("\\", "\\\\").replace('"', '\\"')
    return f'bash="{escaped}" terminal=false refresh=true'


def _shell_quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


_DIALECT = menu.Dialect(
    verbatim="useMarkup=false unescape=false emojize=false ansi=false",
    fixed_width="font=monospace",
    color=color,
    click=click,
    drawn=drawn,
)
