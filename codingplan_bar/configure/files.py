"""A bar's configuration as a file: read whole or not at all, replaced in one step, with a copy of what it was."""

from __future__ import annotations

import hashlib
import os
import shlex
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from codingplan_bar import paths, storage
from codingplan_bar.configure.block import LeftAlone

# Files and folders in a home that may be another user's: what is written there (by root, say) is its owner's.


def make_folders(folder: Path, *, mode: int = 0o777) -> list[Path]:
    """Make a folder and those above it, each its parent's owner's; which ones were made. Raises OSError."""
    missing = [each for each in (folder, *folder.parents) if not os.path.exists(each)][::-1]
    for each in missing:
        each.mkdir(mode=mode)
        _give(each, owner_in(each.parent))
    return missing


def _make_ours(folder: Path, ours: Path) -> None:
    """Make a folder of `ours`, or one in it, and note which were made above ours. Raises OSError."""
    made = [each for each in make_folders(folder, mode=0o700) if each in ours.parents]
    if made:
        write(ours / storage.MADE, storage.noted(reversed(made)), mode=PRIVATE)


def write(path: Path, content: bytes, *, mode: int) -> None:
    """Put a file there in one step, for the owner of its folder; a file that was there is replaced. Raises OSError."""
    temporary = temporary_beside(path, content, mode=mode, owner=owner_in(path.parent))
    temporary.replace(path)


def temporary_beside(path: Path, content: bytes, *, mode: int, owner: os.stat_result | None) -> Path:
    """A file beside another, to be put in its place, with that mode and owner.

    Raises OSError, and leaves nothing then: PermissionError where it cannot be that owner's.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _give(temporary, owner)
        temporary.chmod(mode)
    except FileExistsError:
        raise
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def in_place(path: Path, before: bytes, content: bytes) -> bool:
    """Write into a file that would have another owner if replaced; whether it still held `before`. Raises OSError."""
    with path.open("r+b") as file:
        if file.read() != before:
            return False
        file.seek(0)
        file.write(content)
        file.truncate()
    return True


def owner_in(folder: Path) -> os.stat_result | None:
    """The owner that a new file in a folder is to have: the folder's, if this user may give files away; else None."""
    return folder.stat() if os.geteuid() == 0 else None


def _give(path: Path, owner: os.stat_result | None) -> None:
    """Give a file to that owner, unless it is theirs. Raises PermissionError where this user may not."""
    found = path.stat()
    if owner and (found.st_uid, found.st_gid) != (owner.st_uid, owner.st_gid):
        os.chown(path, owner.st_uid, owner.st_gid)


def copy_attributes(path: Path, other: Path) -> None:
    """Give another file what Linux knows of this one beside its mode: an access list, a label, a user's own note."""
    if sys.platform == "linux":
        with suppress(OSError):  # a file system without any
            for name in os.listxattr(path):
                with suppress(OSError):  # one that is not for this user to give
                    os.setxattr(other, name, os.getxattr(path, name))


def text_of(path: Path) -> str:
    """The text of a file that is only looked into; empty where it cannot be read."""
    try:
        return paths.content(path, paths.READ_LIMIT).decode()
    except (OSError, ValueError):
        return ""


CLOSED = {"closed", "shut folder", "another's"}
"""Reasons of a file that this user may not read."""


def closed(path: Path) -> LeftAlone:
    """That a file cannot be read, with what opens it: itself, or the folder that keeps the user out."""
    ways = [(each, os.X_OK) for each in reversed(path.parents)]
    shut = next((each for each, way in [*ways, (path, os.R_OK)] if not os.access(each, way)), path)
    reason = "closed" if shut == path and not os.path.isdir(shut) else "shut folder"
    if shut.stat().st_uid != os.geteuid():
        reason = "another's"
    return LeftAlone(reason, 0, shlex.quote(str(shut)))


# Which files have been written: a bar may read another one by the time that ours is to be taken out again.

PLACES = "setup-places"


def remembered(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """The editor's name and the path of each file that has ours in it, as far as that is remembered."""
    return _places_in(Path(paths.state_folder(environ), PLACES))


def _places_in(file: Path) -> list[tuple[str, str]]:
    lines = [line.partition("\t") for line in (paths.read(file) or "").splitlines()]
    return [(name, path) for name, sign, path in lines if sign]


# The copy is kept in our own folder, not beside the file: what lies in a bar's folder may be read or run by the bar.

LONGEST = 4 * 1024 * 1024
"""Bytes; the longest configuration that anybody has shown has a hundredth of it."""
TEXT, PROGRAM, PRIVATE = 0o644, 0o755, 0o600
FOLDER = "before-setup"
EARLIER = ".before-codingplan-bar"
"""What the first version appended to the file's name, for a copy beside it."""


class Configuration:
    """One file of the user's. A link is followed: what it leads to is replaced, and the link stays."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        """Nothing is read yet. `backup` is the file as it was before ours was in it, `later` with ours in it.

        `note` is there where setup made the file, and lists the folders that setup made for it.
        """
        self.named = path
        self.path = Path(os.path.realpath(path))
        mark = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:8]
        self.ours = Path(paths.state_folder(environ))
        kept = self.ours / FOLDER / f"{mark}-{self.path.name}"
        self.backup, self.note = kept, kept.with_name(kept.name + ".made")
        self.later = kept.with_name(kept.name + ".later")
        self.earlier = self.path.with_name(self.path.name + EARLIER)
        self._before: bytes | None = None

    def text(self) -> str:
        """What is in it, to the byte; empty where there is no file. Raises `LeftAlone`, and OSError."""
        try:
            self._before = self._content()
        except PermissionError:
            raise closed(self.path) from None
        try:
            return (self._before or b"").decode()
        except UnicodeDecodeError:
            raise LeftAlone("no text") from None

    def is_there(self) -> bool:
        """Whether there is a file."""
        return os.path.exists(self.path)

    def try_writing(self) -> None:
        """Raises `LeftAlone` for a file that another program makes, OSError where nothing can be written."""
        folder = next(each for each in self.path.parents if os.path.exists(each))
        if os.access(folder, os.W_OK | os.X_OK) or os.access(self.path, os.W_OK):
            return
        if os.path.normpath(self.named.absolute()) != str(self.path):
            raise LeftAlone("managed elsewhere", 0, str(self.path))
        raise PermissionError(13, os.strerror(13), str(self.path))

    def adopt_old_backup(self) -> None:
        """Move what the first version kept beside the file to where a bar does not see it. Raises OSError."""
        if os.path.isfile(self.earlier) and not self.earlier.is_symlink():
            self._into_ours(self.backup.with_name(self.backup.name + ".earlier"), paths.content(self.earlier, LONGEST))
            self.earlier.unlink()

    def back_up(self, *, has_ours: bool = False) -> None:
        """Keep a copy of the file as it was read: one with ours in it stands beside the one without. Raises OSError."""
        if self._before is not None:
            self._into_ours(self.later if has_ours else self.backup, self._before)
        if not has_ours:
            self.later.unlink(missing_ok=True)

    def drop_backup(self) -> None:
        """Remove the copies and the note, and their folder if nothing else is in it. Raises OSError.

        A copy from before ours was in it stays as long as the file is another one by now.
        """
        is_as_before = os.path.isfile(self.backup) and self.backup.read_bytes() == self._content()
        if is_as_before:
            self.backup.unlink(missing_ok=True)
        self.later.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)
        with suppress(OSError):
            self.backup.parent.rmdir()

    def replace(self, text: str, *, mode: int) -> None:
        """Put a text in the place of what was read, of the same mode and owner; `mode` is for a file that is new.

        Raises OSError, and `LeftAlone` where something else is there by now.
        """
        if self._before is None:
            made = make_folders(self.path.parent)
            self._into_ours(self.note, "\n".join(map(str, made)).encode())
        found = None if self._before is None else self.path.stat()
        if found and self._has_another_name(found):
            self._write_in_place(text.encode())
            return
        owner = found or owner_in(self.path.parent)
        mode = stat.S_IMODE(found.st_mode) if found else mode
        try:
            temporary = temporary_beside(self.path, text.encode(), mode=mode, owner=owner)
        except PermissionError:
            self._write_in_place(text.encode())
            return
        try:
            copy_attributes(self.path, temporary)
            self._insist(unchanged=self._content() == self._before)
            temporary.replace(self.path)
        finally:
            temporary.unlink(missing_ok=True)

    def _write_in_place(self, content: bytes) -> None:
        """Write into the file itself. Raises OSError, and `LeftAlone` where it does not hold what was read."""
        self._insist(unchanged=self._before is not None and in_place(self.path, self._before, content))

    def _has_another_name(self, found: os.stat_result) -> bool:
        """Whether it has a second name, which is to say the same afterwards, as in a farm of links to dotfiles.

        In another user's folder that name may be anybody's file.
        """
        return found.st_nlink > 1 and found.st_uid == self.path.parent.stat().st_uid == os.geteuid()

    def is_made(self) -> bool:
        """Whether setup made the file, as far as that is remembered."""
        return os.path.exists(self.note)

    def remove(self) -> None:
        """Take the file away, and the folders that were made for it, if they are empty. Raises OSError, `LeftAlone`."""
        self._insist(unchanged=self._content() == self._before)
        self.path.unlink()
        made = (paths.read(self.note) or "").splitlines()
        self.note.unlink(missing_ok=True)
        with suppress(OSError):
            for folder in reversed(made):
                Path(folder).rmdir()

    def remember(self, name: str, *, there: bool) -> None:
        """Keep in mind, by the name of its editor, that ours is in it, or is there no more. Raises OSError."""
        file, own = self.ours / PLACES, (name, str(self.named))
        known = _places_in(file)
        kept = [each for each in known if each != own]
        if there:
            kept.append(own)
        if kept and kept != known:
            self._into_ours(file, "".join(f"{name}\t{path}\n" for name, path in kept).encode())
        elif known and not kept:
            file.unlink()

    def _content(self) -> bytes | None:
        try:
            return paths.content(self.path, LONGEST)
        except FileNotFoundError:
            return None
        except paths.Unfit as unfit:
            raise LeftAlone("too long" if unfit.reason == "too long" else "no file") from None

    def _into_ours(self, path: Path, content: bytes) -> None:
        _make_ours(path.parent, self.ours)
        write(path, content, mode=PRIVATE)

    @staticmethod
    def _insist(*, unchanged: bool) -> None:
        if not unchanged:
            raise LeftAlone("changed meanwhile")
