"""Tones: how a state is told, by a sign, a colour and words, never by colour alone; and which part of a text wears it.

A marked text is one in which some stretches wear a tone: a state of `facts.STATES`, `used_up`, or one of the tooltip's
(`strong`, `dim`, `gap`, a bar). The marks are two control characters: a cleaned text holds neither, so that no text
from outside can begin or end a stretch.
"""

TONE, TEXT = "\x1d", "\x1c"
"""In front of a stretch's tone, and of its text; what is in no tone has an empty one."""

SIGNS = {
    "none": {
        "runs_out": "»",
        "warning": "!",
        "critical": "!!",
        "used_up": "×",
        "stale": "~",
        "error": "x",
        "signed_out": "?",
    },
    "nerd": {
        "ok": "\uf0e4",
        "active": "\uf0e4",
        "runs_out": "\uf253",
        "warning": "\uf071",
        "critical": "\uf06d",
        "used_up": "\uf05e",
        "stale": "\uf017",
        "error": "\uf00d",
        "signed_out": "\uf090",
    },
    "emoji": {
        "ok": "🟢",
        "active": "🔵",
        "runs_out": "📉",
        "warning": "🟡",
        "critical": "🔴",
        "used_up": "⛔",
        "stale": "🕒",
        "error": "❌",
        "signed_out": "🔑",
    },
}

COLORS = {
    "runs_out": ("#f2b83a", "#885b00"),
    "warning": ("#f2b83a", "#885b00"),
    "critical": ("#f27d6c", "#6c000f"),
    "stale": ("#9c9c9c", "#666666"),
    "error": ("#cf9ad5", "#6a2a86"),
    "signed_out": ("#919dfe", "#1259c9"),
}
"""On a dark ground, on a light one: at least 4.5 : 1, and told apart with red, green or blue unseen
(tests/bars/test_colors.py measures it). What runs out early worries as much as what is nearly used: those two differ by
their sign, and by the day that is named. `themes.OURS` repeats them; a test compares."""
CALM = "signed_out"
"""Whose colour fills a bar without a worry: blue, which no colour-blind person takes for a warning."""

CHIPS = ("critical", "used_up")
"""Shown as a chip: in letters of the ground's kind, on a ground of their own, which reads on any bar."""
INKS = ("#000000", "#ffffff")
"""The letters on a chip: for a light one, for a dark one."""


def mark(text: str, tone: str) -> str:
    """The text as a stretch of that tone; as it is where either is empty."""
    return f"{TONE}{tone}{TEXT}{text}{TONE}{TEXT}" if text and tone else text


def pieces(text: str) -> list[tuple[str, str]]:
    """The stretches of a marked text that have something to show, each as its tone and its text."""
    first, *rest = text.split(TONE)
    parts = [("", TEXT, first), *(part.partition(TEXT) for part in rest)]
    return [(tone, words) for tone, _, words in parts if words]


def unmarked(text: str) -> str:
    """A marked text without its marks."""
    return "".join(words for _, words in pieces(text)) if TONE in text else text


def ink(color: str) -> str:
    """Which of `INKS` stands out more from that colour: at WCAG 2's luminance 0.179 the two are even, at 4.58 : 1."""
    channels = (value / 255 for value in bytes.fromhex(color[1:]))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    black, white = INKS
    return white if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 else black
