"""A view in a bar, judged: by the model of the bar's grammar, and by what this view alone may do and look like."""

from __future__ import annotations

import json
import shlex
from importlib import import_module
from typing import TYPE_CHECKING, Any

from support.grammar import json_bars, pango
from support.grammar.judge import Allowed, shown, verdict

from codingplan_bar import snapshot
from codingplan_bar.bars import BARS
from codingplan_bar.bars.signs_and_colors import INKS
from codingplan_bar.errors import InternalError

if TYPE_CHECKING:
    from codingplan_bar.bars.view import View

MENUS = ("swiftbar", "xbar", "argos")
CLICKS = (("refresh", "--click"), ("copy",), ("preferences",))
NEWEST_WAYBAR = (0, 15, 0)
WIDEST = 4_000
TEXT_LOOKS = ("weight=bold", "style=italic")
DRAWN_LOOKS = ("alpha=75%", "background=#8c8c8c", "background_alpha=34%", "size=1024", "size=4096", "letter_spacing=*")
"""Of a tooltip's drawn bars and its paler lines."""


def printed(bar: str, view: View) -> str:
    """What that bar's command prints, with its final new line."""
    return import_module(f"codingplan_bar.bars.adapters.{BARS[bar]}").render(view) + "\n"


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
        return (pango.parse(json.loads(output)["full_text"]).text,)
    return shown(_model(bar), output.encode())


def _model(bar: str) -> str:
    """Where this bar has no model of its own: `ansi` is read by what shows a terminal's colours."""
    return {"ansi": "statusline"}.get(bar, bar)


def _commands(bar: str, view: View) -> list[str]:
    if bar not in MENUS:
        return []
    return [view.dashboard, "refresh", *(shlex.join([*view.program, *click]) for click in CLICKS), *_argos(bar, view)]


def _argos(bar: str, view: View) -> list[str]:
    """Argos has one text for a shell, with every word in single quotes."""
    words = ["'" + word.replace("'", "'\\''") + "'" for word in view.program]
    return [" ".join([*words, *(f"'{word}'" for word in click)]) for click in CLICKS] if bar == "argos" else []


SWIFTBARS_OWN = ("sfimage=gauge", "tooltip=*", "badge=*")


def _styles(bar: str, view: View) -> tuple[str, ...]:
    """What may be styled how: in the colours of the view's states and of nothing else, as letters or as a chip."""
    tones = {view.state, "signed_out", "stale", *(row.tone for row in view.rows)} - {""}
    pairs = {(view.color_of(tone), view.color_of(tone, on_light=True)) for tone in tones} - {("", "")}
    colors = [dark for dark, _ in pairs]
    markup = [f"{place}={color}" for place in ("foreground", "background") for color in (*colors, *INKS)]
    switches = ("emojize=false", "symbolize=false", "ansi=false", "useMarkup=false", "unescape=false")
    menu = (*switches, "font=Menlo", "font=monospace", "terminal=false")
    return {
        "waybar": (*markup, *TEXT_LOOKS, *DRAWN_LOOKS, *(["tt"] if view.facts["tooltip_format"] else [])),
        "pango": (*markup, *TEXT_LOOKS),
        "i3status-rust": (*markup, *TEXT_LOOKS),
        "i3blocks": (*markup, *TEXT_LOOKS),
        "polybar": tuple(f"{place}={color}" for place in "FB" for color in (*colors, *INKS)),
        "tmux": (
            *(f"{place}={color}" for place in ("fg", "bg") for color in (*colors, *INKS)),
            *("bold", "default", "push-default", "pop-default"),
        ),
        "ansi": tuple(f"sgr={look}" for look in (0, *map(_sgr, colors), *(f"1;{_sgr(color)}" for color in colors)))
        + tuple(f"sgr={bold}{_sgr(ink)};4{_sgr(color)[1:]}" for color in colors for ink in INKS for bold in ("", "1;")),
        "swiftbar": (
            *menu,
            *SWIFTBARS_OWN,
            *(f"color={light},{dark}" for dark, light in pairs),
        ),
        "xbar": (*menu, *(f"color={dark}" for dark in colors)),
        "argos": (*menu, *(f"color={dark}" for dark in colors), *markup, *TEXT_LOOKS),
    }.get(bar, ())


def _sgr(color: str) -> str:
    return "38;2;{};{};{}".format(*bytes.fromhex(color[1:]))


def _faults_in_the_newest_waybar(output: bytes) -> list[str]:
    r"""It rewrites each `\x` of the line before it reads the JSON, and must show the same after it."""
    oldest, newest = json_bars.read_waybar(output), json_bars.read_waybar(output, NEWEST_WAYBAR)
    same = (oldest.text.text, oldest.tooltip.text) == (newest.text.text, newest.tooltip.text)
    return [*newest.errors, *([] if same else ["the newest waybar shows another text than the oldest"])]


def _faults_of_view(output: str) -> list[str]:
    document = json.loads(output)
    try:
        snapshot.check(document, "view")
    except InternalError as error:
        return [error.message]
    return [] if output.count("\n") == 1 else ["more than one line"]


def _faults_of_i3blocks(output: str, view: View) -> list[str]:
    """Its two texts are markup, of whatever the user's blocks are by default."""
    fields: dict[str, Any] = json.loads(output)
    read = {name: pango.parse(fields.pop(f"{name}_text")) for name in ("full", "short")}
    allowed = _styles("i3blocks", view)
    wrong = [f"{name}: {each.error}" for name, each in read.items() if each.error]
    wrong += [style for each in read.values() for style in each.styles if style not in allowed]
    shown = {name: " ".join(each.text.split()) for name, each in read.items()}
    expected = {"full": " ".join(view.text.split()), "short": " ".join(view.short.split())}
    is_alone = fields == {"markup": "pango"} and output.count("\n") == 1
    return wrong + ([] if shown == expected and is_alone else [f"not as expected: {output}"])
