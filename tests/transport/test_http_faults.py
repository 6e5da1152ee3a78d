"""What a server rightly says arrives whole, and whatever else it does is one of our errors, in time."""

from __future__ import annotations

import errno
import gzip
import os
import random
import socket
import threading
import time
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.http import loopback
from support.http.asking import SECRET, ask, failure
from support.http.faults import CUT, ENDLESS, ENDS, SLOW, UNREADABLE
from support.http.loopback import CHUNKED, OK, bomb, framed
from support.machine import crowd

from codingplan_bar.errors import BadResponse, CodingPlanError, InternalError, NetworkFailure
from codingplan_bar.transport.bounded_body import LIMIT, Meter, decoded, joined
from codingplan_bar.transport.failures import explain
from codingplan_bar.transport.http import Transport, spoken_host
from codingplan_bar.transport.request import Deadline, Request, run_within
from codingplan_bar.words.errors import english, in_language
from codingplan_bar.words.zh import WORDS as CHINESE

if TYPE_CHECKING:
    from .conftest import Serve


@pytest.mark.parametrize(("data", "words"), CUT.values(), ids=CUT)
def test_an_answer_without_its_end_is_no_answer(serve: Serve, data, words):
    error = failure(serve(loopback.saying(data)).url())
    assert words in error.message
    assert isinstance(error, BadResponse if "HTTP" in words else NetworkFailure)


@pytest.mark.parametrize(("data", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_answer_that_cannot_be_read_is_a_bad_response(serve: Serve, data, words):
    error = failure(serve(loopback.saying(data)).url())
    assert (type(error), error.message) == (BadResponse, words)


@pytest.mark.parametrize(("head", "block", "words"), ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_turned_away_long_before_the_deadline(serve: Serve, head, block, words):
    start = time.monotonic()
    error = failure(serve(loopback.saying_for_ever(head, block)).url(), within=10)
    assert isinstance(error, BadResponse)
    assert error.message in words
    assert time.monotonic() - start < 5 * crowd()


def test_who_is_too_slow_is_left_at_the_deadline(serve: Serve):
    """All at once: each takes its whole time."""
    with ThreadPoolExecutor(len(SLOW)) as at_once:
        servers = {name: serve(answering) for name, answering in SLOW.items()}
        asked = {name: at_once.submit(failure, server.url(), within=0.3) for name, server in servers.items()}
        errors = {name: future.result() for name, future in asked.items()}
    late = NetworkFailure, "No answer came within 0.3 s."
    assert {name: (type(error), error.message) for name, error in errors.items()} == dict.fromkeys(SLOW, late)


def test_a_name_whose_look_up_hangs_is_left_at_the_deadline(environment):
    over = threading.Event()
    environment.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10))
    error = failure("https://console.example/", within=0.3)
    over.set()
    assert (type(error), error.message) == (NetworkFailure, "No answer came within 0.3 s.")


def test_a_server_that_is_silent_for_the_read_timeout_is_left_before_the_deadline(serve: Serve):
    transport = Transport(Deadline(10), read_timeout=0.2)
    start = time.monotonic()
    with pytest.raises(NetworkFailure, match=r"^localhost did not answer in time\.$"):
        transport(Request("GET", serve(loopback.stalling()).url()))
    assert time.monotonic() - start < 5 * crowd()


@pytest.mark.parametrize("data", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("ending", [loopback.resetting, loopback.dropping])
def test_a_connection_that_breaks_off_is_a_network_failure(serve: Serve, ending, data):
    error = failure(serve(ending(data)).url())
    assert (type(error), error.message) == (NetworkFailure, "localhost broke off the connection.")


def test_a_closed_port_is_said():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = failure(f"https://localhost:{port}/")
    assert (type(error), error.message) == (NetworkFailure, "localhost refused the connection.")


def test_a_name_that_is_not_found_is_said(environment):
    def not_found(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    environment.setattr(socket, "getaddrinfo", not_found)
    error = failure("https://console.example/")
    assert (type(error), error.message) == (NetworkFailure, "The address of console.example was not found.")


@pytest.mark.parametrize(
    ("host", "spoken"),
    [
        ("a" * 64 + ".example", "a" * 64 + ".example"),
        ("a..example", "a..example"),
        ("*.example", "?.example"),
        ("ä" * 300, "?" * 80),
        ("[::1", "The host"),
        ("", "The host"),
        ("localhost:port", "localhost"),
    ],
)
def test_a_host_that_can_be_none_is_said_without_a_look_up(environment, host, spoken):
    environment.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up"))
    error = failure(f"https://{host}/")
    assert (type(error), error.message) == (NetworkFailure, f"{spoken} is not a valid host name.")


def test_the_machine_s_own_network_is_said_in_the_system_s_words():
    unreached = explain(OSError(errno.ENETUNREACH, SECRET), "localhost")
    assert (type(unreached), unreached.message) == (
        NetworkFailure,
        f"localhost could not be reached: {os.strerror(errno.ENETUNREACH)}.",
    )
    assert explain(ValueError(SECRET), "localhost").message == "localhost could not be reached."


def test_nobody_is_asked_after_the_deadline(serve: Serve):
    """The thread that was left behind in a redirect, say, must not go on with it."""
    server = serve(loopback.stalling())
    with pytest.raises(NetworkFailure, match="No answer came within 0 s"):
        Transport(Deadline(0))._followed(Request("GET", server.url()))
    assert server.connections == 0


SEEDS = [
    framed(b'{"a": 1}', headers=("Content-Type: application/json", "Set-Cookie: a=b; Path=/")),
    framed(bomb(1)[:200], headers=("Content-Encoding: gzip",)),
    CHUNKED + b"5\r\nhello\r\n3;x=y\r\nyou\r\n0\r\nx-sum: 1\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"\r\nuntil the end",
    b"HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\n\r\n",
]
PIECES = [
    b"\r\n",
    b"\n",
    b"\r",
    b":",
    b"\0",
    b"\xff\xfe",
    b" ",
    b"-1",
    b"0",
    b"ffffffff",
    b"HTTP/1.1 ",
    b"Content-Length: ",
]
PIECES += [b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: deflate\r\n", b"Location: //[\r\n", b"\x1f\x8b\x08"]
TRIES = 200


def mutated(rng: random.Random) -> bytes:
    data = bytearray(rng.choice(SEEDS))
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data) + 1)
        data[place : place + rng.choice([0, 0, 1, 2, 8, 40])] = rng.choice([*PIECES, rng.randbytes(3)])
    return bytes(data)


def test_mutated_answers_are_an_answer_or_an_error_of_ours(serve: Serve):
    rng = random.Random(20260101)
    server = serve(lambda talk: talk.send(mutated(rng)))
    kinds = set()
    for _ in range(TRIES):
        try:
            got = ask(server.url(), within=2)
            kinds.add("answer")
            assert 100 <= got.status <= 999
            assert len(got.body) <= LIMIT
        except CodingPlanError as error:
            kinds.add(type(error))
    assert kinds == {"answer", NetworkFailure, BadResponse}


def test_a_host_that_cannot_be_read_has_words_in_both_languages():
    said = english("host.refused", {"host": spoken_host("https://[")})
    assert said == "The host refused the connection."
    assert in_language(said, CHINESE) == "该主机拒绝连接。"


# What a server rightly says arrives whole, whatever its status, framing and encoding, and never more than 4 MiB.


@pytest.mark.parametrize("status", [101, 200, 204, 206, 304, 400, 401, 403, 404, 418, 429, 500, 503, 599, 999])
def test_every_status_is_an_answer(serve: Serve, status):
    length = "" if status in {101, 204, 304} else "Content-Length: 2\r\n"
    server = serve(
        loopback.saying(f"HTTP/1.1 {status} X\r\n{length}Retry-After: 9\r\n\r\n{'hi' if length else ''}".encode())
    )
    answer = ask(server.url())
    assert (answer.status, answer.body) == (status, b"hi" if length else b"")
    assert answer.headers["retry-after"] == "9"
    assert server.connections == 1


@pytest.mark.parametrize("status", [100, 102, 103, 199])
@pytest.mark.parametrize("headers", [b"", b"Link: </a.css>; rel=preload\r\nLink: </b.js>\r\n"])
def test_an_interim_answer_is_passed_over(serve: Serve, status, headers):
    interim = b"HTTP/1.1 %d Soon\r\n%b\r\n" % (status, headers)
    answer = ask(serve(loopback.saying(interim * 3 + framed(b"hi"))).url())
    assert (answer.status, answer.body) == (200, b"hi")


@pytest.mark.parametrize("length", [0, 1, 65536, 4 << 20])
@pytest.mark.parametrize("framing", ["length", "chunked", "closed"])
def test_up_to_4_mib_arrive_whole_in_any_framing(serve: Serve, length, framing):
    body = b"\xab" * length
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:]) if part)
    data = {
        "length": framed(body),
        "chunked": CHUNKED + chunks + b"0\r\nx-sum: 1\r\n\r\n",
        "closed": OK + b"\r\n" + body,
    }
    assert ask(serve(loopback.saying(data[framing])).url()).body == body


def test_headers_of_one_name_are_joined(serve: Serve):
    answer = ask(serve(loopback.saying(framed(b"", headers=("X-A: 1", "x-a: 2")))).url())
    assert answer.headers["x-a"] == "1, 2"


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZIP\t": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": lambda body: zlib.compress(body, wbits=-15),
    "identity": bytes,
    "": bytes,
}


@pytest.mark.parametrize("coding", PACKERS)
@given(st.binary())
def test_what_was_packed_comes_back(coding, body):
    assert decoded(PACKERS[coding](body), coding) == body


@pytest.mark.parametrize("coding", PACKERS)
def test_exactly_4_mib_are_not_too_much(coding):
    body = bytes(LIMIT)
    assert decoded(PACKERS[coding](body), coding) == body


@pytest.mark.parametrize("window_bits", [31, 15, -15])
def test_a_bomb_is_given_up_at_4_mib_in_constant_memory(window_bits):
    raw = bomb(3000, window_bits)
    tracemalloc.start()
    with pytest.raises(BadResponse, match="The answer is longer than 4 MiB"):
        decoded(raw, "gzip" if window_bits == 31 else "deflate")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * LIMIT


@given(st.binary(min_size=1), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_a_body_or_an_error_of_ours(raw, coding):
    with suppress(BadResponse, NetworkFailure):
        assert len(decoded(raw, coding)) <= LIMIT


@given(st.binary(min_size=1), st.data())
def test_a_packed_body_without_its_end_is_cut_off(body, data):
    packed = gzip.compress(body)
    length = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(NetworkFailure, match="cut off"):
        decoded(packed[:length], "gzip")


def test_what_stands_behind_the_end_is_left_alone():
    assert decoded(gzip.compress(b"hi") + b"more", "gzip") == b"hi"


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress", "\x00", "gzip;q=1"])
def test_an_unknown_encoding_is_refused_unless_there_is_nothing_in_it(coding):
    assert decoded(b"", coding) == b""
    with pytest.raises(BadResponse, match="content encoding"):
        decoded(b"x", coding)


def test_no_more_is_taken_than_needed_to_see_that_it_is_too_much():
    taken = []

    def chunks():
        while True:
            taken.append(1)
            yield bytes(LIMIT // 4)

    with pytest.raises(BadResponse, match="The answer is longer than 4 MiB"):
        joined(chunks())
    assert len(taken) == 5


# The deadline counts steadily, and whoever waits for work is free at its end.


@given(st.floats(0, 1e6), st.lists(st.floats(0, 1e5), max_size=8))
def test_what_remains_only_shrinks_and_is_never_below_zero(seconds, steps):
    now = [1000.0]
    deadline = Deadline(seconds, clock=lambda: now[0])
    last = deadline.remaining()
    assert last == pytest.approx(seconds)
    for step in steps:
        now[0] += step
        assert 0 <= deadline.remaining() <= last
        last = deadline.remaining()


def test_the_result_of_the_work_is_given():
    assert run_within(Deadline(5), lambda: 42) == 42


@pytest.mark.parametrize("error", [BadResponse("x"), KeyError("x"), MemoryError(), SystemExit(3)])
def test_what_the_work_raises_is_raised(error, capfd):
    def work():
        raise error

    with pytest.raises(type(error)) as caught:
        run_within(Deadline(5), work)
    assert caught.value is error
    assert capfd.readouterr() == ("", "")


def test_work_that_does_not_end_is_left_behind_in_a_thread_that_nobody_waits_for():
    over, inside = threading.Event(), []

    def work():
        inside.append(threading.current_thread())
        over.wait(10)

    start = time.monotonic()
    with pytest.raises(NetworkFailure, match=r"^No answer came within 0\.2 s\.$"):
        run_within(Deadline(0.2), work)
    assert 0.2 <= time.monotonic() - start < 5 * crowd()
    assert inside[0].daemon
    over.set()
    inside[0].join(5)
    assert not inside[0].is_alive()


def test_after_the_deadline_no_work_is_begun():
    begun = []
    with pytest.raises(NetworkFailure, match=r"^No answer came within 0 s\.$"):
        run_within(Deadline(0), lambda: begun.append(1))
    assert begun == []


def test_a_machine_that_has_no_thread_left_is_said(monkeypatch):
    def refuse(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(InternalError, match="thread"):
        run_within(Deadline(5), lambda: 42)


@given(st.lists(st.integers(0, 1000)), st.integers(0, 5000))
def test_a_meter_lets_its_allowance_through_and_not_a_byte_more(arrivals, allowance):
    meter = Meter(Deadline(60), allowance)
    total = 0
    for arrived in arrivals:
        total += arrived
        if total > allowance:
            with pytest.raises(BadResponse, match="too long"):
                meter.count(arrived)
            return
        assert meter.count(arrived) == arrived


def test_a_meter_is_late_when_its_deadline_is_over():
    with pytest.raises(NetworkFailure, match="No answer came within 0 s"):
        Meter(Deadline(0), 10).count(1)
