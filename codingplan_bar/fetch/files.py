"""What is stored between two refreshes, and in which file.

The last good snapshot stays in `snapshot.json` until a better one comes; a refresh that failed after it is kept
beside it in `failure.json`. Where there has never been a good one, `snapshot.json` holds the error.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codingplan_bar import facts, places, snapshot, store
from codingplan_bar.model import Snapshot

UNUSED = 30 * 24 * 60 * 60.0
"""Seconds after which facts that no bar had made anew are those of settings that no bar has any longer."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the files held: the last good snapshot or the only error, and the failure since."""

    snapshot: Snapshot | None = None
    failure: Snapshot | None = None

    def followed_by(self, latest: Snapshot) -> Stored:
        """What is known after one more result: a failure never takes a good snapshot away."""
        if latest.error and self.snapshot and not self.snapshot.error:
            return Stored(self.snapshot, latest)
        return Stored(latest)

    @property
    def latest(self) -> Snapshot | None:
        """The newer of the two."""
        return self.failure or self.snapshot


class Files:
    """The files of one user, by what they are for. What is in them changes under the lock alone, but for the facts."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Find the folders; nothing is made yet."""
        self.environ = environ
        self.folder = Path(places.working_folder(environ))
        lasting = Path(places.lasting_folder(environ))
        environment = facts.display_environment(environ)
        self.settings = Path(places.config_file(environ))
        self.snapshot = self.folder / "snapshot.json"
        self.failure = self.folder / "failure.json"
        self.facts = self.folder / facts.file_name(environment)
        self.asked = lasting / facts.marker_name(environment)
        self.lock = lasting / "refresh.lock"
        self.session = lasting / "session.json"
        self.waiting = lasting / "waiting.json"
        self.history = lasting / "history.db"
        self.alerts = lasting / "alerts.json"
        self._settings_before = facts.inputs(str(self.settings))

    def kept_session(self) -> str | None:
        """The text of the kept session, the one file that holds secrets; None where it is not the user's own."""
        return store.read_own(self.session)

    def load(self) -> Stored:
        """What is stored; what cannot be read is as if it were not there.

        Raises `snapshot.NewerSnapshot` where a newer version of this program wrote it: that is left as it is.
        """
        kept, failure = _load(self.snapshot), _load(self.failure)
        if kept and failure and failure.fetched_at < kept.fetched_at:
            failure = None  # whoever stored the snapshot was killed before the failure was gone
        return Stored(kept, failure)

    def save(self, latest: Snapshot, document: str) -> None:
        """Keep the result of a refresh; what could not be read is put aside. Raises `StorageFailure`."""
        after = self.load().followed_by(latest)
        target = self.failure if after.failure else self.snapshot
        if _load(target) is None:
            store.put_aside(target)
        store.replace(target, document + "\n")
        if not after.failure:
            self.failure.unlink(missing_ok=True)

    def inputs(self) -> str:
        """What compiled facts depend on: the snapshot as it is now, the settings as they were before they were read."""
        return f"{self._settings_before} {facts.inputs(str(self.snapshot), str(self.failure))}"

    def sweep(self, now: float) -> None:
        """Remove what nobody needs any longer; `now` in seconds since 1970."""
        for folder in {self.folder, self.waiting.parent}:
            store.sweep(folder, now)
            _sweep_unused(folder, now)


def _sweep_unused(folder: Path, now: float) -> None:
    for path in folder.glob("bar-*.txt*"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < now - UNUSED:
                path.unlink()


def _load(path: Path) -> Snapshot | None:
    text = store.read(path)
    if text is None:
        return None
    try:
        return snapshot.loads(text)
    except snapshot.NewerSnapshot:
        raise
    except snapshot.UnreadableSnapshot:
        return None
