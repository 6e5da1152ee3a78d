"""What is stored between two refreshes, and in which file.

The last good snapshot stays in `snapshot.json` until a better one comes; a refresh that failed after it is kept
beside it in `failure.json`. Where there has never been a good one, `snapshot.json` holds the error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codingplan_bar import facts, places, snapshot, store
from codingplan_bar.model import Snapshot


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
    """The files of one user, by what they are for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Find the folders, and make them where that can be done."""
        self.environ = environ
        _make_first(places.candidate_folders(environ))
        folder = Path(places.working_folder(environ))
        state = Path(places.state_folder(environ))
        self.settings = Path(places.config_file(environ))
        self.snapshot = folder / "snapshot.json"
        self.failure = folder / "failure.json"
        self.facts = folder / facts.file_name(facts.display_environment(environ))
        self.asked = folder / "refresh.asked"
        self.lock = folder / "refresh.lock"
        self.session = state / "session.json"
        self.waiting = state / "waiting.json"

    def load(self) -> Stored:
        """What is stored; what cannot be read is put aside, and is as if it were not there.

        Raises `snapshot.NewerSnapshot` where a newer version of this program wrote it: that is left as it is.
        """
        return Stored(_load(self.snapshot), _load(self.failure))

    def save(self, latest: Snapshot, document: str) -> None:
        """Keep the result of a refresh. Raises `StorageFailure`."""
        after = self.load().followed_by(latest)
        store.replace(self.failure if after.failure else self.snapshot, document + "\n")
        if not after.failure:
            self.failure.unlink(missing_ok=True)

    def inputs(self) -> str:
        """What compiled facts depend on, as it is now."""
        return facts.inputs(str(self.settings), str(self.snapshot), str(self.failure))


def _load(path: Path) -> Snapshot | None:
    text = store.read(path)
    if text is None:
        return None
    try:
        return snapshot.loads(text)
    except snapshot.NewerSnapshot:
        raise
    except snapshot.UnreadableSnapshot:
        store.put_aside(path)
        return None


def _make_first(folders: tuple[str, ...]) -> None:
    """The first of the folders that can be made is there afterwards; where none can, the reading goes on without."""
    for folder in folders:
        try:
            store.make_folder(Path(folder))
        except OSError:
            continue
        return
