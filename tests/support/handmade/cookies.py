"""The cookies that the made-up users have."""

from __future__ import annotations

from typing import NamedTuple

NOW = 1_795_550_000
DAY = 86_400
INTL, CN = ".alibabacloud.com", ".aliyun.com"


class Crumb(NamedTuple):
    """A cookie as a browser knows it; `expires_at` is None for one that ends with the browser."""

    host: str
    name: str
    value: str
    path: str = "/"
    expires_at: int | None = NOW + DAY
    secure: bool = True


def signed_in(who="anna", hosts=(INTL, CN), **changes):
    """Ticket and account, on each of the provider's two domains."""
    pairs = (("login_aliyunid_ticket", f"ticket-of-{who}"), ("login_aliyunid_pk", f"pk-of-{who}"))
    return [Crumb(host, name, value, **changes) for host in hosts for name, value in pairs]


VISITED = [Crumb(INTL, "cna", "visitor"), Crumb(CN, "cna", "visitor")]
"""Of somebody who has never signed in."""
EVIL = [
    Crumb(host, name, "FOREIGN")
    for host in (".evil-aliyun.com", ".aliyun.com.evil.net", "notalibabacloud.com", "x.aliyuncs.com")
    for name in ("login_aliyunid_ticket", "login_aliyunid_pk")
]
"""None of these hosts is the provider's."""
EXPIRED = NOW - 1


def names_and_values(jar):
    """What is in a jar, for comparing."""
    return {(cookie.name, cookie.value) for cookie in jar.cookies}
