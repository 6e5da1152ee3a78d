"""A number that a person gives: what is none, or lies beyond its bounds, is refused wherever one is taken."""

from __future__ import annotations

import pytest

from codingplan_bar.commands import calls
from codingplan_bar.commands.table import COMMANDS
from codingplan_bar.run import run
from codingplan_bar.settings import settings

NO_NUMBERS = ("nan", "inf", "-inf", "1e400", "", " ", "ten", "0x10", "1,5", "-1", "1e9", "9" * 5_000)
IN_TOML = ("nan", "inf", "-inf", "1e400", "-1", "1e9", "9" * 400, '""', "true", "[]", "1979-05-27")
GOOD = {"--days": ("history", "0.5"), "--min-remaining": ("guard", "100")}
SETTINGS = {"refresh_interval": "{}", "timeout": "{}", "thresholds": "{},90"}


def test_the_options_that_take_a_number_are_these():
    options = [option for each in COMMANDS for option in each.options]
    assert {option.name for option in options if option.bounds} == set(GOOD)
    assert {option.kind for option in options} == {None, str}


@pytest.fixture
def ran(monkeypatch):
    """What the command was given, as often as it ran."""
    given = []

    class Module:
        def __getattr__(self, _):
            return lambda **values: given.append(values) or 0

    monkeypatch.setattr(calls, "import_module", lambda _: Module())
    return given


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("option", GOOD)
def test_an_option_that_is_no_number_within_its_bounds_is_an_error_of_use(option, text, ran, capfd):
    assert run([GOOD[option][0], f"{option}={text}"]) == 2
    told = capfd.readouterr()
    assert (ran, told.out, told.err.count("\n")) == ([], "", 1)
    assert f"'{option}': it must be " in told.err


@pytest.mark.parametrize("option", GOOD)
def test_a_number_within_its_bounds_is_taken(option, ran):
    command, text = GOOD[option]
    assert run([command, f"{option}={text}"]) == 0
    assert float(text) in ran[0].values()


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_is_no_number_within_its_bounds_is_a_fault_that_names_it(name, text):
    [fault] = settings.load("", {f"CODINGPLAN_BAR_{name.upper()}": SETTINGS[name].format(text)}).faults
    assert fault.name == name


@pytest.mark.parametrize("text", IN_TOML)
@pytest.mark.parametrize("name", SETTINGS)
def test_the_same_holds_in_the_file_of_settings(name, text):
    value = f"[{text}, 90]" if name == "thresholds" else text
    [fault] = settings.load(f"{name} = {value}", {}).faults
    assert fault.name == name
