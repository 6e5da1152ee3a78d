"""Palettes: well-known themes as values, how much a colour stands out from its ground, and one that stands out enough.

Contrast is WCAG 2's. Where a theme's own colour is too near its ground, its lightness moves and its hue stays, in OKLCH
(Björn Ottosson, A perceptual color space for image processing, 2020).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

LEAST = 4.5
"""WCAG 2's contrast for text."""
OWN_LEAST = 5.2
"""For a bar of which the font is not known: thin strokes lose up to 13 % of it to anti-aliasing."""
STEP = 0.01
STATES = ("warning", "critical", "error", "signed_out", "stale")
"""Whose colours a palette has: yellow, red, purple, blue, grey. `runs_out` wears that of `warning`."""


class Theme(NamedTuple):
    """The ground of a bar and of its tooltip, the text on it, and a colour a state, in the order of `STATES`."""

    ground: str
    text: str
    colors: tuple[str, str, str, str, str]

    @property
    def is_light(self) -> bool:
        """Whether black stands out more from the ground than white."""
        return is_light(self.ground)

    def readable(self, least: float = LEAST) -> dict[str, str]:
        """The colours by their states, each moved as far as it must be."""
        told = {state: legible(color, self.ground, least) for state, color in zip(STATES, self.colors, strict=True)}
        return {"runs_out": told["warning"], **told}

    @property
    def dim(self) -> int:
        """How opaque paler text must be, in percent, to stand out all the same: at least 70."""
        return next((share for share in range(70, 100) if contrast(self._paler(share), self.ground) >= OWN_LEAST), 100)

    def _paler(self, percent: int) -> str:
        pairs = zip(bytes.fromhex(self.ground[1:]), bytes.fromhex(self.text[1:]), strict=True)
        return "#" + "".join(f"{round(low + (high - low) * percent / 100):02x}" for low, high in pairs)


class Look(NamedTuple):
    """The themes of one bar by their places (the bar, its tooltip), and the files that say so, the bar's own first.

    `lacks_chinese`: it draws no Chinese characters, whatever the language, for want of a font. `source` is the file in
    which the bar's colours were found; None where a theme is made of what its program or ours takes without any.
    """

    files: tuple[Path, ...]
    themes: Mapping[str, Theme] = MappingProxyType({})
    lacks_chinese: bool = False
    source: Path | None = None


THEMES: Mapping[str, Theme] = {
    "catppuccin-mocha": Theme("#1e1e2e", "#cdd6f4", ("#f9e2af", "#f38ba8", "#cba6f7", "#89b4fa", "#9399b2")),
    "catppuccin-macchiato": Theme("#24273a", "#cad3f5", ("#eed49f", "#ed8796", "#c6a0f6", "#8aadf4", "#939ab7")),
    "catppuccin-frappe": Theme("#303446", "#c6d0f5", ("#e5c890", "#e78284", "#ca9ee6", "#8caaee", "#949cbb")),
    "catppuccin-latte": Theme("#eff1f5", "#4c4f69", ("#df8e1d", "#d20f39", "#8839ef", "#1e66f5", "#7c7f93")),
    "gruvbox": Theme("#282828", "#ebdbb2", ("#fabd2f", "#fb4934", "#d3869b", "#83a598", "#a89984")),
    "gruvbox-light": Theme("#fbf1c7", "#3c3836", ("#b57614", "#9d0006", "#8f3f71", "#076678", "#7c6f64")),
    "nord": Theme("#2e3440", "#d8dee9", ("#ebcb8b", "#bf616a", "#b48ead", "#81a1c1", "#a0a8b7")),
    "tokyo-night": Theme("#1a1b26", "#c0caf5", ("#e0af68", "#f7768e", "#bb9af7", "#7aa2f7", "#8990b3")),
    "dracula": Theme("#282a36", "#f8f8f2", ("#f1fa8c", "#ff5555", "#bd93f9", "#8be9fd", "#a4a8b8")),
    "solarized-dark": Theme("#002b36", "#93a1a1", ("#b58900", "#dc322f", "#6c71c4", "#268bd2", "#839496")),
    "solarized-light": Theme("#fdf6e3", "#586e75", ("#b58900", "#dc322f", "#6c71c4", "#268bd2", "#839496")),
}
"""By the names that their makers publish them under."""
OURS: Mapping[str, Theme] = {
    "dark": Theme("#1a1b1e", "#e6e6e6", ("#f2b83a", "#f27d6c", "#cf9ad5", "#919dfe", "#9c9c9c")),
    "light": Theme("#ffffff", "#1e1e1e", ("#885b00", "#6c000f", "#6a2a86", "#1259c9", "#666666")),
}
"""Ours, where a bar has none: the warm road has them in `bars/signs_and_colors.py`, and a test compares."""
OF_THE_BAR = "bar"
"""The choice of each bar's own colours, as they have been read from its configuration (`looks`)."""

NAMES = {
    "warning": ("warning", "yellow", "amber", "peach", "orange", "color3", "base0a"),
    "critical": ("critical", "urgent", "error", "alert", "red", "color1", "base08"),
    "error": ("mauve", "purple", "magenta", "pink", "color5", "base0e"),
    "signed_out": ("accent", "blue", "primary", "sapphire", "color4", "base0d"),
    "stale": ("overlay2", "overlay1", "comment", "muted", "disabled", "gray", "grey", "color8", "base04"),
}
"""What people call such a colour in the palettes of their bars, the best first (looked up in widespread themes)."""


def facts(name: str) -> dict[str, str]:
    """What the warm road reads of a theme: its colours, and whether its ground is light; nothing for the bar's own."""
    if name in OURS:
        return {"theme.ground": name}
    if name not in THEMES:
        return {}
    theme = THEMES[name]
    colors = {f"theme.{state}": color for state, color in theme.readable().items()}
    return {**colors, "theme.ground": "light" if theme.is_light else "dark"}


def theme_of(ground: str, text: str, named: Mapping[str, str]) -> Theme:
    """The theme of a bar with that ground and text; each colour is the one of its name, ours where it has none."""
    ours = OURS["light" if Theme(ground, text, OURS["dark"].colors).is_light else "dark"]
    words = {name.lower(): color for name, color in named.items()}
    words = {**{re.split("[-_]", name)[-1]: color for name, color in words.items()}, **words}
    found = (
        next((words[name] for name in NAMES[state] if name in words), own)
        for state, own in zip(STATES, ours.colors, strict=True)
    )
    warning, critical, error, accent, grey = found
    return Theme(ground, text, (warning, critical, error, accent, grey))


def own_facts(place: str, theme: Theme) -> dict[str, str]:
    """What the warm road reads of a bar's own theme; `place` is the bar, or its tooltip."""
    colors = {f"own.{place}.{state}": color for state, color in theme.readable(OWN_LEAST).items()}
    ground = "light" if theme.is_light else "dark"
    return {**colors, f"own.{place}.ground": ground, f"own.{place}.dim": f"{theme.dim}%"}


def contrast(one: str, other: str) -> float:
    """The ratio of two colours' luminances, 1 to 21."""
    darker, lighter = sorted(_luminance(color) for color in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def is_light(ground: str) -> bool:
    """Whether black stands out more from the ground than white."""
    return contrast("#000000", ground) > contrast("#ffffff", ground)


def legible(color: str, ground: str, least: float = LEAST) -> str:
    """The colour, or the nearest of its hue with this contrast to the ground: lighter on a dark one, else darker."""
    lightness, chroma, hue = _oklch(color)
    way = -STEP if is_light(ground) else STEP
    for step in count():
        moved = min(max(lightness + step * way, 0), 1)
        found = color if not step else _of_oklch(moved, chroma, hue)
        if contrast(found, ground) >= least or moved == (way > 0):
            return found
    raise AssertionError("a lightness ends")


def _luminance(color: str) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(color: str) -> tuple[float, float, float]:
    channels = (value / 255 for value in bytes.fromhex(color[1:]))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return red, green, blue


def _oklch(color: str) -> tuple[float, float, float]:
    """Lightness, chroma, hue in radians."""
    red, green, blue = _linear(color)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _of_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The colour; its chroma is cut where a screen has none that strong."""
    while True:
        channels = _channels(lightness, chroma * math.cos(hue), chroma * math.sin(hue))
        if chroma < STEP or all(-0.0005 <= channel <= 1.0005 for channel in channels):
            return "#" + "".join(f"{round(255 * _gamma(min(max(channel, 0), 1))):02x}" for channel in channels)
        chroma -= STEP / 2


def _channels(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
