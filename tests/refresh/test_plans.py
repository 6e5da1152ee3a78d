"""Which plan is asked for, by how many requests, and what two plans of one session have apart and together.

End to end over TLS, against a console that turns down whatever its own page would not send; the clock is driven.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from support.console import moods
from support.console.account import TokenPlan
from support.console.console import Console

from codingplan_bar import paths, snapshot, storage
from codingplan_bar.bars.view import View
from codingplan_bar.commands import status
from codingplan_bar.errors import MissingCredentials
from codingplan_bar.history.record import Record
from codingplan_bar.history.summary import Foreteller
from codingplan_bar.model import Packs, Window
from codingplan_bar.plans import ASKED, CODING_PLAN, PLANS, TOKEN_PLAN, TOKEN_PLAN_TEAM
from codingplan_bar.provider import token_plan
from codingplan_bar.provider.source_order import Outcome
from codingplan_bar.refresh import plan_search, schedule
from codingplan_bar.refresh.refresh import Refresher
from codingplan_bar.refresh.sources import client_for
from codingplan_bar.refresh.store import Files
from codingplan_bar.settings.settings import of_user
from codingplan_bar.snapshot import to_document

NOW = 1_795_400_000
DAY = 86_400
CODING, TOKEN, TEAM = (plan.kind for plan in PLANS.values())
FIRST = ["usage", "subscription", "quota-config", "summary"]
"""What is asked of a personal Token Plan that is new."""


class Person:
    """One user with one session, whose bars may ask for several plans."""

    def __init__(self, folder, console):
        self.console, self.now = console, float(NOW)
        self.environ = {"HOME": str(folder), "CODEXBAR_CONFIG": str(folder / "none.json"), **console.environment}
        console.clock = lambda: self.now

    def of(self, plan=None, **more):
        """The refresher of a bar that asks for that plan."""
        environ = {**self.environ, **more, **({"CODINGPLAN_BAR_PLAN": plan} if plan else {})}
        settings = of_user(environ)
        files = Files(environ, settings.plan)
        client = client_for(files, settings, now=lambda: self.now)
        record = Record(files.history)
        foreteller = Foreteller(files.rhythm, record)
        return Refresher(files, client, [record.witness, foreteller.witness], foreteller.facts)

    def refresh(self, plan=None, wanted="when due", after=400, **more):
        """One refresh that long after the one before; gives the snapshot, which meets its schema."""
        self.now += after
        found = self.of(plan, **more).refresh(wanted)
        assert snapshot.loads(snapshot.dumps(to_document(found))) == found
        return found

    def asked(self):
        """What was asked since the last time, each by the end of its name; nothing of it was turned down."""
        names = [each.query.get("api") or each.query.get("action") for each in self.console.requests if each.body]
        self.console.forget()
        return [name.rpartition("/")[2].rpartition(".")[2] for name in names]


QUOTA = "queryCodingPlanInstanceInfoV2"
SUMMARY = "GetSubscriptionSummary"


@pytest.fixture
def person(tmp_path, certificate, monkeypatch):
    monkeypatch.setattr(token_plan, "PAUSE", 0)
    with Console(certificate=certificate) as console:
        for name, value in console.environment.items():
            monkeypatch.setenv(name, value)
        person = Person(tmp_path, console)
        yield person
        assert console.refusals == []


def without_coding(person, plan=None):
    person.console.answer_quota = moods.no_plan()
    person.console.token_plan = plan or TokenPlan()


class TestAuto:
    def test_a_coding_plan_is_asked_for_alone(self, person):
        assert person.refresh().plan.kind == CODING
        assert person.asked() == [QUOTA]
        person.console.token_plan = TokenPlan()
        assert person.refresh().plan.kind == CODING
        assert person.asked() == [QUOTA]

    def test_without_one_the_personal_token_plan_is_found_and_remembered_so_that_a_refresh_is_one_request(self, person):
        without_coding(person)
        found = person.refresh()
        assert (found.plan.kind, found.plan.name, found.source, found.region) == (
            TOKEN,
            "Token Plan Essential",
            "web",
            "intl",
        )
        assert [(each.plan, each.region, each.outcome) for each in found.attempts] == [
            (CODING, "intl", "no_plan"),
            (CODING, "cn", "no_plan"),
            (TOKEN, "intl", "ok"),
        ]
        assert person.asked() == [QUOTA, QUOTA, *FIRST]
        for _ in range(3):
            assert person.refresh().plan == found.plan
            assert person.asked() == ["usage"]

    def test_without_any_of_one_s_own_the_team_s_is_found(self, person):
        person.console.answer_quota, person.console.team = moods.no_plan(), (150_000, 400_000)
        found = person.refresh()
        assert (found.plan.kind, found.windows[0].used, found.windows[0].total) == (TEAM, 250_000, 400_000)
        assert [each.plan for each in found.attempts][-1] == TEAM
        person.asked()
        person.refresh()
        assert person.asked() == [SUMMARY]

    def test_an_ended_coding_plan_makes_room_for_the_token_plan(self, person):
        person.console.answer_quota = moods.counters(status="EXPIRED", clock=lambda: person.now)
        person.console.token_plan = TokenPlan()
        assert person.refresh().plan.kind == TOKEN

    def test_where_there_is_none_at_all_it_is_said_and_looked_for_after_5_10_20_and_30_minutes(self, person):
        person.console.answer_quota = moods.no_plan()
        found = person.refresh()
        assert (found.error.code, [*dict.fromkeys(each.plan for each in found.attempts)]) == ("no_plan", [*PLANS])
        assert "no Token Plan" in found.error.message
        waits = []
        for _ in range(4):
            waits.append(person.of()._waiting().until - person.now)
            person.refresh(after=waits[-1] - 1)
            person.asked()
            person.refresh(after=1)
            assert person.asked()[0] == QUOTA
        assert [wait / 60 for wait in waits] == [5, 10, 20, 30]

    def test_a_plan_that_changes_in_the_middle_does_not_mix_the_two(self, person):
        person.refresh()
        without_coding(person)
        changed = person.refresh()
        assert (changed.plan.kind, person.of().known()) == (TOKEN, changed)
        assert [entry.kind for entry in Record(person.of().files.history).since(0)] == [CODING, TOKEN]
        person.asked()
        person.refresh()
        assert person.asked() == ["usage"]

    def test_a_failure_on_the_way_proves_nothing(self, person):
        first = person.refresh()
        person.console.answer_quota = moods.server_error()
        person.console.token_plan = TokenPlan()
        person.asked()
        assert person.refresh().error.code == "api_error"
        assert set(person.asked()) == {QUOTA}
        assert person.of()._load().snapshot == first

    def test_what_fails_for_the_token_plan_is_said_and_not_that_there_is_none(self, person):
        person.console.answer_quota = moods.no_plan()
        person.console.answer_token_plan = moods.rate_limited(600)
        assert person.refresh().error.code == "rate_limited"

    def test_with_a_quota_url_of_the_owner_s_no_other_plan_is_asked_for(self, person):
        person.console.answer_quota = moods.no_plan()
        url = {"ALIBABA_CODING_PLAN_QUOTA_URL": f"https://{person.console.host}/data/api.json"}
        assert person.refresh(**url).error.code == "no_plan"
        assert set(person.asked()) == {QUOTA}
        wrong = person.refresh("token", "always", **url).error
        assert (wrong.code, "QUOTA_URL" in wrong.message, person.asked()) == ("config", True, [])


class TestOthers:
    def test_they_are_looked_for_once_a_day_by_one_request_each_and_never_in_a_first_refresh(self, person):
        person.console.token_plan = TokenPlan()
        person.refresh()
        asked = []
        for _ in range(2 * 24):
            person.refresh(after=3_600)
            asked += [[name for name in person.asked() if name != QUOTA]]
        assert [names for names in asked if names] == [["usage", SUMMARY]] * 2
        assert plan_search.others(person.of().files, CODING) == (TOKEN,)

    @pytest.mark.parametrize(
        ("language", "says"), [("en", "You also have a Token Plan."), ("zh", "该账号还有 Token Plan。")]
    )
    def test_status_says_that_one_exists_and_how_to_show_it(self, person, language, says):
        person.console.token_plan = TokenPlan()
        person.refresh()
        assert status.also(person.of().publish(), language) == []
        person.refresh(after=DAY)
        [told] = status.also(person.of().publish(), language)
        assert told.startswith(says)
        assert told.endswith("codingplan-bar status --plan token")
        assert status.also(person.of("coding").publish(), language) == []

    def test_one_that_is_gone_is_forgotten(self, person):
        person.console.token_plan = TokenPlan()
        person.refresh()
        person.refresh(after=DAY)
        assert plan_search.others(person.of().files, CODING) == (TOKEN,)
        person.console.token_plan = None
        person.refresh(after=DAY)
        assert plan_search.others(person.of().files, CODING) == ()

    def test_a_look_that_fails_costs_no_number_and_forgets_nothing(self, person):
        person.console.token_plan = TokenPlan()
        person.refresh()
        person.refresh(after=DAY)
        person.console.answer_token_plan = moods.server_error()
        assert person.refresh(after=DAY).status == "ok"
        assert plan_search.others(person.of().files, CODING) == (TOKEN,)

    @pytest.mark.parametrize("kind", PLANS)
    def test_a_look_with_nothing_to_ask_with_tells_nothing(self, kind):
        error = MissingCredentials("source.none", source="token")
        assert plan_search._exists(kind, Outcome((), error=error)) is None

    def test_a_429_of_a_look_is_heeded(self, person):
        person.refresh()
        person.console.answer_token_plan = moods.rate_limited(7_000)
        assert person.refresh(after=DAY).status == "ok"
        person.asked()
        person.refresh(after=6_990)
        assert person.asked() == []
        person.refresh(after=20)
        assert person.asked() == [QUOTA]


class TestEachSetting:
    @pytest.mark.parametrize("name", ASKED)
    def test_a_plan_goes_by_its_long_and_its_short_name(self, person, name):
        person.console.token_plan, person.console.team = TokenPlan(), (1, 2)
        kind = ASKED[name]
        assert person.refresh(name).plan.kind == (CODING if kind == "auto" else kind)
        files = person.of(name).files
        assert files.snapshot.name == paths.of_plan("snapshot.json", kind)
        assert files.snapshot.exists()
        assert person.of(name).publish()["asked"] == kind

    @pytest.mark.parametrize(
        ("plan", "one"), [("coding-plan", QUOTA), ("token-plan", "usage"), ("token-plan-team", SUMMARY)]
    )
    def test_a_steady_refresh_is_one_request(self, person, plan, one):
        person.console.token_plan, person.console.team = TokenPlan(), (1, 2)
        person.refresh(plan)
        person.asked()
        for _ in range(3):
            person.refresh(plan)
            assert person.asked() == [one]

    def test_a_plan_that_is_not_there_is_no_plan_and_no_other_is_shown(self, person):
        person.console.token_plan = TokenPlan()
        error = person.refresh("team").error
        assert (error.code, "Token Plan Team" in error.message) == ("no_plan", True)
        assert set(person.asked()) == {SUMMARY}

    def test_no_api_key_reads_a_token_plan(self, person):
        error = person.refresh("token", CODINGPLAN_BAR_SOURCE="api").error
        assert (error.code, person.asked()) == ("config", [])

    def test_two_plans_at_once_have_their_own_numbers_history_and_due_time(self, person):
        person.console.token_plan = TokenPlan()
        coding, token = person.refresh(), person.refresh("token")
        assert (coding.plan.kind, token.plan.kind) == (CODING, TOKEN)
        assert [person.of(plan).known() for plan in (None, "token")] == [coding, token]
        assert person.of().publish()["due"] < person.of("token").publish()["due"]
        kinds = [entry.kind for entry in Record(person.of().files.history).since(0)]
        assert kinds == [CODING, TOKEN]


class TestATokenPlan:
    def test_a_window_has_credits_where_a_total_is_named_for_its_kind(self, person):
        person.console.token_plan = TokenPlan(shares={"5Hour": 0.21, "1Month": 0.3725}, resets_at=NOW + 10**4)
        five, month = person.refresh("token").windows
        assert five == Window("five_hour", 378, 1800, NOW + 10**4)
        assert (month.used, month.total, month.in_percent) == (pytest.approx(9498.75), 25_500, False)
        assert month.used_percent == pytest.approx(37.25)

    def test_without_a_total_the_share_is_all_that_is_known(self, person):
        person.console.token_plan = TokenPlan(totals={}, resets_at=NOW + 10**6)
        (month,) = person.refresh("token").windows
        assert month == Window("monthly", 37.25, 100, NOW + 10**6, in_percent=True)

    def test_a_total_that_the_provider_changes_is_that_of_the_next_day(self, person):
        person.console.token_plan = TokenPlan()
        person.refresh("token")
        person.console.token_plan = TokenPlan(totals={"monthly": 30_000})
        assert person.refresh("token").windows[0].total == 25_500
        person.asked()
        assert person.refresh("token", after=DAY).windows[0].total == 30_000
        assert person.asked() == FIRST

    @pytest.mark.parametrize(
        "change",
        [
            {"shares": {"1Month": 0.01}},
            {"resets_at": NOW + 2 * 10**6},
            {"shares": {"1Month": 0.3725, "1Week": 0.1}},
        ],
        ids=["a share falls", "a reset changes", "a window comes"],
    )
    def test_news_are_a_reason_to_ask_again(self, person, change):
        person.console.token_plan = TokenPlan(resets_at=NOW + 10**6)
        person.refresh("token")
        person.console.token_plan = replace(person.console.token_plan, **change)
        person.asked()
        person.refresh("token")
        assert person.asked() == FIRST
        person.refresh("token")
        assert person.asked() == ["usage"]

    def test_its_own_end_is_known(self, person):
        person.console.token_plan = TokenPlan(ends_at=NOW + 5 * DAY)
        assert person.refresh("token").plan.expires_at == NOW + 5 * DAY

    @pytest.mark.parametrize(("flag", "renews"), [(True, True), (False, False), (None, False)])
    def test_that_it_renews_itself_is_the_provider_s_word_alone(self, person, flag, renews):
        person.console.token_plan = TokenPlan(ends_at=NOW + 5 * DAY, renews=flag)
        for _ in range(2):
            found = person.refresh("token")
            assert plan_search.renews(person.of("token").files, found) == renews
        compiled = person.of("token").publish()
        end = str(NOW + 5 * DAY)
        assert (compiled["expires_at"], compiled.get("renews_at")) == (("", end) if renews else (end, None))

    def test_one_that_has_ended_is_no_plan_be_there_shares_or_not(self, person):
        for shares in ({"1Month": 0.2}, {}):
            person.console.token_plan = TokenPlan(status="EXPIRED", shares=shares, ends_at=NOW - DAY)
            error = person.refresh("token", "always").error
            assert (error.code, "ended" in error.message) == ("no_plan", True)

    @pytest.mark.parametrize("status", ["EXPIRED", "VALID"])
    def test_once_its_end_has_come_it_is_asked_for_anew_whatever_shares_there_still_are(self, person, status):
        plan = person.console.token_plan = TokenPlan(resets_at=NOW + 10**6, ends_at=NOW + 1_000)
        assert person.refresh("token").plan.expires_at == plan.ends_at
        later = plan.ends_at if status == "EXPIRED" else plan.ends_at + 30 * DAY
        person.console.token_plan = replace(plan, status=status, ends_at=later)
        person.asked()
        found = person.refresh("token", after=1_000)
        assert person.asked()[:2] == FIRST[:2]
        ended = (status == "EXPIRED", None if status == "EXPIRED" else later)
        assert (bool(found.error), found.plan and found.plan.expires_at) == ended

    def test_an_account_that_loses_its_plan_loses_its_numbers(self, person):
        without_coding(person)
        person.refresh()
        person.console.token_plan = replace(TokenPlan(), shares={}, status="EXPIRED", ends_at=NOW + 300)
        assert person.refresh().error.code == "no_plan"
        assert person.of().known().error.code == "no_plan"

    def test_an_empty_success_is_asked_for_three_times_and_proves_nothing(self, person):
        assert person.refresh("token").error.code == "bad_response"
        assert person.asked() == ["usage", "usage", "usage", "subscription"] * 2  # in each region

    def test_an_empty_success_of_a_plan_that_is_named_says_as_auto_does_that_none_was_found(self, person):
        error = person.refresh("token").error
        assert error.message == "No Token Plan was found in this account."
        assert error.hint.startswith("Sign in with the account that has the plan")
        person.console.token_plan = TokenPlan()
        assert person.refresh("token").status == "ok"
        person.console.token_plan = None
        assert person.refresh("token").error.message == "The server reported success but sent no data."

    def test_the_past_of_another_plan_is_never_shown_for_one_without_numbers(self, person):
        person.refresh()
        person.refresh(after=3_000)
        assert "spark" in person.of().publish()
        for plan in ("token", "team"):
            person.refresh(plan)
            facts = person.of(plan).publish()
            assert facts["kind"] == ASKED[plan]
            assert not {name for name in facts if name.startswith(("spark", "today.", "outlook."))}

    def test_an_empty_success_that_passes_is_no_failure(self, person):
        person.console.token_plan, tell = TokenPlan(), person.console.tell
        person.console.answer_token_plan = moods.in_turn(moods.empty_success(), moods.empty_success(), tell)
        assert person.refresh("token").status == "ok"
        assert person.asked() == ["usage", "usage", *FIRST]

    def test_what_else_there_is_to_know_costs_no_number_where_it_fails(self, person):
        person.console.token_plan, tell = TokenPlan(), person.console.tell
        person.console.answer_token_plan = moods.in_turn(tell, moods.server_error())
        (month,) = person.refresh("token").windows
        assert (month.used, month.in_percent) == (37.25, True)
        assert person.asked() == ["usage", "subscription", "summary"]
        person.console.answer_token_plan = tell
        assert person.refresh("token").windows[0].in_percent
        assert person.refresh("token", after=3_600).windows[0].total == 25_500

    def test_a_429_beside_the_shares_is_the_last_request(self, person):
        person.console.token_plan, tell = TokenPlan(), person.console.tell
        person.console.answer_token_plan = moods.in_turn(tell, moods.rate_limited(900))
        assert person.refresh("token").status == "ok"
        assert person.asked() == ["usage", "subscription"]


class TestPacks:
    def test_they_are_known_once_a_day_and_asked_for_with_each_refresh_while_a_window_is_used_up(self, person):
        person.console.token_plan = TokenPlan(packs=(20_000, 20_000))
        found = person.refresh("token")
        assert (found.plan.packs, found.pack_in_use) == (Packs(20_000, 20_000), None)
        person.asked()
        for left in (19_000, 13_250, 0):
            person.console.token_plan = TokenPlan(shares={"1Month": 1}, packs=(left, 20_000))
            found = person.refresh("token")
            assert person.asked() == ["usage", "summary"]
            assert found.plan.packs == Packs(left, 20_000)
            assert found.pack_in_use == (Packs(left, 20_000) if left else None)
            assert found.windows[0].used_percent == 100

    def test_an_account_without_any_has_none(self, person):
        person.console.token_plan = TokenPlan()
        assert person.refresh("token").plan.packs is None


@pytest.mark.parametrize("plan", ["coding", "token"])
def test_numbers_are_as_old_as_their_request_though_the_machine_has_slept_before_the_answer_was_read(person, plan):
    console = person.console
    console.token_plan, count, tell = TokenPlan(), console.answer_quota, console.tell

    def after_a_night(answer):
        def answers(request):
            person.now += 8 * 3_600
            return answer(request)

        return answers

    console.answer_quota, console.answer_token_plan = after_a_night(count), after_a_night(tell)
    found = person.refresh(plan)
    assert found.status == "ok"
    assert found.fetched_at == NOW + 400
    assert View(person.of(plan).publish(), person.now, {}).state == "stale"
    assert person.of(plan).would_ask()


def test_of_a_coding_plan_too_it_is_known_whether_it_renews_itself(person):
    shown = person.refresh()
    compiled = person.of().publish()
    assert plan_search.renews(person.of().files, shown)
    assert (compiled["expires_at"], compiled["renews_at"]) == ("", str(shown.plan.expires_at))


def test_an_edition_that_the_provider_renews_no_longer_ends_whatever_the_flag_says(person):
    person.console.answer_quota = moods.counters(plan="Coding Plan Lite", clock=lambda: person.now)
    shown = person.refresh()
    compiled = person.of().publish()
    assert not plan_search.renews(person.of().files, shown)
    assert (compiled["expires_at"], compiled.get("renews_at")) == (str(shown.plan.expires_at), None)


def test_the_notes_are_read_and_written_once_in_a_refresh_at_the_most(person, monkeypatch):
    person.console.token_plan = TokenPlan()
    read, replaced, done = paths.read, storage.replace, []
    monkeypatch.setattr(paths, "read", lambda path: done.append(("read", path.name)) or read(path))
    monkeypatch.setattr(
        storage, "replace", lambda path, *told, **how: done.append(("write", path.name)) or replaced(path, *told, **how)
    )
    client = person.of("token").asker
    client.ask(client.settings)
    assert [what for what, name in done if name == "plans.json"] == ["read", "write"]
    done.clear()
    client.ask(client.settings)
    assert [what for what, name in done if name == "plans.json"] == ["read"]


def test_a_refresh_reads_each_of_its_files_once_and_writes_what_has_changed(person, monkeypatch):
    person.refresh()
    read, written = Counter(), Counter()
    opened, put = paths.opened, storage.put
    monkeypatch.setattr(paths, "opened", lambda path, **how: read.update([str(path)]) or opened(path, **how))
    monkeypatch.setattr(
        storage, "put", lambda path, *told, **how: written.update([path.name]) or put(path, *told, **how)
    )
    person.refresh()
    assert {Path(path).stem for path in read}.issuperset(("waiting", "held", "ends", "plans", "session"))
    assert {path: times for path, times in read.items() if times > 1} == {}
    assert {name: times for name, times in written.items() if times > 1} == {"waiting.json": 2}


class TestOneSession:
    """What the session says counts for every plan, and is known to every bar."""

    @pytest.fixture
    def both(self, person):
        person.console.token_plan = TokenPlan()
        person.refresh()
        person.refresh("token", after=0)
        person.asked()
        return person

    def test_a_429_holds_both_until_its_time(self, both):
        both.console.answer_quota = moods.rate_limited(3_000)
        both.refresh()
        assert both.asked() == [QUOTA]
        for wanted in ("when due", "by hand"):
            both.refresh("token", wanted, after=600)
        assert both.asked() == []
        assert [both.of(plan).known().error.code for plan in (None, "token")] == ["rate_limited"] * 2
        both.refresh("token", after=2_000)
        assert both.asked() == ["usage"]
        assert [both.of(plan).known().error for plan in (None, "token")] == [None, None]

    def test_signed_out_is_one_state_and_the_next_answer_ends_it_for_both(self, both):
        both.console.sign_out()
        both.refresh("token")
        before = len(both.console.requests)
        assert both.refresh(after=60).error.code == "login_required"
        assert len(both.console.requests) == before
        assert both.of()._load().snapshot.windows
        both.console.sign_in()
        assert both.refresh(wanted="by hand").status == "ok"
        assert both.of("token").known().status == "ok"
        both.asked()
        both.refresh("token")
        assert both.asked() == ["usage"]

    def test_what_is_wrong_with_one_plan_holds_the_other_up_in_nothing(self, both):
        both.console.answer_token_plan = moods.server_error()
        assert both.refresh("token").error.code == "api_error"
        assert both.refresh(after=0).status == "ok"
        assert both.of().known().error is None

    @pytest.mark.parametrize("said", [moods.rate_limited(60), moods.no_plan()], ids=["held", "released"])
    def test_what_a_newer_version_has_stored_for_another_plan_is_left_alone(self, both, said):
        """A 429 is told to the others, and an answer after it lets go of what they waited for."""
        both.console.answer_quota = moods.in_turn(moods.rate_limited(60), said)
        other = both.of("token").files.snapshot
        newer = {**json.loads(other.read_text()), "schema_version": 99}
        other.write_text(json.dumps(newer))
        assert both.refresh().error.code == "rate_limited"
        both.refresh()
        assert json.loads(other.read_text()) == newer

    def test_no_file_of_what_holds_has_a_secret_in_it(self, both):
        both.console.answer_quota = moods.rate_limited(3_000)
        both.refresh()
        files = both.of().files
        held, known = files.held.read_text(), files.plans.read_text()
        assert schedule.loads(held).code == "rate_limited"
        assert json.loads(known)["known"][TOKEN]["account"] != "sfm_tokenplansolo-made-up"
        assert "made-up" not in known


def test_what_is_remembered_of_plans_may_be_anything_and_is_then_nothing(person):
    person.console.token_plan = TokenPlan()
    good = person.refresh("token")
    files = person.of("token").files
    for text in ("", "[", "[]", "{}", '{"known": 5}', '{"known": {"token-plan": []}, "looked": {"token-plan": true}}'):
        storage.replace(files.plans, text)
        assert plan_search.loads(files.texts[files.plans]) == plan_search.Notes() or plan_search.loads(
            files.texts[files.plans]
        ).known == {TOKEN: token_plan.Known()}
        assert person.refresh("token")._replace(fetched_at=0).plan == good.plan


@pytest.mark.parametrize("number", [10**400, -1], ids=["beyond every float", "below 0"])
def test_whatever_number_stands_in_a_file_of_ours_the_next_refresh_has_its_numbers(person, number):
    person.console.token_plan = TokenPlan(shares={"1Week": 0.5, "1Month": 1}, packs=(10, 20), ends_at=NOW + DAY)
    for _ in range(2):
        person.refresh("token", "always")
    files = [
        path
        for folder in (person.of("token").files.folder, person.of("token").files.waiting.parent)
        for path in folder.glob("*.json")
    ]
    assert len(files) > 5
    for file in files:
        good = file.read_text()
        for place in re.finditer(r"(?<=[:\[ ])-?[0-9][0-9.e+-]*(?=[,}\]])", good):
            file.write_text(good[: place.start()] + json.dumps(number) + good[place.end() :])
            assert person.refresh("token", "always").status == "ok", (file.name, place)
            View(person.of("token").publish(), person.now, {})
        file.write_text(good)


def test_each_plan_says_by_which_sources_it_is_read():
    assert set(plan_search.WAYS) == set(PLANS)
    assert CODING_PLAN.kind in plan_search.WAYS
    assert TOKEN_PLAN.more.keys() == {"subscription", "totals", "packs"}
    assert TOKEN_PLAN_TEAM.windows[0].name == "monthly"
