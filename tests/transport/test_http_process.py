"""What a process that asks costs and how it ends: memory, exit, interrupt, nothing on stderr."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from support.http import loopback
from support.http.asking import child, told
from support.http.loopback import CHUNKED, OK, framed
from support.machine import crowd

pytestmark = pytest.mark.usefixtures("programs")

if TYPE_CHECKING:
    from .conftest import Serve

PEAK = 80
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
    assert result["peak"] <= PEAK, result


def test_a_process_ends_with_its_deadline_and_says_nothing_of_what_it_left_behind(serve: Serve):
    urls = [serve(loopback.stalling()).url(), serve(loopback.trickling(OK, b"a: " + b"b" * 900)).url()]
    process = child(*urls, flags=("-X", "dev", "-W", "error"), within=0.5)
    assert process.stdout is not None
    assert process.stdout.readline() == "asking\n"
    start = time.monotonic()
    result = told(process)
    assert result["outcomes"] == ["network: No answer came within 0.5 s."] * 2
    assert result["seconds"] < 1.5 * crowd()
    assert time.monotonic() - start < 2.5 * crowd()


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
