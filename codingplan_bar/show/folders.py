"""Has the kernel say by a signal that files may have changed: Linux's F_NOTIFY, on the folders that they lie in."""

from __future__ import annotations

import fcntl
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Folders:
    """The folders that are watched for this process, each by an open descriptor."""

    def __init__(self) -> None:
        """None yet."""
        self._handles: dict[str, int] = {}

    def watch(self, files: Sequence[str]) -> bool:
        """Have SIGIO sent whenever one of the files may have changed; false where the kernel does not do that.

        What was watched before and is still wanted goes on without a gap.
        """
        wanted = folders_of(files)
        for folder in [folder for folder in self._handles if folder not in wanted]:
            os.close(self._handles.pop(folder))
        held = [self._holds(folder, everything=everything) for folder, everything in wanted.items()]
        return all(held)

    def _holds(self, folder: str, *, everything: bool) -> bool:
        handle = self._handles.get(folder, -1)
        if handle >= 0 and not _is_same(handle, folder):
            os.close(self._handles.pop(folder))  # deleted, or another one stands in its place
            handle = -1
        handle = _notifying(folder, handle, everything=everything)
        if handle >= 0:
            self._handles[folder] = handle
        return handle >= 0


def folders_of(files: Sequence[str]) -> dict[str, bool]:
    """The folders to watch, and of which of them everything counts.

    Of the folder above a file's own only the names count: that its own was made, moved or deleted. Where a file is a
    link, the same goes for the place that it leads to.
    """
    wanted: dict[str, bool] = {}
    for path in files:
        for folder in (os.path.dirname(path), os.path.dirname(os.path.realpath(path))):
            if os.path.isdir(folder):
                wanted[folder] = True
            wanted.setdefault(_nearest(os.path.dirname(folder)), False)
    return wanted


def _nearest(folder: str) -> str:
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _notifying(folder: str, handle: int, *, everything: bool) -> int:
    """A descriptor of the folder for which the kernel sends SIGIO: the one given, or a new one; -1 where it cannot."""
    if not hasattr(fcntl, "F_NOTIFY"):
        return -1
    changes = fcntl.DN_CREATE | fcntl.DN_DELETE | fcntl.DN_RENAME | fcntl.DN_MULTISHOT
    try:
        if handle < 0:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.fcntl(handle, fcntl.F_NOTIFY, changes | (fcntl.DN_MODIFY if everything else 0))
    except OSError:
        if handle >= 0:
            os.close(handle)
        return -1
    return handle


def _is_same(handle: int, folder: str) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(folder))
    except OSError:
        return False
