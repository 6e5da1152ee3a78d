"""A made-up user's home folder with browsers' stores in it, the cookies there, and the search over them."""

from __future__ import annotations

import time
from typing import NamedTuple

from support.handmade import browser_stores

from codingplan_bar import regions
from codingplan_bar.browsers.search import Wanted, search
from codingplan_bar.browsers.stores import discover
from codingplan_bar.transport.request import Deadline

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


CHROMIUM, FIREFOX = ".config/chromium", ".config/mozilla/firefox"


class Home:
    """A user; `environ` is the user's environment, without a bus."""

    def __init__(self, folder):
        self.folder = folder / "home"
        self.runtime = folder / "run"
        for each in (self.folder, self.runtime):
            each.mkdir(mode=0o700)
        self.environ = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.runtime), "LANG": "C.UTF-8"}

    def chromium(self, crumbs, *, root=CHROMIUM, profile="Default", **how):
        """One profile of a Chromium; gives its store's path."""
        return browser_stores.make_chromium(self.folder / root / profile / "Cookies", crumbs, **how)

    def firefox(self, crumbs=(), *, root=FIREFOX, profile="x1y2.default", **how):
        """One profile of a Firefox; gives its folder."""
        return browser_stores.make_firefox(self.folder / root / profile, crumbs, **how)

    def stores(self, *names, platform="linux"):
        """What is discovered."""
        return discover(self.environ, names, platform)

    def search(self, *names, region=regions.INTL, fallback=regions.CN, now=NOW, seconds=10.0, **wish):
        """A search over it."""
        asked = (region, *([fallback] if fallback and region is regions.INTL else []))
        wanted = Wanted(asked, now, names, **wish)
        return search(self.environ, wanted, deadline=Deadline(seconds))

    def verdicts(self, *names, **wish):
        """The word for each store, with its browser and profile."""
        return [(r.browser, r.profile, r.verdict) for r in self.search(*names, **wish).reports]

    def left_behind(self):
        """What the imports have left in the folder for private copies."""
        return list(self.runtime.iterdir())


def readable_firefox(user, *cookies, profile="Jane Doe"):
    """A closed Firefox in the home of that user, with one profile whose cookies are good for an hour from now."""
    crumbs = [Crumb(CN, name, value, expires_at=int(time.time()) + 3600) for name, value in cookies]
    folder = user.home / ".mozilla/firefox/abcd1234.default"
    browser_stores.make_firefox(folder, crumbs, version=16, journal="delete")
    (folder.parent / "profiles.ini").write_text(
        f"[Profile0]\nName={profile}\nIsRelative=1\nPath={folder.name}\nDefault=1\n"
    )
