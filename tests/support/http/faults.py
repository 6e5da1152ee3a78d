"""Whatever the provider or the way to it may do or say, as tables: for the transport, for a source, for a refresh."""

from __future__ import annotations

import json
from typing import NamedTuple

from support.http import loopback
from support.http.loopback import CHUNKED, OK, Answering, Greeting, framed

from codingplan_bar.transport.request import Answer

CUT = {
    "nothing at all": (b"", "localhost closed the connection without an answer."),
    "half a status line": (b"HTT", "The answer of localhost is not valid HTTP."),
    "less than was announced": (OK + b"Content-Length: 20\r\n\r\nhalf", "The answer of localhost was cut off."),
    "no last chunk": (CHUNKED + b"4\r\nhalf\r\n", "The answer of localhost was cut off."),
    "half a chunk": (CHUNKED + b"40\r\nhalf\r\n", "The answer of localhost was cut off."),
    "a compressed body without its end": (
        framed(loopback.bomb(1)[:-4], headers=("Content-Encoding: gzip",)),
        "The compressed answer was cut off.",
    ),
}

UNREADABLE = {
    "another protocol": (b"SSH-2.0-OpenSSH_9.9\r\n", "The answer of localhost is not valid HTTP."),
    "a page without a head": (b"<html>sign in</html>", "The answer of localhost is not valid HTTP."),
    "zero bytes": (bytes(64), "The answer of localhost is not valid HTTP."),
    "a status that is none": (b"HTTP/1.1 99999 What\r\n\r\n", "The answer of localhost is not valid HTTP."),
    "another HTTP": (b"HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n", "The answer of localhost is not valid HTTP."),
    "more than 100 headers": (OK + b"a: b\r\n" * 101 + b"\r\n", "The answer of localhost is not valid HTTP."),
    "a header of 70 kB": (OK + b"a: " + b"b" * 70_000 + b"\r\n\r\n", "The answer of localhost is not valid HTTP."),
    "headers of 300 kB": (OK + (b"a: " + b"b" * 60_000 + b"\r\n") * 5 + b"\r\n", "The answer is too long."),
    "two lengths": (
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
        "The answer has no valid length.",
    ),
    "a negative length": (OK + b"Content-Length: -2\r\n\r\nhi", "The answer has no valid length."),
    "a length of 5000 digits": (
        OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nhi",
        "The answer has no valid length.",
    ),
    "an encoding nobody asked for": (
        framed(b"\x1b\x03", headers=("Content-Encoding: br",)),
        "The answer has a content encoding that was not requested.",
    ),
    "an encoding twice over": (
        framed(b"\x1b\x03", headers=("Content-Encoding: gzip", "Content-Encoding: gzip")),
        "The answer has a content encoding that was not requested.",
    ),
    "gzip that is none": (framed(b"{}", headers=("Content-Encoding: gzip",)), "The compressed answer is damaged."),
    "deflate that is none": (
        framed(b"\xff\xff", headers=("Content-Encoding: deflate",)),
        "The compressed answer is damaged.",
    ),
    "5 MiB": (framed(bytes(5 << 20)), "The answer is longer than 4 MiB."),
    "a bomb of gzip": (
        framed(loopback.bomb(3000), headers=("Content-Encoding: gzip",)),
        "The answer is longer than 4 MiB.",
    ),
    "a bomb of deflate": (
        framed(loopback.bomb(3000, 15), headers=("Content-Encoding: deflate",)),
        "The answer is longer than 4 MiB.",
    ),
    "a bomb of bare deflate": (
        framed(loopback.bomb(3000, -15), headers=("Content-Encoding: deflate",)),
        "The answer is longer than 4 MiB.",
    ),
}

TOO_MUCH = {"The answer is too long.", "The answer of localhost is not valid HTTP."}
"""Ours, or that of a newer http.client, which counts interim answers and trailers itself and may be the first."""

ENDLESS = {
    "a body": (OK + b"\r\n", bytes(65536), {"The answer is longer than 4 MiB."}),
    "chunks": (CHUNKED, b"10000\r\n" + bytes(65536) + b"\r\n", {"The answer is longer than 4 MiB."}),
    "a chunk of 16 EiB": (CHUNKED + b"ffffffffffffffff\r\n", bytes(65536), {"The answer is longer than 4 MiB."}),
    "a chunk of size -1": (CHUNKED + b"-1\r\n", bytes(65536), {"The answer is longer than 4 MiB."}),
    "the size of a chunk": (CHUNKED, b"1" * 65536, {"The answer of localhost is not valid HTTP."}),
    "trailers": (CHUNKED + b"0\r\n", (b"a: " + b"b" * 4000 + b"\r\n") * 16, TOO_MUCH),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 256, TOO_MUCH),
    "headers": (OK, b"a: b\r\n" * 4096, {"The answer of localhost is not valid HTTP."}),
    "a status line": (b"HTTP/1.1 200 ", b"O" * 65536, {"The answer of localhost is not valid HTTP."}),
}

SLOW = {
    "silence": loopback.stalling(),
    "half a status line": loopback.stalling(b"HTTP/1.1 2"),
    "half a header": loopback.stalling(OK + b"Content-"),
    "half a body": loopback.stalling(OK + b"Content-Length: 20\r\n\r\nhalf"),
    "half a chunk": loopback.stalling(CHUNKED + b"14\r\nhalf"),
    "a head a byte at a time": loopback.trickling(OK, b"a: " + b"b" * 400),
    "headers one at a time": loopback.trickling(OK, b"a:b\r\n" * 80),
    "interim answers a byte at a time": loopback.trickling(b"", b"HTTP/1.1 100 \r\n\r\n" * 20),
    "a body a byte at a time": loopback.trickling(OK + b"Content-Length: 400\r\n\r\n", b"x" * 400),
    "chunks a byte at a time": loopback.trickling(CHUNKED, b"1\r\nx\r\n" * 66),
    "endless chunks of one byte": loopback.saying_for_ever(CHUNKED, b"1\r\nx\r\n" * 4096),
    "a trailer a byte at a time": loopback.trickling(CHUNKED + b"0\r\n", b"a: " + b"b" * 400),
}

ENDS = {
    "in place of an answer": b"",
    "in the status line": b"HTTP/1.1 2",
    "in the headers": OK + b"Content-",
    "in a body": OK + b"Content-Length: 20\r\n\r\nhalf",
    "in a body without a length": OK + b"\r\nhalf",
    "in a chunk": CHUNKED + b"14\r\nhalf",
}

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
    return loopback.saying(framed(body, status=line, headers=headers))


def body(content: bytes, *headers: str) -> Answering:
    return loopback.saying(framed(content, headers=headers or JSON))


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
    "301 to another host": (loopback.redirecting("https://evil-aliyun.com/", 301), ("network",)),
    "302 to http": (loopback.redirecting("http://localhost/", 302), ("network",)),
    "302 to a file": (loopback.redirecting("file:///etc/passwd", 302), ("network",)),
    "307 to itself": (loopback.redirecting("/data/api.json", 307), ("network",)),
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
    "hangs up at once": loopback.refuse_after_accept,
    "hangs up in the handshake": loopback.refuse_after_hello,
    "stalls in the handshake": loopback.stall_in_handshake,
    "a handshake of a byte now and then": loopback.trickle_in_handshake,
    "no TLS": loopback.speak_plain_http,
}
UNREAD = ("network", "bad_response")
FAULTS: dict[str, Fault] = {
    **{name: Fault(loopback.saying(data), UNREAD) for name, (data, _) in CUT.items()},
    **{name: Fault(loopback.saying(data), UNREAD) for name, (data, _) in UNREADABLE.items()},
    **{
        f"endless: {name}": Fault(loopback.saying_for_ever(head, block), UNREAD)
        for name, (head, block, _) in ENDLESS.items()
    },
    **{f"slow: {name}": Fault(answering, ("network",)) for name, answering in SLOW.items()},
    **{f"reset {name}": Fault(loopback.resetting(head), ("network",)) for name, head in ENDS.items()},
    **{
        f"a body of {name}": Fault(body(content), ("bad_response", "api_error"), timeout=8)
        for name, content in BODIES.items()
    },
    "a page": Fault(body(b"<!doctype html><title>Sign in to the Wi-Fi</title>"), ("network",)),
    "an image": Fault(body(b"\x89PNG\r\n", "Content-Type: image/png"), ("bad_response",)),
    "a charset that is none": Fault(body(b"{", "Content-Type: application/json; charset=x-evil"), ("bad_response",)),
    **{name: Fault(answering, codes) for name, (answering, codes) in STATUSES.items()},
    **{name: Fault(loopback.saying(b""), ("network",), greeting) for name, greeting in GREETINGS.items()},
}


# What something between here and the console answers: filters, proxies, portals, look-alikes.

PAGE_HEADERS = {"content-type": "text/html; charset=utf-8"}
JSON_HEADERS = {"content-type": "application/json"}
CONSOLE = "https://modelstudio.console.alibabacloud.com/data/api.json"


def page(status, text, **headers):
    return Answer(status, PAGE_HEADERS | headers, f"<html><body>{text}</body></html>".encode())


def said(status, document):
    return Answer(status, JSON_HEADERS, json.dumps(document).encode())


def away(location, status=302):
    return Answer(status, {"location": location}, b"")


STRANGERS = {
    "a filter's 403": page(403, "Blocked by company policy"),
    "a filter's 403 that speaks of a login": page(403, "Log in to request access. Sign in."),
    "a filter's 403 that repeats the address": page(403, f"{CONSOLE} is blocked"),
    "a filter's 401": page(401, "Sign in to the proxy"),
    "a filter's text": Answer(403, {"content-type": "text/plain"}, b"Blocked by company policy"),
    "a filter's 404": page(404, "This site is not available here"),
    "a filter's 405": page(405, "Method not allowed by policy"),
    "a filter's 451": page(451, "Unavailable for legal reasons"),
    "an empty 451": Answer(451, {}, b""),
    "a proxy's 407": page(407, "Authentication required", **{"proxy-authenticate": "Basic realm=x"}),
    "an empty 407": Answer(407, {}, b""),
    "a network's 511": page(511, "<a href=http://portal.example/login>Sign in</a>"),
    "an intercepting proxy's 503": page(503, "Cannot connect", **{"x-squid-error": "ERR_CONNECT_FAIL 111"}),
    "JSON of a filter, 403": said(403, {"error": "blocked", "policy": 7}),
    "JSON of a filter, 401": said(401, {"timestamp": 1, "status": 401, "error": "Blocked", "path": "/"}),
    "JSON that says Forbidden": said(403, {"message": "Forbidden"}),
    "JSON with a number and a word": said(403, {"code": 403, "message": "Blocked by policy"}),
    "JSON in Chinese that denies a right": said(403, {"code": 403, "message": "无权限访问，请联系管理员"}),
    "JSON of a CDN": said(403, {"success": False, "errors": [{"code": 1020, "message": "Access denied"}]}),
    "a list": said(403, ["blocked"]),
    "a portal, 302": away("https://portal.example/login?from=console"),
    "a portal on http, 307": away("http://10.0.0.1/", 307),
    "the console itself on http": away("http://modelstudio.console.alibabacloud.com/"),
    "a look-alike's sign-in": away("https://account.evilaliyun.com/"),
    "a name that only begins so": away("https://signin.aliyun.com.evil.example/"),
    "a sign-in host of nobody's": away("https://login.corporate.example/"),
    "another label": away("https://my-account.aliyun.com/"),
    "a path that looks like a host": away("https://portal.example/account.aliyun.com"),
    "no place at all": Answer(303, {}, b""),
}
"""What no request may take for the provider's word, by whichever source."""

PAGES = {
    "a portal's page": page(200, "Welcome! Please log in to the Wi-Fi."),
    "a portal's page in Chinese": page(200, "请登录校园网"),
    "a page that leads on": page(
        200, '<meta http-equiv="refresh" content="0;url=http://portal.example/login?x=passport">'
    ),
    "a page that carries the address": page(200, f"<a href='http://portal.example/login?u={CONSOLE}'>Sign in</a>"),
    "a page that carries a sign-in address": page(200, "http://p.example/?u=https%3A%2F%2Faccount.aliyun.com%2Flogin"),
    "a page of a look-alike": page(200, "<form action=https://account.aliyun.com.evil.example/>"),
}
"""What is no answer where JSON was asked for, and no sign-out where a page was."""
