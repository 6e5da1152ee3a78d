"""The Token Plan's answers, by each way: what each sample says, and the laws that hold for any JSON at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

from codingplan_bar import snapshot
from codingplan_bar.errors import ApiError, BadResponse, CodingPlanError, EmptySuccess, NoPlan
from codingplan_bar.model import Packs, Plan, Reading, Snapshot, Window
from codingplan_bar.plans import TOKEN_PLAN, TOKEN_PLAN_TEAM
from codingplan_bar.provider import token_plan
from codingplan_bar.provider.http_answers import payload_in, read
from codingplan_bar.provider.token_plan import (
    Known,
    PlanQuestion,
    counted,
    packs_in,
    seats_in,
    shares_in,
    subscription_in,
    team_in,
    totals_in,
)
from codingplan_bar.provider.values import decode
from codingplan_bar.refresh import plan_search
from codingplan_bar.regions import CN, INTL
from codingplan_bar.snapshot import to_document

NOW = 1_795_400_131
RESET = 1_796_400_000
MONTH = {"per1MonthPercentage": 0.3725, "per1MonthResetTime": RESET * 1000}
FIVE_AND_WEEK = {
    "per5HourPercentage": 0.21,
    "per5HourResetTime": 1_795_410_000_000,
    "per1WeekPercentage": 0.084,
    "per1WeekResetTime": 1_795_900_000_000,
}
ESSENTIAL = {
    "instanceCode": "sfm_tokenplansolo_public_cn-bbbbbbbbbbb",
    "specCode": "essential",
    "status": "VALID",
    "remainingDays": 17,
    "startTime": 1_795_190_400_000,
    "endTime": 1_797_868_799_000,
    "autoRenewFlag": False,
}
CONFIG = {
    "lite": {"five_hour": 700, "monthly": 11_500},
    "essential": {"five_hour": 1_800, "monthly": 25_500},
    "addon_quota": {"extrabundle": 20_000},
}
SUMMARY = {
    "TotalCount": 1,
    "TotalValue": "400000.00",
    "TotalSurplusValue": "150000.00",
    "EquityList": [{"EquityTypeCode": "credit", "TotalValue": "400000.00", "CycleEndTime": RESET * 1000}],
}
SEATS = {
    "Data": {
        "Items": [
            {"SeatType": "standard", "TotalSeats": 2, "SeatCredits": "300.5", "SeatRemainingCredits": 100},
            {"SeatType": "pro", "SeatCredits": 700, "SeatRemainingCredits": 400, "SeatRefreshTime": RESET * 1000},
        ]
    }
}


def gateway(data):
    """The full envelope of the gateway, as it was seen live."""
    inner = {"msg": "Success.", "code": "SUCCESS", "data": data, "success": True}
    frame = {"ret": ["SUCCESS::接口调用成功"], "data": inner}
    outer = {"httpStatusCode": "200", "requestId": "00000000-0000-4000-8000-000000000001", "successResponse": True}
    return {"code": "200", "data": {"DataV2": frame, "success": True, "httpStatus": 200, "errorCode": ""}, **outer}


def shares(name, percent, resets_at):
    return Window(name, percent, 100, resets_at, in_percent=True)


READ = {
    "month only": (MONTH, [shares("monthly", 37.25, RESET)]),
    "five hours and week": (
        FIVE_AND_WEEK,
        [shares("five_hour", 21, 1_795_410_000), shares("weekly", 8.4, 1_795_900_000)],
    ),
    "nothing used": ({"per1MonthPercentage": 0}, [shares("monthly", 0, None)]),
    "a text": ({"per1MonthPercentage": "0.5"}, [shares("monthly", 50, None)]),
    "used up": ({"per1MonthPercentage": 1}, [shares("monthly", 100, None)]),
    "a little over": ({"per1MonthPercentage": 1.05}, [shares("monthly", 100, None)]),
    "resets further away than a window is long": (
        {"per5HourPercentage": 0.5, "per5HourResetTime": RESET * 1000, "per1MonthPercentage": 0.1}
        | {"per1MonthResetTime": 253_402_300_799_000},
        [shares("five_hour", 50, None), shares("monthly", 10, None)],
    ),
    "a reset that has passed": (
        {"per1MonthPercentage": 0.1, "per1MonthResetTime": NOW * 1000},
        [shares("monthly", 10, None)],
    ),
}


class TestShares:
    @for_each("name", READ)
    @for_each("wrap", [lambda data: data, gateway, lambda data: gateway(json.dumps(data))])
    def test_each_sample_has_the_windows_that_it_names_and_no_other(self, name, wrap):
        data, windows = READ[name]
        payload = decode(json.dumps(wrap(data)))
        assert list(shares_in(payload_in(payload, now=NOW, mode="web"), now=NOW).windows) == windows

    @pytest.mark.parametrize("data", [{}, None])
    def test_an_empty_success_is_passing_and_says_nothing(self, data):
        with pytest.raises(EmptySuccess):
            payload_in(gateway(data), now=NOW, mode="web")

    @pytest.mark.parametrize("share", [1.06, 37.25, -0.01, 1e300])
    def test_a_share_that_is_none_makes_the_answer_unreadable(self, share):
        with pytest.raises(BadResponse, match="not a share") as raised:
            shares_in({**FIVE_AND_WEEK, "per1MonthPercentage": share}, now=NOW)
        assert str(share) not in raised.value.message

    @pytest.mark.parametrize("share", ["37%", True, [], {}, "soon"])
    def test_a_window_that_cannot_be_read_is_left_out_with_the_reason(self, share):
        found = shares_in({**FIVE_AND_WEEK, "per1MonthPercentage": share}, now=NOW)
        assert [window.name for window in found.windows] == ["five_hour", "weekly"]
        assert found.left_out == ("monthly (share is not a finite number)",)
        with pytest.raises(BadResponse):
            shares_in({"per1MonthPercentage": share}, now=NOW)

    def test_none_of_the_windows_slides(self):
        assert {span.kind for span in TOKEN_PLAN.windows} == {"fixed"}

    def test_they_are_no_coding_plan(self):
        with pytest.raises(CodingPlanError):
            read(gateway(MONTH), now=NOW, mode="web")


class TestWhatElseThereIsToKnow:
    def test_a_subscription_has_a_kind_and_an_end(self):
        said = subscription_in(gateway(ESSENTIAL), now=NOW)
        assert (said.spec, said.expires_at, said.is_over) == ("essential", 1_797_868_799, False)
        assert said.account_id == "sfm_tokenplansolo_public_cn-bbbbbbbbbbb"

    def test_of_several_the_one_that_lives_counts(self):
        old = {**ESSENTIAL, "specCode": "lite", "status": "EXPIRED"}
        assert subscription_in(gateway([old, ESSENTIAL]), now=NOW).spec == "essential"
        assert subscription_in(gateway([old]), now=NOW).is_over

    def test_of_several_that_have_not_ended_it_is_the_one_that_is_proven_alive(self):
        unproven = {"specCode": "lite", "remainingDays": 0}
        assert subscription_in(gateway([unproven, ESSENTIAL]), now=NOW).spec == "essential"

    def test_the_totals_are_those_of_its_own_kind_as_the_provider_names_them(self):
        assert totals_in(gateway(CONFIG), "essential") == {"five_hour": 1_800, "monthly": 25_500}
        assert totals_in(gateway(CONFIG), "pro") == {}
        assert totals_in(gateway({"pro": {"monthly": 0, "weekly": "many", "five_hour": -1}}), "pro") == {}

    def test_a_window_is_counted_in_credits_where_a_total_is_named(self):
        windows = shares_in({**MONTH, "per1WeekPercentage": 0.5}, now=NOW).windows
        week, month = counted(windows, {"monthly": 25_500})
        assert week == shares("weekly", 50, None)
        assert (month.total, month.in_percent) == (25_500, False)
        assert month.used == pytest.approx(9_498.75)

    @pytest.mark.parametrize(
        ("data", "packs"),
        [
            ({"totalCredits": 20_000, "remainingCredits": 13_250}, Packs(13_250, 20_000)),
            ({"totalCredits": 20_000, "remainingCredits": 0, "activeCount": 0}, Packs(0, 20_000)),
            ({"totalCredits": 0, "remainingCredits": 0}, None),
            ({"totalCredits": 100, "remainingCredits": 200}, Packs(200, 200)),
            ({"totalCredits": 20_000, "remainingCredits": -5}, Packs(0, 20_000)),
            ({"remainingCredits": 5}, None),
            ({}, None),
        ],
    )
    def test_packs_are_all_of_them_together(self, data, packs):
        assert packs_in(gateway(data)) == packs


class TestATeam:
    def test_its_sum_is_one_month(self):
        found = team_in({"code": "200", "data": SUMMARY, "successResponse": True}, now=NOW)
        assert found == Reading(
            Plan(kind=TOKEN_PLAN_TEAM.kind), (Window("monthly", 250_000, 400_000, RESET),), (), None
        )

    def test_a_count_of_0_is_no_plan(self):
        none = {"TotalCount": 0, "TotalValue": "0", "TotalSurplusValue": "0", "EquityList": []}
        with pytest.raises(NoPlan, match="Token Plan Team"):
            team_in({"code": "200", "data": none}, now=NOW)

    @pytest.mark.parametrize("gone", ["TotalValue", "TotalSurplusValue"])
    def test_without_a_sum_it_cannot_be_read(self, gone):
        with pytest.raises(BadResponse):
            team_in({"data": {**SUMMARY, gone: None}}, now=NOW)

    def test_seats_of_several_kinds_are_added_up(self):
        assert seats_in(SEATS, now=NOW).windows == (Window("monthly", 500.5, 1000.5, RESET),)

    @pytest.mark.parametrize(
        "sums",
        [
            {"TotalValue": 1.7e308, "TotalSurplusValue": -1.7e308},
            {"TotalValue": "1e308", "TotalSurplusValue": "-1e308"},
        ],
    )
    def test_a_sum_that_no_number_holds_is_not_shown_as_nothing_used(self, sums):
        with pytest.raises(BadResponse):
            team_in({"data": {**SUMMARY, **sums}}, now=NOW)
        seat = {"SeatCredits": 1.7e308, "SeatRemainingCredits": 1}
        with pytest.raises(BadResponse):
            seats_in({"Data": {"Items": [seat, seat]}}, now=NOW)

    def test_a_list_of_what_is_no_seat_proves_nothing(self):
        with pytest.raises(BadResponse):
            seats_in({"Data": {"Items": [None, "standard"]}}, now=NOW)

    @pytest.mark.parametrize("said", [{"RequestId": "x"}, {"Data": {"Items": []}}])
    def test_no_seats_at_all_are_no_plan(self, said):
        with pytest.raises(NoPlan):
            seats_in(said, now=NOW)

    def test_a_kind_of_seat_without_a_number_leaves_no_sum(self):
        with pytest.raises(BadResponse):
            seats_in({"Data": {"Items": [*SEATS["Data"]["Items"], {"SeatType": "new"}]}}, now=NOW)


class TestWhatIsKnownFromBefore:
    KNOWN = Known(NOW - 300, "essential", None, None, {"monthly": 25_500}, (13_250, 20_000), {}, None, NOW - 300)

    def asked(self, known, **said):
        """The reading of a question with that knowledge; a call that has no answer here fails."""
        said = {"usage": MONTH, **said}

        def post(call):
            name = call.api.rpartition("/")[2]
            if name not in said:
                raise ApiError("answer.status", status=500)
            return payload_in(gateway(said[name]), now=NOW, mode="web")

        return PlanQuestion(TOKEN_PLAN, lambda: NOW, lambda _: None, known).reading(post, CN)

    @pytest.mark.parametrize("spec", ["pro", None])
    def test_no_kind_of_plan_borrows_another_s_totals(self, spec):
        found = self.asked(self.KNOWN, subscription={**ESSENTIAL, "specCode": spec})
        assert found.windows == (shares("monthly", 37.25, RESET),)

    def test_the_same_kind_keeps_them_where_they_cannot_be_asked_for(self):
        assert self.asked(self.KNOWN, subscription=ESSENTIAL).windows[0].total == 25_500

    @pytest.mark.parametrize(
        ("share", "age", "packs"),
        [
            (1, 3_600, Packs(13_250, 20_000)),
            (1, 3_601, None),
            (0.9, 3_601, Packs(13_250, 20_000)),
            (0.9, 2 * 86_400 + 1, None),
        ],
    )
    def test_packs_of_which_nothing_is_heard_are_not_told_as_if_they_were_of_now(self, share, age, packs):
        known = self.KNOWN._replace(packs_at=NOW - age)
        assert self.asked(known, usage={"per1MonthPercentage": share}).plan.packs == packs

    def test_what_an_earlier_version_has_kept_of_them_is_as_old_as_all_the_rest(self):
        data = self.KNOWN._asdict()
        del data["packs_at"]
        assert kept(data) == self.KNOWN


def kept(data):
    """What is known of the plan where the file holds this of it."""
    return plan_search.loads(json.dumps({"known": {TOKEN_PLAN.kind: data}}, default=dict)).known[TOKEN_PLAN.kind]


# Whatever comes in, a reading or an error of ours comes out.

KEYS = st.sampled_from(
    [
        *sorted(TOKEN_PLAN.field_names),
        *ESSENTIAL,
        *SUMMARY,
        *(key for seat in SEATS["Data"]["Items"] for key in seat),
        *("Data", "Items", "essential", "monthly", "data", "totalCredits", "remainingCredits", "success", "code"),
    ]
)
ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ATOMS |= st.floats(0, 1.1) | st.sampled_from(["VALID", "EXPIRED", "0.5", "1e400", RESET * 1000, "essential"])
ANSWERS = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=8)
        | inner.map(json.dumps)
    ),
    max_leaves=30,
)


def names_of(payload):
    """Every key that stands anywhere in an answer."""
    if isinstance(payload, dict):
        return {*payload, *(name for value in payload.values() for name in names_of(value))}
    return {name for value in payload for name in names_of(value)} if isinstance(payload, list) else set()


@given(
    st.tuples(ANSWERS, ANSWERS, ANSWERS, ANSWERS),
    st.sampled_from([TOKEN_PLAN, TOKEN_PLAN_TEAM]),
    st.sampled_from([INTL, CN]),
)
def test_any_answers_give_a_snapshot_or_an_error_of_ours_and_no_window_that_is_not_in_them(said, product, region):
    payloads = [decode(json.dumps(each)) for each in said]
    left = iter(payloads * 3)
    question = PlanQuestion(product, lambda: NOW, lambda _: None)
    try:
        found = question.reading(lambda _: payload_in(next(left), now=NOW, mode="web"), region)
    except CodingPlanError:
        return
    names = set().union(*map(names_of, payloads))
    for window in found.windows:
        span = product.spans[window.name]
        assert not span.fields.share or names & set(span.fields.share)
        assert 0 <= window.used_percent <= 100
        assert window.resets_at is None or window.resets_at > NOW
    shown = Snapshot(NOW, "https://example.invalid/", "web", "intl", found.plan, found.windows)
    assert snapshot.loads(snapshot.dumps(to_document(shown))) == shown
    assert kept(question.known._asdict()) == question.known


@given(ANSWERS)
def test_any_json_is_something_known_or_nothing(data):
    known = kept(data)
    assert kept(known._asdict()) == known


@pytest.mark.parametrize(
    ("before", "windows", "later", "is_news"),
    [
        ({"monthly": (10, RESET)}, [shares("monthly", 20, RESET)], 300, False),
        ({"monthly": (10, RESET)}, [shares("monthly", 10, RESET)], token_plan.DAY, True),
        ({"monthly": (10, RESET)}, [shares("monthly", 10, RESET)], -1, True),
        ({"monthly": (10, RESET)}, [shares("monthly", 9, RESET)], 300, True),
        ({"monthly": (10, RESET)}, [shares("monthly", 10, RESET + 900)], 300, False),
        ({"monthly": (10, RESET)}, [shares("monthly", 10, RESET - 900)], 300, False),
        ({"monthly": (10, RESET)}, [shares("monthly", 10, RESET + 901)], 300, True),
        ({"monthly": (10, 0)}, [shares("monthly", 10, RESET)], 300, True),
        ({"monthly": (10, RESET)}, [shares("weekly", 5, None), shares("monthly", 10, RESET)], 300, True),
        ({"monthly": (10, RESET)}, [shares("weekly", 10, RESET)], 300, True),
        ({"monthly": (10, 0)}, [shares("monthly", 10, None)], 300, False),
    ],
)
def test_what_is_news_and_what_is_not(before, windows, later, is_news):
    known = Known()._replace(at=NOW, seen=before)
    assert known.is_outdated(tuple(windows), NOW + later) is is_news
