"""Signing in by the browser: what is said, what is opened, and how it ends; and whether a sign-in is kept."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from support.rows import for_each

from codingplan_bar import storage
from codingplan_bar.bars.phrases import width, words_for
from codingplan_bar.commands.login import by_browser
from codingplan_bar.commands.login import new_sign_in as other_ways
from codingplan_bar.commands.login.by_browser import ByBrowser, Voice
from codingplan_bar.commands.login.new_sign_in import PAUSE, BrowserSession
from codingplan_bar.commands.terminal import terminal
from codingplan_bar.credentials.cookies import Cookie, CookieJar
from codingplan_bar.credentials.saved import SignIn, kept, with_sign_in
from codingplan_bar.errors import (
    ApiError,
    InvalidCredentials,
    LoginRequired,
    MissingCredentials,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    RateLimited,
)
from codingplan_bar.provider.addresses import PROVIDERS_OWN
from codingplan_bar.refresh import session
from codingplan_bar.refresh.session import Imported
from codingplan_bar.refresh.store import Files
from codingplan_bar.regions import DOMESTIC, INTERNATIONAL
from codingplan_bar.settings.settings import Settings
from codingplan_bar.transport.request import Answer
from codingplan_bar.words.en.commands import LOGIN as ENGLISH
from codingplan_bar.words.zh.commands import LOGIN as CHINESE

ADDRESS = re.compile(
    r"https://modelstudio\.console\.alibabacloud\.com/console-login\?notice=127\.0\.0\.1:(\d+)\?state=([0-9a-f]{32})"
)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(by_browser, "TICK", 0.01)
    monkeypatch.setattr(by_browser, "AFTERWARDS", 0.0)


def voice(**more):
    return Voice(ENGLISH, "en", is_terminal=False, **more)


def page(address):
    """What the console's page does, from a script."""
    port, state = ADDRESS.search(address).groups()
    query = urlencode({"access_token": "token-of-the-page", "state": state})
    connection = HTTPConnection("127.0.0.1", int(port), timeout=10)
    connection.request("GET", f"/?{query}")
    with connection.getresponse() as answer:
        return answer.status == 200


def test_the_address_is_said_before_it_is_opened_and_the_token_goes_on(capfd):
    said_before = []

    def open_page(address):
        said_before.append(capfd.readouterr())
        return page(address)

    taken = []
    code = ByBrowser(INTERNATIONAL, PROVIDERS_OWN, voice(), open_page).token(lambda token: taken.append(token) or 7)
    assert (code, [token.value for token in taken]) == (7, ["token-of-the-page"])
    assert (said_before[0].out, bool(ADDRESS.search(said_before[0].err))) == ("", True)
    assert ENGLISH["allow"] in said_before[0].err
    assert ENGLISH["arrived"] in capfd.readouterr().err


def test_without_a_browser_the_address_alone_is_on_standard_output(capfd):
    ways = ByBrowser(INTERNATIONAL, PROVIDERS_OWN, voice(alone=True), None, minutes=0.001)
    assert ways.token(lambda _: 0) == 1
    out, err = capfd.readouterr()
    assert ADDRESS.fullmatch(out.strip())
    assert not ADDRESS.search(err)
    port = ADDRESS.search(out)[1]
    assert ENGLISH["forward"].format(port) in err
    assert ENGLISH["too late"].format("0.001") in err


def test_in_a_terminal_what_is_said_is_broken_between_words(capfd, monkeypatch):
    monkeypatch.setattr(by_browser.output, "columns", lambda stream: 40)
    ways = ByBrowser(DOMESTIC, PROVIDERS_OWN, Voice(CHINESE, "zh", is_terminal=True), lambda _: True, minutes=0.001)
    ways.token(lambda _: 0)
    told = [re.sub(r"\x1b\[K", "", line.rpartition("\r")[2]) for line in capfd.readouterr().err.splitlines()]
    assert all(width(line) <= 40 for line in told if "https://" not in line)
    assert CHINESE["allow"] in "".join(told)


def test_silence_is_answered_once_with_what_to_do(capfd, monkeypatch):
    monkeypatch.setattr(by_browser, "SILENCE", 0.05)
    assert ByBrowser(DOMESTIC, PROVIDERS_OWN, voice(), lambda _: True, minutes=0.002).token(lambda _: 0) == 1
    assert capfd.readouterr().err.count(ENGLISH["silence"]) == 1


def test_a_browser_that_does_not_start_is_said(capfd):
    """Through ssh that is the rule: what leads the laptop's port here is said without being asked for."""
    ByBrowser(DOMESTIC, PROVIDERS_OWN, voice(), lambda _: False, minutes=0.001).token(lambda _: 0)
    told = capfd.readouterr().err
    port = re.search(r"127\.0\.0\.1:(\d+)\?state", told)[1]
    assert ENGLISH["not opened"] in told
    assert ENGLISH["forward"].format(port) in told
    ByBrowser(DOMESTIC, PROVIDERS_OWN, voice(), lambda _: True, minutes=0.001).token(lambda _: 0)
    assert "ssh" not in capfd.readouterr().err


def test_a_port_that_cannot_be_had_is_said(capfd):
    with by_browser.Listener(INTERNATIONAL, voice().pages()) as taken:
        ways = ByBrowser(DOMESTIC, PROVIDERS_OWN, voice(), None, port=taken.server_port)
        assert ways.token(lambda _: 0) == 1
    assert f"Port {taken.server_port} of 127.0.0.1 cannot be used: Address already in use" in capfd.readouterr().err


def test_it_waits_fifteen_minutes_by_its_own_clock(monkeypatch):
    monkeypatch.setattr(by_browser, "TICK", 0.0)
    assert by_browser.MINUTES == 15
    seconds = [0.0]

    def clock():
        seconds[0] += 5.0
        return seconds[0]

    assert ByBrowser(DOMESTIC, PROVIDERS_OWN, voice(), lambda _: True, clock=clock).token(lambda _: 0) == 1
    assert 15 * 60 <= seconds[0] <= 15 * 60 + 15


def test_a_terminal_sees_how_long_it_still_waits(capfd):
    shown = Voice(ENGLISH, "en", is_terminal=True)
    ByBrowser(DOMESTIC, PROVIDERS_OWN, shown, lambda _: True, minutes=0.001).token(lambda _: 0)
    assert "\r\x1b[KWaiting for the sign-in, 0:00 left. Ctrl-C ends it." in capfd.readouterr().err


def test_an_interrupt_ends_it_and_gives_the_port_back(programs):
    program = (
        "from codingplan_bar.commands.login.by_browser import ByBrowser, Voice\n"
        "from codingplan_bar.words.en.commands import LOGIN as WORDS\n"
        "from codingplan_bar.provider.addresses import PROVIDERS_OWN\n"
        "from codingplan_bar.regions import INTERNATIONAL\n"
        "try:\n"
        "    ByBrowser(INTERNATIONAL, PROVIDERS_OWN, Voice(WORDS, 'en', alone=True), None).token(lambda _: 0)\n"
        "except KeyboardInterrupt:\n"
        "    raise SystemExit(130)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        port = int(ADDRESS.search(process.stdout.readline().decode())[1])
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert b"Traceback" not in process.stderr.read()
    with by_browser.Listener(INTERNATIONAL, voice().pages(), port=port):
        pass


def test_both_languages_have_the_same_words():
    assert ENGLISH.keys() == CHINESE.keys()
    for name, text in ENGLISH.items():
        assert sorted(re.findall(r"{\d?}", text)) == sorted(re.findall(r"{\d?}", CHINESE[name])), name


@pytest.mark.parametrize(("words", "language"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_the_pages_are_plain_and_in_the_users_language(words, language):
    for text in (voice().pages(), Voice(words, language).pages()):
        assert b"<script" not in text.arrived + text.refused
    pages = Voice(words, language).pages()
    assert f'lang="{language}"'.encode() in pages.arrived
    assert words["page.arrived.text"].encode() in pages.arrived
    assert words["page.refused"].encode() in pages.refused


TICKET = Cookie("login_aliyunid_ticket", "made-up", "alibabacloud.com", host_only=False)


def test_the_browsers_own_session_is_waited_for_and_kept_beside_the_sign_in(tmp_path, capfd, monkeypatch):
    files, times = Files({"HOME": str(tmp_path)}), []

    def look(turned_down):
        times.append(turned_down)
        return Imported(CookieJar((TICKET,)), "Firefox (work)") if len(times) == 3 else None

    monkeypatch.setattr(other_ways, "BrowserImport", lambda *_: look)
    signed_in = SignIn("browser", INTERNATIONAL, "ap-southeast-1", "token-a")
    storage.replace(files.session, with_sign_in('{"turned_down": ["ab12"]}', signed_in))
    looking = BrowserSession(files, Settings(), voice(), clock=iter(range(1000)).__next__, sleep=lambda _: None)
    assert looking.appears()
    assert times == [frozenset({"ab12"})] * 3
    assert ENGLISH["found"].format("Firefox (work)") in capfd.readouterr().err
    text = files.kept_session()
    assert (kept(text), session.origin(text)) == (signed_in, "Firefox (work)")
    assert PAUSE <= 5


def test_a_session_that_does_not_appear_is_said(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(other_ways, "BrowserImport", lambda *_: lambda _: None)
    clock = iter(range(0, 10_000, 60)).__next__
    looking = BrowserSession(Files({"HOME": str(tmp_path)}), Settings(), voice(), clock=clock, sleep=lambda _: None)
    assert not looking.appears()
    assert ENGLISH["too late"].format("15") in capfd.readouterr().err


SCREEN = {"DISPLAY": ":0"}


def opened_with(environ, platform="linux"):
    """The commands that would be started, with what they see as BROWSER."""
    started = []
    by_browser.open_page("https://x/?a=b", environ, platform, lambda *given: started.append(given) or False)
    return [(command[0], seen.get("BROWSER")) for command, seen in started]


def test_a_page_is_opened_only_where_there_is_a_screen():
    assert opened_with({}) == []
    assert opened_with({"SSH_CONNECTION": "a b", "TERM": "xterm"}) == []
    assert [name for name, _ in opened_with(SCREEN)] == ["xdg-open", "gio"]
    assert [name for name, _ in opened_with({"WAYLAND_DISPLAY": "wayland-0"})] == ["xdg-open", "gio"]
    assert [name for name, _ in opened_with({}, "darwin")] == ["open"]
    assert opened_with({"BROWSER": "firefox"}) == [("firefox", "firefox")]


@for_each("name", sorted(by_browser.TEXT_BROWSERS))
@for_each("form", ["{}", "/usr/bin/{}", "{} %s", "env TERM=xterm {} %s", "xterm -e {}"])
def test_a_text_browser_is_never_started(name, form):
    assert opened_with({"BROWSER": form.format(name)}) == []
    assert opened_with({"BROWSER": f"{form.format(name)}:firefox"}) == [("firefox", "firefox")]
    assert opened_with(SCREEN | {"BROWSER": form.format(name)}) == [
        ("xdg-open", by_browser.WITH_WINDOWS),
        ("gio", by_browser.WITH_WINDOWS),
    ]
    assert not set(by_browser.WITH_WINDOWS.split(":")) & by_browser.TEXT_BROWSERS


def test_a_browser_runs_without_a_word_and_without_secrets(tmp_path, capfd, programs):
    program = tmp_path / "firefox"
    program.write_text(f'#!/bin/sh\necho "$@"; echo error >&2; env > {tmp_path}/seen; echo "$1" > {tmp_path}/asked\n')
    program.chmod(0o755)
    environ = {"BROWSER": str(program), "PATH": "/usr/bin:/bin", "ALIBABA_CODING_PLAN_COOKIE": "secret-cookie"}
    assert by_browser.open_page("https://x/?a=b?c", environ, "linux")
    assert (tmp_path / "asked").read_text() == "https://x/?a=b?c\n"
    assert "secret" not in (tmp_path / "seen").read_text()
    assert capfd.readouterr() == ("", "")


class Steps:
    """A clock that only sleep moves."""

    def __init__(self):
        self.now, self.said = 0.0, []

    def sleep(self, seconds):
        self.now += seconds

    def prove(self, *answers):
        waiting_ = iter(answers)

        def ask():
            answer = next(waiting_, answers[-1])
            if isinstance(answer, Exception):
                raise answer

        return other_ways.prove(ask, clock=lambda: self.now, sleep=self.sleep, say=self.said.append)


@pytest.mark.parametrize(
    ("answer", "verdict", "code"),
    [
        (None, "accepted", 0),
        (NoPlan("x"), "accepted", 0),
        (NotAuthorised("x"), "kept", 1),
        (LoginRequired("x"), "refused", 1),
        (InvalidCredentials("x"), "refused", 1),
        (MissingCredentials("x"), "refused", 1),
    ],
)
def test_what_the_provider_says_is_settled_at_once(answer, verdict, code):
    steps = Steps()
    proof = steps.prove(answer)
    assert (proof.verdict, proof.exit_code, proof.keeps) == (verdict, code, verdict != "refused")
    assert (proof.error, steps.now) == (answer, 0.0)


@pytest.mark.parametrize("fault", [NetworkFailure("x"), RateLimited("x"), ApiError("x")])
def test_a_passing_fault_is_tried_again_for_a_minute_and_then_kept_as_unproven(fault):
    steps = Steps()
    proof = steps.prove(fault)
    assert (proof.verdict, proof.exit_code, proof.keeps, proof.error) == ("unproven", 1, True, fault)
    assert 45 <= steps.now <= 60
    assert steps.said == [fault]


@pytest.mark.parametrize("seconds", [1, 20, 600])
def test_nobody_asks_again_before_the_time_that_the_provider_has_named(seconds):
    steps, asked = Steps(), []

    def ask():
        asked.append(steps.now)
        raise RateLimited("x")

    proof = other_ways.prove(ask, clock=lambda: steps.now, sleep=steps.sleep, wait=lambda: seconds)
    assert proof.verdict == "unproven"
    assert all(later - sooner >= seconds for sooner, later in pairwise(asked))
    assert (len(asked) == 1) is (seconds > other_ways.PATIENCE)


def test_a_wait_that_the_provider_names_to_a_new_sign_in_is_heard(tmp_path, monkeypatch):
    def send(_request):
        asked.append(1)
        return Answer(429, {"retry-after": "600"}, b"{}")

    asked, environ = [], {"HOME": str(tmp_path)}
    monkeypatch.setattr(other_ways, "network", lambda _: lambda _: send)
    sign_in = SignIn("pipe", INTERNATIONAL, "ap-southeast-1", "a-token")
    made = other_ways.NewSignIn(sign_in, Files(environ), Settings(), voice(), words_for("en", environ))
    assert (made.settle().verdict, len(asked)) == ("unproven", 1)


def test_a_fault_that_passes_costs_nothing():
    steps = Steps()
    assert steps.prove(NetworkFailure("x"), NetworkFailure("x"), None).verdict == "accepted"
    assert steps.now == sum(other_ways.PAUSES[:2])


def test_nobody_can_be_asked_through_pipes(monkeypatch):
    monkeypatch.setattr(os, "isatty", lambda _: False)
    assert terminal() is None
