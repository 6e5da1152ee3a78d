"""What something between here and the console answers: filters, proxies, portals, look-alikes. Tables for any test."""

from __future__ import annotations

import json

from codingplan_bar.transport.request import Answer

HTML = {"content-type": "text/html; charset=utf-8"}
JSON = {"content-type": "application/json"}
CONSOLE = "https://modelstudio.console.alibabacloud.com/data/api.json"


def page(status, text, **headers):
    return Answer(status, HTML | headers, f"<html><body>{text}</body></html>".encode())


def said(status, document):
    return Answer(status, JSON, json.dumps(document).encode())


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
