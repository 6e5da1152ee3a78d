"""A program of its own that decrypts one store with the import library, and lets no keyring open a dialog unasked."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from http import cookiejar
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import browser_cookie3

from codingplan_bar.browsers.verdicts import Verdict
from codingplan_bar.regions import is_provider_domain

if TYPE_CHECKING:
    from codingplan_bar.browsers.chromium import Keyring

# Stands between the import library and the session bus: no call waits for ever, and none opens a dialog unasked.

SILENT_SECONDS = 1.0
"""How long a keyring may take for one answer where no person may be asked; it takes milliseconds."""
FINAL: tuple[Verdict, ...] = ("keyring_mute", "keyring_locked")
KWALLET = "org.kde."
_NO_SERVICE = ("org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner")
_IS_LOCKED = "org.freedesktop.Secret.Error.IsLocked"


class Refused(RuntimeError):
    """What the library takes as "not there, try the next": it lets every other exception fall through."""


class Guard:
    """Makes the connections that the library asks for. `problem` says why it got no key, None where it got one.

    It takes the place of the library's own class of connections, which has no time limit, and lets through whatever
    happens where there is no bus.
    """

    def __init__(self, library: Any, keyring: Keyring, seconds: float) -> None:
        """`library` is the module itself; all must be done `seconds` from now."""
        self.library = library  # on macOS it has no bus, and asks for none
        self.keyring = keyring
        self.problem: Verdict | None = None if keyring == "none" else "keyring_absent"
        self._end = time.monotonic() + seconds

    def __call__(self, object_path: str, bus_name: str, interface: str) -> Talk:
        """A connection for one conversation with one service. Raises `Refused` where there is to be none."""
        if self.keyring == "none" or self.problem in FINAL:
            raise Refused
        talk = Talk(self, self.library.jeepney.DBusAddress(object_path, bus_name, interface))
        if bus_name.startswith(KWALLET) and self.keyring == "silent":
            self._leave_alone(bus_name)
        return talk

    def patience(self) -> float:
        """Seconds that one answer may take."""
        left = max(0.0, self._end - time.monotonic())
        return left if self.keyring == "ask" else min(left, SILENT_SECONDS)

    def refuse(self, problem: Verdict) -> Refused:
        """The exception to raise, the reason being kept."""
        self.problem = problem
        return Refused(problem)

    def tried(self, call: Callable[[], Any]) -> Any:
        """What a call on the bus gives. Raises `Refused` where there is no bus or no answer."""
        try:
            return call()
        except TimeoutError:
            raise self.refuse("keyring_mute") from None
        except (OSError, KeyError, ValueError):  # no address, a dead one, one of another kind
            raise self.refuse("keyring_absent") from None

    def _leave_alone(self, bus_name: str) -> None:
        """KWallet asks its user before it opens; whether it runs can be asked without it."""
        bus = self.library.jeepney.DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        with Talk(self, bus) as talk:
            runs = talk.call_method("NameHasOwner", "s", bus_name)
        raise self.refuse("would_ask") if runs else Refused


class Talk:
    """One connection, with the two methods that the library uses of its own."""

    def __init__(self, guard: Guard, address: Any) -> None:
        """Nothing is opened yet."""
        self._guard = guard
        self._address = address
        self._connection: Any = None

    def __enter__(self) -> Self:
        """Connect to the bus."""
        self._connection = self._guard.tried(self._guard.library.open_dbus_connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Hang up."""
        self._connection.close()

    def call_method(self, method: str, signature: str | None = None, *arguments: Any) -> Any:
        """The answer's body, in the shape that the library expects. Raises `Refused`."""
        message = self._guard.library.jeepney.new_method_call(self._address, method, signature, arguments)
        patience = self._guard.patience()
        reply = self._guard.tried(lambda: self._connection.send_and_get_reply(message, timeout=patience))
        if reply.header.message_type == self._guard.library.jeepney.MessageType.error:
            raise self._refusal(reply)
        body = reply.body[0] if len(reply.body) == 1 else reply.body
        self._take_note(method, body)
        return body

    def _refusal(self, reply: Any) -> Refused:
        name = reply.header.fields.get(self._guard.library.jeepney.HeaderFields.error_name)
        if name == _IS_LOCKED:
            return self._guard.refuse("keyring_locked")
        return Refused if name in _NO_SERVICE else self._guard.refuse("keyring_no_key")  # type: ignore[return-value]

    def _take_note(self, method: str, body: Any) -> None:
        """What an answer says of the key. A locked keyring gives an empty answer, no error."""
        if method == "SearchItems" and not any(body):
            raise self._guard.refuse("keyring_no_key")
        if method == "GetSecrets" and not body:
            raise self._guard.refuse("keyring_locked")
        if method in ("GetSecrets", "readPassword"):
            self._guard.problem = None


# Stands between the import library and the files: all that it opens is in memory, and it can make no copy.

_REDUCED = """
    CREATE TABLE meta (key TEXT, value TEXT);
    CREATE TABLE cookies (host_key, path, is_secure, expires_utc, name, value, encrypted_value, is_httponly)
"""


class Shelf:
    """The bytes of one file, given for whatever is opened. It takes the place of the library's `open`."""

    def __init__(self, data: bytes) -> None:
        """Keep the bytes."""
        self._data = data

    def stand_in_for_the_files(self, library: Any) -> None:
        """Leave the module no other way to a file; without these two, the copies that it makes end in an exception."""
        library.open = lambda *_: io.BytesIO(self._data)
        library.tempfile = library.shutil = None

    def turns(self) -> Iterator[None]:
        """Show one cookie at a time, where there are rows."""
        return iter(())


class RowShelf(Shelf):
    """The rows of a Chromium store and its version, as JSON. It takes the place of the library's `sqlite3`, too."""

    OperationalError = sqlite3.OperationalError

    def __init__(self, data: bytes) -> None:
        """Raises ValueError, TypeError or LookupError for what are no rows."""
        super().__init__(b"")
        said = json.loads(data)
        self._version = str(said["version"])
        self._rows = [(*row[:-1], bytes.fromhex(row[-1])) for row in said["rows"]]

    def stand_in_for_the_files(self, library: Any) -> None:
        """What it connects to is always this store."""
        super().stand_in_for_the_files(library)
        library.sqlite3 = self

    def connect(self, *_: Any, **__: Any) -> sqlite3.Connection:
        """A new database in memory with the rows, as the library asks for it."""
        connection = sqlite3.connect(":memory:")
        connection.executescript(_REDUCED)
        connection.execute("INSERT INTO meta VALUES ('version', ?)", (self._version,))
        connection.executemany("INSERT INTO cookies VALUES (?, ?, ?, ?, ?, ?, ?, 0)", self._rows)
        return connection

    def turns(self) -> Iterator[None]:
        """Let each row be the only one for a while."""
        rows = self._rows
        for row in rows:
            self._rows = [row]
            yield
        self._rows = rows


# The import library, as a program: reads one store on its input, prints its cookies as JSON, and ends.
#
#     python -P -m codingplan_bar.browsers.decrypt_program READER none|silent|ask END
#
# END is on the monotonic clock, in seconds. Started by `chromium.py`, and the only module that imports browser_cookie3.


def main(arguments: list[str]) -> None:
    """Print one object: `cookies`, or the `problem` that there was, as a verdict's word."""
    reader, keyring, end = arguments
    seconds = max(0.1, float(end) - time.monotonic())
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)  # also if whoever waits is gone
    answer = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the library prints, and the answer is not to be spoilt
    with os.fdopen(answer, "w") as output:
        json.dump(read(reader, sys.stdin.buffer.read(), keyring, seconds), output)  # type: ignore[arg-type]


def read(reader: str, data: bytes, keyring: Keyring, seconds: float) -> dict[str, Any]:
    """What `main` prints."""
    guard = Guard(browser_cookie3, keyring, seconds)
    browser_cookie3._JeepneyConnection = guard  # noqa: SLF001 - there is no other way to give it a time limit
    try:
        shelf = Shelf(data) if reader == "Safari" else RowShelf(data)
        shelf.stand_in_for_the_files(browser_cookie3)
        return {"cookies": [_fields(cookie) for cookie in _loaded(reader, shelf, guard) if _is_wanted(cookie)]}
    except browser_cookie3.BrowserCookieError:
        return {"problem": guard.problem or "wrong_key"}
    except PermissionError:
        return {"problem": "no_access"}
    except Exception:  # noqa: BLE001 - it raises whatever comes up, and the next store must not wait for a report
        return {"problem": "failed"}


def _loaded(reader: str, shelf: Shelf, guard: Guard) -> Iterable[cookiejar.Cookie]:
    """All cookies of the store; where one cannot be decrypted, the library gives none, so they are read one by one."""
    store = getattr(browser_cookie3, reader)(cookie_file=os.devnull)
    try:
        return list(store.load())
    except browser_cookie3.BrowserCookieError:
        cookies = [] if guard.problem else list(_one_by_one(store, shelf))
        if not cookies:
            raise
        return cookies


def _one_by_one(store: Any, shelf: Shelf) -> Iterator[cookiejar.Cookie]:
    """Each cookie that can be decrypted."""
    for _ in shelf.turns():
        try:
            yield from store.load()
        except browser_cookie3.BrowserCookieError:
            continue


def _is_wanted(cookie: cookiejar.Cookie) -> bool:
    return bool(cookie.value) and is_provider_domain(cookie.domain.removeprefix("."))


def _fields(cookie: cookiejar.Cookie) -> list[Any]:
    """In the order of this program's own `Cookie`."""
    domain = cookie.domain.removeprefix(".")
    expires_at = None if cookie.expires is None else int(cookie.expires)
    return [cookie.name, cookie.value, domain, domain == cookie.domain, cookie.path, expires_at, bool(cookie.secure)]


if __name__ == "__main__":
    main(sys.argv[1:])
