"""How colours are seen: their contrast, and how far apart they are to people who see no red, no green or no blue.

Colour vision deficiency is simulated as Machado, Oliveira and Fernandes have it (A Physiologically-based Model for
Simulation of Color Vision Deficiency, IEEE TVCG 15(6), 2009), severity 1.0, on linear RGB. Distances are CIE 1976
(ΔE*ab) under D65; contrast is WCAG 2's.
"""

from __future__ import annotations

VISIONS = {
    "all three": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
D65 = (0.95047, 1.0, 1.08883)

LEAST_DISTANCE = 20
"""Ten times what is just noticed: told apart as small text, and from memory."""
LEAST_CONTRAST = 4.5
"""WCAG 2's for text."""

Triple = tuple[float, float, float]


def linear(color: str) -> Triple:
    channels = [value / 255 for value in bytes.fromhex(color[1:])]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def times(matrix: tuple[tuple[float, float, float], ...], vector: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three


def seen(color: str, vision: str) -> Triple:
    red, green, blue = (min(max(channel, 0.0), 1.0) for channel in times(VISIONS[vision], linear(color)))
    return red, green, blue


def lab(light: Triple) -> Triple:
    ratios = [value / white for value, white in zip(times(TO_XYZ, light), D65, strict=True)]
    x, y, z = (ratio ** (1 / 3) if ratio > 216 / 24_389 else (24_389 / 27 * ratio + 16) / 116 for ratio in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, vision: str) -> float:
    pair = zip(lab(seen(one, vision)), lab(seen(other, vision)), strict=True)
    return sum((a - b) ** 2 for a, b in pair) ** 0.5


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(times(TO_XYZ, linear(color))[1] for color in (one, other))
    return (lighter + 0.05) / (darker + 0.05)
