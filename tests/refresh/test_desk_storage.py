"""A refresh whose files are another version's, broken, in the way, or shared."""

from __future__ import annotations

import pytest

from codingplan_bar import snapshot

HOUR = 3_600


NEWER = '{"schema_version": 2}'


def test_a_newer_versions_snapshot_is_left_untouched_and_said_so(world):
    world.refresh()
    world.desk().files.snapshot.write_text(NEWER)
    before = world.desk().files.waiting.read_text()
    for wanted in ("when due", "by hand"):
        assert "newer version" in world.after(HOUR).refresh(wanted).error.message
    assert world.asked == 1
    assert world.refresh("always").status == "ok"
    assert world.desk().files.snapshot.read_text() == NEWER
    assert world.desk().files.waiting.read_text() == before
    assert world.facts["problem.code"] == "internal"
    assert world.desk().has_snapshot()


def test_what_cannot_be_read_is_asked_for_anew_and_put_aside(world):
    world.refresh()
    world.desk().files.snapshot.write_text("{")
    assert world.after(10).refresh().status == "ok"
    assert (world.desk().files.folder / "snapshot.json.unreadable").read_text() == "{"


def spoil(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a file where a folder would be")


def test_where_the_cache_cannot_be_written_the_next_place_serves(world):
    spoil(world.home / ".cache")
    assert world.refresh().status == "ok"
    assert world.after(10).refresh().status == "ok"
    assert world.asked == 1
    assert ".local/state" in str(world.desk().files.facts)


@pytest.fixture
def nowhere(world):
    """A home in which nothing can be written."""
    for folder in (".cache", ".local"):
        spoil(world.home / folder)
    return world


def test_where_nothing_can_be_written_the_result_is_given_all_the_same(nowhere):
    desk = nowhere.desk()
    assert desk.refresh("when due").status == "ok"
    assert desk.publish()["window.weekly"] == "1 100 -"
    assert "Cannot write" in desk.storage_problem.message


def test_what_nobody_waits_for_and_could_not_be_kept_is_not_asked_for(nowhere):
    nowhere.refresh(wait=False)
    assert nowhere.asked == 0


def test_a_failure_to_store_numbers_does_not_hide_the_new_ones(world):
    world.refresh()
    desk = world.after(400).desk()
    desk.files.failure.mkdir()
    (desk.files.failure / "in the way").touch()
    world.answer = "network"
    desk.refresh("when due")
    assert desk.publish()["problem.code"] == "network"


def test_bars_with_their_own_display_settings_share_the_one_who_asks(world):
    world.refresh()
    world.environ = {"CODINGPLAN_BAR_FORMAT": "{weekly.used}"}
    world.settings = {"format": "\x1fweekly.used\x1f"}
    world.after(10).refresh()
    assert world.asked == 1
    assert world.facts["environment"] == "FORMAT='{weekly.used}'"


def test_the_marker_of_a_refresh_is_gone_after_it(world):
    marker = world.desk().files.asked
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
        seen.append(world.desk().files.asked.exists())
        return ask(settings)

    world.after(10).desk(ask=looking).refresh("by hand")
    assert seen == [True]


def test_what_is_stored_meets_the_schema_and_can_be_read_back(world):
    latest = world.refresh()
    assert snapshot.loads(world.desk().files.snapshot.read_text()) == latest
