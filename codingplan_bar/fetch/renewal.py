"""A kept session that is turned down: it is dropped, the browsers are asked once more, and then the provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from codingplan_bar.errors import CodingPlanError, InvalidCredentials, LoginRequired
from codingplan_bar.fetch.chain import Source
from codingplan_bar.fetch.kept import Kept
from codingplan_bar.fetch.regions import Region
from codingplan_bar.fetch.sessions import Found, Import, Imported, fingerprint
from codingplan_bar.model import Reading, SourceName

TURNED_DOWN = (LoginRequired, InvalidCredentials)


@dataclass(slots=True)
class RenewingSource:
    """Web mode by whichever session is good: `visit` makes the source of one.

    `found` is the session in use, `over` whether the provider has turned it down since it last took it.
    """

    found: Found
    visit: Callable[[Found], Source]
    browsers: Import
    over: bool = False

    @property
    def name(self) -> SourceName:
        """The word of the snapshot."""
        return "web"

    def covers(self, region: Region) -> bool:
        """Whether the session has cookies for the region's own hosts."""
        return self.visit(self.found).covers(region)

    def ask(self, region: Region) -> Reading:
        """The quota in one region. Raises what web mode raises, of the newer session where there is one."""
        try:
            return self._asked(region)
        except TURNED_DOWN:
            if not self._renewed(region):
                raise
        return self._asked(region)

    def to_text(self) -> str:
        """What is kept of it, as the text of a file that only the user may read."""
        return (self.found.without_session() if self.over else self.found).to_text()

    def _asked(self, region: Region) -> Reading:
        try:
            reading = self.visit(self.found).ask(region)
        except TURNED_DOWN:
            self.over = self.over or self.covers(region)  # without a cookie to show, it was not asked about
            raise
        self.over = False
        return reading

    def _renewed(self, region: Region) -> bool:
        """Whether the browsers have another session than the kept one. They are asked once."""
        if not (self.over and self.found.was_kept and self._may_work_in(region)):
            return False
        before = self.found.without_session()
        imported = self._imported(frozenset(before.turned_down))
        renewed = imported is not None and fingerprint(imported.jar) != fingerprint(self.found.session)
        self.found = replace(self.found, was_kept=False)
        if imported and renewed:
            kept = Kept(shapes=self.found.kept.shapes)
            self.found = Found(imported.jar, kept, imported.origin, imported.jar, turned_down=before.turned_down)
        return renewed

    def _may_work_in(self, region: Region) -> bool:
        """Not where the account is known to live in the other region: there, no session of it would be taken."""
        known = self.found.kept.shapes.keys() | self.found.kept.tokens.keys()
        return not known or region.name in known

    def _imported(self, turned_down: frozenset[str]) -> Imported | None:
        try:
            return self.browsers(turned_down)
        except CodingPlanError:
            return None  # what the provider said of the kept session stays the thing to tell
