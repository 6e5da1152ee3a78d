"""The two regions' constants, and whose domain is whose."""

from __future__ import annotations

import dataclasses

import pytest

from codingplan_bar.regions import CN, CONSOLE_HOSTS, INTL, REGIONS, is_provider_domain

OLD = "zeldaEasy.broadscope-bailian.codingPlan.queryCodingPlanInstanceInfoV2"
NEW = "zeldaEasy.bailian-commerce.codingPlan.queryCodingPlanInstanceInfoV2"


def test_the_international_region_is_as_the_protocol_says():
    assert (INTL.gateway, INTL.rpc) == (
        "modelstudio.console.alibabacloud.com",
        "bailian-singapore-cs.alibabacloud.com",
    )
    assert (INTL.action, INTL.id) == ("IntlBroadScopeAspnGateway", "ap-southeast-1")
    assert (INTL.commodity_code, INTL.console_site) == ("sfm_codingplan_public_intl", "MODELSTUDIO_ALBABACLOUD")
    assert INTL.dashboard == "/ap-southeast-1/?tab=globalset"


def test_the_chinese_region_is_as_the_protocol_says():
    assert (CN.gateway, CN.rpc) == ("bailian.console.aliyun.com", "bailian-cs.console.aliyun.com")
    assert (CN.action, CN.id) == ("BroadScopeAspnGateway", "cn-beijing")
    assert (CN.commodity_code, CN.console_site) == ("sfm_codingplan_public_cn", "BAILIAN_ALIYUN")
    assert CN.dashboard == "/cn-beijing/?tab=model"


def test_the_shapes_are_tried_reference_first_then_the_newer_name_then_on_intl_the_gateway():
    assert [(shape.api, shape.base) for shape in INTL.shapes] == [(OLD, "rpc"), (NEW, "rpc"), (OLD, "gateway")]
    assert [(shape.api, shape.base) for shape in CN.shapes] == [(OLD, "rpc"), (NEW, "rpc")]


def test_a_region_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        INTL.gateway = "example.com"


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
