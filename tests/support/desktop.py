"""A private bus with a stand-in for the notification service, which keeps what it is shown."""

from __future__ import annotations

import subprocess
import threading
import time

from jeepney import DBusAddress, MessageType, new_method_call, new_method_return
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.Notifications"
BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


class Desktop:
    """`with Desktop() as desktop:`; `address` is the bus's, `shown` what was notified: title, text, urgency."""

    def __enter__(self):
        command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        self.connection = open_dbus_connection(self.address)
        ask = new_method_call(BUS, "RequestName", "su", (NAME, 0))
        self.connection.send_and_get_reply(ask)
        self.shown = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join(5)
        self.connection.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def _serve(self):
        while not self.over.is_set():
            try:
                message = self.connection.receive(timeout=0.1)
            except TimeoutError:
                continue
            if message.header.message_type == MessageType.method_call:
                _, _, _, title, text, _, hints, _ = message.body
                self.shown.append((title, text, hints["urgency"][1]))
                self.connection.send(new_method_return(message, "u", (len(self.shown),)))

    def settled(self, number, seconds=15.0):
        """What was shown, once it is so many, and a moment has brought no more."""
        end = time.monotonic() + seconds
        while len(self.shown) < number and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.4)
        return list(self.shown)
