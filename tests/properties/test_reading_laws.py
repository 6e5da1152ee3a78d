"""Laws of what is read: whatever comes in as a payload or as a Cookie header, sense or an error of ours comes out."""

from __future__ import annotations

import json
import re
import shlex
import unicodedata
from urllib.parse import urlsplit

import pytest
import urllib3
from hypothesis import example, given
from hypothesis import strategies as st

from codingplan_bar.credentials.cookies import cookies_in
from codingplan_bar.credentials.pasted_header_or_curl import normalise
from codingplan_bar.errors import CodingPlanError, EndpointRejected, InvalidCookie
from codingplan_bar.model import Reading
from codingplan_bar.plans import CODING_PLAN
from codingplan_bar.provider.addresses import HOST, ONLY_THE_PROVIDERS, QUOTA_URL, judge
from codingplan_bar.provider.bl import read_tool
from codingplan_bar.provider.envelope import ERROR_CODE, LISTINGS, MESSAGES, STATUS_CODES, WRAPPERS
from codingplan_bar.provider.http_answers import read
from codingplan_bar.provider.plan_fields import ACTIVES, ALIVE, ENDED, ENDS, NAMES, QUOTAS, STATUSES
from codingplan_bar.provider.values import decode
from codingplan_bar.regions import CN, CONSOLE_HOSTS, INTL
from codingplan_bar.text import clean

NOW = 1_795_400_131
LAST = 253_402_300_799

KEYS = st.sampled_from(
    [
        *sorted(CODING_PLAN.field_names),
        *QUOTAS,
        ERROR_CODE,
        *MESSAGES,
        *STATUS_CODES,
        *LISTINGS,
        *WRAPPERS,
        *ACTIVES,
        *ENDS,
        *NAMES,
        *STATUSES,
        "success",
        "failed",
        "ret",
        "per5Hour",
        "perWeek",
        "usedQuota",
        "totalQuota",
        "resetTime",
        "error",
    ]
)
TEXTS = st.text() | st.sampled_from(
    [
        *sorted(ALIVE | ENDED),
        "SUCCESS::ok",
        "FAIL::x",
        "login",
        "200",
        "2026-11-30",
        "2026-11-30T00:00:00Z",
        "12",
        "1e400",
        "[",
        "{}",
    ]
)
ATOMS = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.sampled_from([0, 200, 401, NOW, NOW * 1000])
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=8)
        | inner.map(json.dumps)
    ),
    max_leaves=40,
)


def with_numbers(totals):
    return st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(CODING_PLAN.field_names), totals))


PLANS = st.fixed_dictionaries(
    {"codingPlanQuotaInfo": with_numbers(st.integers() | st.floats() | TEXTS)},
    optional=dict.fromkeys((*NAMES, *STATUSES, *ENDS), ATOMS),
)
ANSWERS = VALUES | st.lists(PLANS, max_size=3).map(lambda plans: {"data": {"codingPlanInstanceInfos": plans}})
READERS = st.sampled_from(["web", "api", "tool"])


def read_by(reader, payload):
    return read_tool(payload, now=NOW) if reader == "tool" else read(payload, now=NOW, mode=reader)


def is_safe(text):
    return all(unicodedata.category(char)[0] != "C" and (char == " " or not char.isspace()) for char in text)


def check(reading):
    assert isinstance(reading, Reading)
    assert reading.windows or reading.plan.name
    assert reading.plan.name is None or (is_safe(reading.plan.name) and 0 < len(reading.plan.name) <= 64)
    assert reading.plan.expires_at is None or 0 < reading.plan.expires_at <= LAST
    for window in reading.windows:
        assert 0 <= window.used_percent <= 100
        assert window.total > 0
        assert window.used >= 0
        assert window.resets_at is None or NOW < window.resets_at <= LAST


def check_error(error):
    assert is_safe(error.message)
    assert len(error.message) <= 30 * 42 + 100
    error.message.encode()


@given(ANSWERS, READERS)
def test_any_value_gives_a_reading_or_an_error_of_ours(payload, reader):
    try:
        check(read_by(reader, payload))
    except CodingPlanError as error:
        check_error(error)


@given(ANSWERS, READERS)
def test_any_json_text_gives_a_reading_or_an_error_of_ours(payload, reader):
    try:
        check(read_by(reader, decode(json.dumps(payload).encode())))
    except CodingPlanError as error:
        check_error(error)


@given(
    st.binary() | st.text() | st.text(alphabet='[]{}",:\\0x \n\ud800').map(lambda text: text.encode("utf-8", "replace"))
)
@example(b"[" * 5000)
@example(b"\xff" * 10)
@example("\ud800")
def test_any_bytes_and_any_text_give_a_value_or_an_error_of_ours(body):
    try:
        read_by("web", decode(body))
    except CodingPlanError as error:
        check_error(error)


@given(VALUES)
def test_a_payload_wrapped_once_more_reads_the_same(payload):
    text = json.dumps(payload)
    opened = decode(text) if isinstance(payload, dict | list) else text
    assert repr(decode(json.dumps({"data": text}))) == repr({"data": opened})


MARKUP = st.text(alphabet="&<>'\" \u0301\u0338\u0327e\u200b\u202e\n\x00\ud800\u1100\u1161\u3164\ufe0fA\u030a…")


@given(st.text() | MARKUP, st.integers(min_value=1, max_value=80))
def test_a_cleaned_text_is_clean_short_and_stays_so(text, limit):
    cleaned = clean(text, limit)
    assert clean(cleaned, limit) == cleaned
    assert len(cleaned) <= limit
    assert is_safe(cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert not any(unicodedata.category(char)[0] == "M" for char in cleaned[:1])


@given(st.sampled_from("&<>'\""), st.text(alphabet="\u0301\u0327\u0308\u20dd\u0903", min_size=1))
def test_no_mark_ever_follows_a_sign_of_markup(sign, marks):
    assert clean(f"a{sign}{marks}b", 80) == f"a{sign}b"


@pytest.mark.parametrize("form", ["NFD", "NFKD"])
@given(st.text(max_size=20))
def test_a_text_and_its_decomposed_form_clean_to_safe_text(form, text):
    assert is_safe(clean(unicodedata.normalize(form, text), 80))


# Laws of the Cookie header's normaliser.


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
