"""Whatever the provider or the way to it may do, as one table: what it does, and the code that it is to be told by."""

from __future__ import annotations

import json
from typing import NamedTuple

from support.http import loopback
from support.http.loopback import Answering, Greeting, framed
from transport import test_http_faults as faults

from codingplan_bar.transport.request import Answer

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
    **{name: Fault(loopback.saying(data), UNREAD) for name, (data, _) in faults.CUT.items()},
    **{name: Fault(loopback.saying(data), UNREAD) for name, (data, _) in faults.UNREADABLE.items()},
    **{
        f"endless: {name}": Fault(loopback.saying_for_ever(head, block), UNREAD)
        for name, (head, block, _) in faults.ENDLESS.items()
    },
    **{f"slow: {name}": Fault(answering, ("network",)) for name, answering in faults.SLOW.items()},
    **{f"reset {name}": Fault(loopback.resetting(head), ("network",)) for name, head in faults.ENDS.items()},
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


# What something between here and the console answers: filters, proxies, portals, look-alikes. Tables for any test.


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
