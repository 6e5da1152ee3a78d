"""What is kept between two refreshes, and what a later result does to it."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest

from codingplan_bar import snapshot
from codingplan_bar.model import Attempt, Plan, Problem, Snapshot, Window
from codingplan_bar.refresh.files import UNUSED, Files, Stored

NOW = 1_795_400_000
NEWER = '{"schema_version": 3, "wholly": "different"}'


def good(at=NOW, used=1):
    windows = (Window("weekly", used, 10),)
    return Snapshot(at, "https://example.invalid/", "web", "intl", Plan("Pro"), windows)


def bad(at=NOW, code="network"):
    return Snapshot(at, "https://example.invalid/", error=Problem(code, "message"))


def save(files, *results):
    for result in results:
        files.save(result, snapshot.dumps(snapshot.to_document(result)))


@pytest.fixture
def files(tmp_path):
    return Files({"HOME": str(tmp_path)})


def test_nothing_is_made_before_something_is_kept(files, tmp_path):
    assert files.load() == Stored()
    assert list(tmp_path.iterdir()) == []


def test_a_good_result_is_kept(files):
    save(files, good())
    assert files.load() == Stored(good())


def test_a_failure_takes_no_good_numbers_away(files):
    save(files, good(), bad(NOW + 1), bad(NOW + 2, "api_error"))
    assert files.load() == Stored(good(), bad(NOW + 2, "api_error"))
    assert files.load().latest == bad(NOW + 2, "api_error")


def test_a_good_result_ends_the_failure(files):
    save(files, good(), bad(NOW + 1), good(NOW + 2))
    assert files.load() == Stored(good(NOW + 2))
    assert not files.failure.exists()


def test_where_there_never_was_a_good_one_the_error_is_the_snapshot(files):
    save(files, bad(), bad(NOW + 1))
    assert files.load() == Stored(bad(NOW + 1))


def test_a_failure_that_is_older_than_the_numbers_counts_for_nothing(files):
    """Its file is still there where a process was killed between the two steps of a recovery."""
    save(files, good(NOW - 9), bad(NOW - 1))
    left = files.failure.read_text()
    save(files, good())
    files.failure.write_text(left)
    assert files.load() == Stored(good())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"schema_version": 1}', b"9" * 5000])
def test_what_cannot_be_read_is_put_aside_when_something_better_comes(files, content):
    save(files, bad())
    files.snapshot.write_bytes(content)
    assert files.load() == Stored()
    save(files, good())
    assert files.load() == Stored(good())
    assert files.snapshot.with_name("snapshot.json.unreadable").read_bytes() == content


def test_nothing_is_put_aside_by_looking(files):
    save(files, bad())
    files.snapshot.write_text("{")
    files.load()
    assert {path.name for path in files.folder.iterdir()} == {"made-folders", "snapshot.json"}


def test_a_folder_in_the_way_is_put_aside_too(files):
    files.snapshot.mkdir(parents=True)
    save(files, good())
    assert files.load() == Stored(good())


def test_a_newer_versions_snapshot_is_left_untouched(files):
    files.folder.mkdir(parents=True)
    files.snapshot.write_text(NEWER)
    with pytest.raises(snapshot.NewerSnapshot):
        files.load()
    with pytest.raises(snapshot.NewerSnapshot):
        save(files, good())
    assert files.snapshot.read_text() == NEWER
    assert len(list(files.folder.iterdir())) == 1


def test_facts_are_as_old_as_the_settings_were_before_they_were_read(tmp_path):
    config = tmp_path / ".config/codingplan-bar/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("")
    before = Files({"HOME": str(tmp_path)})
    config.write_text('icons = "emoji"')
    after = Files({"HOME": str(tmp_path)})
    assert before.inputs() != after.inputs()
    assert before.inputs() == before.inputs()


def test_facts_that_no_bar_uses_any_longer_are_swept_away(files):
    save(files, good())
    now = time.time()
    for name, age in (("bar-1.txt", UNUSED + 9), ("bar-2.txt", UNUSED - 9), ("bar.txt", 9 * UNUSED)):
        (files.folder / name).write_text("")
        os.utime(files.folder / name, (now - age, now - age))
    files.sweep(now)
    assert {path.name for path in files.folder.iterdir()} == {"bar-2.txt", "bar.txt", "made-folders", "snapshot.json"}


def test_what_must_last_is_no_part_of_the_cache(files):
    lasting = {files.lock, files.session, files.waiting}
    assert all(".local/state" in str(path) for path in lasting)


@pytest.mark.parametrize(
    ("attempts", "is_certain"),
    [
        ([("token-plan", "no_plan")], True),
        ([("token-plan", "no_plan"), ("coding-plan", "network")], True),
        ([("token-plan", "no_plan"), ("token-plan", "network")], False),
        ([("token-plan", "network"), ("coding-plan", "no_plan")], False),
        ([("coding-plan", "network")], True),
        ([], True),
    ],
)
def test_that_there_is_no_plan_is_certain_where_no_way_to_the_shown_one_has_failed(files, attempts, is_certain):
    """A way to another plan tells nothing of the one that is shown."""
    shown = replace(good(), plan=Plan("Token Plan", kind="token-plan"))
    tries = tuple(Attempt("web", "cn", outcome, "", plan) for plan, outcome in attempts)
    gone = replace(bad(code="no_plan"), attempts=tries)
    assert Stored(shown).followed_by(gone) == (Stored(gone) if is_certain else Stored(shown, gone))
