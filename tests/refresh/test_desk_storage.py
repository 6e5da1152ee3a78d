"""A refresh whose files are another version's, broken, in the way, or shared."""

from __future__ import annotations

import os
import tempfile

import pytest

from codingplan_bar import snapshot

HOUR = 3_600


NEWER = '{"schema_version": 3}'


def test_a_newer_versions_snapshot_is_left_untouched_and_said_so(world):
    world.refresh()
    world.refresher().files.snapshot.write_text(NEWER)
    before = world.refresher().files.waiting.read_text()
    for wanted in ("when due", "by hand"):
        assert "newer version" in world.after(HOUR).refresh(wanted).error.message
    assert world.asked == 1
    assert world.refresh("always").status == "ok"
    assert world.refresher().files.snapshot.read_text() == NEWER
    assert world.refresher().files.waiting.read_text() == before
    assert world.facts["problem.code"] == "internal"
    assert world.refresher().has_snapshot()


def test_what_cannot_be_read_is_asked_for_anew_and_put_aside(world):
    world.refresh()
    world.refresher().files.snapshot.write_text("{")
    assert world.after(10).refresh().status == "ok"
    assert (world.refresher().files.folder / "snapshot.json.unreadable").read_text() == "{"


def spoil(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a file where a folder would be")


def test_where_the_cache_cannot_be_written_the_next_place_serves(world):
    spoil(world.home / ".cache")
    assert world.refresh().status == "ok"
    assert world.after(10).refresh().status == "ok"
    assert world.asked == 1
    assert ".local/state" in str(world.refresher().files.facts)


@pytest.fixture
def nowhere(world):
    """A home in which nothing can be written."""
    for folder in (".cache", ".local"):
        spoil(world.home / folder)
    return world


def test_where_nothing_can_be_written_the_result_is_given_all_the_same(nowhere):
    refresher = nowhere.refresher()
    assert refresher.refresh("when due").status == "ok"
    assert refresher.publish()["window.weekly"] == "1 100 -"
    assert "Cannot write" in refresher.storage_problem.message


def test_what_nobody_waits_for_and_could_not_be_kept_is_not_asked_for(nowhere):
    nowhere.refresh(wait=False)
    assert nowhere.asked == 0


def test_where_only_the_wait_can_be_stored_the_provider_is_asked_once_an_interval(world):
    """A cache on a full disk of its own, say."""
    world.refresher().files.snapshot.mkdir(parents=True)
    (world.refresher().files.snapshot / "in the way").touch()
    for _ in range(4):
        world.after(20).refresh()
    assert world.asked == 1
    world.after(HOUR).refresh()
    assert world.asked == 2


def test_a_failure_to_store_numbers_does_not_hide_the_new_ones(world):
    world.refresh()
    refresher = world.after(400).refresher()
    refresher.files.failure.mkdir()
    (refresher.files.failure / "in the way").touch()
    world.answer = "network"
    refresher.refresh("when due")
    assert refresher.publish()["problem.code"] == "network"


def test_bars_with_their_own_display_settings_share_the_one_who_asks(world):
    world.refresh()
    world.environ = {"CODINGPLAN_BAR_FORMAT": "{weekly.used}"}
    world.settings = {"format": "\x1fweekly.used\x1f"}
    world.after(10).refresh()
    assert world.asked == 1
    assert world.facts["environment"] == "FORMAT='{weekly.used}'"


def test_the_marker_of_a_refresh_is_gone_after_it(world):
    marker = world.refresher().files.started_marker
    marker.parent.mkdir(parents=True)
    marker.touch()
    world.refresh()
    assert not marker.exists()


def test_the_bars_know_of_a_refresh_that_a_user_asked_for(world):
    """Else each watcher that sees the new snapshot before its facts would start a refresh of its own."""
    world.refresh()
    seen = []
    ask = world.ask

    def looking(settings):
        seen.append(world.refresher().files.started_marker.exists())
        return ask(settings)

    world.after(10).refresher(ask=looking).refresh("by hand")
    assert seen == [True]


def test_what_is_stored_meets_the_schema_and_can_be_read_back(world):
    latest = world.refresh()
    assert snapshot.loads(world.refresher().files.snapshot.read_text()) == latest


@pytest.mark.parametrize("wanted", ["when due", "by hand", "always"])
def test_every_refresh_sweeps_what_a_killed_one_left_whether_it_asks_or_not(world, wanted, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    world.refresh()
    left = world.refresher().files.session.with_name(".session.json.1.ab.tmp")
    left.write_text("a session")
    copy = tmp_path / "codingplan-bar-import-1"
    copy.mkdir()
    (copy / "store").write_text("a whole store")
    os.utime(copy, (0, 0))
    world.after(1).refresh(wanted)
    assert (left.exists(), copy.exists()) == (False, False)
    assert world.asked == (2 if wanted == "always" else 1)
