"""One refresh: lock, look whether there is anything to do, ask, keep, and compile what the bars read."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial

from codingplan_bar import facts, snapshot, store
from codingplan_bar.errors import CodingPlanError, StorageFailure
from codingplan_bar.fetch import sessions, waiting
from codingplan_bar.fetch.asker import Asker
from codingplan_bar.fetch.compiling import compile_facts
from codingplan_bar.fetch.files import Files, Stored
from codingplan_bar.fetch.history import past
from codingplan_bar.fetch.history.record import Record
from codingplan_bar.fetch.schedule import Schedule, Wanted
from codingplan_bar.model import Instant, Problem, Snapshot

Witness = Callable[[Snapshot], None]
"""Is told of every result that is kept, an error too, while the lock is held. Raises `StorageFailure` at the most."""

LOCK_SLACK = 10.0
"""Seconds beyond the time-out of a refresh for which another one's end is waited for."""
NO_CHANGE = 24 * 60 * 60
"""Seconds after which what only a changed file can mend is looked at again: the change itself is seen at once."""


class Desk:
    """Where refreshes are done: the files on one hand, who asks on the other.

    `storage_problem` is what kept the last result from being stored: it is given all the same.
    """

    def __init__(self, files: Files, asker: Asker, witnesses: Sequence[Witness] = ()) -> None:
        """Nothing is read or written yet."""
        self.files = files
        self.asker = asker
        self.witnesses = witnesses
        self.storage_problem: StorageFailure | None = None
        self._outdated = False
        self._latest: Snapshot | None = None

    def refresh(self, wanted: Wanted, *, wait: bool = True) -> Snapshot:
        """The latest snapshot afterwards, an error one included.

        One refresh at a time: whoever waited for another takes what that one brought. `wait` is whether somebody
        waits for the result: where nobody does and it could not be kept, the provider is not asked.
        """
        latest = None
        patience = float(self.asker.settings["timeout"]) + LOCK_SLACK
        with store.lock(self.files.lock, patience=patience) as held:
            if held or wanted == "always":
                latest = self._refreshed(wanted, wait=wait)
                self.publish()
            self._keep(lambda: self.files.asked.unlink(missing_ok=True))
        return latest or self.known()

    def publish(self) -> dict[str, str]:
        """Compile what is stored for the bars of this environment, and keep it; gives the facts.

        A result counts even where it could not be stored. Where nothing is known and nothing is waited for, nothing
        is kept: a bar that finds no facts asks.
        """
        inputs = self.files.inputs()
        stored = self._load()
        if self._latest and (self.storage_problem or not stored.snapshot):
            stored = stored.followed_by(self._latest)
        problem = self.asker.misconfigured or (stored.failure.error if stored.failure else None)
        next_look = self._next_look(stored.snapshot)
        compiled = {
            "environment": facts.display_environment(self.files.environ),
            "inputs": inputs,
            "made_at": str(self._now()),
            "due": str(next_look),
            **compile_facts(stored.snapshot or self._known(stored), problem, self.asker.settings),
            **sessions.told(self.files.kept_session()),
            **past.facts(Record(self.files.history), self.asker.now()),
        }
        if stored.snapshot or next_look > self._now():
            self._keep(lambda: store.replace(self.files.facts, facts.dumps(compiled), durable=False))
        return compiled

    def has_snapshot(self) -> bool:
        """Whether there is anything to show without asking."""
        return self._load().snapshot is not None or self._outdated

    def known(self) -> Snapshot:
        """What there is to say without asking: the latest result, or why there is none."""
        return self._known(self._load())

    def _refreshed(self, wanted: Wanted, *, wait: bool) -> Snapshot:
        stored, patience = self._load(), self._patience()
        schedule = self._schedule(stored.snapshot, patience)
        refused = self.asker.misconfigured or (self._outdated and wanted != "always")
        if refused or not schedule.is_wanted(wanted):
            self._keep_waiting(patience)
            return self._known(stored)
        self._keep(lambda: self.files.asked.touch(0o600))  # the bars see a new snapshot before they see its facts
        self._keep_waiting(patience.begun(schedule.now))
        if self.storage_problem and not wait:
            return self._known(stored)
        asked = self.asker.ask(self.asker.settings)
        latest = self._checked(asked.snapshot)
        if latest.error and wanted == "when due" and schedule.leaves_it_to_others(latest.error.code):
            self._keep_waiting(patience)
            return self._known(stored)
        self._remember(latest, asked.retry_after, patience)
        return latest

    def _remember(self, latest: Snapshot, retry_after: float | None, patience: waiting.Waiting) -> None:
        now, circumstances = self.asker.now(), self.asker.circumstances
        after = patience.after_success(now, circumstances)
        if latest.error:
            failure = waiting.Failure(latest.error.code, retry_after, circumstances)
            after = patience.after_failure(failure, now, chance=random.random())
        if latest.error and self.asker.passing and not retry_after:
            after = patience
        elif not self._outdated:
            self._latest = latest
            self._keep(lambda: self.files.save(latest, snapshot.dumps(snapshot.to_document(latest))))
            for witness in self.witnesses:
                self._keep(partial(witness, latest))
        self._keep_waiting(after)
        self._keep(lambda: self.files.sweep(now))

    def _checked(self, latest: Snapshot) -> Snapshot:
        from codingplan_bar.fetch import contract  # costs as much as all the rest, and only an answer needs it

        try:
            contract.check(snapshot.to_document(latest))
        except CodingPlanError as error:
            return self._failed(Problem(error.code, error.message, error.hint))
        return latest

    def _next_look(self, shown: Snapshot | None) -> Instant:
        if self.asker.misconfigured or self._outdated:
            return self._now() + NO_CHANGE
        return self._schedule(shown, self._patience()).next_look()

    def _schedule(self, shown: Snapshot | None, patience: waiting.Waiting) -> Schedule:
        interval = int(self.asker.settings["refresh_interval"])
        return Schedule(self.asker.now(), interval, shown, patience, self.asker.circumstances)

    def _patience(self) -> waiting.Waiting:
        return waiting.loads(store.read(self.files.waiting)).by_clock(self.asker.now())

    def _keep_waiting(self, patience: waiting.Waiting) -> None:
        text = waiting.dumps(patience)
        if text != store.read(self.files.waiting) and not self._outdated:
            self._keep(lambda: store.replace(self.files.waiting, text, durable=False))

    def _keep(self, write: Callable[[], None]) -> None:
        """Store something; a disk that is full stops nobody."""
        try:
            write()
        except StorageFailure as error:
            self.storage_problem = error
        except OSError:
            pass  # what cannot be removed grows old by itself

    def _load(self) -> Stored:
        try:
            return self.files.load()
        except snapshot.NewerSnapshot:
            self._outdated = True
            return Stored()

    def _known(self, stored: Stored) -> Snapshot:
        if self.asker.misconfigured:
            return self._failed(self.asker.misconfigured)
        if self._outdated:
            newer = "A newer version of codingplan-bar wrote the snapshot."
            return self._failed(Problem("internal", newer, "Update this one."))
        code = self._patience().code or "network"
        nothing = Problem(code, "The provider has not been asked yet.", "It is asked again later.")
        return stored.latest or self._failed(nothing)

    def _failed(self, problem: Problem) -> Snapshot:
        return Snapshot(self._now(), self.asker.dashboard, error=problem)

    def _now(self) -> Instant:
        return int(self.asker.now())
