"""Each wrong setting, by the file and by its variable; and the schema's verdict, as it is shipped.

A wrong display setting costs itself, and bars go on; one that limits what is read, asked or run lets nothing be asked.
"""

from __future__ import annotations

import json
import re
import shlex

import pytest
from jsonschema import Draft202012Validator
from support.wrong_settings import LIMITING, TEXTS, WRONG, misspelt, toml

from codingplan_bar import resources, snapshot
from codingplan_bar.bars import tooltip
from codingplan_bar.bars.view import View
from codingplan_bar.commands import status
from codingplan_bar.commands.config import config
from codingplan_bar.commands.doctor import checks
from codingplan_bar.commands.doctor.report import CheckContext
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.errors import InternalError
from codingplan_bar.refresh.store import Files
from codingplan_bar.settings.settings import SETTINGS, load, of_user
from codingplan_bar.transport.request import Answer
from codingplan_bar.words.en.doctor import DOCTOR

OWN = {
    "ALIBABA_CODING_PLAN_COOKIE": "login_aliyunid_ticket=made-up-ticket",
    "CODINGPLAN_BAR_NOTIFICATIONS": "false",
}
QUOTA = {"perWeekUsedQuota": 8, "perWeekTotalQuota": 10}
GOOD = {"data": {"codingPlanInstanceInfos": [{"instanceName": "Pro", "status": "VALID", "codingPlanQuotaInfo": QUOTA}]}}
PLACE = "~/.config/codingplan-bar/config.toml"


def variable(name):
    return f"CODINGPLAN_BAR_{name.upper()}"


def ends(values):
    """The first and the last of them, once where they are one."""
    return values if len(values) < 2 else [values[0], values[-1]]


BY_FILE = [
    *((name, f"{name} = {toml(value)}") for name, values in WRONG.items() for value in ends(values)),
    *((name, f"{misspelt(name)[0]} = 1") for name in SETTINGS),
    ("", "zzz = 1"),
    ("config.toml", "= not TOML"),
]
BY_VARIABLE = [
    *((name, {variable(name): "[[1"}) for name in SETTINGS if name not in TEXTS),
    ("format", {variable("format"): "{"}),
    ("tooltip_format", {variable("tooltip_format"): "}"}),
    ("on_threshold", {variable("on_threshold"): "'unclosed"}),
    *((name, {variable(misspelt(name)[1]): "1"}) for name in SETTINGS),
    ("", {"CODINGPLAN_BAR_ZZZ": "1"}),
]


class World:
    """A home whose provider answers, and counts what it is asked."""

    def __init__(self, home):
        self.environ, self.asked = {"HOME": str(home), **OWN}, 0
        self.refresher().refresh("always")
        assert self.asked
        self.asked = 0

    def send(self, request):
        self.asked += 1
        if request.method == "POST":
            return Answer(200, {}, json.dumps(GOOD).encode())
        return Answer(200, {"content-type": "text/html"}, b'<script>SEC_TOKEN: "made-up-token"</script>')

    def refresher(self):
        return open_refresher(self.environ, transport=lambda _deadline: self.send)

    def configure(self, text):
        path = Files(self.environ).settings
        path.parent.mkdir(parents=True)
        path.write_text(text)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def judge(world, name, place):
    """What the rule says: which of the two, a mark in the line, a word in the tooltip, in `status` and in `doctor`."""
    refresher = world.refresher()
    latest, compiled = refresher.refresh("always"), refresher.publish()
    view = View(compiled, latest.fetched_at, world.environ)
    assert bool(world.asked) == (name not in LIMITING | {"config.toml"})
    assert bool(latest.error and latest.error.code == "config") == (not world.asked)
    assert "80%" in view.text
    assert view.text.endswith(" *")
    assert compiled["fault"], "a watcher of an earlier version makes a sentence of it"
    assert compiled["fault.zh"]
    assert (view.words["fault"].format(compiled["fault"]) in tooltip.lines(view)) == bool(world.asked)
    assert (view.words["failed"].format(view.problem[0]) in tooltip.lines(view)) == (not world.asked)
    assert len([line for line in tooltip.lines(view) if place in line and "Run: " not in line]) == 1
    [said] = status.faults(refresher.asker.settings, "en")
    assert said.startswith(f"* {place}")
    [line] = checks.settings(CheckContext(world.environ, refresher, DOCTOR, view.words))
    assert line.verdict == "bad"
    assert f"* {line.text} {line.next}" == said
    assert "?" not in line.next
    return line.next.rpartition("Run: ")[2]


@pytest.mark.parametrize(("name", "text"), BY_FILE)
def test_in_the_file_bars_go_on_or_nothing_is_asked_and_either_way_a_mark_is_shown(world, name, text):
    world.configure(text)
    command = judge(world, name, PLACE)
    program, verb, action, *words = shlex.split(command)
    assert (program, verb) == ("codingplan-bar", "config")
    if action == "edit":
        return
    assert (action, words[0]) == ("set", name)
    assert config(action="set", key=words[0], value=words[1], environ=world.environ) == 0
    assert of_user(world.environ).faults == ()


@pytest.mark.parametrize(("name", "variables"), BY_VARIABLE)
def test_in_a_variable_bars_go_on_or_nothing_is_asked_and_either_way_a_mark_is_shown(world, name, variables):
    [wrong] = variables
    world.environ |= variables
    misspelt = f'export CODINGPLAN_BAR_{name.upper()}="${wrong}"; unset {wrong}'
    is_misspelt = name and wrong != f"CODINGPLAN_BAR_{name.upper()}"
    assert judge(world, name, wrong) == (misspelt if is_misspelt else f"unset {wrong}")
    del world.environ[wrong]
    assert of_user(world.environ).faults == ()


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("refresh_interval = 5", "第 1 行：refresh_interval"),
        ('region = "china"', ""),
        ('refresh_interval = 5\nregion = "china"', "第 1 行：refresh_interval"),
        ('region = "china"\nregoin = 1', "第 2 行：regoin"),
    ],
)
def test_a_chinese_tooltip_tells_each_wrong_setting_once_and_all_in_chinese(world, text, setting):
    world.environ["CODINGPLAN_BAR_LANGUAGE"] = "zh"
    world.configure(text)
    refresher = world.refresher()
    latest, compiled = refresher.refresh("always"), refresher.publish()
    told = tooltip.lines(View(compiled, latest.fetched_at, world.environ))
    wanted = [f"* 设置有误：{PLACE} {setting}。详见 `codingplan-bar doctor`。"] if setting else []
    assert [line for line in told if line.startswith("* ")] == wanted
    assert [line for line in told if " line " in line] == []
    assert len([line for line in told if "：region " in line]) == text.count("china")


@pytest.mark.parametrize(
    "text", ['regoin = "cn"', "formt = 1", "show = 5", 'windows = ["x"]', "plan =", "nothing_like_it = 1"]
)
def test_in_chinese_status_joins_what_is_wrong_and_what_to_do_without_a_space(text):
    assert not [line for line in status.faults(load(text, {}), "zh") if re.search("[，。：；？] ", line)]


# The schema's verdict, as it is shipped.


@pytest.mark.parametrize("name", ["snapshot", "view"])
def test_a_schema_is_a_good_one_and_is_closed_all_the_way_down(name):
    schema = json.loads(resources.schema_text(name))
    Draft202012Validator.check_schema(schema)
    objects = [part for part in parts(schema) if part.get("type") == "object" and "properties" in part]
    declared = [part for part in objects if "required" in part or "additionalProperties" in part]
    assert declared
    assert all(part["additionalProperties"] is False for part in declared)


@pytest.mark.parametrize("name", ["snapshot", "view"])
def test_the_shipped_schema_names_the_plans_that_there_are_and_their_windows(name):
    schema = json.loads(resources.schema_text(name))
    assert snapshot.with_plans(json.loads(resources.schema_text(name))) == schema


def parts(schema):
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    if isinstance(schema, list):
        for value in schema:
            yield from parts(value)


def test_a_document_that_does_not_meet_it_is_refused_with_the_place_and_without_the_value():
    with pytest.raises(InternalError, match=r"does not match its schema at \$") as refused:
        snapshot.check({"schema_version": "a secret"})
    assert "a secret" not in refused.value.message
    assert refused.value.where.startswith("$")


@pytest.mark.parametrize("pattern", ["time", "text"])
def test_no_pattern_lets_a_last_line_feed_through(pattern):
    schema = json.loads(resources.schema_text("snapshot"))["$defs"][pattern]
    good = {"time": "2026-11-24T16:30:05Z", "text": "words"}[pattern]
    assert Draft202012Validator(schema).is_valid(good)
    assert not Draft202012Validator(schema).is_valid(good + "\n")
