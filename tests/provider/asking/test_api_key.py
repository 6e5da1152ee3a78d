"""Which API key is used, and where it came from."""

from __future__ import annotations

import pytest

from codingplan_bar.credentials.codexbar import CodexBarEntry
from codingplan_bar.environment import API_KEYS as VARIABLES
from codingplan_bar.errors import ConfigError
from codingplan_bar.provider.api_key import ApiKey, find

ENTRY = CodexBarEntry("~/.codexbar/config.json", api_key="sk-codexbar")
ENVIRON = {name: f"sk-{name}" for name in VARIABLES}


def test_the_own_setting_wins_over_all():
    assert find(ENVIRON, setting="sk-own", entry=ENTRY) == ApiKey("sk-own", "api_key")


def test_codexbars_key_wins_over_the_variables():
    assert find(ENVIRON, entry=ENTRY) == ApiKey("sk-codexbar", "~/.codexbar/config.json")


def test_the_variables_are_asked_in_their_order():
    assert VARIABLES == ("ALIBABA_CODING_PLAN_API_KEY", "ALIBABA_QWEN_API_KEY", "DASHSCOPE_API_KEY")
    left = dict(ENVIRON)
    for name in VARIABLES:
        assert find(left) == ApiKey(f"sk-{name}", name)
        del left[name]
    assert find(left) is None


@pytest.mark.parametrize("text", [" sk-x ", '"sk-x"', "'sk-x'", ' " sk-x " ', "\tsk-x\n"])
def test_white_space_and_one_pair_of_quotes_go(text):
    assert find({"DASHSCOPE_API_KEY": text}) == ApiKey("sk-x", "DASHSCOPE_API_KEY")


def test_only_one_pair_of_quotes_goes():
    assert find({"DASHSCOPE_API_KEY": "''sk-x''"}) == ApiKey("'sk-x'", "DASHSCOPE_API_KEY")
    assert find({"DASHSCOPE_API_KEY": "'sk-x\""}) == ApiKey("'sk-x\"", "DASHSCOPE_API_KEY")


@pytest.mark.parametrize("text", ["", " ", '""', "' '"])
def test_an_empty_key_is_none_and_the_next_one_counts(text):
    environ = {VARIABLES[0]: text, VARIABLES[1]: "sk-next"}
    assert find(environ, setting=text, entry=CodexBarEntry("f", api_key=text)) == ApiKey("sk-next", VARIABLES[1])


@pytest.mark.parametrize("control", ["\n", "\r", "\0", "\x1b", "\x85", "\udcff"])
def test_a_control_character_is_refused_by_the_name_of_its_place(control):
    with pytest.raises(ConfigError) as refusal:
        find({"ALIBABA_QWEN_API_KEY": f"sk-secret{control}X: y"})
    error = refusal.value
    assert error.where == "ALIBABA_QWEN_API_KEY"
    assert "secret" not in f"{error!r}{error.message}{error.hint}"


def test_no_repr_shows_the_key():
    assert "top-secret" not in repr(ApiKey("top-secret", "api_key"))
