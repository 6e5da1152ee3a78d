"""From a refresh to the desktop and to the user's own command, with the installed program."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sysconfig
import threading
import time
from pathlib import Path

import pytest
from jeepney import DBusAddress, MessageType, new_method_call, new_method_return
from jeepney.io.blocking import open_dbus_connection
from support.console import moods
from support.console.console import Console
from support.machine import crowd, need

from codingplan_bar import errors, process
from codingplan_bar.alerts import notify
from codingplan_bar.alerts.decide import Alert, Alerter
from codingplan_bar.model import Plan, Problem, Snapshot, Window
from codingplan_bar.settings.settings import Settings, load
from codingplan_bar.words import table
from codingplan_bar.words.en.errors import ERRORS
from codingplan_bar.words.errors import english, error_text

SCRIPT = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
PAGE = Path(__file__).parents[2] / "docs/alerts.md"
ALERT = {
    "kind": "critical",
    "window": "weekly",
    "used_percent": 92.5,
    "used": 92,
    "total": 100,
    "left": 8,
    "resets_at": None,
    "plan": "coding-plan",
    "unit": "requests",
}


NOTIFICATIONS = "org.freedesktop.Notifications"
BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


class Desktop:
    """A private bus with a stand-in for the notification service.

    `with Desktop() as desktop:`; `address` is the bus's, `shown` what was notified: title, text, urgency.
    """

    def __enter__(self):
        command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        self.connection = open_dbus_connection(self.address)
        ask = new_method_call(BUS, "RequestName", "su", (NOTIFICATIONS, 0))
        self.connection.send_and_get_reply(ask)
        self.shown = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join(5)
        self.connection.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def _serve(self):
        while not self.over.is_set():
            try:
                message = self.connection.receive(timeout=0.1)
            except TimeoutError:
                continue
            if message.header.message_type == MessageType.method_call:
                _, _, _, title, text, _, hints, _ = message.body
                self.shown.append((title, text, hints["urgency"][1]))
                self.connection.send(new_method_return(message, "u", (len(self.shown),)))

    def settled(self, number, seconds=15.0):
        """What was shown, once it is so many, and a moment has brought no more."""
        end = time.monotonic() + seconds
        while len(self.shown) < number and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.4)
        return list(self.shown)


@pytest.fixture
def desktop(programs):
    need("dbus-daemon")
    with Desktop() as made:
        yield made


@pytest.fixture(scope="module")
def console():
    with Console() as made:
        yield made


class User:
    def __init__(self, home, console, desktop):
        self.home, self.console = home, console
        measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
        self.environ = {
            "HOME": str(home),
            "PATH": "/usr/bin:/bin",
            "DBUS_SESSION_BUS_ADDRESS": desktop.address,
            "CODINGPLAN_BAR_PLAN_ALERT": "0",  # the made-up plan ends within a month of any day
            **console.environment,
            **measured,
        }

    def run(self, *arguments, **more):
        environ = self.environ | more
        return subprocess.run(
            [str(SCRIPT), *arguments], env=environ, capture_output=True, text=True, timeout=60, check=False
        )

    def has_used(self, percent):
        """One refresh that finds so much of the week used."""
        calm = {"five_hour": (1, 100), "monthly": (1, 100)}
        self.console.answer_quota = moods.counters(weekly=(percent, 100), **calm)
        return self.run("fetch")


@pytest.fixture
def user(tmp_path, console, desktop):
    console.sign_in()
    return User(tmp_path, console, desktop)


def test_each_thing_is_told_once_over_restarts(user, desktop):
    for percent in (50, 80, 81, 92, 93, 100, 100, 0, 1):
        user.has_used(percent)
    said = [each for title, _, _ in desktop.settled(4) for each in title.removeprefix("Coding Plan: ").split(" · ")]
    levels = [each for each in said if "runs out" not in each]
    assert levels == [
        "80% of the weekly quota used",
        "92% of the weekly quota used",
        "weekly quota used up",
        "weekly quota available again",
    ]
    assert len(said) - len(levels) <= 1  # whether it runs out depends on the day of the week
    assert [urgency for _, _, urgency in desktop.shown] == [1, 2, 2, 1]


def test_the_end_of_a_session_is_told_once(user, desktop):
    user.has_used(1)
    user.console.sign_out()
    user.run("fetch")
    user.run("fetch")
    assert [title for title, _, _ in desktop.settled(1)] == ["Sign in to the console"]


def test_a_failed_refresh_tells_nothing(user, desktop):
    user.has_used(50)
    user.console.answer_quota = moods.server_error(503)
    user.run("fetch")
    assert desktop.settled(0) == []


def test_ten_bars_at_once_tell_it_once(user, desktop):
    user.console.answer_quota = moods.counters(weekly=(95, 100), five_hour=(1, 100), monthly=(1, 100))
    command = [str(SCRIPT), "waybar"]
    bars = [subprocess.Popen(command, env=user.environ, stdout=subprocess.DEVNULL) for _ in range(10)]
    for bar in bars:
        bar.wait(60)
    assert [title for title, _, _ in desktop.settled(1)] == ["Coding Plan: 95% of the weekly quota used"]


def test_in_chinese_it_is_told_in_chinese(user, desktop):
    user.environ["LANG"] = "zh_CN.UTF-8"
    user.has_used(95)
    assert desktop.settled(1)[0][0] == "Coding Plan 周额度已用 95%"


def test_who_wants_no_notifications_gets_none(user, desktop):
    user.environ["CODINGPLAN_BAR_NOTIFICATIONS"] = "false"
    user.has_used(95)
    assert desktop.settled(0) == []


def test_a_refresh_does_not_wait_for_who_is_told(user, tmp_path):
    slow = program(tmp_path / "slow", "sleep 5")
    began = time.monotonic()
    done = subprocess.run([str(SCRIPT), "--version"], env=user.environ, capture_output=True, check=True, timeout=60)
    usual = time.monotonic() - began
    user.environ["CODINGPLAN_BAR_ON_THRESHOLD"] = str(slow)
    began = time.monotonic()
    user.has_used(95)
    assert done.stdout
    assert time.monotonic() - began < (4 + usual) * crowd()


def test_without_a_bus_nothing_happens(tmp_path):
    for environ in (
        {},
        {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"},
        {"DBUS_SESSION_BUS_ADDRESS": "nonsense"},
    ):
        assert notify.notify("a", "b", environ, urgent=False, platform="linux") is False


HELLO = b"OK 0123456789abcdef0123456789abcdef\r\n"
"""What a bus says once it knows who has come (the D-Bus Specification, authentication protocol)."""


@pytest.mark.parametrize("said", [b"", HELLO, HELLO + b"l" * 200, b"REJECTED\r\n"], ids=["", "OK", "noise", "no"])
def test_a_bus_that_falls_silent_at_any_step_holds_up_no_more_than_its_time(tmp_path, said):
    """As one whose process is stopped: what comes after the notification, the user's command, is not kept waiting."""
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()

        def answer():
            visitor, _ = bus.accept()
            with visitor:
                visitor.recv(1000)
                visitor.sendall(said)
                over.wait(60)

        over, began = threading.Event(), time.monotonic()
        silent = threading.Thread(target=answer)
        silent.start()
        environ = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"}
        assert notify.notify("a", "b", environ, urgent=False, platform="linux") is False
        assert time.monotonic() - began < (notify.SECONDS + 1) * crowd()
        over.set()
        silent.join()


def test_no_markup_reaches_the_service(desktop):
    environ = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
    assert notify.notify("<b>a</b>", "&amp; <img src=x>", environ, urgent=True, platform="linux")
    ((title, text, urgency),) = desktop.settled(1)
    assert not set("<>&") & set(title + text)
    assert urgency == 2


def program(path, words):
    path.write_text(f"#!/bin/sh\n{words}\n")
    path.chmod(0o755)
    return path


def test_the_users_command_gets_the_facts_and_no_secret(user, tmp_path):
    told = tmp_path / "told"
    hook_of = program(
        tmp_path / "my hook", f'{{ echo "$1"; cat; echo; env; }} > "{told}.part"; mv "{told}.part" "{told}"'
    )
    config = tmp_path / ".config/codingplan-bar/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        f'on_threshold = ["{hook_of}", "a b"]\napi_key = "canary-key-0123456789"\nnotifications = false\n'
    )
    user.environ["DASHSCOPE_API_KEY"] = "canary-of-the-environment"
    user.has_used(95)
    end = time.monotonic() + 15
    while not told.exists() and time.monotonic() < end:
        time.sleep(0.05)
    argument, facts, *environment = told.read_text().splitlines()
    assert argument == "a b"
    assert json.loads(facts)["kind"] == "critical"
    assert {"CODINGPLAN_KIND=critical", "CODINGPLAN_WINDOW=weekly", "CODINGPLAN_LEFT=5"} <= set(environment)
    assert "canary" not in told.read_text()
    assert user.console.cookie_header not in told.read_text()


def test_a_slow_command_is_killed_with_all_that_it_started(tmp_path, programs):
    marker = tmp_path / "alive"
    slow = program(tmp_path / "slow", f"(sleep 1; touch {marker}) & sleep 60")
    began = time.monotonic()
    assert process.run_hook([str(slow)], ALERT, {"PATH": "/usr/bin:/bin"}, seconds=0.3) is None
    assert time.monotonic() - began < 5 * crowd()
    time.sleep(1.2)
    assert not marker.exists()


def test_what_a_command_leaves_in_the_background_has_the_rest_of_its_time(tmp_path, programs):
    """As a script that starts a sound and ends."""
    done = tmp_path / "done"
    quick = program(tmp_path / "quick", f'(sleep 0.4; touch "{done}") >/dev/null 2>&1 &')
    assert process.run_hook([str(quick)], ALERT, {"PATH": "/usr/bin:/bin"}) == 0
    assert done.exists()
    alive = tmp_path / "alive"
    lasting = program(tmp_path / "lasting", f'(while sleep 0.1; do date +%N >"{alive}"; done) &')
    assert process.run_hook([str(lasting)], ALERT, {"PATH": "/usr/bin:/bin"}, seconds=2 * crowd()) == 0
    last = alive.read_text()
    time.sleep(0.5)
    assert alive.read_text() == last


@pytest.mark.parametrize("command", [["/nonexistent"], ["/etc/passwd"], ["a\0b"]])
def test_a_command_that_cannot_be_started_is_passed_over(command, programs):
    assert process.run_hook(command, ALERT, {}) is None


def test_a_command_that_reads_nothing_and_prints_much_is_no_trouble(tmp_path, programs):
    loud = program(tmp_path / "loud", "yes | head -c 5000000; exit 3")
    assert process.run_hook([str(loud)], ALERT, {"PATH": "/usr/bin:/bin"}) == 3


def test_what_cannot_be_remembered_is_not_told(tmp_path):
    started = []
    alerter = Alerter(Path("/proc/nowhere/alerts.json"), load("", {}), {}, start=lambda *order: started.append(order))
    snapshot = Snapshot(1, "https://example.invalid/", "web", "intl", Plan("Pro"), (Window("weekly", 95, 100),))
    with pytest.raises(Exception, match="Cannot write"):
        alerter.witness(snapshot)
    assert started == []


def test_a_damaged_memory_is_written_anew(tmp_path):
    path = tmp_path / "alerts.json"
    path.write_text("{")
    orders = []
    alerter = Alerter(
        path, load("", {}), {"DASHSCOPE_API_KEY": "x", "A": "b"}, start=lambda *order: orders.append(order)
    )
    alerter.witness(Snapshot(1, "https://example.invalid/", "web", "intl", None, (Window("weekly", 95, 100),)))
    alerter.witness(Snapshot(2, "https://example.invalid/", error=Problem("network", "down")))
    ((order, environ),) = orders
    assert json.loads(order)["alerts"][0]["kind"] == "critical"
    assert environ == {"A": "b"}
    assert json.loads(path.read_text())["levels"] == {"weekly": "critical"}


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"5", b'{"alerts": [], "command": []}', b'{"alerts": [{}], "command": 1}']
)
def test_an_order_that_is_none_of_ours_is_refused(text, programs):
    done = subprocess.run(
        [str(SCRIPT), "alert"], input=text, env={"HOME": "/nonexistent"}, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"Traceback" not in done.stderr


def test_several_windows_are_told_in_one_bubble():
    both = [ALERT, {**ALERT, "window": "monthly", "resets_at": 1_795_400_000}]
    title, text = notify.told(both, "en")
    assert title == "Coding Plan: 92% of the weekly quota used · 92% of the monthly quota used"
    assert text.count("\n") == 1
    assert "resets" in text.split("\n")[1]


@pytest.mark.parametrize(
    ("step", "english", "chinese"),
    [
        ("sign_in.hint", "Run `codingplan-bar login` again.", "请重新运行 `codingplan-bar login`。"),
        ("session.pasted.hint", "Copy the Cookie header again", "Cookie"),
        ("", "Sign in to the console in your browser;", "请在浏览器中重新登录控制台"),
    ],
)
def test_that_a_session_has_ended_is_told_with_the_step_of_the_way_that_is_set(step, english, chinese):
    for language, says in (("en", english), ("zh", chinese)):
        _, text = notify.told([{"kind": "signed_out"}], language, ERRORS.get(step, ""))
        assert text.startswith({"en": "The session has ended. ", "zh": "登录已失效。"}[language])
        assert says in text


CAUSES = [
    (errors.LoginRequired("session.over", store="Firefox"), "Sign in to the console", "请登录控制台"),
    (errors.MissingCredentials("session.none"), "Sign in to the console", "请登录控制台"),
    (errors.MissingCredentials("key.none"), "The API key is missing", "没有 API Key"),
    (errors.MissingCredentials("tool.missing"), "bl cannot be used", "bl 不可用"),
    (
        errors.MissingCredentials("file.unusable", path="~/.bailian/x.json", reason="it is too long"),
        "The file of the sign-in cannot be used",
        "登录文件不可用",
    ),
    (
        errors.StoreShut("session.none", hint=english("session.shut.hint", {"store": "x", "state": "y", "step": "z"})),
        "The browser's cookies cannot be read",
        "无法读取浏览器的 Cookie",
    ),
    (
        errors.InvalidCookie("cookie.wrong", origin="CODINGPLAN_BAR_COOKIE_HEADER", problem=english("cookie.empty")),
        "The Cookie header is not valid",
        "Cookie 请求头无效",
    ),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("error", "in_english", "in_chinese"), CAUSES)
def test_the_title_names_the_cause_and_the_text_has_the_step_that_fits_it(
    error, in_english, in_chinese, language, tmp_path
):
    problem = errors.problem_of(error)
    alerter = Alerter(tmp_path / "alerts.json", Settings(), {}, None)
    order = alerter._order(Snapshot(1, "x", error=problem), [Alert("signed_out")])
    title, text = notify.told(order["alerts"], language, order["step"], order["cause"])
    assert title == (in_english if language == "en" else in_chinese)
    step = error_text(problem.code, problem.message, problem.hint, table(language, "", "WORDS"))[1]
    assert text.endswith(step)
    is_over = in_english == "Sign in to the console"
    assert (table(language, "commands", "ALERTS")["ended"] in text) == is_over


@pytest.mark.parametrize("total", [10**12 + 1, 2**63, 2**64 - 1, 1e19, 1.7e308])
@pytest.mark.parametrize(("language", "words"), [("en", "no limit"), ("zh", "不限量")])
def test_a_total_that_is_none_is_told_without_its_amount(total, language, words):
    _, text = notify.told([{**ALERT, "total": total, "left": total - 92}], language)
    assert text == words
    assert notify.told([{**ALERT, "total": 10**12, "left": 8}], "en")[1] == "8 of 1,000,000,000,000 requests left"


def test_the_page_names_each_variable_and_no_other():
    facts = {**ALERT, "schema_version": 3, "resets_at": 1, "title": "a", "text": "b", "dashboard_url": "c"}
    facts |= dict.fromkeys(
        (
            "runs_out_at",
            "earliest",
            "latest",
            "probability",
            "lapses_percent",
            "ends_at",
            "packs_left",
            "packs_total",
            "renewable",
        ),
        1,
    )
    documented = re.findall(r"^\| `(CODINGPLAN_\w+)` \| `(\w+)`", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {variable for variable, _ in documented} == set(process.variables(facts))
    assert {name for _, name in documented} == set(facts)


def test_what_is_foretold_or_ends_is_told_in_both_languages(chinas_time, monkeypatch):
    monday = 1_795_363_200  # 2026-11-23, 00:00 there
    monkeypatch.setattr(time, "time", lambda: float(monday))
    out = {**ALERT, "kind": "runs_out", "runs_out_at": monday + 3 * 86_400, "resets_at": monday + 5 * 86_400 + 60}
    sliding = {**out, "window": "five_hour", "runs_out_at": monday + 3_600, "resets_at": None}
    lapsing = {**ALERT, "kind": "lapse", "lapses_percent": 18.2, "resets_at": monday + 9 * 3_600}
    ends = {"kind": "plan_ends", "ends_at": monday + 7 * 86_400}
    session = {"kind": "session_ends", "ends_at": monday + 9 * 3_600}
    told = [
        [notify.told([each], language)[0] for each in (out, sliding, lapsing, ends, session)]
        for language in ("en", "zh")
    ]
    assert told[0] == [
        "Coding Plan: weekly quota runs out on Thu, 2 days early",
        "Coding Plan: 5-hour quota runs out at 01:00",
        "Coding Plan: 18% of the weekly quota lapses in 9 hours",
        "The plan ends on Nov 30",
        "The sign-in ends soon",
    ]
    assert told[1] == [
        "Coding Plan 周额度预计周四用完，比重置早 2 天",
        "Coding Plan 5 小时额度预计 01:00 用完",
        "Coding Plan 周额度约 18% 将在 9 小时后作废",
        "套餐将于 11月30日到期",
        "登录即将失效",
    ]
    assert all(notify.told([each], "en")[1] for each in (out, sliding, lapsing, ends, session))
