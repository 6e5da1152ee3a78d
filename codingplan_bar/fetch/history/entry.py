"""One entry of the record: what one refresh found."""

from __future__ import annotations

from dataclasses import dataclass

from codingplan_bar.model import Instant, Snapshot, Window, WindowName


@dataclass(frozen=True, slots=True)
class Entry:
    """The windows as they were `at` an instant; `source`, `region` and `plan` are empty where they are not known."""

    at: Instant
    source: str
    region: str
    plan: str
    windows: tuple[Window, ...]

    def window(self, name: WindowName) -> Window | None:
        """The window of that name; None where the answer did not carry it."""
        return next((window for window in self.windows if window.name == name), None)


def of_snapshot(snapshot: Snapshot) -> Entry | None:
    """The entry that a snapshot makes; None where it holds no numbers."""
    if snapshot.error or not snapshot.windows:
        return None
    plan = snapshot.plan.name if snapshot.plan else None
    return Entry(snapshot.fetched_at, snapshot.source or "", snapshot.region or "", plan or "", tuple(snapshot.windows))
