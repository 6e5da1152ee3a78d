"""Escapes that more than one bar shares: JSON strings and Pango markup."""

from __future__ import annotations


def json_string(text: str) -> str:
    r"""A JSON string with its quotes.

    Of the characters that JSON wants escaped, a cleaned text holds only these. A backslash is written as a number,
    since newer waybars rewrite the two characters `\x` before they read the JSON.
    """
    return '"' + text.replace("\\", "\\u005c").replace('"', '\\"').replace("\n", "\\n") + '"'


def pango(text: str) -> str:
    """Text that Pango markup shows as it is."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#39;")
