"""What is looked for in the stores."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from codingplan_bar.fetch.regions import Region


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `regions` are the user's own and the one that is tried next, if any.

    `now` is in seconds since 1970, `names` the setting `browsers`, `turned_down` the `identity` of each session that
    the provider no longer takes. Nothing opens a dialog unless `may_prompt`. `platform` is as `sys.platform` has it.
    """

    regions: tuple[Region, ...]
    now: float
    names: tuple[str, ...] = ()
    may_prompt: bool = False
    turned_down: frozenset[str] = frozenset()
    platform: str = sys.platform

    @property
    def own(self) -> Region:
        """The user's region."""
        return self.regions[0]
