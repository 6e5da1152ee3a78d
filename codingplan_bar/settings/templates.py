"""The user's `format` and `tooltip_format`, compiled for the warm road.

`{name}` is a placeholder, `[…]` is left out as a whole where a placeholder in it has nothing to say, and a doubled
brace or bracket stands for itself; but where two brackets are open, `]]` closes both. Compiled, a template is one
line: literal, placeholder, literal, … with `SEPARATOR` between them; a bracket is a placeholder named `[` or `]`, a
new line is `NEW_LINE`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from codingplan_bar.plans import SPANS
from codingplan_bar.settings.faults import LONGEST_NAME, WrongValue, nearest
from codingplan_bar.text import clean

SEPARATOR = "\x1f"
NEW_LINE = "\x1e"
LENGTH_LIMIT = 2_000

PRESETS = {
    "minimal": "{brief}",
    "compact": "{windows}",
    "full": "[{plan} · ]{windows}[ · {next}]",
    "bars": "{bars}",
    "vertical": "{upright}",
}

WINDOWS = (*SPANS, "binding")
OF_A_WINDOW = (
    *("label", "short", "share", "used", "left", "total", "left_of", "percent", "used_percent", "left_percent", "bar"),
    *("reset", "reset_in", "reset_at", "elapsed", "frees", "pace", "runs_out", "runs_out_in", "early"),
    *("today", "lapse", "counted", "line"),
)
OF_THE_VIEW = (
    *("plan", "source", "region", "message", "hint", "windows", "bars", "brief", "outlook", "next", "spark"),
    *("unit", "packs", "age", "upright"),
    *("expires", "session", "state", "word", "sign"),
)
"""The placeholders that the bars know (bars/view.py, bars/windows.py); the tests compare."""
WITH_A_NUMBER = ("bar", "spark")

_TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|\{([^{}\[\]]*)\}|[\[\]{}]")
_WIDE = re.compile(r"｛([^{}｛｝\[\]]*)[｝}]|\{([^{}｛｝\[\]]*)｝")
"""A placeholder in the braces of a Chinese input method."""


def compile_template(value: Any) -> str:
    """The template that a preset's name or a text stands for. Raises `WrongValue` where its brackets do not pair."""
    if not isinstance(value, str) or len(value) > LENGTH_LIMIT:
        raise WrongValue("length", limit=LENGTH_LIMIT) if isinstance(value, str) else WrongValue("text")
    tokens = [""]
    depth = position = 0
    source = PRESETS.get(value, value)
    for match in _TOKEN.finditer(source):
        tokens[-1] += _literal(source[position : match.start()])
        position = match.end()
        depth = _token(match, tokens, depth)
    if depth:
        raise WrongValue("bracket", **_wide_partner("[", source))
    tokens[-1] += _literal(source[position:])
    return SEPARATOR.join(tokens)


def template(value: Any) -> str:
    """The same as an owner's own: raises `WrongValue` also for a placeholder that no bar knows, with the nearest.

    One in full-width braces is such a one.
    """
    if wide := _WIDE.search(value if isinstance(value, str) else ""):
        raise WrongValue("placeholder", placeholder=clean(wide[0], LONGEST_NAME), guess=_meant(wide[1] or wide[2]))
    compiled = compile_template(value)
    for name in unknown(compiled):
        raise WrongValue("placeholder", placeholder=f"{{{clean(name, LONGEST_NAME)}}}", guess=_meant(name))
    return compiled


def _meant(name: str) -> str:
    """The placeholder that was perhaps meant, in its braces; empty where none is near."""
    known = (*OF_THE_VIEW, *(f"{window}.{fact}" for window in WINDOWS for fact in OF_A_WINDOW))
    guess = nearest(name.partition(":")[0], known)
    return f"{{{guess}}}" if guess else ""


def placeholders(template: str) -> list[str]:
    """The names of the placeholders in a compiled template."""
    return [token for token in template.split(SEPARATOR)[1::2] if token not in {"[", "]"}]


def unknown(template: str) -> list[str]:
    """The placeholders of a compiled template that no bar knows, each once: a bar shows them as they were written."""
    return [name for name in dict.fromkeys(placeholders(template)) if not _is_known(name)]


def _is_known(name: str) -> bool:
    window, dot, fact = name.rpartition(".")
    plain, colon, _ = fact.partition(":")
    if colon and plain not in WITH_A_NUMBER:
        return False
    return plain in OF_A_WINDOW and window in WINDOWS if dot else plain in OF_THE_VIEW


def _token(match: re.Match[str], tokens: list[str], depth: int) -> int:
    """Add one token to `tokens`; gives how many brackets are open after it."""
    found = match[0]
    if match[1] is not None:
        tokens += [_literal(match[1].strip()), ""]
    elif found == "]]" and depth > 1:
        tokens += ["]", "", "]", ""]
        depth -= 2
    elif len(found) == 2:
        tokens[-1] += found[0]
    elif found in "{}" or (found == "]" and not depth):
        raise WrongValue("partner", char=found, **_wide_partner(found, match.string))
    else:
        tokens += [found, ""]
        depth += 1 if found == "[" else -1
    return depth


def _wide_partner(char: str, source: str) -> dict[str, str]:
    """The full-width bracket that was meant as this one's partner. A full-width pair is shown as it is."""
    wide, half = {"[": ("］", "]"), "]": ("［", "[")}.get(char, ("", ""))
    return {"wide": wide, "half": half} if wide and wide in source else {}


def _literal(text: str) -> str:
    """The text without what would end a line, send a control or be no character; its own new lines are kept."""
    lines = text.replace("\r\n", "\n").split("\n")
    return NEW_LINE.join(
        "".join(char for char in line if unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"}) for line in lines
    )
