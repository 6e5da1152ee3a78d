"""What waybar and i3status-rust make of the JSON that they are given; its texts are Pango markup."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from support.grammar.pango import NO_MARKUP, Markup, parse

# The two JSON readers behind the bars: jsoncpp (waybar) forgives, serde_json (i3status-rust) does not.


HEX_ESCAPES_SINCE = (0, 9, 23)


class JsonError(ValueError):
    """Why a line is not the JSON that its reader takes."""


class Pairs(list[tuple[str, Any]]):
    """An object as it was written: its members in order, those of one name each by itself."""

    def repeated(self) -> list[str]:
        """The names that stand more than once."""
        names = [name for name, _ in self]
        return sorted({name for name in names if names.count(name) > 1})


def _refuse_constant(constant: str) -> NoReturn:
    raise JsonError(f"{constant} is no JSON")


def has_lone_surrogate(value: Any) -> bool:
    """Whether a string anywhere in `value` holds half of a surrogate pair."""
    if isinstance(value, str):
        return any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, (list, dict)):
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        return any(has_lone_surrogate(part) for part in parts)
    return isinstance(value, tuple) and any(has_lone_surrogate(part) for part in value)


def read_jsoncpp(line: bytes, *, rewrite_hex: bool = False) -> Any:
    r"""The value at the start of `line`; what follows it is ignored, and so is all but the last of one name.

    Raw controls in strings are taken; bytes that are no UTF-8 come through as surrogates, since jsoncpp passes them
    on. `rewrite_hex`: newer waybars turn each `\x` of the line into `\u00` first. Raises JsonError, also for a lone
    `\ud800`. Stricter than jsoncpp: no comments, no trailing commas.
    """
    if rewrite_hex:
        line = line.replace(b"\\x", b"\\u00")
    decoder = json.JSONDecoder(strict=False, parse_constant=_refuse_constant)
    try:
        if has_lone_surrogate(decoder.raw_decode(line.decode("utf-8", "replace").lstrip(" \t\r"))[0]):
            raise JsonError("a lone surrogate")
        return decoder.raw_decode(line.decode("utf-8", "surrogateescape").lstrip(" \t\r"))[0]
    except (json.JSONDecodeError, RecursionError) as error:
        raise JsonError(str(error)) from error


def read_serde(text: str) -> Any:
    """The one value that `text` is, objects as Pairs. Raises JsonError at anything that RFC 8259 does not allow."""
    decoder = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=Pairs)
    try:
        value = decoder.decode(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise JsonError(str(error)) from error
    if has_lone_surrogate(value):
        raise JsonError("a lone surrogate")
    return value


# What i3status-rust makes of a custom block's output with `json = true`, and swaybar of the text: a struct of four
# fields, each with a default: `icon` (text), `state` (one of five words), `text` and `short_text` (text; only this one
# may be null). Unknown fields are ignored.

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


def read_i3status_rust(output: bytes, *, persistent: bool = False) -> Block:
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


# What waybar makes of a custom module's output, `"return-type": "json"` and `"format": "{}"`, exit code 0.
#
# | field        | taken                                                                     |
# |--------------|---------------------------------------------------------------------------|
# | `text`       | string, number, bool or null; Pango markup; empty hides the module        |
# | `tooltip`    | the same; `\n` begins a line                                              |
# | `alt`        | the same, no markup                                                       |
# | `class`      | a string (one class, spaces and all) or an array of strings               |
# | `percentage` | up to 0.9.17 a whole number from 0, else it reads 0; later any number     |


Version = tuple[int, int, int]
OLDEST: Version = (0, 9, 17)
NUMBERS_SINCE: Version = (0, 9, 18)
ROUNDS_SINCE: Version = (0, 15, 0)
PARAGRAPHS = re.compile("\r\n|[\n\r\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Module:
    """The module on the bar: `lines` is how high its text is (1 unless a line break got in)."""

    visible: bool
    text: Markup = NO_MARKUP
    tooltip: Markup = NO_MARKUP
    classes: tuple[str, ...] = ()
    percentage: int = 0
    alt: str = ""
    lines: int = 1
    errors: tuple[str, ...] = ()


def read_waybar(output: bytes, version: Version = OLDEST) -> Module:
    """The module after one run that printed `output`. Whatever waybar would log or lose stands in `errors`."""
    if not output:
        return Module(visible=False, errors=("no output: hidden",))
    line, _, rest = output.partition(b"\n")
    errors = ["only the first line is read"] if rest else []
    if not line.strip():
        return Module(visible=False, errors=(*errors, "the first line is blank: an empty module"))
    try:
        fields = read_jsoncpp(line, rewrite_hex=version >= HEX_ESCAPES_SINCE)
        module = _module(fields, version, errors)
    except JsonError as error:
        return Module(visible=False, errors=(*errors, f"the line is lost: {error}"))
    return module


def _module(fields: Any, version: Version, errors: list[str]) -> Module:
    if not isinstance(fields, dict):
        raise JsonError("not an object")
    text = _markup(fields, "text", errors)
    return Module(
        visible=bool(_string(fields, "text")),
        text=text,
        tooltip=_markup(fields, "tooltip", errors),
        classes=_classes(fields.get("class"), errors),
        percentage=_percentage(fields.get("percentage", 0), version, errors),
        alt=_string(fields, "alt"),
        lines=len(PARAGRAPHS.split(text.text)),
        errors=tuple(errors),
    )


def _string(fields: dict[str, Any], key: str) -> str:
    return _as_string(fields.get(key), key)


def _as_string(value: Any, key: str) -> str:
    if isinstance(value, (list, dict)):
        raise JsonError(f"{key} is not convertible to a string")
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return str(value)


def _markup(fields: dict[str, Any], key: str, errors: list[str]) -> Markup:
    source, nul, _ = _string(fields, key).partition("\0")
    if nul:
        errors.append(f"{key} ends at a U+0000")
    markup = parse(source, links=True)
    if markup.error:
        errors.append(f"{key} is blank, its markup is wrong: {markup.error}")
    return markup


def _classes(value: Any, errors: list[str]) -> tuple[str, ...]:
    names = [_as_string(name, "class") for name in (value if isinstance(value, list) else [value])]
    errors.extend(f"class {name!r} matches nothing" for name in names if re.search(r"\s", name))
    return tuple(name for name in names if name)


def _percentage(value: Any, version: Version, errors: list[str]) -> int:
    _as_string(value, "percentage")
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if version < NUMBERS_SINCE:
        read_waybar = int(number) if number is not None and number >= 0 and number == int(number) else 0
    else:
        read_waybar = 0 if number is None else round(number) if version >= ROUNDS_SINCE else int(number)
    if read_waybar != value or isinstance(value, bool):
        errors.append(f"percentage {value!r} is read as {read_waybar}")
    elif not 0 <= read_waybar <= 100:
        errors.append(f"percentage {read_waybar} is not one of 0 to 100")
    return read_waybar
