"""Where the tool is looked for."""

from __future__ import annotations

import pytest

from codingplan_bar.errors import ConfigError, MissingCredentials
from codingplan_bar.fetch.tool import find, inputs
from codingplan_bar.fetch.tool.place import environment, login_file


@pytest.fixture
def folder(tmp_path):
    program(tmp_path / "bin" / "bl")
    return tmp_path


def program(path, mode=0o755):
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return str(path)


def test_the_first_on_the_path_is_taken(folder):
    second = program(folder / "other" / "bl")
    path = f"{folder}/empty:{folder}/bin:{folder}/other"
    assert find({"PATH": path}) == f"{folder}/bin/bl"
    assert find({"PATH": path}, named=second) == second


@pytest.mark.parametrize("path", ["", ".", "bin", ":", "relative/bin:", "./bin"])
def test_nothing_is_found_in_the_folder_where_the_bar_happens_to_run(folder, monkeypatch, path):
    monkeypatch.chdir(folder / "bin")
    with pytest.raises(MissingCredentials):
        find({"PATH": path})


def test_none_is_installed(folder):
    for environ in ({}, {"PATH": f"{folder}/empty"}):
        with pytest.raises(MissingCredentials) as refusal:
            find(environ)
        assert "not installed" in refusal.value.message
        assert "npm install -g bailian-cli" in refusal.value.hint


def test_what_cannot_be_run_is_not_installed(folder):
    program(folder / "bin" / "bl", 0o644)
    (folder / "other" / "bl").mkdir(parents=True)
    with pytest.raises(MissingCredentials):
        find({"PATH": f"{folder}/bin:{folder}/other"})


def test_the_home_folder_may_be_written_short(folder):
    assert find({"HOME": str(folder)}, named="~/bin/bl") == f"{folder}/bin/bl"


WRONG = {
    "relative": "bin/bl",
    "a name": "bl",
    "another's home": "~root/bl",
    "home alone": "~",
    "not there": "/nowhere/bl",
    "a folder": "/",
    "a zero byte": "/bin\0/bl",
}


@pytest.mark.parametrize("named", WRONG.values(), ids=WRONG.keys())
def test_a_setting_that_names_no_program_is_told_as_such(named):
    with pytest.raises(ConfigError) as refusal:
        find({"HOME": "/", "PATH": "/bin"}, named=named)
    assert refusal.value.where == "bl_path"
    assert "bl_path" in refusal.value.message


def test_a_setting_that_names_a_file_that_cannot_be_run_is_told_as_such(folder):
    with pytest.raises(ConfigError):
        find({}, named=program(folder / "bin" / "bl", 0o644))


def test_the_login_lies_where_the_tool_keeps_it():
    assert login_file({"HOME": "/home/u"}) == "/home/u/.bailian/config.json"
    assert login_file({"HOME": "/home/u", "BAILIAN_CONFIG_DIR": "/etc/b"}) == "/etc/b/config.json"


def test_an_installation_a_new_version_and_a_sign_in_show_in_the_files_that_are_watched(folder):
    environ = {"HOME": "/home/u", "PATH": f"{folder}/bin"}
    assert inputs(environ) == ["/home/u/.bailian/config.json", f"{folder}/bin/bl"]
    assert inputs(environ, named="relative") == inputs({"HOME": "/home/u"}) == ["/home/u/.bailian/config.json"]


def test_without_a_path_the_tools_own_folder_is_one():
    assert environment({}, "/opt/bin/bl")["PATH"] == "/opt/bin"
