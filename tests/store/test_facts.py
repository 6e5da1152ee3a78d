"""The small text file between the two wings."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar import bars, facts

keys = st.text(st.characters(exclude_characters=" \n", exclude_categories=["Cs"]), min_size=1)
values = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))
PREFIX = "CODINGPLAN_BAR_"


@given(st.dictionaries(keys, values))
def test_what_goes_in_comes_out(known):
    assert facts.loads(facts.dumps(known)) == known


@given(st.dictionaries(keys, values), st.data())
def test_a_part_of_the_file_is_none(known, data):
    text = facts.dumps(known)
    assert facts.loads(text[: data.draw(st.integers(0, len(text) - 1))]) is None


@given(st.text())
def test_any_other_text_is_none_or_can_be_read(text):
    assert facts.loads(text) is None
    facts.loads(f"{facts.FORMAT}\n{text}\nend\n")


def test_a_fact_is_one_line():
    with pytest.raises(ValueError, match="one line"):
        facts.dumps({"key": "a\nb"})


def test_another_version_of_the_format_is_none_of_ours():
    assert facts.loads(facts.dumps({}).replace(facts.FORMAT, facts.FORMAT + "0")) is None


def test_without_display_settings_in_the_environment_the_file_has_its_plain_name():
    assert facts.file_name(facts.display_environment({"HOME": "/", PREFIX + "REGION": "cn"})) == "bar.txt"


@given(st.dictionaries(st.sampled_from(facts.DISPLAY_SETTINGS), st.text(st.characters(exclude_characters="\0"))))
def test_the_environments_display_settings_are_one_line_and_a_file_name(settings):
    line = facts.display_environment({PREFIX + name: value for name, value in settings.items()})
    name = facts.file_name(line)
    assert "\n" not in line
    assert name == "bar.txt" if not settings else name.startswith("bar-")
    assert set(name) <= set("bar-.txt0123456789abcdef")
    assert facts.loads(facts.dumps({"environment": line})) == {"environment": line}


def test_bars_with_other_settings_have_other_facts():
    lines = {facts.display_environment({PREFIX + "FORMAT": text}) for text in ("a", "b", "", "a b")}
    assert len({facts.file_name(line) for line in lines}) == 4


def test_the_inputs_change_when_a_file_is_made_replaced_written_to_or_removed(tmp_path):
    path, other = tmp_path / "file", tmp_path / "other"
    seen = [facts.inputs(str(path))]
    path.write_text("a")
    seen.append(facts.inputs(str(path)))
    other.write_text("a")
    other.replace(path)
    seen.append(facts.inputs(str(path)))
    path.write_text("ab")
    seen.append(facts.inputs(str(path)))
    os.utime(path, (1, 1))
    seen.append(facts.inputs(str(path)))
    assert len(set(seen)) == len(seen)
    path.unlink()
    assert facts.inputs(str(path)) == seen[0]


def test_a_file_of_another_user_s_is_another_one_until_it_is_given_back(tmp_path, monkeypatch):
    path = tmp_path / "config.toml"
    path.write_text("")
    own = facts.inputs(str(path))
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    assert facts.inputs(str(path)) != own


GOOD = {"dashboard": "https://bailian.console.aliyun.com/cn-beijing/?tab=model#/efm/coding_plan", "color.ok": "#98C379"}


@pytest.mark.parametrize(
    "changed",
    [
        {"color.ok": "red"},
        {"color.error": "#ff'>fff"},
        {"color.ok": "#fffff\x1b"},
        {"color.ok": "#fff"},
        {"color.ok": "#ffffff' onclick='x"},
        {"color.anything": "%{A:id:}"},
        {"dashboard": "javascript:alert(1)"},
        {"dashboard": "file:///etc/passwd"},
        {"dashboard": "https://a.example/' onclick='x"},
        {"dashboard": "https://a.example/<b>"},
        {"dashboard": "https://a.example/$(id)"},
        {"dashboard": "https://a.example/ shell=true"},
        {"dashboard": ""},
    ],
)
def test_facts_whose_color_or_address_could_be_markup_are_not_shown(tmp_path, changed):
    """They go into a bar's markup as they are, and whoever wrote the file, the warm road compiles nothing again."""
    environ, folder = {"HOME": str(tmp_path)}, str(tmp_path)
    for found, expected in ((GOOD, True), (GOOD | changed, False)):
        of_now = {"environment": "", "inputs": facts.inputs(*bars.inputs(folder, environ))}
        (tmp_path / "bar.txt").write_text(facts.dumps({**of_now, **found}))
        assert (bars.stored_facts(folder, environ) is not None) == expected
