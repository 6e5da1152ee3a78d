"""Whatever the provider or the way to it may do, as one table: what it does, and the code that it is to be told by."""

from __future__ import annotations

import json
from typing import NamedTuple

from support.http import replies
from support.http.replies import framed
from support.http.server import Answering, Greeting
from transport import test_http_faults as faults

JSON = ("Content-Type: application/json",)


class Fault(NamedTuple):
    """What a server does, the codes that are right for it, and how many seconds a refresh may take.

    A success that carries nothing is asked about once more after a pause, so it needs longer than the rest.
    """

    answering: Answering
    codes: tuple[str, ...]
    greeting: Greeting | None = None
    timeout: float = 1.0


def status(line: str, body: bytes = b"<html>busy</html>", *headers: str) -> Answering:
    return replies.saying(framed(body, status=line, headers=headers))


def body(content: bytes, *headers: str) -> Answering:
    return replies.saying(framed(content, headers=headers or JSON))


BODIES = {
    "nothing": b"",
    "half of the JSON": b'{"code":"200","data":{',
    "100,000 brackets": b"[" * 100_000,
    "a number of 10,000 digits": b'{"code":' + b"9" * 10_000 + b"}",
    "NaN": b'{"code":NaN}',
    "half a surrogate pair": b'{"message":"\\ud800"}',
    "the same key 50,000 times": b"{" + b",".join([b'"a":1'] * 50_000) + b"}",
    "a text of 3 MiB": json.dumps({"message": "x" * (3 << 20)}).encode(),
    "UTF-16 that says UTF-8": '{"code":"200"}'.encode("utf-16"),
    "latin-1": '{"message":"caf\xe9"}'.encode("latin-1"),
    "an array": b"[1,2,3]",
    "a million nulls": b"[" + b",".join([b"null"] * 600_000) + b"]",
}
STATUSES = {
    "407": (status("407 Proxy Authentication Required"), ("network",)),
    "451": (status("451 Unavailable For Legal Reasons"), ("network",)),
    "511": (status("511 Network Authentication Required"), ("network",)),
    "204": (status("204 No Content", b""), ("api_error",)),
    "206": (status("206 Partial Content", b'{"code":"20'), ("api_error",)),
    "301 to another host": (replies.redirecting("https://evil-aliyun.com/", 301), ("network",)),
    "302 to http": (replies.redirecting("http://localhost/", 302), ("network",)),
    "302 to a file": (replies.redirecting("file:///etc/passwd", 302), ("network",)),
    "307 to itself": (replies.redirecting("/data/api.json", 307), ("network",)),
    "400": (status("400 Bad Request"), ("network",)),
    "401": (status("401 Unauthorized"), ("network",)),
    "403": (status("403 Forbidden"), ("network",)),
    "404": (status("404 Not Found"), ("network",)),
    "429": (status("429 Too Many Requests", b"", "Retry-After: 5"), ("rate_limited",)),
    "429 for ever": (status("429 Too Many Requests", b"", "Retry-After: " + "9" * 400), ("rate_limited",)),
    "429 at a day": (
        status("429 Too Many Requests", b"", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"),
        ("rate_limited",),
    ),
    "429 in words": (status("429 Too Many Requests", b"", "Retry-After: soon\x85"), ("rate_limited",)),
    "500": (status("500 Internal Server Error"), ("api_error",)),
    "503": (status("503 Service Unavailable", b"", "Retry-After: -1"), ("api_error",)),
    "599 with JSON": (status("599 What", b'{"code":"200"}', *JSON), ("api_error",)),
}
GREETINGS = {
    "hangs up at once": replies.refuse_after_accept,
    "hangs up in the handshake": replies.refuse_after_hello,
    "stalls in the handshake": replies.stall_in_handshake,
    "a handshake of a byte now and then": replies.trickle_in_handshake,
    "no TLS": replies.speak_plain_http,
}
UNREAD = ("network", "bad_response")
FAULTS: dict[str, Fault] = {
    **{name: Fault(replies.saying(data), UNREAD) for name, (data, _) in faults.CUT.items()},
    **{name: Fault(replies.saying(data), UNREAD) for name, (data, _) in faults.UNREADABLE.items()},
    **{
        f"endless: {name}": Fault(replies.saying_for_ever(head, block), UNREAD)
        for name, (head, block, _) in faults.ENDLESS.items()
    },
    **{f"slow: {name}": Fault(answering, ("network",)) for name, answering in faults.SLOW.items()},
    **{f"reset {name}": Fault(replies.resetting(head), ("network",)) for name, head in faults.ENDS.items()},
    **{
        f"a body of {name}": Fault(body(content), ("bad_response", "api_error"), timeout=8)
        for name, content in BODIES.items()
    },
    "a page": Fault(body(b"<!doctype html><title>Sign in to the Wi-Fi</title>"), ("network",)),
    "an image": Fault(body(b"\x89PNG\r\n", "Content-Type: image/png"), ("bad_response",)),
    "a charset that is none": Fault(body(b"{", "Content-Type: application/json; charset=x-evil"), ("bad_response",)),
    **{name: Fault(answering, codes) for name, (answering, codes) in STATUSES.items()},
    **{name: Fault(replies.saying(b""), ("network",), greeting) for name, greeting in GREETINGS.items()},
}
