"""What is said where the program itself fails: its kind and its place, and nothing that the exception held."""

from __future__ import annotations

import json

import pytest

from codingplan_bar import environment
from codingplan_bar.commands import document
from codingplan_bar.errors import InternalError, StorageFailure
from codingplan_bar.model import Attempt, Plan, Problem, Snapshot, Window

SECRET = "login_aliyunid_ticket=made-up"


@pytest.fixture
def unforeseen():
    """Something that a function of this package was never meant to be given."""
    with pytest.raises(AttributeError) as caught:
        environment.matters(_Odd())
    return caught.value


class _Odd:
    @property
    def startswith(self):
        raise AttributeError(SECRET)


def test_a_person_reads_its_kind_and_place_and_no_more(capfd, unforeseen):
    assert document.report(unforeseen, ["status"]) == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("codingplan-bar: Unexpected AttributeError in environment.py:")
    assert SECRET not in err


@pytest.mark.parametrize("pretty", [[], ["--pretty"]])
def test_a_script_reads_a_document_that_meets_the_schema(capfd, unforeseen, pretty):
    assert document.report(unforeseen, ["fetch", *pretty]) == 1
    out, err = capfd.readouterr()
    assert (json.loads(out)["error"]["code"], err) == ("internal", "")
    assert (out.count("\n") > 1) == bool(pretty)


def test_a_bar_shows_an_error_and_its_command_does_not_fail(capfd, unforeseen):
    assert document.report(unforeseen, ["waybar"]) == 0
    out, err = capfd.readouterr()
    assert (json.loads(out)["alt"], err) == ("error", "")


def test_an_error_of_ours_keeps_its_words(capfd):
    assert document.report(StorageFailure("Cannot write.", hint="Free\nsome space."), ["refresh"]) == 1
    assert capfd.readouterr().err == "codingplan-bar: Cannot write. Free some space.\n"


def test_what_came_from_nowhere_in_the_package_is_told_as_well():
    assert document.place(ValueError()) == "the program"
    assert isinstance(document.as_ours(ValueError(SECRET)), InternalError)
    assert SECRET not in str(document.as_ours(ValueError(SECRET)))


def test_a_snapshot_that_does_not_meet_the_schema_is_never_printed(capfd):
    wrong = Snapshot(1, "https://a.example/", "web", "intl", Plan("a\nb"), (Window("weekly", 1, 2),))
    assert document.put(wrong, pretty=False) == 1
    printed = json.loads(capfd.readouterr().out)
    assert printed["error"]["code"] == "internal"
    assert "$.plan" in printed["error"]["message"]


@pytest.mark.parametrize(
    ("latest", "code"),
    [
        (Snapshot(1, "", error=Problem("network", "")), 1),
        (Snapshot(1, "", "web", "intl", Plan("Pro"), attempts=(Attempt("web", "intl", "ok"),)), 0),
    ],
)
def test_only_a_plan_is_a_success(latest, code):
    assert document.exit_code(latest) == code
