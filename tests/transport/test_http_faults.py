"""Whatever a server or the way to it does or says: one of our errors, in time, that names the host and nothing else."""

from __future__ import annotations

import errno
import os
import random
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
from support.http import loopback
from support.http.asking import SECRET, ask, failure
from support.http.faults import CUT, ENDLESS, ENDS, SLOW, UNREADABLE
from support.http.loopback import CHUNKED, OK, bomb, framed
from support.machine import crowd

from codingplan_bar.errors import BadResponse, CodingPlanError, NetworkFailure
from codingplan_bar.transport import limits
from codingplan_bar.transport.http import Transport, spoken_host
from codingplan_bar.transport.limits import LIMIT
from codingplan_bar.transport.request import Deadline, Request
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


@pytest.mark.parametrize("answering", SLOW.values(), ids=SLOW)
def test_who_is_too_slow_is_left_at_the_deadline(serve: Serve, answering):
    error = failure(serve(answering).url(), within=0.3)
    assert (type(error), error.message) == (NetworkFailure, "No answer came within 0.3 s.")


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
    assert time.monotonic() - start < 2 * crowd()


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
    unreached = limits.explain(OSError(errno.ENETUNREACH, SECRET), "localhost")
    assert (type(unreached), unreached.message) == (
        NetworkFailure,
        f"localhost could not be reached: {os.strerror(errno.ENETUNREACH)}.",
    )
    assert limits.explain(ValueError(SECRET), "localhost").message == "localhost could not be reached."


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
