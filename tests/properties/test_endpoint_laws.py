"""Laws of the judge of overrides: whoever reads the URL that is contacted sees the one host that was judged."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import urllib3
from hypothesis import example, given
from hypothesis import strategies as st

from codingplan_bar.errors import EndpointRejected
from codingplan_bar.fetch.endpoints import HOST, ONLY_THE_PROVIDERS, QUOTA_URL, judge
from codingplan_bar.fetch.regions import CN, CONSOLE_HOSTS, INTL

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
