"""Accounts are told apart by a keyed fingerprint, and nothing of what an answer names them by is kept."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from types import SimpleNamespace

import pytest

from codingplan_bar import snapshot
from codingplan_bar.commands import document
from codingplan_bar.credentials.other_tools import CodexBarEntry
from codingplan_bar.model import Plan, Reading, Window
from codingplan_bar.provider.answers import read
from codingplan_bar.provider.chain import Outcome
from codingplan_bar.refresh import files, plans, refresh
from codingplan_bar.refresh.ask import Question
from codingplan_bar.settings.settings import Settings

CANARY = "1000000000004242"
WINDOWS = (Window("weekly", 1, 100),)
NOW = 1_795_400_000
INSTANCE = {"status": "VALID", "instanceName": "Pro", "per5HourUsedQuota": 1, "per5HourTotalQuota": 9}


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"codingPlanInstanceInfos": [INSTANCE | {"instanceId": "sfm_codingplan-1"}]}, "sfm_codingplan-1"),
        ({"codingPlanInstanceInfos": [INSTANCE | {"instanceCode": "a", "instanceId": "b"}]}, "a"),
        ({"codingPlanInstanceInfos": [INSTANCE | {"instanceCode": "a"}], "userId": CANARY}, CANARY),
        ({"codingPlanInstanceInfos": [INSTANCE], "userId": int(CANARY)}, CANARY),
        ({"codingPlanInstanceInfos": [INSTANCE]}, None),
        ({"codingPlanInstanceInfos": [INSTANCE], "userId": True}, None),
        ({"codingPlanInstanceInfos": [INSTANCE, {"status": "EXPIRED", "instanceCode": "old"}]}, None),
    ],
)
def test_an_account_is_what_the_answer_names_it_by(answer, named):
    assert read({"data": answer}, now=NOW, mode="web").account_id == named


def test_a_fingerprint_is_the_same_each_time_and_another_for_another_account_and_machine(world, tmp_path):
    mine = world.refresher().files
    first = mine.account(CANARY)
    assert first == mine.account(CANARY) == world.refresher().files.account(CANARY)
    assert mine.account("another") != first
    assert mine.account(None) is mine.account("") is None
    elsewhere = replace(world, home=tmp_path / "elsewhere").refresher().files
    assert elsewhere.account(CANARY) != first
    assert stat.S_IMODE(mine.account_key.stat().st_mode) == 0o600
    assert CANARY not in mine.account_key.read_text()


@pytest.mark.parametrize("content", ["", "no key", "ab" * 31, "A" * 64])
def test_a_key_that_is_none_is_made_again(world, content):
    own = world.refresher().files
    own.account("a")
    own.account_key.write_text(content)
    assert own.account("a") == world.refresher().files.account("a")
    assert own.account_key.read_text() != content


def test_nothing_that_is_written_or_shown_holds_what_an_account_is_named_by(world):
    own = world.refresher().files
    question = Question(own, lambda: NOW, codexbar_entry=CodexBarEntry(), browsers=None)
    reading = Reading(Plan("Pro"), WINDOWS, (), CANARY)
    assert CANARY not in repr(reading)
    account = question._account(reading, SimpleNamespace(notes=plans.loads(own.texts[own.plans])))
    found = question._snapshot(Outcome((), reading, "web", "intl"), Settings(), account)
    assert found.account == account != CANARY
    snapshot.check_snapshot(found)
    world.now = float(NOW)
    from codingplan_bar.history.record import Record
    from codingplan_bar.refresh.refresh import ClientAnswer

    made = world.refresher(ask=lambda _: ClientAnswer(found))
    made.witnesses = [Record(own.history).witness]
    made.refresh("always")
    written = [path for path in world.home.rglob("*") if path.is_file()]
    assert {"snapshot.json", "history.db", "bar.txt", "account.key"} <= {path.name for path in written}
    assert [path for path in written if CANARY.encode() in path.read_bytes()] == []
    (entry,) = Record(own.history).since(0)
    assert entry.account == found.account


def test_a_steady_fetch_decodes_encodes_and_checks_its_snapshot_once_each(world, monkeypatch, capfd):
    world.refresh()
    for cached in (snapshot.check_snapshot, snapshot.encoded, snapshot.document_of):
        cached.cache_clear()  # other tests may have had the same snapshot
    counts = dict.fromkeys(("decoded", "encoded", "checked"), 0)

    def counting(name, function):
        def counted(*arguments, **more):
            counts[name] += 1
            return function(*arguments, **more)

        return counted

    monkeypatch.setattr(files, "loads", counting("decoded", snapshot.loads))
    monkeypatch.setattr(snapshot, "dumps", counting("encoded", snapshot.dumps))
    monkeypatch.setattr(snapshot, "check", counting("checked", snapshot.check))
    for made in range(1, 4):
        world.after(400)
        refresher = world.refresher()
        assert document.put(refresher.refresh("always"), pretty=False) == 0
        assert counts == dict.fromkeys(counts, made)
    assert json.loads(capfd.readouterr().out.splitlines()[-1]) == world.stored
    assert world.facts["document"] == snapshot.encoded(refresh.snapshot.loads(world.facts["document"]))
