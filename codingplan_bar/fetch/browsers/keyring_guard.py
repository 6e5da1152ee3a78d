"""Stands between the import library and the session bus: no call waits for ever, and none opens a dialog unasked."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from codingplan_bar.fetch.browsers.reader import Keyring
from codingplan_bar.fetch.browsers.verdicts import Verdict

SILENT_SECONDS = 1.0
"""How long a keyring may take for one answer where nobody may be asked; it takes milliseconds."""
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
