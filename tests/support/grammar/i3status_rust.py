"""What i3status-rust makes of a custom block's output with `json = true`, and swaybar of the text.

Read into a struct of four fields, each with a default: `icon` (text), `state` (one of five words), `text` and
`short_text` (text; only this one may be null). Unknown fields are ignored. Text is Pango markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from support.grammar.json_text import JsonError, Pairs, read_serde
from support.grammar.pango import NO_MARKUP, Markup, parse

FIELDS = ("icon", "state", "text", "short_text")
STATES = ("Idle", "Info", "Good", "Warning", "Critical")
ICONS = frozenset(
    (
        "backlight",
        "bat",
        "bell",
        "bluetooth",
        "calendar",
        "cogs",
        "cpu",
        "disk_drive",
        "docker",
        "github",
        "gpu",
        "headphones",
        "keyboard",
        "mail",
        "memory_mem",
        "memory_swap",
        "mouse",
        "music",
        "net_up",
        "net_down",
        "notification",
        "ping",
        "refresh",
        "tasks",
        "thermometer",
        "time",
        "unknown",
        "update",
        "uptime",
        "volume",
        "xrandr",
    )
)


@dataclass(frozen=True, slots=True)
class Block:
    """The block: `shown` is what swaybar draws, for wrong markup the raw source. `failed`: an error in its place."""

    visible: bool
    text: Markup = NO_MARKUP
    short_text: Markup | None = None
    shown: str = ""
    state: str = "Idle"
    icon: str = ""
    failed: bool = False
    errors: tuple[str, ...] = ()


def read(output: bytes, *, persistent: bool = False) -> Block:
    """The block for the whole of `output`, or with `persistent` for its last line, each of them having to be right."""
    documents = output.removesuffix(b"\n").split(b"\n") if persistent else [output]
    blocks = [_block(document) for document in documents]
    failed = next((block for block in blocks if block.failed), None)
    return failed or blocks[-1]


def _block(document: bytes) -> Block:
    try:
        fields = _fields(read_serde(document.decode().strip()))
    except UnicodeDecodeError:
        return Block(visible=True, failed=True, errors=("the block shows an error: invalid UTF-8",))
    except JsonError as error:
        return Block(visible=True, failed=True, errors=(f"the block shows an error: invalid JSON: {error}",))
    text, short = parse(fields["text"]), fields["short_text"]
    short_text = None if short is None else parse(short)
    errors = [
        f"shown raw, its markup is wrong: {markup.error}" for markup in (text, short_text) if markup and markup.error
    ]
    if fields["icon"] and fields["icon"] not in ICONS and not fields["icon"].startswith("weather_"):
        errors.append(f"the block shows an error: icon {fields['icon']!r} not found")
    return Block(
        visible=bool(fields["text"]),
        text=text,
        short_text=short_text,
        shown=fields["text"] if text.error else text.text,
        state=fields["state"].capitalize(),
        icon=fields["icon"],
        errors=tuple(errors),
    )


def _fields(value: Any) -> dict[str, Any]:
    if isinstance(value, list) and not isinstance(value, Pairs) and len(value) <= len(FIELDS):
        value = Pairs(zip(FIELDS, value, strict=False))
    if not isinstance(value, Pairs):
        raise JsonError("neither an object nor an array of the four fields")
    if repeated := [name for name in value.repeated() if name in FIELDS]:
        raise JsonError(f"duplicate field {repeated[0]}")
    fields = {"icon": "", "state": "Idle", "text": "", "short_text": None, **dict(value)}
    for name in FIELDS:
        if not isinstance(fields[name], str) and (name != "short_text" or fields[name] is not None):
            raise JsonError(f"{name} is no text")
    if fields["state"] not in {*STATES, *map(str.lower, STATES)}:
        raise JsonError(f"unknown variant {fields['state']!r}")
    return fields
