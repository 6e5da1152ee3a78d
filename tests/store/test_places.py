"""Where the files lie, and where they go when that cannot be written."""

from __future__ import annotations

import sys

import pytest

from codingplan_bar import places

NAME = "codingplan-bar"


@pytest.fixture
def environ(tmp_path):
    (tmp_path / "run").mkdir()
    return {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}


def spoil(folder):
    """Put a file where the folder's own parent would be: nothing can be made there, by whatever user."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")


def test_without_any_variable_the_places_are_xdgs_defaults(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    home = {"HOME": "/home/someone/"}
    assert places.config_file(home) == f"/home/someone/.config/{NAME}/config.toml"
    assert places.cache_folder(home) == f"/home/someone/.cache/{NAME}"
    assert places.state_folder(home) == f"/home/someone/.local/state/{NAME}"


def test_on_macos_the_places_are_the_platforms_own(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    home = {"HOME": "/Users/someone"}
    assert places.config_file(home) == f"/Users/someone/Library/Application Support/{NAME}/config.toml"
    assert places.cache_folder(home) == f"/Users/someone/Library/Caches/{NAME}"


def test_the_variables_win():
    named = {"HOME": "/h", "XDG_CONFIG_HOME": "/c/", "XDG_CACHE_HOME": "/k", "XDG_STATE_HOME": "/s"}
    found = (places.config_file(named), places.cache_folder(named), places.state_folder(named))
    assert found == (f"/c/{NAME}/config.toml", f"/k/{NAME}", f"/s/{NAME}")


def test_a_relative_path_in_a_variable_is_ignored():
    assert places.cache_folder({"HOME": "/h", "XDG_CACHE_HOME": "k"}).startswith("/h/")


def test_the_snapshot_lies_in_the_cache_whether_that_is_there_or_not(environ, tmp_path):
    for _ in range(2):
        assert places.working_folder(environ) == places.cache_folder(environ)
        (tmp_path / ".cache" / NAME).mkdir(parents=True, exist_ok=True)


def test_where_the_cache_cannot_be_written_the_next_place_is_taken(environ, tmp_path):
    spoil(tmp_path / ".cache")
    assert places.working_folder(environ) == f"{tmp_path}/run/{NAME}"
    spoil(tmp_path / "run" / NAME)
    assert places.working_folder(environ) == places.state_folder(environ)


def test_where_nothing_can_be_written_it_is_the_cache_after_all(tmp_path):
    spoil(tmp_path / ".cache")
    spoil(tmp_path / ".local")
    assert places.working_folder({"HOME": str(tmp_path)}) == f"{tmp_path}/.cache/{NAME}"


def test_a_link_that_leads_nowhere_is_no_place(environ, tmp_path):
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / NAME).symlink_to(tmp_path / "unplugged")
    assert places.working_folder(environ) == f"{tmp_path}/run/{NAME}"


def test_what_must_last_lies_in_the_state_folder_else_elsewhere(environ, tmp_path):
    assert places.lasting_folder(environ) == places.state_folder(environ)
    spoil(tmp_path / ".local")
    assert places.lasting_folder(environ) == f"{tmp_path}/run/{NAME}"


def test_a_path_is_shown_without_the_home_folder():
    home = {"HOME": "/home/someone"}
    assert places.shown("/home/someone/.cache/x", home) == "~/.cache/x"
    assert places.shown("/home/someone-else/x", home) == "/home/someone-else/x"
