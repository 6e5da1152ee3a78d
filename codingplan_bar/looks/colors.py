"""Colours as configurations write them: CSS's, GTK's, polybar's and tmux's, and those of a whole style sheet of GTK.

A text is looked at once, to a fixed depth, and gives numbers: nothing of it reaches a bar's markup as it was. Files are
the user's, and hostile all the same: each is regular, of bounded length, and opened without waiting.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from codingplan_bar import paths

NAMED = dict(
    re.findall(
        r"(\w+):(\w+)",
        """
    aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc bisque:ffe4c4
    black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a burlywood:deb887 cadetblue:5f9ea0
    chartreuse:7fff00 chocolate:d2691e coral:ff7f50 cornflowerblue:6495ed cornsilk:fff8dc crimson:dc143c cyan:00ffff
    darkblue:00008b darkcyan:008b8b darkgoldenrod:b8860b darkgray:a9a9a9 darkgreen:006400 darkgrey:a9a9a9
    darkkhaki:bdb76b darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc darkred:8b0000
    darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f darkslategrey:2f4f4f
    darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff dimgray:696969 dimgrey:696969
    dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0 forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc
    ghostwhite:f8f8ff gold:ffd700 goldenrod:daa520 gray:808080 green:008000 greenyellow:adff2f grey:808080
    honeydew:f0fff0 hotpink:ff69b4 indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa
    lavenderblush:fff0f5 lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080 lightcyan:e0ffff
    lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgreen:90ee90 lightgrey:d3d3d3 lightpink:ffb6c1
    lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa lightslategray:778899 lightslategrey:778899
    lightsteelblue:b0c4de lightyellow:ffffe0 lime:00ff00 limegreen:32cd32 linen:faf0e6 magenta:ff00ff maroon:800000
    mediumaquamarine:66cdaa mediumblue:0000cd mediumorchid:ba55d3 mediumpurple:9370db mediumseagreen:3cb371
    mediumslateblue:7b68ee mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585
    midnightblue:191970 mintcream:f5fffa mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead navy:000080
    oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 orange:ffa500 orangered:ff4500 orchid:da70d6 palegoldenrod:eee8aa
    palegreen:98fb98 paleturquoise:afeeee palevioletred:db7093 papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f
    pink:ffc0cb plum:dda0dd powderblue:b0e0e6 purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f
    royalblue:4169e1 saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee
    sienna:a0522d silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd slategray:708090 slategrey:708090 snow:fffafa
    springgreen:00ff7f steelblue:4682b4 tan:d2b48c teal:008080 thistle:d8bfd8 tomato:ff6347 turquoise:40e0d0
    violet:ee82ee wheat:f5deb3 white:ffffff whitesmoke:f5f5f5 yellow:ffff00 yellowgreen:9acd32
""",
    )
)
"""The names of CSS (CSS Color Module Level 4, 6.1)."""
LONGEST = 400
"""Characters of a colour: the longest expression of a theme has a sixth of it."""
DEEPEST = 8
"""References and functions within each other; each of two arguments doubles the work."""

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_CALL = re.compile(r"([a-z]{2,12})\((.*)\)", re.DOTALL)
_NUMBER = re.compile(r"(?:\d{1,6}(?:\.\d{0,9})?|\.\d{1,9})%?")


class Shade(NamedTuple):
    """Red, green, blue and how opaque it is, each 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    @property
    def hex(self) -> str:
        """`#rrggbb`, its alpha aside."""
        return "#" + "".join(f"{round(255 * min(max(channel, 0.0), 1.0)):02x}" for channel in self[:3])

    def over(self, ground: Shade) -> Shade:
        """What is seen where it lies on that ground, which is opaque."""
        return mixed(ground, self, self.alpha)._replace(alpha=1.0)


BLACK, WHITE, CLEAR = Shade(0, 0, 0), Shade(1, 1, 1), Shade(0, 0, 0, 0)


def mixed(one: Shade, other: Shade, share: float) -> Shade:
    """The one with that share, 0 to 1, of the other."""
    red, green, blue, alpha = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return Shade(red, green, blue, alpha)


def as_seen(below: Iterable[Shade], letters: Shade | None) -> tuple[str, str]:
    """The ground and the text as they are seen: the colours `below` one upon the other, and the letters on them.

    What lies under all of that is not known. It is taken for white under dark letters, and for black under others.
    """
    ground = WHITE if letters and _luma(letters) < 0.5 else BLACK
    for each in below:
        ground = each.over(ground)
    text = letters or (BLACK if _luma(ground) > 0.5 else WHITE)
    return ground.hex, text.over(ground).hex


def _luma(of: Shade) -> float:
    return 0.3 * of.red + 0.6 * of.green + 0.1 * of.blue


def shade(text: str, named: Mapping[str, str], depth: int = 0) -> Shade | None:
    """The colour of a text of CSS or GTK, where `named` is what its `@define-color` say; None for any other text."""
    text = text.strip()
    if len(text) > LONGEST or depth > DEEPEST:
        return None
    if text.startswith("@"):
        return shade(named.get(text[1:], ""), named, depth + 1)
    if _HEX.fullmatch(text):
        return of_hex(text)
    word = text.lower()
    if word == "transparent":
        return CLEAR
    if word in NAMED:
        return of_hex("#" + NAMED[word])
    call = _CALL.fullmatch(text)
    return _called(call[1], _arguments(call[2]), named, depth) if call else None


def of_hex(text: str, *, alpha_first: bool = False) -> Shade:
    """The colour of `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`; polybar has the alpha in front."""
    digits = text[1:] if len(text) > 5 else "".join(digit * 2 for digit in text[1:])
    if alpha_first and len(digits) == 8:
        digits = digits[2:] + digits[:2]
    channels = [byte / 255 for byte in bytes.fromhex(digits)]
    return Shade(channels[0], channels[1], channels[2], channels[3] if len(channels) > 3 else 1.0)


def in_polybar(text: str) -> Shade | None:
    """The colour of `#rgb`, `#argb`, `#rrggbb` or `#aarrggbb`; None for any other text."""
    return of_hex(text, alpha_first=True) if _HEX.fullmatch(text) else None


TERMINAL = dict(
    zip(
        ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"),
        ("000000", "cd0000", "00cd00", "cdcd00", "0000ee", "cd00cd", "00cdcd", "e5e5e5"),
        strict=True,
    )
)
"""xterm's own; a terminal may draw them otherwise."""
CUBE = (0, 95, 135, 175, 215, 255)


def in_tmux(text: str) -> Shade | None:
    """The colour of a style of tmux's; None for `default` and what tmux does not know."""
    text = text.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{6}", text):
        return of_hex(text)
    if numbered := re.fullmatch(r"colou?r(\d{1,3})", text):
        number = int(numbered[1])
        if 16 <= number < 256:
            return _of_256(number)
        text = [*TERMINAL][number] if number < 8 else ""
    known = TERMINAL.get(text)
    return of_hex("#" + known) if known else None


def _of_256(number: int) -> Shade:
    """A colour of the cube, or one of the greys behind it."""
    if number >= 232:
        grey = (8 + 10 * (number - 232)) / 255
        return Shade(grey, grey, grey)
    place = number - 16
    red, green, blue = (CUBE[step] / 255 for step in (place // 36, place // 6 % 6, place % 6))
    return Shade(red, green, blue)


def _arguments(text: str) -> list[str]:
    """The arguments of a function, at the commas that stand in no brackets."""
    found, depth = [""], 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return found


def _called(name: str, given: list[str], named: Mapping[str, str], depth: int) -> Shade | None:
    if name in ("rgb", "rgba"):
        return _of_numbers(re.split(r"[\s,/]+", ",".join(given).strip()))
    wanted, work = FUNCTIONS.get(name, (0, None))
    if work is None or len(given) != wanted + 1:
        return None
    shades = [found for each in given[:wanted] if (found := shade(each, named, depth + 1))]
    share = _number(given[wanted].strip(), 1.0)
    return work(shades, share) if len(shades) == wanted and share is not None else None


def _of_numbers(given: list[str]) -> Shade | None:
    channels = [_number(each, 255.0) for each in given[:3]] + [_number(each, 1.0) for each in given[3:]]
    known = [min(each, 1.0) for each in channels if each is not None]
    if len(known) != len(channels) or len(known) not in (3, 4):
        return None
    return Shade(*known)


def _number(text: str, whole: float) -> float | None:
    """A number as a share of the whole, or a percentage."""
    if not _NUMBER.fullmatch(text):
        return None
    return float(text[:-1]) / 100 if text.endswith("%") else float(text) / whole


def _brighter(of: list[Shade], factor: float) -> Shade:
    """GTK's `shade()` multiplies HLS's lightness; as a mix with white or black it is near enough for a ground."""
    light = mixed(of[0], WHITE, min(factor - 1, 1.0)) if factor > 1 else mixed(BLACK, of[0], factor)
    return light._replace(alpha=of[0].alpha)


FUNCTIONS: Mapping[str, tuple[int, Callable[[list[Shade], float], Shade]]] = {
    "alpha": (1, lambda of, share: of[0]._replace(alpha=of[0].alpha * min(share, 1.0))),
    "shade": (1, _brighter),
    "mix": (2, lambda of, share: mixed(of[0], of[1], min(share, 1.0))),
}
"""GTK's own functions of a colour: of how many colours, followed by one number (GTK 3's CSS properties)."""


# GTK's style sheets as waybar reads them. Of a rule nothing is looked at beside its colours.

FILE_LIMIT = 256 * 1024
"""Bytes; the longest style sheet of a known theme has a tenth of it."""
MOST_FILES = 24
DEEPEST_IMPORT = 8
"""Imports within imports."""

_PIECE = re.compile(r"([^{};]*)([{};])")
_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"')]{1,1000})["']?""")
_DEFINED = re.compile(r"@define-color\s+([\w-]{1,100})\s+(\S.*)", re.DOTALL)
_COLORS_IN = re.compile(r"#[0-9a-fA-F]{3,8}|@[\w-]+|[a-z]+\((?:[^();]|\([^();]*\))*\)|[A-Za-z]+")
GROUNDS = ("background", "background-color")


@dataclass
class StyleSheet:
    """A style sheet with all that it imports: the colours by their names, and what each selector says of colours."""

    named: dict[str, str] = field(default_factory=dict)
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)

    def color(self, selectors: Sequence[str]) -> Shade | None:
        """The colour of the text by the first of the selectors that gives one."""
        return next(filter(None, (self._said(each, ("color",)) for each in selectors)), None)

    def grounds(self, selectors: Sequence[str]) -> list[Shade]:
        """What the selectors lay below the text, one upon the other."""
        return list(filter(None, (self._said(each, GROUNDS) for each in selectors)))

    def defined(self) -> dict[str, str]:
        """Each defined colour as `#rrggbb`, where it is one."""
        known = {name: shade(text, self.named) for name, text in self.named.items()}
        return {name: found.hex for name, found in known.items() if found and found.alpha > 0}

    def _said(self, selector: str, keys: tuple[str, ...]) -> Shade | None:
        """The colour that the last of these properties names, the first in its value."""
        text = next((value for key, value in reversed(self.rules.get(selector, {}).items()) if key in keys), "")
        return next(filter(None, (shade(each, self.named) for each in _colors(text))), None)


def _colors(text: str) -> Iterator[str]:
    """What may be a colour in the value of `background`: of a gradient each of its own, of a picture nothing."""
    if "url(" not in text:
        yield from (each[0] for each in _COLORS_IN.finditer(text.replace("gradient(", " ")))


def style_sheet(path: Path) -> StyleSheet:
    """The sheet at that path; what cannot be read says nothing."""
    sheet = StyleSheet()
    _read(path, sheet, 0)
    return sheet


def _read(path: Path, sheet: StyleSheet, depth: int) -> None:
    if depth > DEEPEST_IMPORT or len(sheet.files) >= MOST_FILES or path in sheet.files:
        return
    sheet.files.append(path)
    selectors: list[str] = []
    level = 0
    for text, end in _PIECE.findall(without_comments(text_of(path)) + ";"):
        if level == 0 and end == ";":
            _statement(text.strip(), path, sheet, depth)
        elif level == 1 and end in ";}":
            _declaration(text, selectors, sheet)
        elif level == 0 and end == "{":
            selectors = [" ".join(each.split()) for each in text.split(",")]
        level = max(level + {"{": 1, "}": -1}.get(end, 0), 0)


def _statement(text: str, path: Path, sheet: StyleSheet, depth: int) -> None:
    if found := _DEFINED.fullmatch(text):
        sheet.named[found[1]] = found[2].strip()
    elif found := _IMPORT.match(text):
        name = found[1].strip()
        if "\0" not in name:
            _read(path.parent / name.removeprefix("file://"), sheet, depth + 1)


def _declaration(text: str, selectors: Sequence[str], sheet: StyleSheet) -> None:
    key, _, value = text.partition(":")
    key = key.strip().lower()
    if key not in ("color", *GROUNDS) or len(value) > LONGEST:
        return
    for selector in selectors:
        rule = sheet.rules.setdefault(selector, {})
        rule.pop(key, None)  # the last one counts, of both spellings of a ground too
        rule[key] = value.strip().removesuffix("!important").strip()


def without_comments(text: str) -> str:
    """The text without its comments; one without an end takes the rest with it."""
    pieces = text.split("/*")
    rest = [piece.partition("*/")[2] for piece in pieces[1:]]
    return " ".join([pieces[0], *rest])


def text_of(path: Path) -> str:
    """What a file says; nothing where it is too long, irregular, or no text."""
    try:
        return paths.content(path, FILE_LIMIT).decode("utf-8-sig")
    except (OSError, ValueError):
        return ""


def table(text: str) -> dict[str, object]:
    """What a TOML says; nothing of any other text."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


_WHOLE_HEX = re.compile("#[0-9a-fA-F]{6}")


def colors_in(table: Mapping[str, object], depth: int = 0) -> dict[str, str]:
    """Every `name = "#rrggbb"` of a table and of those in it; of one name the outermost counts, then the first."""
    own = {name: value for name, value in table.items() if isinstance(value, str) and _WHOLE_HEX.fullmatch(value)}
    for inner in table.values():
        if isinstance(inner, dict) and depth < 4:
            own = {**colors_in(inner, depth + 1), **own}
    return own
