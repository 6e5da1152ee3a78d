"""A stand-in for a keyring on the bus, as a program: ADDRESS NAME MOOD [LOG]. It writes which methods were called.

mute    never answers                      empty   knows no key
locked  has the key, but gives it to nobody     open    gives the key
error   answers everything with an error
"""

from __future__ import annotations

import sys
from pathlib import Path

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_call, new_method_return
from jeepney.io.blocking import open_dbus_connection

PASSWORD = b"the key of the keyring"
ITEM, SESSION = "/item/1", "/session/1"


def answer(message, method, mood):
    """The reply to one call, None where there is none."""
    if mood == "mute":
        return None
    if mood == "error":
        return new_error(message, "org.example.Error", "s", ("it went wrong",))
    found = [] if mood == "empty" else [ITEM]
    secrets = {ITEM: (SESSION, b"", PASSWORD, "text/plain")} if mood == "open" else {}
    answers = {
        "SearchItems": ("aoao", ([], found) if mood == "locked" else (found, [])),
        "Unlock": ("aoo", ([], "/prompt/1")),
        "OpenSession": ("vo", (("s", ""), SESSION)),
        "GetSecrets": ("a{o(oayays)}", (secrets,)),
        "networkWallet": ("s", ("kdewallet",)),
        "open": ("i", (7,)),
        "hasFolder": ("b", (True,)),
        "readPassword": ("s", (PASSWORD.decode(),)),
        "close": ("i", (0,)),
    }
    signature, body = answers[method]
    return new_method_return(message, signature, body)


def main(address, name, mood, log=None):
    """Take the name, say so, answer until the bus is gone."""
    connection = open_dbus_connection(address)
    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    connection.send_and_get_reply(new_method_call(bus, "RequestName", "su", (name, 0)))
    print("ready", flush=True)  # noqa: T201 - whoever has started it waits for that
    while True:
        message = connection.receive()
        if message.header.message_type != MessageType.method_call:
            continue
        method = message.header.fields[HeaderFields.member]
        if log:
            with Path(log).open("a") as file:
                file.write(method + "\n")
        if reply := answer(message, method, mood):
            connection.send(reply)


if __name__ == "__main__":
    main(*sys.argv[1:])
