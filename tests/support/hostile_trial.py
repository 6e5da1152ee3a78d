"""Two templates a bar, to try the judge with: one that escapes nothing, one that follows the rules of every bar."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from functools import cache

from support.grammar.characters import BIDI_CONTROLS, is_harmful

LONGEST = 24
SWITCHES = {
    "swiftbar": "symbolize=false emojize=false",
    "xbar": "emojize=false ansi=false",
    "argos": "useMarkup=false unescape=false emojize=false ansi=false",
}
MENU_ESCAPES = str.maketrans({"|": "｜", "\\": "＼"})
SHELL_ESCAPES = str.maketrans({"$": "＄", "`": "｀", "\\": "＼"})
HTML_ESCAPES = str.maketrans({"<": "＜", "&": "＆"})
BARS = ("waybar", "polybar", "i3status-rust", "tmux", *SWITCHES, "i3blocks", "starship", "statusline", "kde", "text")


def naive(bar: str, name: str) -> bytes:
    """An output for a plan of this name, with the name as it came."""
    if bar in {"waybar", "i3status-rust"}:
        text = json.dumps({"text": f"{name} 42% {name}"})
    elif bar in SWITCHES:
        text = f"{name} 42%\n---\n{name}\n--{name}"
    else:
        text = f"{name} 42% {name}"
    return text.encode("utf-8", "surrogatepass") + b"\n"


def careful(bar: str, name: str) -> bytes:
    """The same with the name cleaned for all bars and escaped for this one."""
    text = clean(name)
    if bar in {"waybar", "i3status-rust"}:
        return json.dumps({"text": f"5h 42% {html.escape(text)}"}).encode() + b"\n"
    if bar in SWITCHES:
        text, off = text.translate(MENU_ESCAPES), SWITCHES[bar]
        return f"5h 42% {text} | {off}\n---\nPlan: {text} | {off}\n--Plan: {text} | {off}\n".encode()
    return f"5h {_escaped(bar, text)} 42%\n".encode()


def _escaped(bar: str, text: str) -> str:
    if bar == "polybar":
        return text.replace("%{", "%\u200b{")
    if bar == "tmux":
        return re.sub(r"#+\[?", _hashes, text)
    return text.translate({"starship": SHELL_ESCAPES, "kde": HTML_ESCAPES}.get(bar, {}))


@cache
def clean(name: str) -> str:
    """The name as any bar can show it: one line, no controls, no more than LONGEST characters."""
    spaced = re.sub("[\n\r\t\v\f\x1c-\x1f\x85\u2028\u2029]", " ", name)
    kept = (character for character in spaced if not is_harmful(character) and character not in BIDI_CONTROLS)
    composed = unicodedata.normalize("NFC", "".join(kept))
    bare = re.sub("(?<=[&<>'\"])[\u0300-\u036f]+", "", composed)
    text = " ".join(bare.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _hashes(run: re.Match[str]) -> str:
    """Hashes that tmux draws as they are: halved once before a bracket, halved twice anywhere else, an even rest."""
    hashes = run[0].removesuffix("[")
    return f"{hashes * 2}[" if run[0] != hashes else hashes * 4
