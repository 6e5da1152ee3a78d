"""Every way in which a setting can be wrong: a value of a wrong type or out of range, and a misspelt name."""

from __future__ import annotations

import json
import math

WRONG = {
    "plan": ["tokens", "Coding Plan", "TEAM", "", 5, ["token"], {}],
    "source": ["browser", 5, True, ["web"], {}],
    "region": ["us", "INTL", "CN", 5],
    "region_fallback": ["perhaps", 1, 0.0],
    "cookie_source": ["browser"],
    "cookie_header": [5, ["a=b"], "x" * 100_000],
    "api_key": [5, False],
    "bl_path": [5, "bl", "./bl"],
    "browsers": [5, [5], {"a": 1}, "firefx"],
    "ca_bundle": [5, "ca.pem", "/a\0b"],
    "proxy": [5, "localhost:80", "ftp://x", "http://", "http://a b", "http://a\n"],
    "refresh_interval": [
        59,
        86_401,
        "soon",
        True,
        float("nan"),
        float("inf"),
        [300],
        "nan",
        "1e3000",
        "٦٠٠",
        "6_00",
    ],
    "timeout": [0, 121, -5, "1 minute", "", "-inf"],
    "windows": [[], ["daily"], ["weekly", "weekly"], 5, "weekly,montly"],
    "show": ["left"],
    "format": ["{", "[", "a ] b", 5, "x" * 5_000, "compat", "Compact"],
    "tooltip_format": ["}"],
    "thresholds": [[90, 75], [75], [0, 50], [0.75, 0.9], "0.75,1", [50, 101], "75", 5, ["a", "b"], "nan,90"],
    "icons": ["some"],
    "polybar_language": ["de", "", 5],
    "language": ["de", "", 5, "chinese", "zh; rm"],
    "theme": ["", 5, "Dark", "drak", ["dark"]],
    "colors": [
        {"good": "#ffffff"},
        {"ok": "red"},
        {"ok": "#fff"},
        {"ok": "#ffffff\n"},
        5,
        ["ok=#ffffff"],
        "ok:#98c379",
        "ok=#98c379,error",
    ],
    "notifications": ["perhaps", 1, 0.0],
    "session_alert": [-1, 97, "soon", True, float("nan")],
    "lapse_alert": [-1, 101, "much"],
    "plan_alert": [-1, 91, float("nan"), [7, 91], ["a"], "7;1", {}],
    "on_threshold": ["'unclosed", 5, [5], ["a\0b"], [""], [" ", "x"]],
}
LIMITING = {
    "plan",
    "source",
    "region",
    "region_fallback",
    "cookie_source",
    "bl_path",
    "browsers",
    "ca_bundle",
    "proxy",
    "on_threshold",
}
"""The settings that say what is read, asked or run: wrong, they let no request be sent."""
TEXTS = {"cookie_header", "api_key", "format", "tooltip_format", "on_threshold"}
"""Settings that any text may be."""
CASES = [(name, value) for name, values in WRONG.items() for value in values]


def toml(value):
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return json.dumps(value)


def misspelt(name):
    """One letter left out, two turned round."""
    return [name[:2] + name[3:], name[:-2] + name[-1] + name[-2]]
