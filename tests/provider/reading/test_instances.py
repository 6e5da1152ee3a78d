import pytest
from support.rows import for_each

from codingplan_bar.errors import BadResponse, NoPlan
from codingplan_bar.provider.http_answers import read
from codingplan_bar.provider.plan_fields import ENDED, has_ended, plan_of, score, subject_of

NOW = 1_795_400_131
LATER, EARLIER = NOW + 1, NOW - 1


@pytest.mark.parametrize(
    ("instance", "points"),
    [
        ({"status": " valid "}, 3),
        ({"status": "PENDING", "instanceStatus": "ACTIVE"}, 3),
        ({"status": "VALID", "isActive": False, "endTime": EARLIER}, 3),
        ({"status": "STOPPED", "isActive": True}, -1),
        ({"active": True}, 3),
        ({"isActive": "false", "endTime": LATER}, -1),
        ({"isActive": 1, "endTime": LATER}, 1),
        ({"endTime": LATER}, 1),
        ({"endTime": 0, "expireTime": LATER}, 1),
        ({"endTime": NOW}, 0),
        ({"endTime": EARLIER}, 0),
        ({"status": ["VALID"]}, 0),
        ({}, 0),
    ],
)
def test_a_score_is_the_status_else_the_flag_else_the_end(instance, points):
    assert score(instance, NOW) == points


def subject(*instances):
    return subject_of({"codingPlanInstanceInfos": list(instances)}, now=NOW)


def test_the_highest_positive_score_wins_of_equals_the_later_end_and_then_the_first():
    first, second = {"status": "VALID", "planName": "1"}, {"status": "VALID", "planName": "2"}
    assert subject({"endTime": LATER}, first, second).frame is first
    longer = second | {"endTime": LATER + 5}
    assert subject({"endTime": LATER + 9}, first | {"endTime": LATER}, longer).frame is longer


def test_with_none_positive_the_first_that_has_not_ended_stands():
    first, second = {"planName": "1"}, {"planName": "2"}
    chosen = subject({"status": "EXPIRED"}, first, second)
    assert chosen.frame is first
    assert (chosen.proven, chosen.over) == (False, False)


ENDS = pytest.mark.parametrize("key", ["endTime", "instanceEndTime", "periodEndTime", "expireTime", "expirationTime"])


@for_each("word", sorted(ENDED))
@for_each("more", [{}, {"endTime": LATER}, {"endTime": EARLIER}, {"isActive": True}])
def test_one_of_the_six_words_has_ended_whatever_its_date(word, more):
    assert has_ended({"status": word} | more, NOW)
    assert has_ended({"instanceStatus": word.lower()} | more, NOW)


@ENDS
@for_each("status", [{}, {"status": "FROZEN"}, {"status": ""}, {"status": 3}])
def test_an_end_that_has_passed_has_ended_and_one_ahead_has_not(key, status):
    assert has_ended({key: NOW} | status, NOW)
    assert not has_ended({key: LATER} | status, NOW)


@pytest.mark.parametrize(
    ("instance", "over"),
    [
        ({"isActive": False, "endTime": LATER}, True),
        ({"active": "false"}, True),
        ({"status": "FROZEN"}, True),
        ({"status": "FROZEN", "isActive": True}, False),
        ({"status": "VALID", "endTime": EARLIER}, False),
        ({"status": "active", "isActive": False, "endTime": EARLIER}, False),
        ({"isActive": True, "endTime": EARLIER}, False),
        ({"status": "", "endTime": 0, "isActive": None}, False),
        ({"status": ["FROZEN"]}, False),
        ({}, False),
    ],
)
def test_that_it_has_ended_needs_evidence(instance, over):
    assert has_ended(instance, NOW) is over


@ENDS
def test_a_date_without_a_time_ends_when_its_day_does_in_china(key):
    last_second = 1_795_967_999  # 2026-11-29 23:59:59 in China
    assert not has_ended({key: "2026-11-29"}, last_second - 1)
    assert has_ended({key: "2026-11-29"}, last_second)
    assert has_ended({key: "2026-11-29 00:00"}, last_second - 1)
    assert plan_of(subject({"status": "VALID", key: "2026-11-29"}), {}).expires_at == last_second


COUNTERS = {"codingPlanQuotaInfo": {"per5HourUsedQuota": 1, "per5HourTotalQuota": 10}}


def reading(*instances, **beside):
    return read({"data": {"codingPlanInstanceInfos": list(instances), **beside}}, now=NOW, mode="web")


@pytest.mark.parametrize("beside", [{}, COUNTERS])
def test_an_ended_plan_is_no_plan_with_counters_in_it_and_beside_it(beside):
    with pytest.raises(NoPlan):
        reading({"status": "EXPIRED"} | COUNTERS, {"endTime": EARLIER} | COUNTERS, **beside)


def test_what_says_nothing_of_itself_has_its_counters_shown_and_without_them_cannot_be_read():
    assert reading({"planName": "A"} | COUNTERS).windows
    with pytest.raises(BadResponse):
        reading({"planName": "A"})


def test_nobody_borrows_the_numbers_of_an_ended_plan():
    with pytest.raises(BadResponse):
        reading({"status": "EXPIRED"} | COUNTERS, {"planName": "B"})
    with pytest.raises(BadResponse):
        reading({"status": "EXPIRED"} | COUNTERS, "no instance at all")


@pytest.mark.parametrize(
    ("instances", "message"),
    [
        ([{"status": "EXPIRED", "endTime": "2026-11-20"}], "The plan ended on Nov 20."),
        ([{"status": "EXPIRED", "endTime": "2025-11-20"}], "The plan ended on Nov 20, 2025."),
        ([{"endTime": "2026-11-20"}, {"endTime": "2026-11-21"}], "The plan ended on Nov 21."),
        ([{"status": "EXPIRED", "endTime": LATER}], "The plan has ended."),
        ([{"status": "EXPIRED"}], "The plan has ended."),
        ([], "This account has no Coding Plan."),
    ],
)
def test_the_message_names_the_day_of_the_last_end_that_has_passed(chinas_time, instances, message):
    with pytest.raises(NoPlan) as refusal:
        reading(*instances)
    assert refusal.value.message == message


@pytest.mark.parametrize(("zone", "day"), [("CST-8", "Nov 20"), ("UTC", "Nov 19"), ("LINT-14", "Nov 20")])
def test_the_day_is_that_of_the_users_zone(local_time, zone, day):
    local_time(zone)
    with pytest.raises(NoPlan, match=f"^The plan ended on {day}\\.$"):
        reading({"endTime": "2026-11-20 00:30"})


def test_a_plan_that_stands_in_no_list_may_have_ended_but_a_mere_word_may_be_about_the_answer():
    with pytest.raises(NoPlan):
        read({"data": {"planName": "A", "status": "EXPIRED"} | COUNTERS}, now=NOW, mode="web")
    with pytest.raises(NoPlan):
        read({"data": {"endTime": EARLIER} | COUNTERS}, now=NOW, mode="web")
    assert read({"data": {"planName": "A", "status": "COMPLETED"} | COUNTERS}, now=NOW, mode="web").windows


@pytest.mark.parametrize(
    ("instances", "over"),
    [
        ([], True),
        ([{"status": "EXPIRED"}, {"endTime": EARLIER}], True),
        ([{"status": "EXPIRED"}, {}], False),
        ([{"status": "EXPIRED"}, "text"], False),
        ([{"status": "VALID"}], False),
    ],
)
def test_it_is_over_where_none_is_listed_or_only_ended_ones(instances, over):
    assert subject(*instances).over is over


def test_an_answer_without_a_list_is_not_over():
    assert not subject_of({"data": {"status": "EXPIRED"}}, now=NOW).over


def test_all_lists_of_an_answer_are_one():
    lists = {"codingPlanInstanceInfos": [], "more": {"coding_plan_instance_infos": [{"status": "VALID"}]}}
    assert subject_of(lists, now=NOW).proven


def test_a_payload_of_another_product_proves_nothing():
    alive = {"status": "VALID", "planName": "Solo"}
    assert subject_of({"data": alive}, now=NOW).proven
    assert not subject_of({"data": alive | {"commodityCode": "sfm_TokenPlanSolo_cn"}}, now=NOW).proven


def test_a_name_comes_from_the_instance_then_from_anywhere_but_another_one():
    other = {"planName": "Other", "more": {"packageName": "Other too"}}
    payload = {"data": {"codingPlanInstanceInfos": [other, {"status": "VALID"}], "beside": {"packageName": "Mine"}}}
    assert plan_of(subject_of(payload, now=NOW), payload).name == "Mine"
    del payload["data"]["beside"]
    assert plan_of(subject_of(payload, now=NOW), payload).name is None


def test_an_end_is_the_subjects_own():
    payload = {"endTime": LATER, "codingPlanInstanceInfos": [{"status": "VALID"}]}
    assert plan_of(subject_of(payload, now=NOW), payload).expires_at is None


@pytest.mark.parametrize(
    "marks",
    [
        {"instanceCode": "sfm_tokenplansolo_public_cn-x"},
        {"commodityCode": "sfm_TokenPlanTeam_cn"},
        {"instanceId": "sfm_token_plan-x"},
        {"instanceName": "Token Plan Pro"},
        {"productCode": "sfm_tokenplanteams_dp_intl"},
        {"commodityCode": "sfm_bailian_public_cn"},
        {"instanceCode": "SFM_inference_public_cn-x", "instanceName": "Pro"},
    ],
)
def test_another_products_instance_is_no_coding_plan_and_lends_neither_name_nor_numbers(marks):
    stranger = {"status": "VALID", "endTime": LATER, "planName": "Solo"} | marks | COUNTERS
    with pytest.raises(NoPlan, match=r"^This account has no Coding Plan\.$"):
        reading(stranger)
    own = {"codingPlanQuotaInfo": {"per5HourUsedQuota": 5, "per5HourTotalQuota": 10}}
    found = reading(stranger, own)
    assert (found.plan.name, found.windows[0].used) == (None, 5)
    with pytest.raises(NoPlan, match=r"^The plan has ended\.$"):
        reading(stranger, {"status": "EXPIRED"})


def test_a_coding_plan_that_speaks_of_the_other_product_stays_one():
    assert reading({"instanceCode": "sfm_codingplan_cn-x", "planName": "Was a Token Plan"} | COUNTERS).windows


def test_a_flag_says_that_there_is_no_plan_and_one_instance_may_stand_where_a_list_would():
    with pytest.raises(NoPlan):
        read({"data": {"hasCodingPlan": False}}, now=NOW, mode="web")
    detail = {"perFiveHour": {"used": 1, "total": 4}, "perWeek": {"used": "2", "total": 4}}
    info = {"instanceType": "Lite", "usageDetail": detail}
    found = read({"data": {"hasCodingPlan": True, "codingPlanInfo": info}}, now=NOW, mode="web")
    assert (found.plan.name, [window.used for window in found.windows]) == ("Lite", [1, 2])
    with pytest.raises(NoPlan):
        read({"data": {"hasCodingPlan": True, "codingPlanInfo": info | {"status": "EXPIRED"}}}, now=NOW, mode="web")
