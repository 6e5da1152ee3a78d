"""What a failure that only the user can mend depends on."""

from __future__ import annotations

import pytest

from codingplan_bar.fetch.circumstances import fingerprint, matters

SECRET = "a-very-secret-cookie"


@pytest.fixture
def environ(tmp_path):
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
def test_a_setting_or_a_credential_in_the_environment_counts(environ, variable):
    assert fingerprint(environ, []) != fingerprint({**environ, variable: "other"}, [])


@pytest.mark.parametrize(
    "variable", ["CODINGPLAN_BAR_FORMAT", "CODINGPLAN_BAR_ICONS", "CODINGPLAN_BAR_TIMEOUT", "TERM"]
)
def test_bars_that_show_the_same_answer_in_another_way_are_one_who_asks(environ, variable):
    assert fingerprint(environ, []) == fingerprint({**environ, variable: "other"}, [])


def test_the_settings_file_counts(environ, config):
    before = fingerprint(environ, [str(config)])
    config.write_text('region = "cn"')
    assert fingerprint(environ, [str(config)]) != before


def test_codexbars_file_counts(environ, tmp_path):
    before = fingerprint(environ, [])
    (tmp_path / ".codexbar").mkdir()
    (tmp_path / ".codexbar/config.json").write_text("{}")
    assert fingerprint(environ, []) != before


def test_no_secret_can_be_read_out_of_it(environ):
    assert SECRET not in fingerprint(environ, [])
    assert len(fingerprint(environ, [])) == 64


def test_half_a_surrogate_pair_in_the_environment_is_no_obstacle(environ):
    fingerprint({**environ, "DASHSCOPE_API_KEY": "\udcff"}, [])


def test_what_a_demonstration_leaves_out_is_all_that_the_user_has_set():
    assert matters("CODINGPLAN_BAR_FORMAT")
    assert matters("DASHSCOPE_API_KEY")
    assert not matters("HOME")
