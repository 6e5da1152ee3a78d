"""On macOS what the desktop starts has no locale: the language is that of the system's list, read without a program."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest
from support.scenes import Scene
from support.staging import World

from codingplan_bar.environment import GLOBAL_PREFERENCES, PREFERENCES_LIMIT, locale_of_system, system_language
from codingplan_bar.refresh import refresh

CHINESE = ["zh-Hans-CN", "en-CN"]
LISTS = {
    "Chinese first": (CHINESE, "zh"),
    "English first": (["en-GB", "zh-Hans-GB"], "en"),
    "a language without a table, then Chinese": (["fr-FR", "zh-Hans-FR"], "zh"),
    "Traditional Chinese": (["zh-Hant-TW"], "en"),
    "languages without a table": (["fr-FR", "de-DE"], ""),
    "an empty list": ([], ""),
    "no list": ("zh-Hans", ""),
    "numbers and nothing else": ([1, 2.5], ""),
}
DAMAGED = {
    "nothing": b"",
    "half a file": plistlib.dumps({"AppleLanguages": CHINESE}, fmt=plistlib.FMT_BINARY)[:40],
    "no property list": b"AppleLanguages = (zh)",
    "a list in its place": plistlib.dumps(["zh-Hans"]),
    "entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "zh">]><plist><dict/></plist>',
    "a reference to itself": b"bplist00\xa1\x00\x08" + bytes(6) + b"\x01\x01" + bytes(7) + b"\x01" + bytes(15) + b"\n",
    "longer than any": b"x" * (PREFERENCES_LIMIT + 1),
}


@pytest.fixture
def home(tmp_path):
    (tmp_path / GLOBAL_PREFERENCES).parent.mkdir(parents=True)
    return {"HOME": str(tmp_path)}


def write(home, content):
    (Path(home["HOME"]) / GLOBAL_PREFERENCES).write_bytes(content)


def has(home, languages, form=plistlib.FMT_BINARY):
    write(home, plistlib.dumps({"AppleLocale": "en_US", "AppleLanguages": languages}, fmt=form))


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML], ids=["binary", "XML"])
@pytest.mark.parametrize("name", LISTS)
def test_the_first_language_that_has_a_table_counts(home, name, form):
    languages, table = LISTS[name]
    has(home, languages, form)
    assert system_language(home, "darwin") == table
    assert system_language(home, "linux") == ""


@pytest.mark.parametrize("name", DAMAGED)
def test_whatever_stands_in_the_file_is_read_or_says_nothing(home, name):
    write(home, DAMAGED[name])
    assert system_language(home, "darwin") == ""


@pytest.mark.parametrize("has_a_home", [True, False])
def test_without_the_file_or_a_home_to_look_in_nothing_is_known(home, has_a_home):
    assert system_language(home if has_a_home else {"HOME": "nowhere"}, "darwin") == ""


def test_a_locale_goes_before_the_system(home):
    has(home, CHINESE)
    assert locale_of_system(home, "darwin") == {"LANG": "zh_CN.UTF-8"}
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        assert locale_of_system({**home, name: "C"}, "darwin") == {}
    assert locale_of_system(home, "linux") == {}


def test_the_refresh_tells_the_bars(tmp_path, monkeypatch):
    """They read their facts alone: the language stands there."""
    monkeypatch.setattr(refresh, "system_language", lambda _: "zh")
    world = World(tmp_path)
    world.refresh()
    assert world.facts["language.system"] == "zh"


@pytest.mark.parametrize(
    ("environ", "language", "shown"),
    [({}, "auto", "zh"), ({"LANG": "en_US.UTF-8"}, "auto", "en"), ({"LANG": "C"}, "auto", "en"), ({}, "en", "en")],
)
def test_a_bar_speaks_it_where_neither_its_locale_nor_the_settings_say_otherwise(environ, language, shown):
    view = Scene(settings=f'language = "{language}"', environ=environ).view(**{"language.system": "zh"})
    assert view.words["language"] == shown
