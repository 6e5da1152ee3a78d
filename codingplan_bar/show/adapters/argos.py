"""Argos' plugin output (GNOME Shell).

| parameter | what Argos does with it |
| --- | --- |
| color=#rrggbb | the text's colour; GNOME's bar is dark |
| useMarkup=false unescape=false emojize=false ansi=false | the text stays as it is |
| bash= terminal=false | runs a command line by `bash -c` |
| refresh=true, href= | reads the plugin anew; opens a page |
"""

from __future__ import annotations

from codingplan_bar.show import menu

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """The bar's line and the menu."""
    return menu.render(view, _DIALECT)


def color(view: View) -> str:
    """The colour for a dark ground; none where the state has none."""
    return f"color={view.color}" if view.color else ""


def click(view: View, command: str) -> str:
    """Runs this program by a shell: each word of the command in single quotes, all of it in Argos' own double ones."""
    line = " ".join(_shell_quoted(word) for word in [*view.program, command])
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
)
