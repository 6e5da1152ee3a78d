import pytest

from codingplan_bar.fetch.reading.instances import plan_of, score, subject_of

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


def test_the_highest_positive_score_wins_and_the_first_of_equals():
    first, second = {"status": "VALID", "planName": "1"}, {"status": "VALID", "planName": "2"}
    assert subject({"endTime": LATER}, first, second).frame is first


def test_with_none_positive_the_first_stands_even_before_a_better_one():
    ended = {"status": "EXPIRED"}
    chosen = subject(ended, {})
    assert chosen.frame is ended
    assert not chosen.proven


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
