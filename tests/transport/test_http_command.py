"""The installed command against everything that the provider and the way to it can do; what asking costs a process.

Each ends in time and in bounded memory, with the right code, and the last good numbers stay on the bar. Every fault is
tried on the quota request of web mode; on the token's request and in API mode every sixth is, and all where
CODINGPLAN_BAR_TEST_FAULTS=all.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.http import loopback
from support.http.asking import child, told
from support.http.faults import FAULTS
from support.http.loopback import CHUNKED, OK, Server, framed
from support.machine import crowd
from support.payloads import body_of

if TYPE_CHECKING:
    from .conftest import Serve


pytestmark = pytest.mark.usefixtures("programs")

GOOD = body_of("console_pro_active")
PAGE = b'<script>window.ALIYUN_CONSOLE_CONFIG = {"SEC_TOKEN": "token-of-the-page"}</script>'
COOKIE = "login_aliyunid_ticket=abc; login_aliyunid_pk=1; login_current_pk=1"
WEB = {"CODINGPLAN_BAR_SOURCE": "web", "ALIBABA_CODING_PLAN_COOKIE": COOKIE}
API = {"CODINGPLAN_BAR_SOURCE": "api", "ALIBABA_CODING_PLAN_API_KEY": "sk-sp-0123456789"}
QUOTA = "/data/api.json"
SLACK = 4.0
"""Seconds for Python to start, and to be kept waiting on a machine that others use."""
PEAK = 80 * 1024  # KiB
ALL = os.environ.get("CODINGPLAN_BAR_TEST_FAULTS") == "all"
EVERY = 1 if ALL else 6


class Done(NamedTuple):
    code: int
    out: str
    err: str
    seconds: float
    peak: int


def environment(home, server, bundle, **more):
    measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE") and ALL}
    return {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "REQUESTS_CA_BUNDLE": str(bundle),
        "ALIBABA_CODING_PLAN_HOST": f"localhost:{server.port}",
        "CODINGPLAN_BAR_REGION_FALLBACK": "false",
        "CODINGPLAN_BAR_REFRESH_INTERVAL": "86400",  # the home is known for as long as all these tests last
        **measured,
        **more,
    }


MEASURE = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, ending, used = os.wait4(child, 0)
print(used.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(ending))
"""
"""A process counts the memory of the one that it was forked from as its own, so that has to be a small one."""


def run(environ, *arguments):
    """Run the command; its own time and peak memory come with it."""
    command = str(Path(sysconfig.get_path("scripts")) / "codingplan-bar")
    began = time.monotonic()
    small = [sys.executable, "-I", "-S", "-c", MEASURE, command, *arguments]
    done = subprocess.run(small, env=environ, capture_output=True, text=True, timeout=60, check=False)
    *err, peak = done.stderr.splitlines()
    return Done(done.returncode, done.stdout, "\n".join(err), time.monotonic() - began, int(peak))


@pytest.fixture(scope="module")
def known(context, bundle, tmp_path_factory):
    """A home in which good numbers are stored."""
    home = tmp_path_factory.mktemp("known") / "home"
    home.mkdir()
    good = loopback.choosing(lambda talk: loopback.saying(framed(GOOD if QUOTA in talk.path else PAGE)))
    with Server(good, context=context) as server:
        done = run(environment(home, server, bundle, **WEB), "fetch")
    assert done.code == 0, done.out
    return home, json.loads(done.out)["windows"]


MOST_PATIENT = 4
"""Times the usual: the slowest answers end by themselves after eight seconds."""


def is_in_order(name, server, bundle, home, *, state="ok", **settings):
    """Ask against one fault: the right code, in time, in bounded memory; and the last good numbers are still there.

    `state` is what they are shown as, unless the fault signs out.
    """
    folder, windows = home
    # A crowded machine is slow, and no fault for it; given more, a slow answer would come to its end.
    timeout = round(FAULTS[name].timeout * min(crowd(), MOST_PATIENT), 1)
    environ = environment(folder, server, bundle, CODINGPLAN_BAR_TIMEOUT=str(timeout), **settings)
    done = run(environ, "fetch")
    document = json.loads(done.out)
    assert (done.code, done.err) == (1, "")
    assert document["error"]["code"] in FAULTS[name].codes, document["error"]
    assert done.seconds < timeout + SLACK * crowd()
    assert done.peak <= PEAK
    shown = json.loads(run(environ, "json").out)
    assert shown["problem"]["code"] == document["error"]["code"]
    assert shown["state"] in {state, "signed_out"}
    assert shown["snapshot"]["windows"] == windows


@pytest.fixture
def home(known, tmp_path):
    folder, windows = known
    shutil.copytree(folder, tmp_path / "home")
    return tmp_path / "home", windows


@pytest.mark.parametrize("name", FAULTS)
def test_the_quota_request_of_web_mode(serve, bundle, home, name):
    fault = FAULTS[name]
    answering = loopback.choosing(lambda talk: fault.answering if QUOTA in talk.path else loopback.saying(framed(PAGE)))
    server = serve(answering, greeting=fault.greeting)
    is_in_order(name, server, bundle, home, **WEB)


@pytest.mark.parametrize("name", [*FAULTS][::EVERY])
def test_the_token_request_of_web_mode_and_all_after_it(serve, bundle, home, name):
    (home[0] / ".local/state/codingplan-bar/session.json").unlink()
    server = serve(FAULTS[name].answering, greeting=FAULTS[name].greeting)
    is_in_order(name, server, bundle, home, **WEB)


@pytest.mark.parametrize("name", [*FAULTS][3::EVERY])
def test_the_quota_request_of_api_mode(serve, bundle, home, name):
    server = serve(FAULTS[name].answering, greeting=FAULTS[name].greeting)
    is_in_order(name, server, bundle, home, state="stale", **API)  # they came by the session, which is not asked now


# What a process that asks costs and how it ends: memory, exit, interrupt, nothing on stderr.


PEAK_MEBIBYTES = 80
"""MiB that the whole process may take, whatever is sent to it."""

GREEDY = {
    "a bomb of gzip": loopback.saying(framed(loopback.bomb(3000), headers=("Content-Encoding: gzip",))),
    "a bomb of deflate": loopback.saying(framed(loopback.bomb(3000, -15), headers=("Content-Encoding: deflate",))),
    "an endless body": loopback.saying_for_ever(OK + b"\r\n", bytes(65536)),
    "an endless compressed body": loopback.saying_for_ever(OK + b"Content-Encoding: gzip\r\n\r\n", loopback.bomb(3000)),
    "a chunk of size -1": loopback.saying_for_ever(CHUNKED + b"-1\r\n", bytes(65536)),
    "an endless size of a chunk": loopback.saying_for_ever(CHUNKED, b"1" * 65536),
    "headers of 6 MB": loopback.saying(OK + (b"a: " + b"b" * 65_000 + b"\r\n") * 95 + b"\r\n"),
    "headers of 250 kB, split by 125,000 bare CRs": loopback.saying(
        OK + (b"a: " + b"\rb" * 31_000 + b"\r\n") * 4 + b"\r\n"
    ),
    "cookies of 250 kB": loopback.saying(
        OK + (b'Set-Cookie: a="' + b'\\"' * 30_000 + b"; expires=" + b"1 " * 500 + b"\r\n") * 4 + b"\r\n"
    ),
    "endless interim answers": loopback.saying_for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 999),
    "4 MiB": loopback.saying(framed(bytes(4 << 20))),
}


def test_the_greediest_answers_leave_the_process_below_80_mib(serve: Serve):
    urls = [serve(answering).url() for answering in GREEDY.values()]
    result = told(child(*urls, within=10))
    outcomes = dict(zip(GREEDY, result["outcomes"], strict=True))
    assert outcomes.pop("4 MiB") == "200"
    assert outcomes.pop("headers of 250 kB, split by 125,000 bare CRs") == "200"
    assert outcomes.pop("cookies of 250 kB") == "200"
    assert {outcome.partition(":")[0] for outcome in outcomes.values()} == {"bad_response"}
    assert result["peak"] <= PEAK_MEBIBYTES, result


def test_a_process_ends_with_its_deadline_and_says_nothing_of_what_it_left_behind(serve: Serve):
    urls = [serve(loopback.stalling()).url(), serve(loopback.trickling(OK, b"a: " + b"b" * 900)).url()]
    process = child(*urls, flags=("-X", "dev", "-W", "error"), within=0.5)
    assert process.stdout is not None
    assert process.stdout.readline() == "asking\n"
    start = time.monotonic()
    result = told(process)
    assert result["outcomes"] == ["network: No answer came within 0.5 s."] * 2
    assert result["seconds"] < 5 * crowd()
    assert time.monotonic() - start < 8 * crowd()


def test_an_interrupt_reaches_the_main_thread_at_once(serve: Serve):
    server = serve(loopback.stalling())
    process = child(server.url(), within=15)
    assert process.stdout is not None
    assert process.stdout.readline() == "asking\n"
    while not server.talks:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    result = told(process)
    assert result["outcomes"] == ["interrupted"]
    assert result["seconds"] < 5 * crowd()


def test_a_clock_of_1970_prints_no_warning(serve: Serve):
    """urllib3 warns before it asks where today is before its own release; here its release is moved instead."""
    script = (
        "import datetime, sys, urllib3.connection\n"
        "urllib3.connection.RECENT_DATE = datetime.date(2999, 1, 1)\n"
        "from codingplan_bar.transport.request import Deadline\n"
        "from codingplan_bar.transport.http import Transport\n"
        "from codingplan_bar.transport.request import Request\n"
        "print(Transport(Deadline(5))(Request('GET', sys.argv[1])).status)\n"
    )
    url = serve(loopback.saying(framed(b""))).url()
    done = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, timeout=20, check=False)
    assert (done.stdout, done.stderr) == ("200\n", "")
