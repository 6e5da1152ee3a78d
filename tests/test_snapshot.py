"""The snapshot as a document and back, and an upgrade from version 1: what it stored is shown and goes on."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows import for_each
from support.staging import NOW, World

from codingplan_bar import bars, facts
from codingplan_bar.bars.view import View
from codingplan_bar.bars.watch import Watcher, until_next_change
from codingplan_bar.errors import CODES, InternalError
from codingplan_bar.model import LAST_INSTANT, Attempt, Packs, Plan, Problem, Snapshot, Window
from codingplan_bar.plans import PLANS, SPANS
from codingplan_bar.provider.values import number
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.settings.settings import Settings
from codingplan_bar.snapshot import SOURCES, NewerSnapshot, UnreadableSnapshot, check, dumps, loads, to_document
from codingplan_bar.text import clean

URL = "https://modelstudio.console.alibabacloud.com/ap-southeast-1/?tab=globalset#/efm/coding_plan"
PRO = Snapshot(
    1_795_400_000,
    URL,
    "web",
    "intl",
    Plan("Coding Plan Pro 编程", 1_796_000_000),
    (
        Window("five_hour", 52, 1000),
        Window("weekly", 800.5, 5000, 1_795_900_000),
        Window("monthly", -1, 9, 1_796_000_000),
    ),
    (Attempt("web", "cn", "login_required", "You need to log in."), Attempt("web", "intl", "ok")),
)
ACTIVE = Snapshot(1, URL, "cli", "cn", Plan("Lite"))
FAILED = Snapshot(LAST_INSTANT, URL, error=Problem("network", "No answer came within 20 s.", "Check the network."))

ALL_WINDOWS = [kind for kind, product in PLANS.items() if len(product.windows) == len(SPANS)]
VERSION_1 = (Path(__file__).parent / "version_1/snapshots.jsonl").read_text("utf-8").splitlines()
"""What the version before stored: a plan with its windows, one without counters, and an error."""

instants = st.integers(1, LAST_INSTANT)
texts = st.text(max_size=40).map(lambda text: clean(text, 30))
names = st.text(min_size=1, max_size=40).map(lambda text: clean(text, 30) or "Pro")
numbers = (st.integers() | st.floats() | st.integers(0, 10**6)).map(number).filter(lambda found: found is not None)
positive = numbers.filter(lambda found: found > 0)
sources, regions = st.sampled_from(SOURCES), st.sampled_from(["intl", "cn"])
kinds = st.sampled_from(list(PLANS))
attempts = st.lists(
    st.builds(Attempt, sources, regions, st.sampled_from(["ok", *CODES]), texts, kinds), max_size=4
).map(tuple)
accounts = st.none() | st.text("0123456789abcdef", min_size=32, max_size=32)
packs = st.none() | st.builds(Packs, positive, positive)


def windows(*, at_least=0):
    """As the reader gives them: some of the three, in their order."""
    some = st.sets(st.sampled_from(list(SPANS)), min_size=at_least).map(
        lambda chosen: [n for n in SPANS if n in chosen]
    )
    counts = st.tuples(numbers, positive, st.none() | instants)
    shares = st.tuples(st.floats(0, 100), st.just(100), st.none() | instants, st.just(True))
    window = counts | shares
    return some.flatmap(
        lambda chosen: st.tuples(*(window.map(lambda facts, name=name: Window(name, *facts)) for name in chosen))
    )


counted = st.builds(Plan, st.none() | names, st.none() | instants, st.sampled_from(ALL_WINDOWS), packs)
named = st.builds(Plan, names, st.none() | instants, kinds, packs)
of_a_plan = {"attempts": attempts, "error": st.none(), "account": accounts}
of_none = dict.fromkeys(("source", "region", "plan", "account"), st.none())
problems = st.builds(Problem, st.sampled_from(CODES), texts, texts)
snapshots = st.one_of(
    st.builds(Snapshot, instants, st.just(URL), sources, regions, counted, windows(at_least=1), **of_a_plan),
    st.builds(Snapshot, instants, st.just(URL), sources, regions, named, st.just(()), **of_a_plan),
    st.builds(Snapshot, instants, st.just(URL), **of_none, windows=st.just(()), attempts=attempts, error=problems),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just(URL),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(snapshots)
def test_whatever_can_be_read_of_an_answer_meets_the_schema_and_comes_back_as_it_was(snapshot):
    document = to_document(snapshot)
    check(document)
    assert loads(dumps(document)) == loads(dumps(document, pretty=True)) == snapshot


@pytest.mark.parametrize(("snapshot", "status"), [(PRO, "ok"), (ACTIVE, "active"), (FAILED, "error")])
def test_each_status_has_its_document(snapshot, status):
    document = to_document(snapshot)
    check(document)
    assert document["status"] == status
    assert loads(dumps(document)) == snapshot


SHARE_ALONE = Snapshot(
    1_795_400_000,
    URL,
    "token",
    "cn",
    Plan("Essential", None, "token-plan", Packs(13_250, 20_000)),
    (Window("monthly", 37.25, 100, 1_796_400_000, in_percent=True),),
    (Attempt("token", "cn", "no_plan", "", "coding-plan"), Attempt("token", "cn", "ok", "", "token-plan")),
    account="0123456789abcdef" * 2,
)


def test_where_only_the_percentage_is_known_no_amount_is_made_of_it():
    document = to_document(SHARE_ALONE)
    check(document)
    assert loads(dumps(document)) == SHARE_ALONE
    (window,) = document["windows"].values()
    assert (window["used"], window["total"], window["used_percent"], window["kind"]) == (None, None, 37.25, "fixed")
    packs = {"remaining": 13_250, "total": 20_000}
    assert document["plan"] == {
        "name": "Essential",
        "expires_at": None,
        "kind": "token-plan",
        "unit": "credits",
        "packs": packs,
    }
    assert [attempt["plan"] for attempt in document["attempts"]] == ["coding-plan", "token-plan"]


@pytest.mark.parametrize("line", VERSION_1)
def test_what_the_version_before_stored_is_read_and_written_again_as_this_version(line):
    found = loads(line)
    assert (found.account, {attempt.plan for attempt in found.attempts} | {"coding-plan"}) == (None, {"coding-plan"})
    assert found.product.kind == "coding-plan"
    document = to_document(found)
    check(document)
    assert document["schema_version"] == 2
    old = json.loads(line)
    shared = {name: document[name] for name in old if name not in {"schema_version", "plan", "attempts"}}
    assert shared == {name: old[name] for name in shared}
    assert loads(dumps(document)) == found


@pytest.mark.parametrize("line", VERSION_1)
@pytest.mark.parametrize(
    "change", [{"account": None}, {"source": "cookie"}, {"status": "fine"}, {"windows": {"weekly": {}}}, {"more": 1}]
)
def test_what_somebody_has_changed_of_it_is_refused(line, change):
    with pytest.raises(UnreadableSnapshot):
        loads(dumps_loosely(json.loads(line) | change))


def test_a_document_is_one_line_with_its_text_as_it_is():
    text = dumps(to_document(PRO))
    assert "\n" not in text
    assert "编程" in text
    assert '"used":52,"total":1000,"used_percent":5.2,"resets_at":null,"window_minutes":300,"kind":"rolling"' in text


def test_percentages_stay_within_their_bounds():
    percents = [window["used_percent"] for window in to_document(PRO)["windows"].values()]
    assert percents == pytest.approx([5.2, 16.01, 0])
    assert Window("weekly", 7, 5).used_percent == 100


@pytest.mark.parametrize("version", [3, 4, 10**30])
def test_what_a_newer_version_wrote_is_told_apart_whatever_else_it_holds(version):
    with pytest.raises(NewerSnapshot):
        loads(json.dumps({"schema_version": version, "other": "things"}))


@pytest.mark.parametrize("version", [0, -1, "2", 2.5, 1, True, 2.0, None, [2], 1e999])
def test_any_other_version_is_no_snapshot(version):
    with pytest.raises(UnreadableSnapshot) as refused:
        loads(dumps_loosely(to_document(PRO) | {"schema_version": version}))
    assert not isinstance(refused.value, NewerSnapshot)


@pytest.mark.parametrize(
    "text", ["", "null", "5", '"text"', "[]", "{}", "{", "[" * 100_000, "NaN", "9" * 5_000, '{"schema_version": 1}']
)
def test_a_text_that_is_none_is_refused(text):
    with pytest.raises(UnreadableSnapshot):
        loads(text)


def dumps_loosely(document):
    return json.dumps(document, ensure_ascii=False)


def changed(document, path, value):
    """A copy with one place replaced; the value `...` takes it out."""
    copied = copy.deepcopy(document)
    *way, last = path
    place = copied
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return copied


TAMPERED = [
    (PRO, ["more"], 1),
    (PRO, ["error"], ...),
    (PRO, ["provider"], "another"),
    (PRO, ["status"], "active"),
    (PRO, ["fetched_at"], 1_795_400_000),
    (PRO, ["fetched_at"], "2026-11-23T02:13:20+00:00"),
    (PRO, ["fetched_at"], "2026-11-23T02:13:20Z\n"),
    (PRO, ["source"], 5),
    (PRO, ["source"], None),
    (PRO, ["source"], ["web"]),
    (PRO, ["region"], "us"),
    (PRO, ["region"], None),
    (PRO, ["account"], ...),
    (PRO, ["account"], "1000000000000001"),
    (PRO, ["account"], "A" * 32),
    (PRO, ["plan", "kind"], "a-plan"),
    (PRO, ["plan", "kind"], ...),
    (PRO, ["plan", "unit"], "tokens"),
    (PRO, ["plan", "packs"], {"remaining": 1}),
    (PRO, ["plan", "packs"], 5),
    (PRO, ["attempts", 0, "plan"], ...),
    (PRO, ["attempts", 0, "plan"], None),
    (PRO, ["plan"], None),
    (PRO, ["plan"], False),
    (PRO, ["plan"], []),
    (PRO, ["plan", "name"], ["Pro"]),
    (PRO, ["plan", "name"], "Pro\x1b[31m"),
    (PRO, ["plan", "name"], "Pro\u2028"),
    (PRO, ["plan", "name"], "Pro\n"),
    (PRO, ["plan", "more"], ""),
    (PRO, ["plan", "expires_at"], 5),
    (PRO, ["windows"], []),
    (PRO, ["windows"], {}),
    (PRO, ["windows", "daily"], {}),
    (PRO, ["windows", "weekly"], None),
    (PRO, ["windows", "weekly", "used"], "800"),
    (PRO, ["windows", "weekly", "used"], True),
    (PRO, ["windows", "weekly", "used"], None),
    (PRO, ["windows", "weekly", "total"], 0),
    (PRO, ["windows", "weekly", "total"], -5000),
    (PRO, ["windows", "weekly", "kind"], "rolling"),
    (PRO, ["windows", "weekly", "resets_at"], "soon"),
    (PRO, ["windows", "weekly", "more"], 1),
    (PRO, ["attempts"], {}),
    (PRO, ["attempts"], None),
    (PRO, ["attempts", 0], "web"),
    (PRO, ["attempts", 0, "more"], 1),
    (PRO, ["attempts", 0, "source"], "browser"),
    (PRO, ["attempts", 0, "outcome"], "fine"),
    (PRO, ["attempts", 0, "message"], 5),
    (PRO, ["attempts", 0, "message"], "a\tb"),
    (PRO, ["dashboard_url"], 5),
    (PRO, ["dashboard_url"], None),
    (PRO, ["dashboard_url"], "http://a.example/"),
    (PRO, ["dashboard_url"], "javascript:alert(1)"),
    (PRO, ["dashboard_url"], "https://a.example/ x"),
    (PRO, ["dashboard_url"], "https://a.example/\n"),
    (PRO, ["dashboard_url"], "https://a.example/'"),
    (PRO, ["error"], {"code": "network", "message": "", "hint": ""}),
    (PRO, ["error"], False),
    (ACTIVE, ["plan", "name"], None),
    (FAILED, ["error"], {}),
    (FAILED, ["error", "code"], "unheard of"),
    (FAILED, ["error", "message"], None),
    (FAILED, ["error", "hint"], "a\x00b"),
    (FAILED, ["error", "more"], ""),
    (FAILED, ["source"], "web"),
    (FAILED, ["plan"], {"name": "Pro", "expires_at": None}),
    (FAILED, ["windows"], to_document(PRO)["windows"]),
]
TOO_FINE_FOR_A_SCHEMA = [
    (PRO, ["plan", "unit"], "credits"),
    (PRO, ["windows", "five_hour", "kind"], "fixed"),
    (PRO, ["fetched_at"], "0000-00-00T00:00:00Z"),
    (PRO, ["windows", "weekly", "used"], float("nan")),
    (PRO, ["windows", "weekly", "used"], float("inf")),
    (PRO, ["windows", "weekly", "used"], 801),
    (PRO, ["windows", "weekly", "used_percent"], 5),
    (PRO, ["windows", "weekly", "window_minutes"], 10080.0),
]


@for_each(("snapshot", "path", "value"), TAMPERED + TOO_FINE_FOR_A_SCHEMA)
def test_a_document_that_somebody_has_changed_is_refused(snapshot, path, value):
    with pytest.raises(UnreadableSnapshot):
        loads(dumps_loosely(changed(to_document(snapshot), path, value)))


@for_each(("snapshot", "path", "value"), TAMPERED)
def test_and_the_schema_refuses_it_too_for_programs_that_have_nothing_else(snapshot, path, value):
    with pytest.raises(InternalError):
        check(changed(to_document(snapshot), path, value))


def test_a_lone_half_of_a_character_is_refused():
    with pytest.raises(UnreadableSnapshot):
        loads(dumps(to_document(PRO)).replace("Coding", "\\ud800"))


@given(JSON)
def test_any_json_is_a_snapshot_or_none(value):
    with pytest.raises(UnreadableSnapshot):
        loads(json.dumps(value))


def places_in(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from places_in(inner, (*path, key))


@settings(max_examples=300)
@given(st.sampled_from([PRO, ACTIVE, FAILED, SHARE_ALONE]), st.data(), JSON)
def test_a_change_anywhere_is_refused_or_still_a_snapshot_that_meets_the_schema(snapshot, data, value):
    document = to_document(snapshot)
    path = data.draw(st.sampled_from([path for path in places_in(document) if path]))
    text = dumps_loosely(changed(document, path, value))
    try:
        found = loads(text)
    except UnreadableSnapshot:
        return
    check(to_document(found))
    assert loads(dumps(to_document(found))) == found


# An upgrade from version 1: what it stored is shown and goes on, beside watchers of either version.


LEFT = Path(__file__).parent / "version_1"
OLD_FACTS = (LEFT / "bar.txt").read_text("utf-8")
OLD_SNAPSHOTS = (LEFT / "snapshots.jsonl").read_text("utf-8").splitlines()
ADDED = ("title", "kind", "unit", "window_names", "length.", "plan_alert", "renewal")


@pytest.fixture
def world(tmp_path):
    return World(tmp_path, environ={"TZ": "UTC"})


@pytest.mark.parametrize("bar", bars.BARS)
def test_the_facts_of_version_1_are_shown_as_those_of_this_version(bar):
    old = facts.loads(OLD_FACTS)
    past = {name: old[name] for name in ("made_at", "due", "flow.five_hour", "spark")}
    new = compile_facts(loads(OLD_SNAPSHOTS[0]), None, Settings(plan_alert=())) | past
    del new["kind"]  # of the old facts it is unknown, as is how early the end of the plan is told
    shown = [
        bars.render(bar, each, 1_795_400_060, {"TZ": "UTC"}) for each in (old, new | {"document": old["document"]})
    ]
    assert shown[0] == shown[1]
    assert "16" in shown[0]


def test_a_template_still_knows_an_absent_window_from_one_that_there_is_not():
    old = facts.loads(OLD_FACTS)
    del old["window.weekly"]
    view = View(old, 1_795_400_060, {})
    assert view.value("weekly.percent") == ""
    with pytest.raises(KeyError):
        view.value("yearly.percent")


class NoRefresher:
    """Starts nothing."""

    def ask(self, _):
        return 60.0

    def helped(self):
        pass

    def has_ended(self):
        return False


def test_a_running_bar_goes_on_through_an_upgrade_without_a_blank(world, monkeypatch):
    printed = []
    monkeypatch.setattr(bars, "write", printed.append)
    world.refresh()
    files, known = world.refresher().files, world.facts
    before = {name: fact for name, fact in known.items() if not name.startswith(ADDED)}
    files.facts.write_text(facts.dumps(before))
    watcher = Watcher("text", world.refresher().files.environ, NoRefresher())
    watcher.step(NOW + 1)
    world.refresh("always")
    watcher.step(NOW + 61, again=True)
    assert printed == ["wk 1%", "wk 2%"]


def test_a_stored_snapshot_of_version_1_is_shown_without_asking(world):
    old = json.loads(OLD_SNAPSHOTS[0])
    files = world.refresher().files
    files.folder.mkdir(parents=True)
    files.snapshot.write_text(OLD_SNAPSHOTS[0] + "\n")
    world.now = 1_795_400_060.0
    compiled = world.refresher().publish()
    assert world.asked == 0
    assert compiled["window.weekly"] == f"{old['windows']['weekly']['used']} 5000 1795900000"
    world.refresh()
    assert world.asked == 0, "its age counts as before"


HALF = Snapshot(
    int(NOW),
    "https://example.invalid/",
    "web",
    "intl",
    Plan("Pro", None, "token-plan"),
    (Window("five_hour", 37.25, 100, int(NOW) + 60, in_percent=True), Window("monthly", 3, 9)),
)


def test_a_watcher_of_version_1_can_read_the_facts_of_this_version():
    """It knows one first line, and of `window.NAME` three words: two amounts and a reset."""
    told = compile_facts(HALF._replace(error=None), None, Settings())
    text = facts.dumps(told)
    assert text.splitlines()[0] == OLD_FACTS.splitlines()[0]
    amounts = {name: fact.split(" ") for name, fact in told.items() if name.startswith("window.")}
    assert amounts == {"window.monthly": ["3", "9", "-"]}, "a share is no amount"
    old = facts.loads(OLD_FACTS)
    assert {name for name in old if not name.startswith(("window.", "start.", "flow.", "spark"))} <= {
        *told,
        *("environment", "inputs", "made_at", "due"),
    }


def test_a_share_alone_is_shown_without_an_amount():
    told = compile_facts(HALF, None, Settings()) | {"made_at": str(int(NOW)), "due": str(int(NOW) + 300)}
    view = View(told, NOW + 1, {"TZ": "UTC"})
    values = [view.value(f"five_hour.{name}") for name in ("percent", "used", "left", "total", "left_of")]
    assert values == ["37%", "", "", "", ""]
    assert view.value("monthly.left_of") == "6 of 9 credits left"
    assert until_next_change(told, NOW + 1) <= 60.05
