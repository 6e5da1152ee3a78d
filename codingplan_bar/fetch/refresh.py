"""One refresh: lock, look whether there is anything to do, ask, keep, and compile what the bars read."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from codingplan_bar import facts, snapshot, store
from codingplan_bar.errors import CodingPlanError, InternalError, StorageFailure
from codingplan_bar.fetch import contract, waiting
from codingplan_bar.fetch.compiling import compile_facts, due
from codingplan_bar.fetch.files import Files, Stored
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.model import Instant, Problem, Snapshot

Wanted = Literal["always", "by hand", "when due"]
"""How much a refresh is wanted: by `fetch`, by a user's click, by a bar whose numbers have grown old."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking the provider gave; `retry_after` in seconds where it said how long to wait."""

    snapshot: Snapshot
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `circumstances` is a fingerprint of what a failure depends on; `dashboard` the page for people."""

    settings: Settings
    ask: Callable[[Settings], Asked]
    now: Callable[[], float]
    dashboard: str
    circumstances: str = ""
    misconfigured: Problem | None = None


class Desk:
    """Where refreshes are done: the files on one hand, who asks on the other.

    `storage_problem` is what kept the last result from being stored: it is given all the same.
    """

    def __init__(self, files: Files, asker: Asker) -> None:
        """Nothing is read or written yet."""
        self.files = files
        self.asker = asker
        self.storage_problem: StorageFailure | None = None
        self._outdated = False
        self._latest: Snapshot | None = None

    def refresh(self, wanted: Wanted, *, wait: bool = True) -> Snapshot | None:
        """The latest snapshot afterwards, an error one included.

        None where another process holds the lock and `wait` is false.
        """
        with store.lock(self.files.lock, wait=wait) as held:
            self._latest = self._refreshed(wanted) if held else None
            self.publish()
            if held:
                self._keep(lambda: self.files.asked.unlink(missing_ok=True))
        return self._latest

    def publish(self) -> dict[str, str]:
        """Compile what is stored for the bars of this environment, and keep it; gives the facts.

        The result of a refresh counts even where it could not be stored.
        """
        inputs = self.files.inputs()
        stored = self._load()
        if self._latest and (self.storage_problem or not stored.snapshot):
            stored = stored.followed_by(self._latest)
        patience = self._patience()
        shown = stored.snapshot or self._nothing(patience)
        problem = self.asker.misconfigured or (stored.failure.error if stored.failure else None)
        compiled = {
            "environment": facts.display_environment(self.files.environ),
            "inputs": inputs,
            "made_at": str(self._now()),
            "due": str(self._next_look(shown, patience)),
            **compile_facts(shown, problem, self.asker.settings),
        }
        self._keep(lambda: store.replace(self.files.facts, facts.dumps(compiled)))
        return compiled

    def has_snapshot(self) -> bool:
        """Whether there is anything to show without asking."""
        return self._load().snapshot is not None or self._outdated

    def _refreshed(self, wanted: Wanted) -> Snapshot:
        stored, patience = self._load(), self._patience()
        if self.asker.misconfigured or not self._is_wanted(wanted, stored, patience):
            return self._misconfigured() or stored.latest or self._nothing(patience)
        asked = self.asker.ask(self.asker.settings)
        latest = self._checked(asked.snapshot)
        self._remember(latest, asked.retry_after, patience)
        return latest

    def _is_wanted(self, wanted: Wanted, stored: Stored, patience: waiting.Waiting) -> bool:
        now = self._now()
        if wanted == "always":
            return True
        if wanted == "by hand":
            return not patience.holds_by_hand(now)
        return not patience.holds(now, self.asker.circumstances) and now >= self._due(stored.snapshot, patience)

    def _due(self, shown: Snapshot | None, patience: waiting.Waiting) -> Instant:
        if shown is None or patience.code or patience.clock_went_back(self._now()):
            return 0
        return due(shown, self.asker.settings, not_before=0)

    def _next_look(self, shown: Snapshot, patience: waiting.Waiting) -> Instant:
        """When the bars start the next refresh."""
        if self.asker.misconfigured:
            return self._now() + waiting.LONGEST_RETRY_AFTER  # a change of the settings ends these facts
        if patience.code and patience.holds(self._now(), self.asker.circumstances):
            return patience.next_look(int(self.asker.settings["refresh_interval"]))
        return self._due(shown, patience)

    def _checked(self, latest: Snapshot) -> Snapshot:
        try:
            contract.check(snapshot.to_document(latest))
        except CodingPlanError as error:
            return self._failed(Problem(error.code, error.message, error.hint))
        return latest

    def _remember(self, latest: Snapshot, retry_after: float | None, patience: waiting.Waiting) -> None:
        now, circumstances = self._now(), self.asker.circumstances
        after = patience.after_success(now)
        if latest.error:
            after = patience.after_failure(
                latest.error.code, now, retry_after=retry_after, chance=random.random(), circumstances=circumstances
            )
        self._keep(lambda: self.files.save(latest, snapshot.dumps(snapshot.to_document(latest))))
        self._keep(lambda: store.replace(self.files.waiting, waiting.dumps(after)))

    def _keep(self, write: Callable[[], None]) -> None:
        """Store something; a newer version's files are left alone, and a disk that is full stops nobody."""
        if self._outdated:
            return
        try:
            write()
        except StorageFailure as error:
            self.storage_problem = error
        except OSError:
            pass  # a marker that cannot be removed grows old by itself

    def _load(self) -> Stored:
        try:
            return self.files.load()
        except snapshot.NewerSnapshot:
            self._outdated = True
            return Stored()

    def _patience(self) -> waiting.Waiting:
        return waiting.loads(store.read(self.files.waiting))

    def _misconfigured(self) -> Snapshot | None:
        return self._failed(self.asker.misconfigured) if self.asker.misconfigured else None

    def _nothing(self, patience: waiting.Waiting) -> Snapshot:
        """What is shown where nothing is stored, and nothing may be asked now."""
        if self._outdated:
            error = InternalError("A newer version of codingplan-bar wrote the snapshot.", hint="Update this one.")
            return self._failed(Problem(error.code, error.message, error.hint))
        code = patience.code or "network"
        return self._failed(Problem(code, "The provider has not been asked yet.", "It is asked again later."))

    def _failed(self, problem: Problem) -> Snapshot:
        return Snapshot(self._now(), self.asker.dashboard, error=problem)

    def _now(self) -> Instant:
        return int(self.asker.now())
