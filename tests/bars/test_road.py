"""The bar's road: what it imports, to the module, the facts that it is handed, and the same line by the other road."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
from support.hostile import HOSTILE
from support.rows import for_each
from support.scenes import ESSENTIAL, OFFLINE, PLAN, SIGN_IN, Scene, answer, failure, token_answer

import codingplan_bar
from codingplan_bar import bars, facts, paths, snapshot
from codingplan_bar.bars import watch
from codingplan_bar.bars.adapters import text
from codingplan_bar.bars.start_refresh import BackgroundRefresher
from codingplan_bar.bars.view import View
from codingplan_bar.bars.watch import Watcher
from codingplan_bar.cli import main
from codingplan_bar.commands import refresh
from codingplan_bar.model import Plan, Problem, Window
from codingplan_bar.plans import ASKED
from codingplan_bar.refresh.snapshot_to_facts import MESSAGE_LIMIT, NAME_LIMIT, compile_facts
from codingplan_bar.settings import settings
from codingplan_bar.words.errors import english

ROOT = Path(codingplan_bar.__file__).parent.parent
WING = "codingplan_bar.bars"
WORDS = "codingplan_bar.words"
EVERY_BAR = {
    "codingplan_bar",
    "codingplan_bar.facts",
    "codingplan_bar.paths",
    WING,
    *(f"{WING}.{name}" for name in ("view", "windows", "phrases", "template", "signs_and_colors", "adapters")),
    *(f"{WORDS}{name}" for name in ("", ".en")),
}
MORE = {
    "waybar": ("tooltip",),
    "json": ("tooltip",),
    "ansi": ("adapters.text",),
    "swiftbar": ("adapters.menu", "tooltip"),
    "xbar": ("adapters.menu", "tooltip"),
    "argos": ("adapters.menu", "tooltip"),
}
REFUSED = Problem("network", english("host.refused", {"host": "localhost"}), "")
DOOR = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from codingplan_bar import bars; watched = bars.answer(sys.argv[1:])
from codingplan_bar.__main__ import leave, main; leave(main(watched))
"""


def recent():
    """A snapshot of a moment ago, for which the next refresh is not due while this test runs."""
    now = int(time.time())
    windows = (Window("five_hour", 210, 1_000), Window("weekly", 3_800, 5_000, now + 86_400 + 30))
    return answer()._replace(fetched_at=now + 10, plan=PLAN._replace(expires_at=None), windows=windows)


@pytest.fixture
def home(tmp_path):
    """The environment of a user for whom a snapshot is stored, and the facts made from it."""
    environ = {"HOME": str(tmp_path), "TZ": "CST-8"}
    folder = Path(paths.cache_folder(environ))
    folder.mkdir(parents=True)
    found = recent()
    (folder / "snapshot.json").write_text(snapshot.dumps(snapshot.to_document(found)) + "\n", "utf-8")
    moment = {
        "environment": facts.bar_environment(environ),
        "inputs": facts.inputs(*bars.inputs(str(folder), environ)),
        "made_at": str(int(time.time())),
        "due": str(int(time.time()) + 300),
    }
    compiled = moment | compile_facts(found, None, settings.load("", {}))
    (folder / facts.file_name("")).write_text(facts.dumps(compiled), "utf-8")
    return environ


def imported(code: str, *arguments: str, environ: dict[str, str]) -> tuple[set[str], str]:
    """The modules that a clean interpreter imports, and what it prints."""
    return imported_by([sys.executable, "-I", "-S", "-X", "importtime", "-c", code, *arguments], environ)


def imported_by(command: list[str], environ: dict[str, str]) -> tuple[set[str], str]:
    """The modules that a command imports which tells of them, and what it prints."""
    done = subprocess.run(command, env=environ, capture_output=True, check=True, timeout=30)
    lines = [line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines() if "|" in line]
    return set(lines) - {"imported package"}, done.stdout.decode()


@pytest.fixture(scope="module")
def bare():
    """What is there anyway, and the modules that the door and the warm road may import."""
    return imported("import gc, sys, os, time", environ={})[0]


@pytest.mark.parametrize("bar", bars.BARS)
def test_a_bars_command_imports_exactly_this(bar, home, bare, programs):
    modules, printed = imported(DOOR, bar, environ=home)
    more = {f"{WING}.{name}" for name in (*MORE.get(bar, ()), f"adapters.{bars.BARS[bar]}")}
    assert modules - bare == EVERY_BAR | more
    assert "76%" in printed


@pytest.mark.parametrize("is_linked", [False, True], ids=["in place", "by a link, as pipx puts it"])
def test_the_installed_command_imports_nothing_before_the_door(is_linked, home, tmp_path, programs):
    command = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
    if is_linked:
        (tmp_path / "linked").symlink_to(command)
        command = tmp_path / "linked"
    environ = {**home, "PYTHONPROFILEIMPORTTIME": "1"}
    alone, _ = imported_by([sys.executable, "-c", "import gc, sys, os, time"], environ)
    modules, printed = imported_by([str(command), "text"], environ)
    assert modules - alone == EVERY_BAR | {f"{WING}.adapters.text"}
    assert printed == "5h 21% · ! wk 76%\n"


def test_the_installed_command_imports_nothing_from_the_folder_that_it_lies_in(home, tmp_path, programs):
    command = tmp_path / "codingplan-bar"
    command.write_bytes((Path(sysconfig.get_path("scripts")) / "codingplan-bar").read_bytes())
    for planted in ("codingplan_bar", "click"):
        (tmp_path / f"{planted}.py").write_text("print('planted')\nraise SystemExit\n", "utf-8")
    for arguments in (["text"], ["--version"]):
        printed = subprocess.check_output([sys.executable, str(command), *arguments], env=home, text=True, timeout=30)
        assert "planted" not in printed


def test_the_other_language_is_one_other_table(home, bare, programs):
    modules, printed = imported(DOOR, "text", environ={**home, "LANG": "zh_CN.UTF-8"})
    assert modules - bare == (EVERY_BAR - {f"{WORDS}.en"}) | {f"{WORDS}.zh", f"{WING}.adapters.text"}
    assert printed == "5h 21% · ! 周 76%\n"


def test_what_went_wrong_is_said_in_the_other_language_without_a_table_of_sentences(home, bare, programs):
    file = Path(paths.cache_folder(home)) / facts.file_name("")
    known = facts.loads(file.read_text("utf-8"))
    told = compile_facts(recent(), REFUSED, settings.load("", {}))
    file.write_text(facts.dumps(known | {name: told[name] for name in told if name.startswith("problem.")}), "utf-8")
    modules, printed = imported(DOOR, "waybar", environ={**home, "LANG": "zh_CN.UTF-8"})
    assert not {module for module in modules - bare if module.startswith(WORDS)} - {WORDS, f"{WORDS}.zh"}
    assert "localhost 拒绝连接。" in printed


PLANS_ORDERS = (
    ("text", "--plan", "token"),
    ("text", "--plan=token"),
    ("text", "--plan", "token", "--watch"),
    ("text", "--watch", "--plan", "token"),
    ("text", "--watch", "--plan=token"),
)


def of_two_plans(home):
    """The same user with facts of the Token Plan, too, as the refresh for it has stored them."""
    environ = {**home, "CODINGPLAN_BAR_PLAN": "token"}
    folder = Path(paths.cache_folder(environ))
    now = int(time.time())
    found = token_answer()._replace(fetched_at=now + 10, plan=ESSENTIAL._replace(expires_at=None))
    (folder / "snapshot-token-plan.json").write_text(snapshot.encoded(found) + "\n", "utf-8")
    moment = {
        "environment": facts.bar_environment(environ),
        "inputs": facts.inputs(*bars.inputs(str(folder), environ, "token-plan")),
        "asked": "token-plan",
        "made_at": str(now),
        "due": str(now + 300),
    }
    compiled = moment | compile_facts(found, None, settings.load("", environ))
    (folder / facts.file_name(moment["environment"])).write_text(facts.dumps(compiled), "utf-8")


@pytest.mark.parametrize("arguments", PLANS_ORDERS, ids=" ".join)
def test_a_plan_that_is_asked_for_is_on_the_quick_road_whatever_the_order(arguments, home, bare, programs):
    of_two_plans(home)
    command = [sys.executable, "-I", "-S", "-X", "importtime", "-c", DOOR, *arguments]
    with subprocess.Popen(command, env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout.readline().decode() == "! mo 87%\n"
        started.terminate()
        _, told = started.communicate(timeout=30)
    modules = {line.rpartition("|")[2].strip() for line in told.decode().splitlines() if "|" in line}
    assert not {module for module in modules if "codingplan_bar.cli" in module or module == "click"}
    if "--watch" not in arguments:
        assert modules - {"imported package"} - bare == EVERY_BAR | {f"{WING}.adapters.text"}


def test_a_watcher_of_a_plan_looks_at_that_plans_files(home):
    of_two_plans(home)
    watcher = Watcher("text", {**home, "CODINGPLAN_BAR_PLAN": "token"}, BackgroundRefresher(home))
    watcher.step(time.time() + 1)
    names = {Path(path).name for path in watcher.files()}
    assert {"snapshot-token-plan.json", "failure-token-plan.json", "config.toml"} < names
    assert not {"snapshot.json", "failure.json"} & names


def test_the_page_on_two_plans_names_commands_that_there_are():
    page = (Path(__file__).parents[2] / "integrations/README.md").read_text("utf-8")
    commands = [each.split()[1:] for each in re.findall(r"codingplan-bar [^\"`)]*--plan [a-z]+", page)]
    assert len(commands) >= 4
    group = main.make_context("codingplan-bar", ["status"])  # without it a command keeps a help option without -h
    for command in commands:
        named = main.commands[command[0]].make_context(command[0], command[1:], parent=group)
        assert named.params["plan"] in facts.PLANS


def test_two_bars_of_one_user_show_two_plans(home, programs):
    of_two_plans(home)
    for arguments, line in ((("text",), "5h 21% · ! wk 76%\n"), (("text", "--plan", "token"), "! mo 87%\n")):
        assert imported(DOOR, *arguments, environ=home)[1] == line


@pytest.mark.parametrize("arguments", [("--plan",), ("--plan", "gold"), ("--plan=",), ("--plan", "--watch")])
def test_what_names_no_plan_is_an_error_of_use_and_starts_nothing(arguments, home, programs):
    done = subprocess.run(
        [sys.executable, "-I", "-c", DOOR, "text", *arguments], env=home, capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.search(rb"--plan|There is no plan \S", done.stderr)
    assert {path.name for path in Path(paths.lasting_folder(home)).glob("*")} == set()


def test_the_names_on_the_quick_road_are_those_of_the_plans():
    assert {name: ASKED[name] for name in facts.PLANS} == facts.PLANS
    assert {*facts.PLANS, *facts.PLANS.values()} == set(ASKED)


def test_asking_for_a_refresh_is_one_module_more(bare, programs):
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from codingplan_bar.bars import start_refresh"
    modules, _ = imported(code, environ={})
    assert modules - bare <= EVERY_BAR | {f"{WING}.start_refresh"}


@pytest.mark.parametrize("bar", bars.BARS)
def test_both_roads_print_the_same(bar, home, capfd, monkeypatch):
    now = time.time() + 1
    monkeypatch.setattr(time, "time", lambda: now)
    assert bars.show(bar, home)
    by_the_door = capfd.readouterr().out
    assert refresh.show(bar, home) == 0
    by_the_commands = capfd.readouterr().out
    assert by_the_door == by_the_commands
    assert "76%" in by_the_door


def test_facts_for_other_settings_of_the_environment_are_made_by_the_other_road_and_kept(home, capfd):
    environ = {**home, "CODINGPLAN_BAR_FORMAT": "{weekly.left} left"}
    assert not bars.show("text", environ)
    assert refresh.show("text", environ) == 0
    assert bars.show("text", environ)
    assert capfd.readouterr().out == "! 1,200 left\n" * 2
    assert bars.show("text", home)
    assert capfd.readouterr().out == "5h 21% · ! wk 76%\n"


def test_facts_that_somebody_changed_are_no_reason_to_print_something_else(home, capfd):
    file = Path(paths.cache_folder(home)) / facts.file_name("")
    for broken in ("", "end\n", file.read_text("utf-8").replace("210 1000", "NaN"), file.read_text("utf-8")[:-5]):
        file.write_text(broken, "utf-8")
        assert by_the_door_or_none("text", home) in (None, "")
        assert refresh.show("text", home) == 0
        assert capfd.readouterr().out == "5h 21% · ! wk 76%\n"


def by_the_door_or_none(bar, environ):
    """Nothing printed, or one of the errors that the door takes as a reason for the other road."""
    try:
        return "" if not bars.show(bar, environ) else "printed"
    except (ArithmeticError, LookupError, ValueError):
        return None


def test_a_view_needs_no_real_clock_and_no_real_environment():
    view = View(compile_facts(answer(), None, settings.load("", {})), answer().fetched_at, {})
    assert text.render(view) == "5h 21% · wk 28% · mo 66%"


# The facts: what the cold road hands to the bars.


@for_each("name", HOSTILE)
def test_the_facts_of_any_text_are_one_line_each_and_short(name):
    text = HOSTILE[name]
    made = Scene(answer()._replace(plan=Plan(text)), Problem("network", text, text)).facts
    assert facts.loads(facts.dumps(made)) == made
    assert len(made["plan"]) <= NAME_LIMIT
    assert max(len(made["problem.message"]), len(made["problem.hint"])) <= MESSAGE_LIMIT


def test_a_failure_since_comes_before_that_of_the_snapshot():
    assert Scene(problem=SIGN_IN).facts["problem.code"] == "login_required"
    assert Scene(failure(OFFLINE)).facts["problem.code"] == "network"
    assert Scene(failure(OFFLINE), SIGN_IN).facts["problem.code"] == "login_required"
    assert Scene().facts["problem.code"] == ""


def test_the_display_settings_are_among_the_facts():
    made = Scene(
        settings='windows = ["weekly"]\nthresholds = [50, 60]\nshow = "remaining"\n[colors]\nok = "#112233"'
    ).facts
    names = ("windows", "warning", "critical", "show", "icons", "language", "interval", "color.ok")
    assert [made[name] for name in names] == ["weekly", "50", "60", "remaining", "none", "auto", "300", "#112233"]


def test_no_secret_of_the_settings_is_among_the_facts():
    told = compile_facts(answer(), None, settings.load('cookie_header = "a=SECRET"\napi_key = "sk-SECRET"', {}))
    assert "SECRET" not in repr(told)


def test_a_file_of_another_tool_that_has_changed_is_seen_by_the_next_print(home, tmp_path):
    """Then the facts are made again, which decides whether to ask."""
    folder, tool = paths.cache_folder(home), tmp_path / "tool.json"
    place = Path(folder) / facts.file_name("")
    known = facts.loads(place.read_text("utf-8"))
    beside = {"beside": f"{tool}", "beside.state": facts.inputs(str(tool))}
    place.write_text(facts.dumps(known | beside), "utf-8")
    assert bars.stored_facts(folder, home)
    assert str(tool) in watch.files(home, known | beside)
    tool.write_text("{}")
    assert bars.stored_facts(folder, home) is None
