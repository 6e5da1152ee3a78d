r"""What waybar makes of a custom module's output, `"return-type": "json"` and `"format": "{}"`, exit code 0.

| field        | taken                                                                     |
|--------------|---------------------------------------------------------------------------|
| `text`       | string, number, bool or null; Pango markup; empty hides the module        |
| `tooltip`    | the same; `\n` begins a line                                              |
| `alt`        | the same, no markup                                                       |
| `class`      | a string (one class, spaces and all) or an array of strings               |
| `percentage` | up to 0.9.17 a whole number from 0, else it reads 0; later any number     |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from support.grammar.json_text import HEX_ESCAPES_SINCE, JsonError, read_jsoncpp
from support.grammar.pango import NO_MARKUP, Markup, parse

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


def read(output: bytes, version: Version = OLDEST) -> Module:
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
        read = int(number) if number is not None and number >= 0 and number == int(number) else 0
    else:
        read = 0 if number is None else round(number) if version >= ROUNDS_SINCE else int(number)
    if read != value or isinstance(value, bool):
        errors.append(f"percentage {value!r} is read as {read}")
    elif not 0 <= read <= 100:
        errors.append(f"percentage {read} is not one of 0 to 100")
    return read
