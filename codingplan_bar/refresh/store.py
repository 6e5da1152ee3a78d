"""What is stored between two refreshes, and in which file.

The last good snapshot stays in `snapshot.json` until a better one comes, or the answer that there is no plan any
longer; a refresh that failed after it is kept beside it in `failure.json`. Where there has never been a good one,
`snapshot.json` holds the error.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import re
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from codingplan_bar import facts, paths, storage
from codingplan_bar.browsers import sqlite_copy
from codingplan_bar.errors import BY_CODE, StorageFailure
from codingplan_bar.model import Snapshot
from codingplan_bar.plans import AUTO, PLANS, PlanKind
from codingplan_bar.snapshot import NewerSnapshot, UnreadableSnapshot, loads

if TYPE_CHECKING:
    from codingplan_bar.settings.settings import Settings

LOCK_SLACK = 10.0
"""Seconds beyond the time-out of a refresh."""


def patience_with_others(settings: Settings) -> float:
    """Seconds for which the end of another refresh is waited for."""
    return float(settings.timeout) + LOCK_SLACK


UNUSED = 30 * 24 * 60 * 60.0
"""Seconds after which facts are removed: no bar has renewed them, so no bar has their settings any longer."""

OF_ANSWERS = (
    *("snapshot*.json", "failure*.json", "alerts*.json", "account.key", "ends.json", "rhythm.json", "plans.json"),
    *("history*", "bar*.txt*", "*.unreadable"),
)
"""What holds something of the provider's answers, by the names in the folders of this program."""

_KEY = re.compile(r"[0-9a-f]{64}")


class Stored(NamedTuple):
    """What the files held: the last good snapshot or the only error, and the failure since."""

    snapshot: Snapshot | None = None
    failure: Snapshot | None = None

    def followed_by(self, latest: Snapshot) -> Stored:
        """What is known after one more result: a failure never takes a good snapshot away, but no plan does."""
        if latest.error and not _is_certain(latest, self.snapshot) and self.snapshot and not self.snapshot.error:
            return Stored(self.snapshot, latest)
        return Stored(latest)

    @property
    def latest(self) -> Snapshot | None:
        """The newer of the two."""
        return self.failure or self.snapshot


def _is_certain(failed: Snapshot, shown: Snapshot | None) -> bool:
    """Whether an error is an answer: there is no plan, and no way failed that might have known of the one shown."""
    kind = shown.product.kind if shown else None
    tried = {attempt.outcome for attempt in failed.attempts if kind in (None, attempt.plan)}
    outcomes = {BY_CODE[outcome] for outcome in tried if outcome in BY_CODE}
    unsure = any(error.mended == "by itself" for error in outcomes)
    return failed.error is not None and failed.error.code == "no_plan" and not unsure


class Texts(dict[Path, str | None]):
    """What stands in the small files, None where that is not the user's own text: each is read when it is asked for.

    A process that `is_alone` in writing them, by the lock, reads each of them once.
    """

    is_alone = False

    def __missing__(self, path: Path) -> str | None:
        """What stands there now."""
        text = paths.read(path)
        if self.is_alone:
            self[path] = text
        return text


class Files:
    """The files of one user, by what they are for. What is in them changes under the lock alone, but for the facts.

    Each asked plan has its own snapshot, failure, waiting and alerts; all else is the session's or the machine's.
    """

    def __init__(self, environ: Mapping[str, str], plan: str = AUTO, *, now: Callable[[], float] = time.time) -> None:
        """Find the folders; nothing is made yet. `plan` is what the setting of that name says."""
        self.environ, self.plan, self.now, self.texts = environ, plan, now, Texts()
        self.folder, lasting = Path(paths.working_folder(environ)), Path(paths.lasting_folder(environ))
        self.settings = Path(paths.config_file(environ))
        self.snapshot = self.folder / paths.of_plan("snapshot.json", plan)
        self.failure = self.folder / paths.of_plan("failure.json", plan)
        self.waiting = lasting / paths.of_plan("waiting.json", plan)
        self.alerts = lasting / paths.of_plan("alerts.json", plan)
        environment = facts.bar_environment(environ)
        self.facts = self.folder / facts.file_name(environment)
        self.started_marker = lasting / facts.marker_name(environment)
        self._settings_before = facts.inputs(str(self.settings))
        self.lock, self.session, self.ends = lasting / "refresh.lock", lasting / "session.json", lasting / "ends.json"
        self.held, self.session_alerts = lasting / "held.json", lasting / "alerts-session.json"
        self.plans, self.rhythm = lasting / "plans.json", lasting / "rhythm.json"
        self.history, self.account_key = lasting / "history.db", lasting / "account.key"
        self._decoded: tuple[str, Snapshot | None, Snapshot | None] = ("", None, None)
        self._is_decoded = False

    def locked(self, settings: Settings) -> contextlib.AbstractContextManager[bool]:
        """Hold the lock within the block, after the end of another refresh; gives whether it is held."""
        return storage.lock(self.lock, patience=patience_with_others(settings))

    @contextlib.contextmanager
    def undisturbed(self, settings: Settings) -> Iterator[bool]:
        """The same; who holds the lock is the only one who writes, so that each file is read once within the block."""
        with self.locked(settings) as held:
            self.texts.is_alone, self._is_decoded = held, False
            if held:
                for path in (self.waiting, self.held, self.session, self.plans, self.ends):
                    self.texts[path] = paths.read(path)
            try:
                yield held
            finally:
                self.texts.is_alone, self._is_decoded = False, False
                self.texts.clear()

    def put(self, path: Path, text: str | None, *, durable: bool = False) -> None:
        """Keep a text there, or with None nothing. Raises `StorageFailure`, and OSError for what cannot be removed."""
        if text is None:
            path.unlink(missing_ok=True)
        else:
            storage.replace(path, text, durable=durable)
        if self.texts.is_alone:
            self.texts[path] = text

    def keep(self, path: Path, text: str) -> None:
        """Keep a text where it is new. One that cannot be stored is let go of."""
        if text != self.texts[path]:
            with contextlib.suppress(StorageFailure):
                self.put(path, text)

    def keep_session(self, text: str | None, before: str | None) -> None:
        """The same of the session, whose text is made of the one `before`; without one, what stands there stays.

        Whoever could not wait for the lock and has changed it meanwhile, by `login` or `logout`, is not undone.
        """
        if text and text != before and paths.read(self.session) == before:
            with contextlib.suppress(StorageFailure):
                self.put(self.session, text, durable=True)

    def kept_session(self) -> str | None:
        """The text of the kept session, the one file that holds secrets; None where it is not the user's own."""
        return self.texts[self.session]

    def load(self) -> Stored:
        """What is stored; what cannot be read is as if it were not there.

        Raises `snapshot.NewerSnapshot` where a newer version of this program wrote it: that is left as it is.
        """
        if not self._is_decoded:
            state = facts.inputs(str(self.snapshot), str(self.failure))
            if state != self._decoded[0]:
                kept, failed = paths.read(self.snapshot), paths.read(self.failure)
                self._decoded = (state, _snapshot_in(kept), _snapshot_in(failed))
            self._is_decoded = self.texts.is_alone
        _, good, failure = self._decoded
        if good and failure and failure.fetched_at < good.fetched_at <= self.now() + facts.CLOCK_SLACK:
            failure = None  # whoever stored the snapshot was killed before the failure was gone
        return Stored(good, failure)

    def shown(self) -> Snapshot | None:
        """The snapshot that is stored; None without one, and where a newer version of this program wrote it."""
        return self.load().snapshot if self.is_readable() else None

    def shown_kind(self) -> PlanKind | None:
        """The plan of the last good numbers; None without any."""
        shown = self.shown()
        return shown.plan.kind if shown and shown.plan else None

    def is_readable(self) -> bool:
        """Whether what is stored may be read and replaced: no newer version of this program wrote it."""
        try:
            self.load()
        except NewerSnapshot:
            return False
        return True

    def save(self, latest: Snapshot, document: str) -> None:
        """Keep the result of a refresh. A file that could not be read is renamed first. Raises `StorageFailure`."""
        after = self.load().followed_by(latest)
        _, good, failure = self._decoded
        target, before = (self.failure, failure) if after.failure else (self.snapshot, good)
        if before is None:
            storage.put_aside(target)
        storage.replace(target, document + "\n")
        if not after.failure:
            self.failure.unlink(missing_ok=True)
        self._decoded = ("", good if after.failure else latest, after.failure)

    def tell_others(self, failed: Snapshot, document: str) -> None:
        """Keep a failure that concerns every plan beside each other plan's numbers too. Raises `StorageFailure`."""
        for other in self.others():
            other.save(failed, document)

    def release_others(self, codes: Collection[str]) -> None:
        """Let go of what the other plans have failed by and waited for, where it was one of these."""
        for other in self.others():
            failed = other.load().latest
            if failed and failed.error and failed.error.code in codes:
                for path in (other.failure, other.waiting):
                    path.unlink(missing_ok=True)

    def others(self) -> Iterator[Files]:
        """The files of the other plans that are asked for here, but for what a newer version of this program wrote."""
        for plan in (AUTO, *PLANS):
            other = Files(self.environ, plan, now=self.now)
            if plan != self.plan and os.path.exists(other.snapshot) and other.is_readable():
                yield other

    def account(self, account_id: str | None) -> str | None:
        """The fingerprint of an account, which tells it from another on this machine alone.

        It is keyed by a random number that only the user can read. None where the answer names no account, or the key
        cannot be kept.
        """
        if not account_id:
            return None
        key = paths.read(self.account_key) or ""
        if not _KEY.fullmatch(key):
            key = os.urandom(32).hex()
            try:
                storage.replace(self.account_key, key)
            except StorageFailure:
                return None
        return hmac.new(bytes.fromhex(key), account_id.encode("utf-8", "replace"), "sha256").hexdigest()[:32]

    def inputs(self) -> str:
        """What compiled facts depend on: the snapshot as it is now, the settings as they were before they were read."""
        return f"{self._settings_before} {facts.inputs(str(self.snapshot), str(self.failure))}"

    def sweep(self, now: float) -> None:
        """Remove what is no longer needed, first of all what killed processes left; `now` in seconds since 1970."""
        for place in {paths.named(self.environ, "XDG_RUNTIME_DIR"), tempfile.gettempdir()} - {""}:
            storage.sweep_folders(Path(place), sqlite_copy.PREFIX, now - sqlite_copy.LEFT_BEHIND)
        for folder in {self.folder, self.waiting.parent}:
            storage.sweep(folder)
            for path in folder.glob("bar-*.txt*"):
                with contextlib.suppress(OSError):
                    if path.stat().st_mtime < now - UNUSED:
                        path.unlink()


def answers_in(folder: str) -> list[Path]:
    """The files in one of our folders that hold something of the provider's answers.

    Raises PermissionError where this user may not look into it.
    """
    files = Path(folder).iterdir() if paths.is_folder(folder) else ()
    return [file for file in files if any(map(file.match, OF_ANSWERS))]


def _snapshot_in(text: str | None) -> Snapshot | None:
    if text is None:
        return None
    try:
        return loads(text)
    except NewerSnapshot:
        raise
    except UnreadableSnapshot:
        return None
