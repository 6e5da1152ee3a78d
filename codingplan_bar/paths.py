"""Where the files of this program lie (XDG's places, on macOS the platform's own), and how each is read.

Imports nothing but `os` and `sys`: the bar's road goes through here.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

NAME = "codingplan-bar"
NOWHERE = "/dev/null"
"""It is there and no folder, so nothing can be made below it, by root either."""
READ_LIMIT = 4 * 1024 * 1024
_KIND, _REGULAR, _FOLDER = 0o170000, 0o100000, 0o040000
"""The bits of a mode that say what it is, and those of a regular file and of a folder: stat(2)."""


class Unfit(OSError):
    """What stands at a path is nothing to read: it is `irregular`, `foreign` (another user's) or `too long`."""

    def __init__(self, reason: str, words: str) -> None:
        """`words` follow "it cannot be read: "."""
        super().__init__(0, words)
        self.reason = reason


def is_mine(owner: int) -> bool:
    """Whether the user who runs this owns it."""
    return owner == os.geteuid()


def is_trusted(owner: int) -> bool:
    """The same, or the system's own user: some systems write the files of all users' settings."""
    return owner in (0, os.geteuid())


def is_anyones(owner: int) -> bool:  # noqa: ARG001 - as the others are asked
    """Whoever owns it."""
    return True


def opened(path: "str | os.PathLike[str]", *, owner: "Callable[[int], bool]", follow: bool = True) -> int:
    """A handle for reading a regular file, the one way to get it: whatever stands there, opening it does not wait.

    `owner` says whose file it may be; without `follow` a link is refused as an irregular one. It is looked at before,
    since opening a device may set it going, and once more by the handle.

    Raises OSError, `Unfit` for what it should not be.
    """
    _raise_if_unfit(os.stat(path, follow_symlinks=follow), owner)
    links = 0 if follow else os.O_NOFOLLOW
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | links)
    try:
        _raise_if_unfit(os.fstat(handle), owner)
    except BaseException:
        os.close(handle)
        raise
    return handle


def content(
    path: "str | os.PathLike[str]", limit: int, *, owner: "Callable[[int], bool]" = is_anyones, follow: bool = True
) -> bytes:
    """All of a regular file of at most `limit` bytes. Raises OSError, `Unfit` for what it should not be."""
    handle = opened(path, owner=owner, follow=follow)
    try:
        found = os.read(handle, limit + 1)
        while len(found) <= limit and (more := os.read(handle, limit + 1 - len(found))):
            found += more
    finally:
        os.close(handle)
    if len(found) > limit:
        raise Unfit("too long", f"it is longer than {limit // 1024} KiB")
    return found


def read(path: "str | os.PathLike[str]") -> str | None:
    """The text of one of this program's files: regular, the user's own, and no link; None where it is not so."""
    try:
        return content(path, READ_LIMIT, owner=is_mine, follow=False).decode("utf-8")
    except (OSError, ValueError):
        return None


def _raise_if_unfit(found: "os.stat_result", owner: "Callable[[int], bool]") -> None:
    if found.st_mode & _KIND != _REGULAR:
        raise Unfit("irregular", "it is no regular file")
    if not owner(found.st_uid):
        raise Unfit("foreign", "it belongs to somebody else")


def config_file(environ: "Mapping[str, str]" = os.environ) -> str:
    """The user's settings."""
    return _place(environ, "XDG_CONFIG_HOME", ".config", "Library/Application Support") + "/config.toml"


def cache_folder(environ: "Mapping[str, str]" = os.environ) -> str:
    """What can be asked for again: the snapshot, and what is compiled from it for the bars."""
    return _place(environ, "XDG_CACHE_HOME", ".cache", "Library/Caches")


def state_folder(environ: "Mapping[str, str]" = os.environ) -> str:
    """What must outlive a cleaned cache: the kept session, the waiting times, the history."""
    return _place(environ, "XDG_STATE_HOME", ".local/state", "Library/Application Support")


def working_folder(environ: "Mapping[str, str]" = os.environ) -> str:
    """Where the snapshot is kept: the cache, else the next place that can be written, else the cache after all.

    Both wings must come to the same answer, so it depends on nothing but what can be written now. Where its disk
    is full, the place of what must last serves if that has room: else no request is sent, and the last numbers stay.
    """
    folder = _first_usable(candidate_folders(environ))
    if has_room(folder):
        return folder
    lasting = lasting_folder(environ)
    return lasting if has_room(lasting) else folder


def lasting_folder(environ: "Mapping[str, str]" = os.environ) -> str:
    """Where the waiting times and the session are kept: the state folder, else the next place that can be written."""
    return _first_usable(candidate_folders(environ)[::-1])


def of_plan(name: str, asked: str) -> str:
    """The name of a file that each asked plan has for itself: `snapshot-token-plan.json`.

    `asked` is what the setting `plan` says in its long form; `auto`, or nothing, has the bare name.
    """
    begin, dot, end = name.partition(".")
    return name if asked in ("", "auto") else f"{begin}-{asked}{dot}{end}"


def candidate_folders(environ: "Mapping[str, str]" = os.environ) -> tuple[str, ...]:
    """The places that are looked at for the snapshot, in their order; for what must last, the other way round."""
    return tuple(f for f in (cache_folder(environ), runtime_folder(environ), state_folder(environ)) if f)


def runtime_folder(environ: "Mapping[str, str]") -> str:
    """What a session of the desktop has, empty without one: the system removes it when its user logs out."""
    folder = named(environ, "XDG_RUNTIME_DIR")
    return f"{folder}/{NAME}" if folder else ""


def displayed(path: str, environ: "Mapping[str, str]" = os.environ) -> str:
    """A path as a person may read it, and paste it into a report: the home folder is `~`."""
    home = _named_home(environ)
    return "~" + path[len(home) :] if home and f"{path}/".startswith(home + "/") else path


def named(environ: "Mapping[str, str]", variable: str) -> str:
    """The folder that a variable of XDG names, without a slash at its end; empty without one.

    A relative path is ignored, as the XDG Base Directory Specification says. No other file reads such a variable.
    """
    folder = environ.get(variable, "")
    return folder.rstrip("/") or "/" if folder.startswith("/") else ""


def home(environ: "Mapping[str, str]" = os.environ) -> str:
    """The home folder, `NOWHERE` without one: whoever may write everywhere would make it, for no user."""
    named = home_named(environ)
    return named if os.path.isdir(named) else NOWHERE


def home_named(environ: "Mapping[str, str]" = os.environ) -> str:
    """The same, be it there or not: what HOME names, else what the system knows of this user."""
    named = _named_home(environ)
    return named if named.startswith("/") else NOWHERE


def expanded(path: str) -> str:
    """A path as a shell reads it that begins with `~`; as it is without a home."""
    return os.path.expanduser(path)


def is_nowhere(path: str) -> bool:
    """Whether a path is the home folder of somebody who has none, or lies in it."""
    return path.startswith(NOWHERE)


def is_usable(folder: str) -> bool:
    """Whether it can be written; where it is not there, whether it could be made."""
    return os.access(existing(folder), os.W_OK | os.X_OK)


def in_the_way(folder: str) -> tuple[str, str]:
    """Why a folder that is not usable cannot be written or made, and which place it is that is in the way.

    A `file` stands there, or a folder is `read-only` by a mode of the user's own, or `not mine` to change.
    """
    there = existing(folder)
    try:
        may_change = os.stat(there).st_uid == os.geteuid() and not os.statvfs(there).f_flag & os.ST_RDONLY
    except OSError:
        may_change = False
    return "file" if not os.path.isdir(there) else "read-only" if may_change else "not mine", there


def has_room(folder: str) -> bool:
    """Whether its file system has a free block; some do not tell how many blocks they have."""
    try:
        found = os.statvfs(existing(folder))
    except OSError:
        return True
    return bool(found.f_bavail or not found.f_blocks)


# `Path.exists`, `is_file` and `is_dir` raise PermissionError where a folder keeps this user out, since Python 3.14 not.
# Those of `os.path` say no on every Python: right where only what can be used counts. These raise on every one.


def files_among(candidates: "Iterable[Path]") -> "list[Path]":
    """Those that are regular files. Raises PermissionError where a folder keeps this user from looking."""
    return [path for path in candidates if is_file(path)]


def is_file(path: "str | os.PathLike[str]") -> bool:
    """Whether a regular file is there. Raises PermissionError where a folder keeps this user from looking."""
    return _kind(path) == _REGULAR


def is_folder(path: "str | os.PathLike[str]") -> bool:
    """Whether a folder is there. Raises PermissionError where another one keeps this user from looking."""
    return _kind(path) == _FOLDER


def _kind(path: "str | os.PathLike[str]") -> int:
    try:
        return os.stat(path).st_mode & _KIND
    except PermissionError:
        raise
    except (OSError, ValueError):  # nothing there, links that go round, a name that no file can have
        return 0


def existing(folder: str) -> str:
    """The folder itself, or the first one above it that is there."""
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    return folder


def _first_usable(folders: tuple[str, ...]) -> str:
    return next((folder for folder in folders if is_usable(folder)), folders[0])


def _place(environ: "Mapping[str, str]", variable: str, default: str, on_macos: str) -> str:
    if folder := named(environ, variable):
        return f"{folder}/{NAME}"
    return f"{home(environ)}/{on_macos if sys.platform == 'darwin' else default}/{NAME}"


def _named_home(environ: "Mapping[str, str]") -> str:
    return (environ.get("HOME") or os.path.expanduser("~")).rstrip("/")
