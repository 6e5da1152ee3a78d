"""What CodexBar's configuration says is taken over, and nothing that is wrong with it is an error."""

from __future__ import annotations

import json
import os

import pytest

from codingplan_bar.credentials.other_tools import (
    LARGEST,
    CodexBarEntry,
    codexbar_entry,
    codexbar_files,
)

ENVIRON = {"HOME": "/home/me"}
XDG_FILE = "/home/me/.config/codexbar/config.json"
OLD_FILE = "/home/me/.codexbar/config.json"


def files(**texts):
    """A reader of made-up files, by path."""

    def read(path, _limit, *, owner):
        text = texts.get(str(path), FileNotFoundError(path))
        if isinstance(text, Exception):
            raise text
        return text.encode()

    return read


def config(**fields):
    return json.dumps({"providers": [{"id": "claude", "apiKey": "no"}, {"id": "alibaba", **fields}, {"id": "alibaba"}]})


def test_the_file_is_the_named_one_else_xdgs_else_the_old_place():
    environ = ENVIRON | {"CODEXBAR_CONFIG": "/named.json", "XDG_CONFIG_HOME": "/xdg"}
    assert codexbar_files(environ) == ["/named.json", "/xdg/codexbar/config.json", OLD_FILE]
    assert codexbar_files(ENVIRON) == [XDG_FILE, OLD_FILE]


def test_relative_paths_are_ignored():
    assert codexbar_files(ENVIRON | {"CODEXBAR_CONFIG": "x.json", "XDG_CONFIG_HOME": "xdg"}) == [XDG_FILE, OLD_FILE]
    assert codexbar_files({}) == codexbar_files({"HOME": "here"}) == []


def test_a_tilde_is_the_home_folder():
    assert codexbar_files(ENVIRON | {"CODEXBAR_CONFIG": "~/x.json"})[0] == "/home/me/x.json"


def test_the_first_file_that_exists_counts_alone():
    read = files(**{XDG_FILE: config(apiKey="first"), OLD_FILE: config(apiKey="second")})
    assert codexbar_entry(ENVIRON, read).api_key == "first"
    assert codexbar_entry(ENVIRON, files(**{OLD_FILE: config(apiKey="second")})).api_key == "second"
    assert codexbar_entry(ENVIRON, files(**{XDG_FILE: "{}", OLD_FILE: config(apiKey="second")})).api_key is None


def test_all_its_fields_are_read_of_the_provider_with_the_id_alibaba():
    text = config(apiKey="sk", region="cn", source="web", cookieSource="manual", cookieHeader="a=b", enabled=True)
    assert codexbar_entry(ENVIRON, files(**{XDG_FILE: text})) == CodexBarEntry(
        "~/.config/codexbar/config.json", "sk", "cn", "web", "manual", "a=b"
    )


def test_without_a_file_there_is_nothing():
    assert codexbar_entry(ENVIRON, files()) == CodexBarEntry()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[" * 100_000,
        PermissionError("no"),
        IsADirectoryError("no"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"),
    ],
    ids=lambda text: repr(text)[:20],
)
def test_a_file_that_cannot_be_read_is_ignored_with_a_note(text):
    entry = codexbar_entry(ENVIRON, files(**{XDG_FILE: text, OLD_FILE: config(apiKey="other")}))
    assert entry.api_key is None
    assert entry.notes == ("~/.config/codexbar/config.json could not be read and is ignored",)


@pytest.mark.parametrize("text", ["[]", "1", '{"providers": {}}', '{"providers": [1, null, []]}', '{"providers": []}'])
def test_a_file_without_the_entry_says_nothing(text):
    assert codexbar_entry(ENVIRON, files(**{XDG_FILE: text})) == CodexBarEntry("~/.config/codexbar/config.json")


@pytest.mark.parametrize("value", ["wrong-secret", 1, True, [], {}])
@pytest.mark.parametrize("name", ["region", "source", "cookieSource"])
def test_a_value_that_is_none_of_its_own_is_ignored_with_a_note_that_names_the_field(name, value):
    entry = codexbar_entry(ENVIRON, files(**{XDG_FILE: config(apiKey="sk", **{name: value})}))
    assert entry.api_key == "sk"
    assert (entry.region, entry.source, entry.cookie_source) == (None, None, None)
    assert entry.notes == (f"~/.config/codexbar/config.json: {name} has an unknown value and is ignored",)


def test_no_repr_shows_a_key_or_a_header():
    assert "top-secret" not in repr(CodexBarEntry(api_key="top-secret", cookie_header="top-secret"))


def test_real_files_are_read_up_to_a_bound(tmp_path):
    file = tmp_path / "config.json"
    file.write_text(config(apiKey="sk"))
    assert codexbar_entry({"CODEXBAR_CONFIG": str(file), "HOME": "/nowhere"}).api_key == "sk"
    file.write_text("x" * (LARGEST + 100))
    assert codexbar_entry({"CODEXBAR_CONFIG": str(file), "HOME": "/nowhere"}).notes


def test_a_pipe_in_its_place_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert codexbar_entry({"CODEXBAR_CONFIG": str(tmp_path / "pipe")}).notes
    assert codexbar_entry({"CODEXBAR_CONFIG": str(tmp_path)}).notes
    assert codexbar_entry({"CODEXBAR_CONFIG": str(tmp_path / "no" / "file")}) == CodexBarEntry()


def test_a_file_in_the_place_of_its_folder_is_no_configuration(tmp_path):
    (tmp_path / "file").write_text("x")
    assert codexbar_entry({"CODEXBAR_CONFIG": str(tmp_path / "file" / "config.json")}) == CodexBarEntry()
