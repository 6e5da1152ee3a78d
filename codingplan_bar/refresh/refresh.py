"""One refresh: lock, look whether there is anything to do, ask, store, and compile what the bars read."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from codingplan_bar import facts, snapshot, storage, themes
from codingplan_bar.environment import system_language
from codingplan_bar.errors import CodingPlanError, InternalError, NotAsked, StorageFailure
from codingplan_bar.looks.cache import own_looks
from codingplan_bar.model import Instant, Problem, Snapshot
from codingplan_bar.plans import AUTO, PlanKind
from codingplan_bar.refresh import plan_search, sign_in_life
from codingplan_bar.refresh.provenance import BROWSER, kind_of
from codingplan_bar.refresh.schedule import (
    ANSWERED,
    OF_THE_SESSION,
    REFUSED,
    Failure,
    Schedule,
    Urgency,
    Waiting,
    dumps,
    loads,
)
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.refresh.store import Files, Stored
from codingplan_bar.settings.settings import Settings

# Who asks the provider for a refresh, and what comes of it.


class ClientAnswer(NamedTuple):
    """What asking the provider gave; `retry_after` in seconds where it said how long to wait.

    `silent_since` is when the first of several refusals without a word came, 0 without any (`http_answers.Silence`).
    """

    snapshot: Snapshot
    retry_after: float | None = None
    silent_since: float = 0.0


class Beside(NamedTuple):
    """Files, and what they were like before they were read."""

    paths: tuple[str, ...] = ()
    state: str = ""

    def facts(self) -> dict[str, str]:
        """As facts for the bars, which look whether the files have changed."""
        return {"beside": facts.GAP.join(self.paths), "beside.state": self.state}


class ProviderClient(NamedTuple):
    """Who asks. `circumstances` is a fingerprint of what an answer depends on; `dashboard` the page for people.

    `passing`: its settings hold for this call alone, so that a failure says nothing about the bars'. `beside` are other
    tools' files by which it shows that somebody has signed in there. `is_of_another` judges whether numbers came by
    another sign-in or key than the one that would be asked with now.
    """

    settings: Settings
    ask: Callable[[Settings], ClientAnswer]
    now: Callable[[], float]
    dashboard: str
    circumstances: str = ""
    misconfigured: Problem | None = None
    passing: bool = False
    beside: Beside = Beside()
    is_of_another: Callable[[Snapshot], bool] = lambda _: False


ResultListener = Callable[[Snapshot], None]
"""Is told of every result that is kept, an error too, while the lock is held. Raises `StorageFailure` at the most."""

LOOK_WITHOUT_CHANGE = 24 * 60 * 60
"""Seconds until the next look, where only a changed file can help: the change itself is noticed at once."""


class Refresher:
    """Where refreshes are done: the files on one hand, who asks on the other.

    `storage_problem` is what kept the last result from being stored: it is given all the same. `was_held_back`: no
    request was sent, since none is wanted now. It is not due, one was sent a moment ago, or the server asks to wait.
    `was_without_place`: no request was sent, since the wait until the next one could not be stored.
    """

    def __init__(
        self,
        files: Files,
        asker: ProviderClient,
        witnesses: Sequence[ResultListener] = (),
        of_record: Callable[[Snapshot, PlanKind, float], dict[str, str]] = lambda *_: {},
    ) -> None:
        """Nothing is read or written yet. `of_record`: what the record says beside a snapshot, as facts."""
        self.files = files
        self.asker = asker
        self.witnesses = witnesses
        self.of_record = of_record
        self.storage_problem: StorageFailure | None = None
        self.was_held_back = False
        self.was_without_place = False
        self._outdated = False
        self._latest: Snapshot | None = None
        self._left_to_others: Snapshot | None = None

    def refresh(self, wanted: Urgency, *, wait: bool = True) -> Snapshot:
        """The latest snapshot afterwards, an error one included.

        One refresh at a time: whoever waited for another takes what that one brought. `always` asks even where the
        lock was not released in time. `wait` is whether the caller waits for the result: if not, and something could
        not be stored, no request is sent.
        """
        latest = None
        with self.files.undisturbed(self.asker.settings) as held:
            if held or wanted == "always":
                self._try_to_store(self.files.sweep, self.asker.now())
                latest = self._refreshed(wanted, wait=wait)
                self.publish()
            self._try_to_store(self.files.started_marker.unlink, missing_ok=True)
        return latest or self.known()

    def publish(self) -> dict[str, str]:
        """Compile what is stored for the bars of this environment, and keep it; gives the facts.

        A result counts even where it could not be stored. Where nothing is known and nothing is waited for, nothing
        is kept: a bar that finds no facts asks.
        """
        inputs, environment = self.files.inputs(), facts.bar_environment(self.files.environ)
        system, now = system_language(self.files.environ), self._now()
        stored, is_replaced = self._as_this_asker_knows(self._stored_or_just_come())
        problem = self.asker.misconfigured or (stored.failure.error if stored.failure else None)
        next_look, shown = self._next_look(stored.snapshot), stored.snapshot or self._known(stored)
        compiled = {
            "environment": environment,
            "inputs": inputs,
            "asked": self.files.plan,
            "made_at": str(now),
            "due": str(next_look),
            **({"language.system": system} if system else {}),
            **self.asker.beside.facts(),
            **self._facts(shown, problem),
            **({"replaced": "1"} if is_replaced else {}),
            **({"others": ",".join(others)} if (others := self._others(shown, problem)) else {}),
        }
        if stored.snapshot or next_look > now:
            self._try_to_store(storage.replace, self.files.facts, facts.dumps(compiled), durable=False)
        return compiled

    def _stored_or_just_come(self) -> Stored:
        stored = self._load()
        is_missing = self.storage_problem or not stored.snapshot
        return stored.followed_by(self._latest) if self._latest and is_missing else stored

    def _as_this_asker_knows(self, stored: Stored) -> tuple[Stored, bool]:
        """What is stored, and whether its numbers came by another sign-in or key than this asker's.

        Where the provider has said that this one's account cannot see a plan, there are no numbers.
        """
        is_new = self._latest is not None and not self._latest.error
        shown = stored.snapshot
        if shown is None or shown.error or is_new or not self.asker.is_of_another(shown):
            return stored, False
        failed = self._left_to_others or (stored.failure if self._waiting().is_of(self.asker.circumstances) else None)
        if failed and failed.error and failed.error.code in REFUSED:
            return Stored(failed), False
        return stored, True

    def _facts(self, shown: Snapshot, problem: Problem | None) -> dict[str, str]:
        files, settings, now = self.files, self.asker.settings, self.asker.now()
        compiled = compile_facts(shown, problem, settings, renews=plan_search.renews(files, shown))
        chosen = settings.polybar_language  # the owner's own word, which the fonts of polybar do not change
        return {
            **compiled,
            **own_looks(files.environ, colors=settings.theme == themes.OF_THE_BAR),
            **({} if chosen == "auto" else {"language.polybar": chosen}),
            **sign_in_life.facts(sign_in_life.loads(files.texts[files.ends]), shown, files.kept_session(), now),
            **self.of_record(shown, compiled["kind"], now),
        }

    def _others(self, shown: Snapshot, problem: Problem | None) -> tuple[str, ...]:
        """The plans beside the one that is shown, where the program itself chooses, and nothing has failed since."""
        chooses = self.files.plan == AUTO and not problem
        return plan_search.others(self.files, shown.plan.kind) if chooses and shown.plan else ()

    def would_ask(self) -> bool:
        """Whether a bar would ask now."""
        return self._next_look(self._load().snapshot) <= self._now()

    def held_back_by(self) -> Waiting:
        """What a refresh by hand has to wait for."""
        return self._waiting()

    def next_request(self) -> float:
        """When the provider is asked next, as far as it is stored; in the past for at once."""
        return self._schedule(self._load().snapshot, self._waiting()).next_request()

    def urgency(self) -> Urgency:
        """How much a command wants new numbers: those by other settings or credentials may be another account's."""
        return "by hand" if self._asked_otherwise() else "when due"

    def failed_otherwise(self) -> bool:
        """Whether the last request was sent by other settings or credentials than those that hold now, and failed."""
        return bool(self._waiting().code) and self._asked_otherwise()

    def _asked_otherwise(self) -> bool:
        waiting = self._waiting()
        return bool(waiting.asked_at) and not waiting.is_of(self.asker.circumstances)

    def is_being_asked(self) -> bool:
        """Whether somebody is at it, or has begun to start."""
        with storage.lock(self.files.lock) as held:
            return not held or (os.path.exists(self.files.started_marker) and self.would_ask())

    def has_snapshot(self) -> bool:
        """Whether there is anything to show without asking."""
        return self._load().snapshot is not None or self._outdated

    def way_in_use(self) -> tuple[str | None, sign_in_life.Ending]:
        """Which way the last good numbers came by, None where there are none, and how long its sign-in lives.

        The source, or `header` for web mode without a browser's session, or what `sign_in_life.way` tells apart.
        """
        files, shown = self.files, self._load().snapshot
        source, kept_text = shown.source if shown else None, files.kept_session()
        lives = sign_in_life.loads(files.texts[files.ends])
        is_pasted = source == "web" and kind_of(lives.came_by) not in ("", BROWSER)
        way = "header" if is_pasted else sign_in_life.way(source, kept_text)
        return way, sign_in_life.ending(lives, shown, kept_text)

    def known(self) -> Snapshot:
        """What there is to say without asking: the latest result, or why it is missing."""
        return self._known(self._load())

    def _refreshed(self, wanted: Urgency, *, wait: bool) -> Snapshot:
        stored, (own, held) = self._load(), self._waits()
        waiting = own.under(held)
        schedule = self._schedule(stored.snapshot, waiting)
        refused = self.asker.misconfigured or (self._outdated and wanted != "always")
        if refused or not schedule.is_wanted(wanted):
            self.was_held_back = not refused
            self._keep_waiting(own)
            return self._known(stored)
        if not self._begins(own.begun(schedule.now), wait=wait):
            return self._known(stored)
        answer = self.asker.ask(self.asker.settings)
        latest = self._checked(answer.snapshot)
        if latest.error and wanted == "when due" and schedule.leaves_it_to_others(latest.error.code):
            self._left_to_others = latest
            self._keep_waiting(own.heard(self.asker.circumstances).left_alone(schedule.now, latest.error.code))
            return self._known(stored)
        self._remember(answer._replace(snapshot=latest), waiting, own)
        return latest

    def _begins(self, waiting: Waiting, *, wait: bool) -> bool:
        """Keep that a request is sent now; whether it is. The bars see a new snapshot before they see its facts."""
        self._try_to_store(self.files.started_marker.touch, 0o600)
        self._keep_waiting(waiting)
        self.was_without_place = bool(self.storage_problem) and not wait
        return not self.was_without_place

    def _remember(self, answer: ClientAnswer, waiting: Waiting, own: Waiting) -> None:
        now, circumstances, latest = self.asker.now(), self.asker.circumstances, answer.snapshot
        after = waiting.after_success(now, circumstances, answer.retry_after)
        if latest.error:
            failure = Failure(latest.error.code, answer.retry_after, circumstances)
            after = waiting.after_failure(failure, now, chance=random.random(), silent_since=answer.silent_since)
        if latest.error and self.asker.passing and not answer.retry_after:
            after = own
        elif not self._outdated:
            self._latest = latest
            is_kept = self._try_to_store(self.files.save, latest, snapshot.encoded(latest))
            if not is_kept and not latest.error:
                after = after.not_for(float(self.asker.settings.refresh_interval))
            self._share_wait(after, latest)
            for witness in self.witnesses:
                self._try_to_store(witness, latest)
        self._keep_waiting(after)

    def _share_wait(self, after: Waiting, latest: Snapshot) -> None:
        """After a failure of the session, let every plan wait and show it; after an answer, lift that wait."""
        if after.is_of_the_session:
            self._try_to_store(self.files.put, self.files.held, dumps(after))
        if after.code in OF_THE_SESSION:
            self._try_to_store(self.files.tell_others, latest, snapshot.encoded(latest))
        elif after.code in ANSWERED and os.path.exists(self.files.held):
            self._try_to_store(self.files.release_others, OF_THE_SESSION)
            if not after.told:
                self._try_to_store(self.files.put, self.files.held, None)

    def _checked(self, latest: Snapshot) -> Snapshot:
        try:
            snapshot.check_snapshot(latest)
        except CodingPlanError as error:
            return self._failed(Problem(error.code, error.message, error.hint))
        return latest

    def _next_look(self, shown: Snapshot | None) -> Instant:
        if self.asker.misconfigured or self._outdated:
            return self._now() + LOOK_WITHOUT_CHANGE
        return self._schedule(shown, self._waiting()).next_look()

    def _waiting(self) -> Waiting:
        """What counts of the plan's own wait and the session's."""
        own, held = self._waits()
        return own.under(held)

    def _schedule(self, shown: Snapshot | None, waiting: Waiting) -> Schedule:
        interval = int(self.asker.settings.refresh_interval)
        asker = self.asker
        return Schedule(asker.now(), interval, shown, waiting, asker.circumstances)

    def _waits(self) -> tuple[Waiting, Waiting]:
        """The plan's own wait, and what all plans wait for; after a clock went back, that begins again."""
        now, text = self.asker.now(), self.files.texts[self.files.held]
        own, held = loads(self.files.texts[self.files.waiting]).by_clock(now), loads(text).by_clock(now)
        if text and held.is_of_the_session and dumps(held) != text:
            self._try_to_store(self.files.put, self.files.held, dumps(held))
        return own, held

    def _keep_waiting(self, waiting: Waiting) -> None:
        text = dumps(waiting)
        if text != self.files.texts[self.files.waiting] and not self._outdated:
            self._try_to_store(self.files.put, self.files.waiting, text)

    def _try_to_store(self, write: Callable[..., None], *what: Any, **how: Any) -> bool:
        """Store something; whether it is stored. A full disk does not stop the refresh."""
        try:
            write(*what, **how)
        except StorageFailure as error:
            self.storage_problem = error
            return False
        except OSError:
            pass  # what cannot be removed grows old by itself
        return True

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
            newer = InternalError("program.newer")
            return self._failed(Problem(newer.code, newer.message, newer.hint))
        return stored.latest or self._failed(self._not_asked())

    def _not_asked(self) -> Problem:
        """Why nothing is known.

        The code is that of the last failure, if only that is left; the text says what keeps results from being stored.
        """
        said = NotAsked("not_asked")
        if problem := self.storage_problem:
            said = NotAsked("storage.not_asked", hint=problem.hint, problem=problem.message)
        return Problem(self._waiting().code or said.code, said.message, said.hint)

    def _failed(self, problem: Problem) -> Snapshot:
        return Snapshot(self._now(), self.asker.dashboard, error=problem)

    def _now(self) -> Instant:
        return int(self.asker.now())
