"""Whatever bytes a server says: an answer or an error of ours, never another exception."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from support.http.asking import ask
from support.http.replies import CHUNKED, OK, bomb, framed

from codingplan_bar.errors import BadResponse, CodingPlanError, NetworkFailure
from codingplan_bar.transport.limits import LIMIT

if TYPE_CHECKING:
    from .conftest import Serve

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
