"""A home folder with browsers' stores in it, and the search over them."""

from __future__ import annotations

from support.handmade import chromium, firefox
from support.handmade.cookies import NOW

from codingplan_bar.browsers.search import Wanted, search
from codingplan_bar.browsers.stores import discover
from codingplan_bar.regions import CN, INTL
from codingplan_bar.transport.request import Deadline

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
        return chromium.make(self.folder / root / profile / "Cookies", crumbs, **how)

    def firefox(self, crumbs=(), *, root=FIREFOX, profile="x1y2.default", **how):
        """One profile of a Firefox; gives its folder."""
        return firefox.make(self.folder / root / profile, crumbs, **how)

    def stores(self, *names, platform="linux"):
        """What is discovered."""
        return discover(self.environ, names, platform)

    def search(self, *names, region=INTL, fallback=CN, now=NOW, seconds=10.0, **wish):
        """A search over it."""
        regions = (region, *([fallback] if fallback and region is INTL else []))
        wanted = Wanted(regions, now, names, **wish)
        return search(self.environ, wanted, deadline=Deadline(seconds))

    def verdicts(self, *names, **wish):
        """The word for each store, with its browser and profile."""
        return [(r.browser, r.profile, r.verdict) for r in self.search(*names, **wish).reports]

    def left_behind(self):
        """What the imports have left in the folder for private copies."""
        return list(self.runtime.iterdir())
