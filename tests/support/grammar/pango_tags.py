"""Pango's tags, their attributes and the forms of their values, as its documentation lists them up to 1.50.

Fewer than Pango takes: colours by 18 of its 700 names, and only the attributes that a bar could have a use for.
"""

from __future__ import annotations

TAGS = frozenset({"b", "big", "i", "s", "small", "span", "sub", "sup", "tt", "u"})
ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
COLOR_NAMES = (
    "aqua|black|blue|fuchsia|gray|green|grey|lime|maroon|navy|olive|orange|purple|red|silver|teal|white|yellow"
)
COLOR = rf"#([0-9a-fA-F]{{3}}|[0-9a-fA-F]{{4}}|[0-9a-fA-F]{{6}}|[0-9a-fA-F]{{8}}|[0-9a-fA-F]{{12}})|{COLOR_NAMES}"
SIZE = r"(x{1,2}-)?(small|large)|medium|smaller|larger|\d+(\.\d+)?(pt|%)?"
WEIGHT = "ultralight|light|normal|bold|ultrabold|heavy|[1-9]\\d{2}"
ALIASES = {
    "fgcolor": "foreground",
    "color": "foreground",
    "bgcolor": "background",
    "fgalpha": "alpha",
    "face": "font_family",
    "font_desc": "font",
    "font_size": "size",
    "font_style": "style",
    "font_weight": "weight",
}
ATTRIBUTES = {
    "foreground": COLOR,
    "background": COLOR,
    "underline_color": COLOR,
    "alpha": r"\d+%?",
    "background_alpha": r"\d+%?",
    "font": ".+",
    "font_family": ".+",
    "size": SIZE,
    "style": "normal|oblique|italic",
    "weight": WEIGHT,
    "underline": "none|single|double|low|error",
    "strikethrough": "true|false",
    "rise": r"-?\d+",
    "letter_spacing": r"-?\d+",
    "lang": r"[A-Za-z]+([-_][A-Za-z0-9]+)*",
}
LINK_ATTRIBUTES = {"href": ".*", "title": ".*"}
