"""Laws of the Cookie header's normaliser."""

from __future__ import annotations

import re
import shlex

from hypothesis import example, given
from hypothesis import strategies as st

from codingplan_bar.errors import InvalidCookie
from codingplan_bar.fetch.cookie_header import cookies_in, normalise

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

names = st.text("abcdefghijklmnopqrstuvwxyzABCDEFXYZ0123456789_-.!#$%&*+^`|~", min_size=1, max_size=12).filter(
    lambda name: not name.lower().startswith(("-h", "-b", "--", "curl"))
)
values = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp"), exclude_characters=";"), max_size=30
).map(lambda value: value.strip(" \u00a0"))
"""What a browser can hold, spaces at the ends aside; those are not part of a value on the wire."""

cookies = st.lists(st.tuples(names, values), min_size=1, max_size=6)

shapes = [
    "",
    "b=",
    "=",
    "; ",
    "Cookie: ",
    "curl ",
    "curl x ",
    "-b ",
    "-H ",
    "--cookie=",
    "'",
    '"',
    "$'",
    "\\",
    "^",
    '^"',
]
pastes = st.lists(st.one_of(st.sampled_from(shapes), st.text(max_size=8)), max_size=12).map("".join)


@given(st.one_of(st.text(), pastes))
@example("curl -b $'a=\\ud800'")
@example("curl -b $'a=\\Uffffffff'")
@example("-b")
@example('curl ^"')
def test_any_text_is_a_header_without_control_characters_or_an_invalid_cookie(text):
    try:
        header = normalise(text)
    except InvalidCookie:
        return
    assert not CONTROL.search(header)
    assert header.encode()
    assert any(name for name, _ in cookies_in(header))


@given(pastes)
def test_a_normalised_header_stays_as_it_is(text):
    try:
        header = normalise(text)
    except InvalidCookie:
        return
    if header[0] not in "'\"-" and not re.match(r"curl\s|cookie\s*:", header, re.IGNORECASE):
        assert normalise(header) == header


def in_ansi_quotes(text):
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return "$'" + "".join(f"\\u{ord(c):04x}" if c == "!" else c for c in escaped) + "'"


def in_double_quotes(text):
    return '"' + re.sub(r'([\\"$`])', r"\\\1", text) + '"'


def for_cmd(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '^"' + re.sub(r"[^A-Za-z0-9\s_\-:=+~'/.,?;()*`]", r"^\g<0>", escaped) + '^"'


def for_old_cmd(text):
    """Chrome until 2021: quotes doubled, percent signs outside of them."""
    return '"' + text.replace("\\", "\\\\").replace('"', '""').replace("%", '"%"') + '"'


@given(cookies)
def test_every_shape_gives_the_same_cookies_back(pairs):
    header = "; ".join(f"{name}={value}" for name, value in pairs)
    bare = [
        header,
        f"Cookie: {header}",
        f"cookie:{header};",
        f"'{header}'",
        f'"{header}"',
        f"\n 'Cookie: {header}' \r\n",
    ]
    commands = [
        f"curl {quoted('https://x.test/?a=-b&c=^d')}{line}-H {quoted('accept: */*')}{line}{option}{tail}"
        for quoted, line in (
            (shlex.quote, " \\\n  "),
            (in_ansi_quotes, " \\\r\n  "),
            (in_double_quotes, " "),
            (for_cmd, " ^\n  "),
            (for_cmd, " ^\r\n"),
            (for_old_cmd, " "),
        )
        for option in (
            f"-b {quoted(header)}",
            f"--cookie {quoted(header)}",
            f"-H {quoted('Cookie: ' + header)}",
            f"--header {quoted('cookie: ' + header)}",
        )
        for tail in ("", f"{line}--compressed", f"{line}--data-raw {quoted('-b')}")
    ]
    for text in (*bare, *commands):
        assert list(cookies_in(normalise(text))) == pairs, text
