"""Firefox's own remote control, Marionette: a length, a colon, JSON."""

from __future__ import annotations

import json
import socket

from support.realbrowsers.waiting import until


class Marionette:
    """One conversation with one Firefox."""

    def __init__(self, port):
        self._socket = until(lambda: _connected(port), "Firefox's remote control", 60)
        self._count = 0
        self._receive()  # it says who it is
        self.command("WebDriver:NewSession", acceptInsecureCerts=True)

    def command(self, name, **parameters):
        """What the command gives."""
        self._count += 1
        message = json.dumps([0, self._count, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        assert not error, f"{name}: {error}"
        return result

    def open(self, url):
        """Load a page, and wait until it is there."""
        self.command("WebDriver:Navigate", url=url)

    def within_the_browser(self, script, *arguments):
        """Run a script that may do what the browser itself may."""
        self.command("Marionette:SetContext", value="chrome")
        found = self.command("WebDriver:ExecuteScript", script=script, args=list(arguments), newSandbox=True)["value"]
        self.command("Marionette:SetContext", value="content")
        return found

    def quit(self):
        """Close it as its user would."""
        self.command("Marionette:Quit", flags=["eAttemptQuit"])
        self.close()

    def close(self):
        """Leave it running."""
        self._socket.close()

    def _receive(self):
        length = b""
        while not length.endswith(b":"):
            length += self._read(1)
        return json.loads(self._read(int(length[:-1])))

    def _read(self, size):
        data = b""
        while len(data) < size:
            piece = self._socket.recv(size - len(data))
            assert piece, "Firefox has hung up"
            data += piece
        return data


def _connected(port):
    try:
        found = socket.create_connection(("127.0.0.1", port), 2)
    except OSError:
        return None
    found.settimeout(60)
    return found
