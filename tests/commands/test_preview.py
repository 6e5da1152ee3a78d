"""`preview` and `demo`: every preset in every state, and the program at work, without an account or a trace."""

from __future__ import annotations

import re
import resource
from pathlib import Path

import pytest

from codingplan_bar import resources
from codingplan_bar.bars import BARS
from codingplan_bar.bars.phrases import width
from codingplan_bar.bars.signs_and_colors import mark
from codingplan_bar.bars.view import View
from codingplan_bar.commands import demo, preview
from codingplan_bar.commands.theme import BRIEFLY, SHOWN
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.settings.settings import load
from codingplan_bar.settings.templates import PRESETS, compile_template
from codingplan_bar.settings.values import STATES
from codingplan_bar.themes import OURS, THEMES
from codingplan_bar.transport.request import Answer
from codingplan_bar.words.en import WORDS as ENGLISH
from codingplan_bar.words.en.commands import DEMO, PREVIEW
from codingplan_bar.words.zh import WORDS as CHINESE

NOW = 1_795_400_000
MADE_UP = "with made-up numbers, not your plan"


def blocks(text):
    """The paragraphs of what is printed, by their first line."""
    paragraphs = [part.splitlines() for part in text.strip().split("\n\n")]
    return {lines[0]: lines[1:] for lines in paragraphs}


def words_of(lines):
    """The first word of each line; what goes on with the line before stands further in."""
    return [re.split("  +", line.strip())[0] for line in lines if not line.startswith("    ")]


def test_the_themes_are_shown_with_ones_own_numbers_and_one_is_chosen_by_its_name(user):
    done = user.run("theme")
    made_up, *names, _ = (line.partition("  ")[0] for line in done.out.splitlines() if line[:1].isalpha())
    assert made_up == "No numbers are stored yet. Those below are made up."
    assert names == ["bar", *OURS, *THEMES]
    assert user.run("theme", "nord").code == 0
    assert "nord (yours)  " in user.run("theme").out
    assert user.run("theme", "noord").code == 2
    assert "nord (yours)  " in user.run("theme").out


@pytest.mark.parametrize("command", ["theme", "preview"])
def test_a_wrong_setting_is_told_once_below_and_marks_no_line(user, command):
    user.configure("theme = 'drak'\n")
    out = user.run(command).out
    assert not [row for row in out.splitlines() if row.endswith(" *")]
    assert out.count("Did you mean dark?") == 1


def test_all_themes_fit_one_page_and_the_one_that_is_chosen_is_shown_in_every_state(user, in_a_terminal):
    done = user.run("theme")
    assert len(done.out.splitlines()) <= 40
    assert {name: done.out.count(f"\n{name}  ") for name in THEMES} == dict.fromkeys(THEMES, 1)
    _, seen = in_a_terminal(user, 80, "theme", NO_COLOR="1")
    assert all(width(line) <= 80 for line in seen.splitlines())
    chosen = user.run("theme", "nord").out
    rows = [line for line in chosen.splitlines() if line.startswith(("nord  ", "      "))]
    assert len(rows) == len(SHOWN) > len(BRIEFLY)


def test_a_theme_stands_on_its_own_ground_where_the_terminal_has_the_colours(user, in_a_terminal):
    _, seen = in_a_terminal(user, 100, "theme", COLORTERM="truecolor")
    assert "48;2;46;52;64m" in seen
    _, seen = in_a_terminal(user, 100, "theme", NO_COLOR="1")
    assert "\x1b" not in seen


@pytest.mark.parametrize(
    ("used", "thresholds"),
    [
        ((21, 32, 68), (75, 90)),
        ((0, 0, 0), (1, 1)),
        ((100, 100, 100), (75, 90)),
        ((99, 3, 50), (100, 100)),
        ((0, 50, 0), (50, 50.5)),
    ],
)
def test_each_state_is_acted_and_is_the_one_that_it_is_said_to_be(used, thresholds):
    plan = preview.made_up(NOW)
    windows = [replace_used(window, share) for window, share in zip(plan.windows, used, strict=True)]
    settings = load(f"thresholds = {list(thresholds)}", {})
    for scene in preview.scenes(with_windows(plan, windows), settings, PREVIEW):
        facts = {**compile_facts(scene.snapshot, scene.problem, settings), **scene.foretold}
        assert View(facts, scene.snapshot.fetched_at + scene.age, {}).state == scene.state
    acted = {scene.state for scene in preview.scenes(plan, settings, PREVIEW)}
    assert acted == set(STATES) - ({"warning"} if thresholds[0] == thresholds[1] else set())


def replace_used(window, share):
    return type(window)(window.name, window.total * share // 100, window.total, window.resets_at)


def with_windows(plan, windows):
    return plan._replace(windows=tuple(windows))


def test_a_state_that_the_plan_is_in_is_shown_with_its_own_numbers():
    plan = preview.made_up(NOW)
    calm = with_windows(plan, [replace_used(window, 10) for window in plan.windows])
    assert next(preview.scenes(calm, load("", {}), PREVIEW)).snapshot == calm


@pytest.mark.parametrize(("language", "words"), [("C", ENGLISH), ("zh_CN.UTF-8", CHINESE)])
def test_a_newcomer_sees_every_preset_in_every_state_and_that_the_numbers_are_made_up(user, language, words):
    done = user.run("preview", env={"LANG": language})
    assert (done.code, done.err) == (0, "")
    shown = blocks(done.out)
    assert all(words_of(shown[preset]) == [words[state] for state in STATES_IN_ORDER] for preset in PRESETS)
    assert (MADE_UP in done.out) == (language == "C")
    assert "虚构" in done.out or language == "C"
    assert not list(user.home.rglob("snapshot.json"))


STATES_IN_ORDER = ("ok", "runs_out", "warning", "critical", "active", "stale", "signed_out", "error")


def test_ones_own_numbers_are_shown_and_nobody_is_asked(visitor, console):
    visitor.run("fetch")
    console.forget()
    done = visitor.run("preview")
    assert done.code == 0
    assert "your own numbers, just now" in done.out
    assert MADE_UP not in done.out
    assert not console.requests


def test_with_demo_ones_own_numbers_are_left_out(visitor, console):
    visitor.run("fetch")
    assert MADE_UP in visitor.run("preview", "--demo").out


def test_a_format_of_ones_own_is_shown_beside_the_presets(user):
    user.configure('format = "mine: {weekly.percent}"')
    own = blocks(user.run("preview").out)["your format"]
    assert own[0].endswith("mine: 32%")


def test_a_plan_without_counters_or_a_snapshot_of_tomorrow_leaves_only_made_up_numbers(visitor, console):
    visitor.run("fetch")
    file = visitor.cache / "snapshot.json"
    file.write_text(file.read_text().replace('"schema_version":2', '"schema_version":3'))
    done = visitor.run("preview")
    assert (done.code, MADE_UP in done.out) == (0, True)


@pytest.mark.parametrize("columns", [40, 80])
def test_a_terminal_gets_colour_and_no_line_is_wider_than_it(user, columns, in_a_terminal):
    done, seen = in_a_terminal(user, columns, "preview")
    assert (done.code, "\x1b[38;2;" in seen) == (0, True)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", seen).replace("\r", "").splitlines()
    assert max(map(width, lines)) <= columns
    assert "\x1b" not in in_a_terminal(user, columns, "preview", NO_COLOR="1")[1]


def test_the_presets_that_are_shown_are_those_that_there_are(user):
    assert list(blocks(user.run("preview").out))[1 : 1 + len(PRESETS)] == list(PRESETS)
    assert all(compile_template(preset) for preset in PRESETS)


def test_a_line_that_is_too_long_is_broken_and_keeps_its_colours(user, in_a_terminal):
    _, seen = in_a_terminal(user, 80, "preview", "--demo", COLORTERM="truecolor")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", seen)
    assert all(width(line) <= 80 for line in plain.splitlines())
    assert "…" not in plain
    wide = in_a_terminal(user, 200, "preview", "--demo", COLORTERM="truecolor")[1]
    assert re.sub(r"\x1b\[[0-9;]*m", "", wide).split() == plain.split()
    assert len(re.findall(r"\x1b\[1;", seen)) >= len(re.findall(r"\x1b\[1;", wide))


def test_each_row_of_a_broken_line_has_its_own_marks():
    marked = f"ab {mark('cd ef', 'warning')} gh"
    rows = [*preview.parted(marked, ["ab cd", "ef gh"])]
    assert rows == [f"ab {mark('cd', 'warning')}", f"{mark('ef', 'warning')} gh"]


# `demo`: a newcomer sees it work, whatever their environment is like, and nothing stays behind.


HOSTILE = {
    "ALIBABA_CODING_PLAN_HOST": "real.example",
    "ALIBABA_CODING_PLAN_COOKIE": "login_aliyunid_ticket=of-the-user",
    "ALIBABA_CODING_PLAN_REQUIRE_PROVIDER_ENDPOINT_OVERRIDES": "1",
    "ALIBABA_QWEN_API_KEY": "sk-of-the-user",
    "CODINGPLAN_BAR_REGION": "cn",
    "CODINGPLAN_BAR_NO_SUCH_SETTING": "1",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "socks5://127.0.0.1:9",
    "NO_PROXY": "",
    "REQUESTS_CA_BUNDLE": "/nonexistent/bundle.pem",
    "CURL_CA_BUNDLE": "/nonexistent/bundle.pem",
    "XDG_CACHE_HOME": "/proc/nowhere",
    "XDG_STATE_HOME": "relative",
    "CODEXBAR_CONFIG": "/etc/passwd",
    "LC_ALL": "zh_CN.UTF-8",
    "TZ": "Pacific/Chatham",
    "NO_COLOR": "1",
}


def test_it_shows_every_bar_in_less_than_ten_seconds_and_leaves_nothing_behind(user, tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    user.configure("this is no TOML")
    before = sorted(user.home.rglob("*"))
    done = user.run("demo", env=user.unmeasured | HOSTILE | {"TMPDIR": str(temporary)})
    assert (done.code, done.err) == (0, "")
    assert done.busy < 10
    lines = done.out.splitlines()
    assert all(any(line.startswith(f"  {bar} ") for line in lines) for bar in BARS)
    assert "Coding Plan Pro" in done.out
    assert len(lines) < 40
    assert "of-the-user" not in done.out
    assert list(temporary.iterdir()) == []
    assert sorted(user.home.rglob("*")) == before


def test_a_named_bar_is_shown_whole_with_its_page_and_the_place_of_its_files(user):
    done = user.run("demo", "waybar")
    assert (done.code, done.err) == (0, "")
    assert '"class":["codingplan","ok"' in done.out
    assert "# waybar" not in done.out
    assert all(f"/codingplan-bar setup waybar{option}\n" in done.out for option in ("", " --write", " --undo"))
    assert "/integrations/waybar" in done.out


def test_without_a_folder_for_temporary_files_it_says_what_it_needs(user):
    """The last resort of Python's own search is the working folder, so that one must not be writable either."""
    environ = user.unmeasured | {"TMPDIR": "/proc/nowhere"}
    done = user.run("demo", env=environ, cwd="/proc", preexec_fn=no_file_may_grow)
    assert done.code == 1
    assert "TMPDIR" in done.err


def no_file_may_grow():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def test_a_refresh_that_fails_is_told_and_the_demo_fails_with_it(monkeypatch, user, capfd):
    refused = Answer(503, {}, b"")
    monkeypatch.setattr(demo, "provider", lambda now: lambda request: refused)
    assert demo.demo("text", user.environ) == 1
    assert "the demo's refresh failed: The server answered with HTTP status 503." in capfd.readouterr().err


@pytest.mark.parametrize("room", [10, 40, 60])
@pytest.mark.parametrize(
    "text", ["a line", "a line that is longer than its room is wide" * 2, "一二三四五六七八九十" * 5]
)
def test_a_line_is_cut_to_its_room(text, room):
    assert width(demo.briefly(text, room, DEMO["more"])) <= room


def test_how_many_lines_follow_is_told():
    assert demo.briefly("first\nsecond\nthird\n", 80, DEMO["more"]) == "first  (and 2 lines of menu)"


def test_every_bar_with_a_folder_has_a_page():
    pages = {path.parent.name for path in resources.shipped_folder().glob("*/README.md")}
    assert pages <= set(BARS)
    assert all(f"   {resources.shipped_folder() / bar}" in demo.steps(bar, DEMO, 80) for bar in pages)
    named = [Path("".join(demo.steps(bar, DEMO, 80)).rpartition("   ")[2]) for bar in BARS]
    assert [folder for folder in named if not (folder / "README.md").is_file()] == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("bar", [None, "waybar", "json"])
def test_prose_of_the_demo_fits_80_columns_however_long_the_paths_are(monkeypatch, capfd, user, bar, language):
    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.argv", [f"/{'long/' * 12}codingplan-bar"])
    monkeypatch.setattr(resources, "shipped_folder", lambda: user.home / ("deep/" * 12))
    for each in BARS:
        (resources.shipped_folder() / each).mkdir(parents=True)
    assert demo.demo(bar, user.environ | {"CODINGPLAN_BAR_LANGUAGE": language}) == 0
    lines = capfd.readouterr().out.splitlines()
    printed = lines.index(next(line for line in lines if line.endswith(f"codingplan-bar {bar}"))) + 2 if bar else 0
    long = [line for number, line in enumerate(lines) if width(line) > 80 and (not bar or number != printed)]
    assert long
    whole = r"(?:\$ +| +)/\S+(?: [\w-]+)*| +(?:(?:Open the console: |打开控制台：)?https|/)\S+"
    assert [line for line in long if not re.fullmatch(whole, line)] == []
