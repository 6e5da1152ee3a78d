"""The provider's console under its real host names, with a page that signs a browser in as the provider does."""

from __future__ import annotations

import time
from itertools import pairwise

from support.console.answers import Answer
from support.console.certificate import issue
from support.console.console import Console
from support.console.demands import HOSTS

INTL, CN = "modelstudio.console.alibabacloud.com", "bailian.console.aliyun.com"
EVIL = ("evil-aliyun.com", "aliyun.com.evil.net", "notalibabacloud.com")
"""None of the provider's, though each name holds one of its domains."""
FILLERS = tuple(f"filler{number}.example" for number in range(4))
"""Hosts that set as many cookies as a browser keeps of one domain. Chromium writes its store every 30 s, or at once
as soon as 512 changes have come together."""
CHAIN = (INTL, CN, *EVIL, *FILLERS)
"""The hosts that one journey goes through, each setting its cookies before it sends the browser on."""
DAY = 86_400


class SignInConsole(Console):
    """`/sign-in` signs in, `/sign-in?life=session` until the browser ends, `/visit` only looks."""

    def __init__(self):
        super().__init__(certificate=issue([*sorted({*HOSTS, *CHAIN})], now=time.time()))

    def answer(self, request):
        """The provider's own pages for whatever is not about signing in."""
        if request.path == "/favicon.ico":
            return Answer(204, {}, b"")
        if request.path not in ("/sign-in", "/visit"):
            return super().answer(request)
        life = request.query.get("life", "dated")
        cookies = cookies_of(request.host, "" if life == "session" else f"; Max-Age={2 * DAY}")
        if request.path == "/visit":
            cookies = visitor_cookies(request.host)
        headers = {spelled("set-cookie", at): cookie for at, cookie in enumerate(cookies)}
        onward = dict(pairwise(CHAIN)).get(request.host)
        if not onward:
            return Answer(200, {**headers, "Content-Type": "text/html"}, b"<title>arrived</title>")
        return Answer(302, {**headers, "Location": f"https://{onward}{request.path}?life={life}"}, b"")


def cookies_of(host, life):
    """What a host sets on a sign-in: ticket and account for the whole domain, some for itself, some that run out."""
    domain = ".".join(host.split(".")[-2:])
    shared = f"; Domain=.{domain}; Path=/; Secure"
    if host in FILLERS:
        return visitor_cookies(host)
    if host in EVIL:
        return [f"login_aliyunid_ticket=FOREIGN{shared}{life}", f"login_aliyunid_pk=666{shared}{life}"]
    owner = domain.partition(".")[0]
    return [
        f"login_aliyunid_ticket=ticket-of-{owner}.{'x' * 180}*$; HttpOnly; SameSite=None{shared}{life}",
        f"login_aliyunid_pk=1000-{owner}{shared}{life}",
        f"login_current_pk=1000-{owner}{shared}{life}",
        f'login_aliyunid="demo @ {owner}.invalid"{shared}{life}',
        f"login_aliyunid_csrf=_csrf_tk_{owner}{shared}{life}",
        f"only-here=of-{host}; Path=/; Secure; Max-Age={DAY}",
        f"below=of-{owner}; Domain=.{domain}; Path=/data; Secure; Max-Age={DAY}",
        f"JSESSIONID=session-of-{host}; Path=/; Secure; HttpOnly",
        f"short=gone; Max-Age=2{shared}",
        f"latin=café{shared}; Max-Age={DAY}",
        *visitor_cookies(host),
    ]


def visitor_cookies(host):
    """What anybody gets."""
    if host in FILLERS:
        return [f"filler{number}=x; Path=/; Secure; Max-Age={DAY}" for number in range(170)]
    domain = ".".join(host.split(".")[-2:])
    return [f"cna=visitor-of-{domain}; Domain=.{domain}; Path=/; Max-Age=31536000"]


def spelled(name, number):
    """A header's name in the nth mixture of small and capital letters: an answer holds each spelling once."""
    capitals = {at for bit, at in enumerate(at for at, sign in enumerate(name) if sign.isalpha()) if number >> bit & 1}
    return "".join(sign.upper() if at in capitals else sign for at, sign in enumerate(name))
