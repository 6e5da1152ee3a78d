"""Where the files lie, and where they go when that cannot be written."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from codingplan_bar import paths, storage
from codingplan_bar.environment import matters
from codingplan_bar.refresh.schedule import fingerprint

NAME = "codingplan-bar"


@pytest.fixture
def environ(tmp_path):
    (tmp_path / "run").mkdir()
    return {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}


def spoil(folder):
    """Put a file where the folder's own parent would be: nothing can be made there, by whatever user."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")


def test_without_any_variable_the_places_are_xdgs_defaults(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    home = {"HOME": f"{tmp_path}/"}
    assert paths.config_file(home) == f"{tmp_path}/.config/{NAME}/config.toml"
    assert paths.cache_folder(home) == f"{tmp_path}/.cache/{NAME}"
    assert paths.state_folder(home) == f"{tmp_path}/.local/state/{NAME}"


def test_on_macos_the_places_are_the_platforms_own(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    home = {"HOME": str(tmp_path)}
    assert paths.config_file(home) == f"{tmp_path}/Library/Application Support/{NAME}/config.toml"
    assert paths.cache_folder(home) == f"{tmp_path}/Library/Caches/{NAME}"


def test_the_variables_win():
    named = {"HOME": "/h", "XDG_CONFIG_HOME": "/c/", "XDG_CACHE_HOME": "/k", "XDG_STATE_HOME": "/s"}
    found = (paths.config_file(named), paths.cache_folder(named), paths.state_folder(named))
    assert found == (f"/c/{NAME}/config.toml", f"/k/{NAME}", f"/s/{NAME}")


def test_a_relative_path_in_a_variable_is_ignored(tmp_path):
    assert paths.cache_folder({"HOME": str(tmp_path), "XDG_CACHE_HOME": "k"}).startswith(f"{tmp_path}/")


@pytest.mark.parametrize("home", ["relative", "/no/such/home", "/dev/null"])
def test_without_a_home_there_is_no_place_that_anybody_could_make_not_even_root(home):
    environ = {"HOME": home}
    for folder in (paths.cache_folder(environ), paths.state_folder(environ), paths.working_folder(environ)):
        assert not paths.is_usable(folder)
        with pytest.raises(OSError, match=r"Not a directory|exists"):
            storage.make_folder(Path(folder))


def test_the_snapshot_lies_in_the_cache_whether_that_is_there_or_not(environ, tmp_path):
    for _ in range(2):
        assert paths.working_folder(environ) == paths.cache_folder(environ)
        (tmp_path / ".cache" / NAME).mkdir(parents=True, exist_ok=True)


def test_where_the_cache_cannot_be_written_the_next_place_is_taken(environ, tmp_path):
    spoil(tmp_path / ".cache")
    assert paths.working_folder(environ) == f"{tmp_path}/run/{NAME}"
    spoil(tmp_path / "run" / NAME)
    assert paths.working_folder(environ) == paths.state_folder(environ)


def test_where_nothing_can_be_written_it_is_the_cache_after_all(tmp_path):
    spoil(tmp_path / ".cache")
    spoil(tmp_path / ".local")
    assert paths.working_folder({"HOME": str(tmp_path)}) == f"{tmp_path}/.cache/{NAME}"


def test_a_link_that_leads_nowhere_is_no_place(environ, tmp_path):
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / NAME).symlink_to(tmp_path / "unplugged")
    assert paths.working_folder(environ) == f"{tmp_path}/run/{NAME}"


def test_what_must_last_lies_in_the_state_folder_else_elsewhere(environ, tmp_path):
    assert paths.lasting_folder(environ) == paths.state_folder(environ)
    spoil(tmp_path / ".local")
    assert paths.lasting_folder(environ) == f"{tmp_path}/run/{NAME}"


def test_a_path_is_shown_without_the_home_folder():
    home = {"HOME": "/home/someone"}
    assert paths.displayed("/home/someone/.cache/x", home) == "~/.cache/x"
    assert paths.displayed("/home/someone-else/x", home) == "/home/someone-else/x"


# What a failure that only the user can mend depends on.

SECRET = "a-very-secret-cookie"


@pytest.fixture
def environ_of_circumstances(tmp_path):
    return {"HOME": str(tmp_path), "PATH": "/bin", "ALIBABA_CODING_PLAN_COOKIE": SECRET}


@pytest.fixture
def config(tmp_path):
    return tmp_path / "config.toml"


@pytest.mark.parametrize(
    "variable",
    [
        "ALIBABA_CODING_PLAN_COOKIE",
        "ALIBABA_CODING_PLAN_API_KEY",
        "ALIBABA_QWEN_API_KEY",
        "DASHSCOPE_API_KEY",
        "ALIBABA_CODING_PLAN_HOST",
        "CODINGPLAN_BAR_REGION",
        "CODINGPLAN_BAR_COOKIE_HEADER",
    ],
)
def test_a_setting_or_a_credential_in_the_environment_counts(environ_of_circumstances, variable):
    assert fingerprint(environ_of_circumstances, []) != fingerprint({**environ_of_circumstances, variable: "other"}, [])


@pytest.mark.parametrize(
    "variable", ["CODINGPLAN_BAR_FORMAT", "CODINGPLAN_BAR_ICONS", "CODINGPLAN_BAR_TIMEOUT", "TERM"]
)
def test_bars_that_show_the_same_answer_in_another_way_are_one_who_asks(environ_of_circumstances, variable):
    assert fingerprint(environ_of_circumstances, []) == fingerprint({**environ_of_circumstances, variable: "other"}, [])


def test_the_settings_file_counts(environ_of_circumstances, config):
    before = fingerprint(environ_of_circumstances, [str(config)])
    config.write_text('region = "cn"')
    assert fingerprint(environ_of_circumstances, [str(config)]) != before


def test_codexbars_file_counts(environ_of_circumstances, tmp_path):
    before = fingerprint(environ_of_circumstances, [])
    (tmp_path / ".codexbar").mkdir()
    (tmp_path / ".codexbar/config.json").write_text("{}")
    assert fingerprint(environ_of_circumstances, []) != before


def test_no_secret_can_be_read_out_of_it(environ_of_circumstances):
    assert SECRET not in fingerprint(environ_of_circumstances, [])
    assert len(fingerprint(environ_of_circumstances, [])) == 64


def test_half_a_surrogate_pair_in_the_environment_is_no_obstacle(environ_of_circumstances):
    fingerprint({**environ_of_circumstances, "DASHSCOPE_API_KEY": "\udcff"}, [])


def test_what_a_demonstration_leaves_out_is_all_that_the_user_has_set():
    assert matters("CODINGPLAN_BAR_FORMAT")
    assert matters("DASHSCOPE_API_KEY")
    assert not matters("HOME")


def disks(monkeypatch, **free):
    """The free blocks of the file systems, by the end of a folder's name; -1 for one that tells of no blocks."""

    def statvfs(folder):
        blocks = next((number for end, number in free.items() if str(folder).endswith(end)), 9)
        return SimpleNamespace(f_bavail=max(blocks, 0), f_blocks=9 if blocks >= 0 else 0)

    monkeypatch.setattr(os, "statvfs", statvfs)


@pytest.mark.parametrize(
    ("free", "used"),
    [
        ({"cache": 0}, "state"),
        ({"cache": 1, "state": 0}, "cache"),
        ({"cache": 0, "state": 0, "run": 9}, "cache"),
        ({"cache": -1}, "cache"),
    ],
)
def test_a_cache_whose_disk_is_full_gives_way_and_what_must_last_stays(tmp_path, monkeypatch, free, used):
    environ = {"HOME": str(tmp_path)}
    for name, variable in (("cache", "CACHE_HOME"), ("state", "STATE_HOME"), ("run", "RUNTIME_DIR")):
        (tmp_path / name).mkdir()
        environ[f"XDG_{variable}"] = str(tmp_path / name)
    disks(monkeypatch, **free)
    assert paths.working_folder(environ) == f"{tmp_path}/{used}/codingplan-bar"
    assert paths.lasting_folder(environ) == f"{tmp_path}/state/codingplan-bar"
