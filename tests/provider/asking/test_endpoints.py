"""Where the provider is asked, in which region, and which overrides are refused before anything is sent."""

from __future__ import annotations

import pytest
from support.rows import for_each

from codingplan_bar.errors import EndpointRejected
from codingplan_bar.provider.addresses import HOST, ONLY_THE_PROVIDERS, PROVIDERS_HOSTS, QUOTA_URL, judge
from codingplan_bar.regions import CN, CONSOLE_HOSTS, INTL, REGIONS, is_provider_domain

API = "zeldaEasy.broadscope-bailian.codingPlan.queryCodingPlanInstanceInfoV2"
EVERY_VARIABLE = pytest.mark.parametrize("variable", [HOST, QUOTA_URL])


def urls(endpoints, region=INTL):
    targets = [endpoints.dashboard_page(region), endpoints.user_info(region), endpoints.api(region)]
    targets += [endpoints.rpc(region, shape) for shape in region.shapes]
    return [target.url for target in targets]


def test_without_overrides_the_providers_own_hosts_are_asked():
    assert urls(judge({})) == [
        "https://modelstudio.console.alibabacloud.com/ap-southeast-1/?tab=globalset",
        "https://modelstudio.console.alibabacloud.com/tool/user/info.json",
        "https://modelstudio.console.alibabacloud.com/data/api.json",
        "https://bailian-singapore-cs.alibabacloud.com/data/api.json",
        "https://bailian-singapore-cs.alibabacloud.com/data/api.json",
        "https://modelstudio.console.alibabacloud.com/data/api.json",
    ]


def test_the_web_modes_query_names_action_product_and_api_and_the_word_undefined():
    assert judge({}).rpc(CN, CN.shapes[0]).query == {
        "action": "BroadScopeAspnGateway",
        "product": "sfm_bailian",
        "api": API,
        "_v": "undefined",
    }


def test_the_api_modes_query_names_the_short_api_and_the_region():
    assert judge({}).api(CN).query == {
        "action": API,
        "product": "broadscope-bailian",
        "api": "queryCodingPlanInstanceInfoV2",
        "currentRegionId": "cn-beijing",
    }


def test_the_dashboard_for_people_has_the_fragment_and_what_is_sent_has_none():
    endpoints = judge({})
    assert endpoints.dashboard(CN) == "https://bailian.console.aliyun.com/cn-beijing/?tab=model#/efm/coding_plan"
    assert endpoints.page(CN) == "https://bailian.console.aliyun.com/cn-beijing/?tab=model"
    assert endpoints.gateway(CN) == "https://bailian.console.aliyun.com"


def test_the_host_replaces_host_and_port_of_every_request():
    endpoints = judge({HOST: "localhost:8443"})
    assert all(url.startswith("https://localhost:8443/") for url in urls(endpoints))
    assert endpoints.gateway(INTL) == "https://localhost:8443"
    assert endpoints.dashboard(INTL) == "https://localhost:8443/ap-southeast-1/?tab=globalset#/efm/coding_plan"


def test_of_the_host_variable_only_host_and_port_count():
    assert judge({HOST: "https://proxy.test/some/path?a=b#c"}).gateway(INTL) == "https://proxy.test"


def test_the_quota_url_replaces_the_whole_quota_url_of_both_modes_and_beats_the_host():
    endpoints = judge({HOST: "proxy.test", QUOTA_URL: "https://quota.test:444/my/path#x"})
    assert endpoints.rpc(INTL, INTL.shapes[2]).url == endpoints.api(CN).url == "https://quota.test:444/my/path"
    assert endpoints.user_info(INTL).url == "https://proxy.test/tool/user/info.json"


def test_a_quota_url_without_a_query_gets_the_requests_own():
    assert judge({QUOTA_URL: "quota.test"}).api(INTL).query == judge({}).api(INTL).query


def test_a_quota_url_with_a_query_is_asked_with_that_query_alone():
    target = judge({QUOTA_URL: "quota.test/q?mine=1&u=https%3A%2F%2Fx"}).api(INTL)
    assert (target.url, target.query) == ("https://quota.test/q?mine=1&u=https%3A%2F%2Fx", {})


def test_a_replaced_request_still_stands_for_the_providers_own_host():
    endpoints = judge({HOST: "proxy.test", QUOTA_URL: "quota.test/q"})
    assert endpoints.rpc(INTL, INTL.shapes[0]).host == INTL.hosts.rpc
    assert endpoints.dashboard_page(INTL).host == endpoints.api(INTL).host == INTL.hosts.gateway
    assert endpoints.rpc(INTL, INTL.shapes[0]).path == "/data/api.json"


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("proxy.test", "https://proxy.test"),
        ("HTTPS://Proxy.TEST", "https://proxy.test"),
        ("proxy.test:443", "https://proxy.test"),
        ("proxy.test:8443", "https://proxy.test:8443"),
        ("127.0.0.1:1", "https://127.0.0.1:1"),
        ("[::1]:8443", "https://[::1]:8443"),
        ("https://[2001:DB8:0:0::1]/x", "https://[2001:db8::1]"),
        ("my_box", "https://my_box"),
        ("xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        (" proxy.test ", "https://proxy.test"),
        ("proxy.test:65535", "https://proxy.test:65535"),
    ],
)
def test_a_missing_scheme_means_https(text, origin):
    assert judge({HOST: text}).gateway(INTL) == origin


REFUSED = {
    "http": "http://proxy.test",
    "ftp": "ftp://proxy.test",
    "javascript": "javascript:alert(1)",
    "file": "file:///etc/passwd",
    "a scheme without slashes": "http:proxy.test",
    "a user name or a password": "https://user:secret-value@proxy.test",
    "user info without a scheme": "secret-value@proxy.test",
    "an empty host": "https://",
    "an empty host before a path": "https:///path",
    "an empty host before a port": "https://:443",
    "a scheme-relative address": "//proxy.test",
    "white space in the host": "https://proxy .test",
    "a tab in the host": "https://pro\txy.test",
    "a line end": "https://proxy.test\n",
    "a carriage return in the path": "https://proxy.test/a\r\nHost: evil.test",
    "NUL": "proxy\0.test",
    "DEL": "proxy\x7f.test",
    "a no-break space": "proxy\u00a0.test",
    "%2f": "https://proxy.test%2f.aliyun.com",
    "%5C": "https://proxy.test%5C.aliyun.com",
    "%3f": "https://proxy.test%3f.aliyun.com",
    "%23": "https://proxy.test%23.aliyun.com",
    "%40": "https://user%40proxy.test",
    "%3A": "https://proxy.test%3A443",
    "%252f": "https://proxy.test%252f.aliyun.com",
    "%25252f": "https://proxy.test%25252f.aliyun.com",
    "an encoded letter": "https://%70roxy.test",
    "a back-slash": "https://proxy.test\\@aliyun.com",
    "a back-slash in the path": "https://proxy.test/a\\b",
    "brackets without an address": "https://[]",
    "brackets around a name": "https://[proxy.test]",
    "brackets around an IPv4 address": "https://[127.0.0.1]",
    "brackets around a future version": "https://[v1.x]",
    "a zone": "https://[fe80::1%25eth0]",
    "an open bracket": "https://[::1",
    "a closing bracket alone": "https://::1]",
    "an address without brackets": "https://::1",
    "something behind the brackets": "https://[::1]x",
    "port 0": "proxy.test:0",
    "port 65536": "proxy.test:65536",
    "an empty port": "proxy.test:",
    "a port of letters": "proxy.test:https",
    "a port with a sign": "proxy.test:+443",
    "a port of Arabic digits": "proxy.test:\u0664\u0664\u0663",
    "two ports": "proxy.test:1:2",
    "a host beyond ASCII": "https://bücher.example",
    "a full-width dot": "aliyun。com",
    "a letter that folds to a slash": "proxy.test\uff0f.aliyun.com",
    "half of a surrogate pair": "proxy\udcff.test",
    "an empty label": "proxy..test",
    "a dot in front": ".proxy.test",
    "a dot behind": "proxy.test.",
    "a label that begins with a hyphen": "-proxy.test",
    "a label that is too long": "a" * 64 + ".test",
    "a name that is too long": ".".join(["a" * 60] * 5),
    "an asterisk": "*.aliyun.com",
    "a semicolon": "proxy.test;aliyun.com",
}


@EVERY_VARIABLE
@for_each("text", REFUSED.values(), ids=REFUSED.keys())
def test_an_override_is_refused_before_anything_is_sent(variable, text):
    with pytest.raises(EndpointRejected) as refusal:
        judge({variable: text})
    assert refusal.value.where == variable
    assert variable in refusal.value.message


@EVERY_VARIABLE
def test_a_refusal_names_the_variable_and_holds_nothing_of_its_value(variable):
    with pytest.raises(EndpointRejected) as refusal:
        judge({variable: "secretscheme://secretuser:secretword@secrethost/secretpath"})
    error = refusal.value
    assert "secret" not in f"{error!s}{error!r}{error.message}{error.hint}{error.where}"
    assert error.__cause__ is None


def test_a_bad_host_is_refused_also_where_the_quota_url_beats_it():
    with pytest.raises(EndpointRejected, match=HOST):
        judge({HOST: "http://x", QUOTA_URL: "https://quota.test"})


@EVERY_VARIABLE
@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_variable_is_none(variable, text):
    assert judge({variable: text}) == judge({})


@EVERY_VARIABLE
@pytest.mark.parametrize("switch", ["1", "true", "yes", "on", " TRUE "])
def test_where_only_the_providers_hosts_are_allowed_every_other_one_is_refused(variable, switch):
    for text in ("proxy.test", "x.aliyun.com", "aliyun.com", "modelstudio.console.alibabacloud.com.evil.net"):
        with pytest.raises(EndpointRejected, match=variable):
            judge({ONLY_THE_PROVIDERS: switch, variable: text})


@pytest.mark.parametrize("host", sorted(PROVIDERS_HOSTS))
def test_where_only_the_providers_hosts_are_allowed_these_nine_are_taken(host):
    assert judge({ONLY_THE_PROVIDERS: "on", HOST: host.upper()}).gateway(INTL) == f"https://{host}"
    assert {
        "bailian-cs.console.alibabacloud.com",
        "modelstudio-cs.console.aliyun.com",
        "modelstudio.cn-beijing.aliyuncs.com",
        "modelstudio.ap-southeast-1.aliyuncs.com",
    } == PROVIDERS_HOSTS - CONSOLE_HOSTS
    assert len(CONSOLE_HOSTS) == 5


@pytest.mark.parametrize("switch", ["", "0", "false", "no", "off"])
def test_otherwise_any_host_is_taken(switch):
    assert judge({ONLY_THE_PROVIDERS: switch, HOST: "proxy.test"}).gateway(CN) == "https://proxy.test"


def test_a_refusal_says_what_is_wrong():
    for text, reason in (
        ("a%252fb", "percent-encoded"),
        ("http://a", "not https"),
        ("a@b", "a user name or a password"),
    ):
        with pytest.raises(EndpointRejected, match=reason):
            judge({HOST: text})


OLD = "zeldaEasy.broadscope-bailian.codingPlan.queryCodingPlanInstanceInfoV2"
NEW = "zeldaEasy.bailian-commerce.codingPlan.queryCodingPlanInstanceInfoV2"


def test_the_international_region_is_as_the_protocol_says():
    assert (INTL.hosts.gateway, INTL.hosts.rpc) == (
        "modelstudio.console.alibabacloud.com",
        "bailian-singapore-cs.alibabacloud.com",
    )
    assert (INTL.action, INTL.id) == ("IntlBroadScopeAspnGateway", "ap-southeast-1")
    assert (INTL.commodity_code, INTL.console_site) == ("sfm_codingplan_public_intl", "MODELSTUDIO_ALBABACLOUD")
    assert INTL.tab == "globalset"


def test_the_chinese_region_is_as_the_protocol_says():
    assert (CN.hosts.gateway, CN.hosts.rpc) == ("bailian.console.aliyun.com", "bailian-cs.console.aliyun.com")
    assert (CN.action, CN.id) == ("BroadScopeAspnGateway", "cn-beijing")
    assert (CN.commodity_code, CN.console_site) == ("sfm_codingplan_public_cn", "BAILIAN_ALIYUN")
    assert CN.tab == "model"


def test_the_shapes_are_tried_reference_first_then_the_newer_name_then_on_intl_the_gateway():
    assert [(shape.api, shape.base) for shape in INTL.shapes] == [(OLD, "rpc"), (NEW, "rpc"), (OLD, "gateway")]
    assert [(shape.api, shape.base) for shape in CN.shapes] == [(OLD, "rpc"), (NEW, "rpc")]


def test_a_region_cannot_be_changed():
    with pytest.raises(AttributeError):
        INTL.hosts.gateway = "example.com"


@pytest.mark.parametrize("name", REGIONS)
def test_a_region_is_found_by_its_name(name):
    assert REGIONS[name].name == name


@pytest.mark.parametrize(
    "domain",
    [
        "alibabacloud.com",
        "aliyun.com",
        "free.aliyun.com",
        "account.aliyun.com",
        "signin.aliyun.com",
        "passport.alibabacloud.com",
        "console.alibabacloud.com",
        "Console.Aliyun.COM",
        "bailian-beijing-cs.aliyuncs.com",
        *sorted(CONSOLE_HOSTS),
    ],
)
def test_the_providers_domains_are_its_own(domain):
    assert is_provider_domain(domain)


@pytest.mark.parametrize(
    "domain",
    [
        "evilaliyun.com",
        "aliyun.com.evil.net",
        "notalibabacloud.com",
        "aliyuncs.com",
        "bucket.aliyuncs.com",
        "x.bailian-beijing-cs.aliyuncs.com",
        "com",
        "",
        ".com",
    ],
)
def test_a_domain_matches_on_whole_labels_only(domain):
    assert not is_provider_domain(domain)
