"""What a server rightly says arrives whole, whatever its status and however it is framed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.http import replies
from support.http.asking import ask
from support.http.replies import CHUNKED, OK, framed

if TYPE_CHECKING:
    from .conftest import Serve


@pytest.mark.parametrize("status", [101, 200, 204, 206, 304, 400, 401, 403, 404, 418, 429, 500, 503, 599, 999])
def test_every_status_is_an_answer(serve: Serve, status):
    length = "" if status in {101, 204, 304} else "Content-Length: 2\r\n"
    server = serve(
        replies.saying(f"HTTP/1.1 {status} X\r\n{length}Retry-After: 9\r\n\r\n{'hi' if length else ''}".encode())
    )
    answer = ask(server.url())
    assert (answer.status, answer.body) == (status, b"hi" if length else b"")
    assert answer.headers["retry-after"] == "9"
    assert server.connections == 1


@pytest.mark.parametrize("status", [100, 102, 103, 199])
@pytest.mark.parametrize("headers", [b"", b"Link: </a.css>; rel=preload\r\nLink: </b.js>\r\n"])
def test_an_interim_answer_is_passed_over(serve: Serve, status, headers):
    interim = b"HTTP/1.1 %d Soon\r\n%b\r\n" % (status, headers)
    answer = ask(serve(replies.saying(interim * 3 + framed(b"hi"))).url())
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
    assert ask(serve(replies.saying(data[framing])).url()).body == body


def test_headers_of_one_name_are_joined(serve: Serve):
    answer = ask(serve(replies.saying(framed(b"", headers=("X-A: 1", "x-a: 2")))).url())
    assert answer.headers["x-a"] == "1, 2"
