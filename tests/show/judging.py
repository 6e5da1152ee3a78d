"""A view in a bar, judged: by the model of the bar's grammar, and by what this view alone may do and look like."""

from __future__ import annotations

import json
import shlex
from importlib import import_module
from typing import TYPE_CHECKING, Any

from grammar import waybar
from grammar.judge import Allowed, shown, verdict

from codingplan_bar.errors import InternalError
from codingplan_bar.fetch import contract
from codingplan_bar.show import BARS

if TYPE_CHECKING:
    from codingplan_bar.show.view import View

MENUS = ("swiftbar", "xbar", "argos")
CLICKS = ("refresh", "copy", "preferences")
NEWEST_WAYBAR = (0, 15, 0)
WIDEST = 4_000


def printed(bar: str, view: View) -> str:
    """What that bar's command prints, with its final new line."""
    return import_module(f"codingplan_bar.show.adapters.{BARS[bar]}").render(view) + "\n"


def faults(bar: str, view: View, *, like: View | None = None) -> list[str]:
    """All that is wrong with the output; `like`: a view of which only the texts may differ."""
    output = printed(bar, view)
    if bar == "json":
        return _faults_of_view(output)
    if bar == "i3blocks":
        return _faults_of_i3blocks(output, view)
    allowed = Allowed(
        commands=frozenset(_commands(bar, view)),
        styles=_styles(bar, view),
        columns=WIDEST,
        like=printed(bar, like).encode() if like else None,
    )
    found = verdict(_model(bar), output.encode(), allowed)
    return found + (_faults_in_the_newest_waybar(output.encode()) if bar == "waybar" else [])


def texts(bar: str, view: View) -> tuple[str, ...]:
    """The lines of text that a person sees, the bar's own first."""
    output = printed(bar, view)
    if bar == "json":
        return (json.loads(output)["text"], *json.loads(output)["tooltip"])
    if bar == "i3blocks":
        return (json.loads(output)["full_text"],)
    return shown(_model(bar), output.encode())


def _model(bar: str) -> str:
    """Where this bar has no model of its own: `ansi` is read by what shows a terminal's colours."""
    return {"ansi": "statusline"}.get(bar, bar)


def _commands(bar: str, view: View) -> list[str]:
    if bar not in MENUS:
        return []
    return [view.dashboard, "refresh", *(shlex.join([*view.program, click]) for click in CLICKS), *_argos(bar, view)]


def _argos(bar: str, view: View) -> list[str]:
    """Argos has one text for a shell, with every word in single quotes."""
    words = ["'" + word.replace("'", "'\\''") + "'" for word in view.program]
    return [" ".join([*words, f"'{click}'"]) for click in CLICKS] if bar == "argos" else []


def _styles(bar: str, view: View) -> tuple[str, ...]:
    color, on_light = view.color or "none", view.color_on_light
    red, green, blue = bytes.fromhex(color[1:]) if view.color else (0, 0, 0)
    dark_and_light = {"swiftbar": f"{on_light},{color}", "xbar": color, "argos": color}
    verbatim = ("emojize=false", "symbolize=false", "ansi=false", "useMarkup=false", "unescape=false")
    return {
        "waybar": ("tt",),
        "polybar": (f"F={color}",),
        "tmux": (f"fg={color}", "fg=default"),
        "ansi": (f"sgr=38;2;{red};{green};{blue}", "sgr=0"),
        **{
            menu: (*verbatim, f"color={shades}", "font=Menlo", "font=monospace", "terminal=false")
            for menu, shades in dark_and_light.items()
        },
    }.get(bar, ())


def _faults_in_the_newest_waybar(output: bytes) -> list[str]:
    r"""It rewrites each `\x` of the line before it reads the JSON, and must show the same after it."""
    oldest, newest = waybar.read(output), waybar.read(output, NEWEST_WAYBAR)
    same = (oldest.text.text, oldest.tooltip.text) == (newest.text.text, newest.tooltip.text)
    return [*newest.errors, *([] if same else ["the newest waybar shows another text than the oldest"])]


def _faults_of_view(output: str) -> list[str]:
    document = json.loads(output)
    try:
        contract.check(document, "view")
    except InternalError as error:
        return [error.message]
    return [] if output.count("\n") == 1 else ["more than one line"]


def _faults_of_i3blocks(output: str, view: View) -> list[str]:
    fields: dict[str, Any] = json.loads(output)
    color = {"color": view.color} if view.color else {}
    expected = {"full_text": view.text, "short_text": view.short, **color, "markup": "none"}
    return [] if fields == expected and output.count("\n") == 1 else [f"not as expected: {output}"]
