"""Laws of the Cookie header's normaliser."""

from __future__ import annotations

import re
import shlex
from urllib.parse import urlsplit

import pytest
import urllib3
from hypothesis import example, given
from hypothesis import strategies as st

from codingplan_bar.credentials.pasted import cookies_in, normalise
from codingplan_bar.errors import EndpointRejected, InvalidCookie
from codingplan_bar.provider.addresses import HOST, ONLY_THE_PROVIDERS, QUOTA_URL, judge
from codingplan_bar.regions import CN, CONSOLE_HOSTS, INTL

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
    if header[0] not in "'\"-“„‘’”" and not re.match(r"(curl|wget|https?)\s|cookie\s*[:：]", header, re.IGNORECASE):
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


# Laws of the judge of overrides: whoever reads the URL that is contacted sees the one host that was judged.

PIECES = [
    *("https://", "HTTPS://", "http://", "//", "/", ":", "@", "#", "?", "\\", ".", "-", "_", ";", "&", "=", "!", "*"),
    *("[", "]", "[::1]", "[fe80::1%25a]", "[v1.a]", "::ffff:1.2.3.4", ":443", ":8443", ":0", ":65536", ":08443"),
    *("%2f", "%5c", "%3f", "%23", "%40", "%3a", "%252f", "%00", "%", "\t", "\n", "\r", "\0", " ", "\u00a0"),
    *("a", "A", "xn--a", "aliyun.com", "evil.test", "127.0.0.1", "0x7f.1", "2130706433", "localhost", *CONSOLE_HOSTS),
    *("。", "\uff0f", "\u2100", "ß", "é", "\u0664", "\udcff", "\u202e", "/data/api.json", "?a=b", "#f", ".."),
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))

labels = st.text("abcxyzABC019-_", min_size=1, max_size=9)
hosts = st.one_of(st.lists(labels, min_size=1, max_size=4).map(".".join), st.ip_addresses(v=6).map("[{}]".format))
ports = st.one_of(st.just(""), st.integers(0, 70_000).map(":{}".format))
schemes = st.sampled_from(["", "https://", "Https://"])
tails = st.text("abc/?#:@[];=&%.25f", max_size=12).map(lambda tail: f"/{tail}" if tail else "")
likely = st.builds("{}{}{}{}".format, schemes, hosts, ports, tails)
"""Most of these are taken."""


def requests(endpoints):
    for region in (INTL, CN):
        yield endpoints.dashboard_page(region)
        yield endpoints.user_info(region)
        yield endpoints.api(region)
        yield from (endpoints.rpc(region, shape) for shape in region.shapes)


@given(st.one_of(likely, texts), st.one_of(likely, texts))
@example("proxy.test:443", "[::ffff:1.2.3.4]:8443/a?b")
@example("[2001:db8::1]", "xn--a.test/../x?y")
def test_any_text_is_an_https_url_on_the_judged_host_or_refused(host, quota):
    try:
        endpoints = judge({HOST: host, QUOTA_URL: quota})
    except EndpointRejected:
        return
    judged = {address.netloc for address in (endpoints.override, endpoints.quota) if address}
    for target in requests(endpoints):
        seen, also_seen = urlsplit(target.url), urllib3.util.parse_url(target.url)
        assert seen.scheme == also_seen.scheme == "https"
        assert seen.hostname == (also_seen.host or "").strip("[]")
        assert seen.port == also_seen.port
        assert seen.username is seen.password is also_seen.auth is None
        assert seen.fragment == ""
        assert seen.netloc == also_seen.netloc
        assert seen.netloc in judged | {target.host}


@given(st.one_of(likely, texts))
def test_an_override_that_is_taken_is_contacted_and_nobody_else_is(text):
    try:
        endpoints = judge({HOST: text})
    except EndpointRejected:
        return
    netlocs = {urlsplit(target.url).netloc for target in requests(endpoints)}
    own = {host for region in (INTL, CN) for host in region.hosts}
    assert netlocs == ({endpoints.override.netloc} if endpoints.override else own)


@given(st.one_of(likely, texts))
def test_where_only_the_providers_hosts_are_allowed_nobody_else_is_contacted(text):
    try:
        endpoints = judge({HOST: text, QUOTA_URL: text, ONLY_THE_PROVIDERS: "1"})
    except EndpointRejected:
        return
    assert {urlsplit(target.url).hostname for target in requests(endpoints)} <= CONSOLE_HOSTS


@given(
    st.text("abcdefghij", min_size=9),
    st.sampled_from(["http://{}", "https://{}@x", "{} x", "{}%2f", "[{}]", "{}:x", "é{}"]),
)
def test_no_refusal_repeats_the_value(secret, shape):
    with pytest.raises(EndpointRejected) as refused:
        judge({HOST: shape.format(secret)})
    refusal = refused.value
    assert secret not in f"{refusal!r}{refusal.message}{refusal.hint}{refusal.where}"
