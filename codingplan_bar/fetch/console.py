"""One region's console as one session sees it: what is sent to it, with which cookies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codingplan_bar.fetch.cookie_header import cookies_in
from codingplan_bar.fetch.regions import USER_AGENT
from codingplan_bar.fetch.request import Answer, Request, Send

if TYPE_CHECKING:
    from codingplan_bar.fetch.endpoints import Endpoints, Target
    from codingplan_bar.fetch.regions import Region
    from codingplan_bar.fetch.session import Session


@dataclass(frozen=True, slots=True)
class Console:
    """Who asks whom; `now` gives the seconds since 1970."""

    region: Region
    endpoints: Endpoints
    session: Session = field(repr=False)
    send: Send
    now: Callable[[], float]

    def get(self, target: Target, headers: dict[str, str]) -> Answer:
        """The answer to a GET with the session's cookies, whatever its status. Raises as `Send` does."""
        return self.send(Request("GET", target.url, self.headers(target, headers), target.query))

    def headers(self, target: Target, headers: dict[str, str]) -> dict[str, str]:
        """A browser's headers for one target: the named ones, and the cookies that belong there."""
        cookies = self.session.header_for(target.host, target.path, self.now())
        return {"User-Agent": USER_AGENT, **headers, **({"Cookie": cookies} if cookies else {})}

    def cookie(self, *names: str) -> str | None:
        """The first of some cookies that the console's own pages can see."""
        values = (self.session.value(name, self.region.gateway, self.now()) for name in names)
        return next((value for value in values if value), None)

    def secrets(self) -> set[str]:
        """The cookies' values: what no message may repeat."""
        headers = (self.session.header_for(host, "/data/api.json", self.now()) for host in self.region.hosts)
        return {value for header in headers for _, value in cookies_in(header or "")}
