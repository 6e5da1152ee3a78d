"""Laws of finding an answer in what was printed."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machine import crowd

from codingplan_bar.credentials.other_tools import login_file
from codingplan_bar.errors import ConfigError, MissingCredentials
from codingplan_bar.process import Finished
from codingplan_bar.provider.bl import answer_in, environment, find, inputs, is_certain, version_in

ANSWERS = st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text(max_size=9)), max_size=4)
NOISE = st.lists(
    st.text(st.characters(exclude_characters="\x1b\n")).filter(lambda line: "{" not in line[:40].lstrip()[:1])
)
PIECES = st.lists(st.sampled_from([b"{", b"}", b"\n", b'"', b"error", b":", b"\x1b[", b"[", b"\xff", b"1", b",", b" "]))


def printed(stdout=b"", stderr=b"", code=0):
    return Finished("exit", code, stdout, stderr)


@settings(max_examples=50)
@given(ANSWERS, NOISE, NOISE, st.sampled_from([None, 2]))
def test_an_object_is_found_between_any_other_lines(answer, before, behind, indent):
    text = "\n".join([*before, json.dumps(answer, indent=indent), *behind])
    assert answer_in(printed(text.encode("utf-8", "replace"))) == reread(answer)


def reread(answer):
    """As it is read: a text that is itself an object or a list is opened."""
    return {key: opened(value) for key, value in answer.items()}


def opened(value):
    try:
        inner = json.loads(value) if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") else value
    except ValueError:
        return value
    return inner


@settings(max_examples=50)
@given(PIECES.map(b"".join), PIECES.map(b"".join), st.integers(-9, 9))
def test_no_output_at_all_is_too_strange(stdout, stderr, code):
    answer = answer_in(printed(stdout, stderr, code))
    assert answer is None or isinstance(answer, dict)
    assert is_certain(answer, code) in (True, False)


@pytest.mark.parametrize(
    "piece", [b"{\n", b'{"a":\n', b"\x1b]", b"\x1b[", b" ", b"[", b"{", b'{"a":[1,1,1,1,\n', b"Error: \n"]
)
def test_a_mebibyte_of_anything_is_looked_through_in_no_time(piece):
    stream = piece * (1024 * 1024 // len(piece))
    start = time.monotonic()
    answer_in(printed(stream, stream, 0))
    answer_in(printed(stream, stream, 1))
    assert time.monotonic() - start < 4 * crowd()


VERSIONS = {
    b"bl 1.15.1\n": (1, 15, 1),
    b"\x1b[1mbl 2.0.1\x1b[0m\n": (2, 0, 1),
    b"notice\nbl 10.20.30-beta.1\n": (10, 20, 30),
    b"bailian-cli/2.1.0 linux": (2, 1, 0),
    b"bl version 7": None,
    b"bl 7": None,
    b"1.15.1": None,
    b"xbl 1.15.1": None,
    b"bl 99999.1.1": None,
    b"": None,
}


@pytest.mark.parametrize(("stdout", "version"), VERSIONS.items())
def test_a_version_is_the_tools_own_line(stdout, version):
    assert version_in(printed(stdout)) == version
    assert version_in(printed(stdout, code=1)) is None


# Where the tool is looked for.


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
