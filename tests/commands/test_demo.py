"""`demo`: a newcomer sees it work, whatever their environment is like, and nothing stays behind."""

from __future__ import annotations

import re
import resource
from pathlib import Path

import pytest

from codingplan_bar import shipped
from codingplan_bar.bars import BARS
from codingplan_bar.bars.phrases import width
from codingplan_bar.commands import demo
from codingplan_bar.transport.request import Answer
from codingplan_bar.words.en.command_line import DEMO

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
    pages = {path.parent.name for path in shipped.shipped_folder().glob("*/README.md")}
    assert pages <= set(BARS)
    assert all(f"   {shipped.shipped_folder() / bar}" in demo.steps(bar, DEMO, 80) for bar in pages)
    named = [Path("".join(demo.steps(bar, DEMO, 80)).rpartition("   ")[2]) for bar in BARS]
    assert [folder for folder in named if not (folder / "README.md").is_file()] == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("bar", [None, "waybar", "json"])
def test_prose_of_the_demo_fits_80_columns_however_long_the_paths_are(monkeypatch, capfd, user, bar, language):
    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.argv", [f"/{'long/' * 12}codingplan-bar"])
    monkeypatch.setattr(shipped, "shipped_folder", lambda: user.home / ("deep/" * 12))
    for each in BARS:
        (shipped.shipped_folder() / each).mkdir(parents=True)
    assert demo.demo(bar, user.environ | {"CODINGPLAN_BAR_LANGUAGE": language}) == 0
    lines = capfd.readouterr().out.splitlines()
    printed = lines.index(next(line for line in lines if line.endswith(f"codingplan-bar {bar}"))) + 2 if bar else 0
    long = [line for number, line in enumerate(lines) if width(line) > 80 and (not bar or number != printed)]
    assert long
    whole = r"(?:\$ +| +)/\S+(?: [\w-]+)*| +(?:(?:Open the console: |打开控制台：)?https|/)\S+"
    assert [line for line in long if not re.fullmatch(whole, line)] == []
