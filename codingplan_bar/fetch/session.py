"""A console session: what gives each host its Cookie header, and whether someone is signed in with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from codingplan_bar.fetch.cookie_header import cookies_in

if TYPE_CHECKING:
    from codingplan_bar.fetch.regions import Region

TICKET = ("login_aliyunid_ticket",)
ACCOUNT = ("login_aliyunid_pk", "login_current_pk", "login_aliyunid")


class Session(Protocol):
    """The cookies of one browser profile, or of one pasted header. Times are seconds since 1970."""

    def header_for(self, host: str, path: str, now: float) -> str | None:
        """The Cookie header that goes to one host and path, None where it gets no cookie."""
        ...

    def value(self, name: str, host: str, now: float) -> str | None:
        """The value of one cookie, as a script on that host's pages would see it."""
        ...


@dataclass(frozen=True, slots=True)
class PastedHeader:
    """A normalised header. It has no domains and no ends, so it goes whole to whichever host is asked."""

    header: str = field(repr=False)

    def header_for(self, host: str, path: str, now: float) -> str | None:  # noqa: ARG002 - as any session is asked
        """The header itself."""
        return self.header

    def value(self, name: str, host: str, now: float) -> str | None:  # noqa: ARG002 - as any session is asked
        """The first cookie of that name: a browser puts the most specific one first."""
        return next((value for found, value in cookies_in(self.header) if found == name and value), None)


def missing(session: Session, region: Region, now: float) -> tuple[str, ...]:
    """What a session lacks to be signed in to a region's console: names of cookies, `or` between those that do alike.

    Both are looked for at one host, so they belong to one of the provider's domains and one account. On `intl` this
    only ranks sessions: working ones without the ticket have been reported, and the server decides.
    """
    return tuple(
        " or ".join(names)
        for names in (TICKET, ACCOUNT)
        if not any(session.value(name, region.gateway, now) for name in names)
    )


def is_signed_in(session: Session, region: Region, now: float) -> bool:
    """Whether nothing is missing."""
    return not missing(session, region, now)


def covers(session: Session, region: Region, now: float) -> bool:
    """Whether a session has any cookie at all for a region's own hosts."""
    return any(session.header_for(host, "/", now) for host in region.hosts)
