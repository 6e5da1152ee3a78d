"""The whole console: an account at the provider, served on loopback HTTPS while a `with` block lasts."""

from __future__ import annotations

import ssl
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from support.console import routes
from support.console.account import Account
from support.console.certificate import Certificate, issue
from support.console.demands import Refused
from support.console.server import Server
from support.console.wire import Answer, Request

POLL = 0.02  # seconds until the accepting thread notices that it is to end


class Console(Account):
    """Both regions' consoles on one port of 127.0.0.1, told apart by what is asked for.

    `with Console() as console:` and `environment` is all that a fetcher needs. How it answers is data of `Account`,
    what it was asked is in `requests`, and why it turned something down is in `refusals`.
    """

    host: str
    """Where it listens, as "127.0.0.1:PORT". There only inside the `with` block, as is `ca_file`."""
    ca_file: str
    """The certificate authority to trust, as a PEM file in a folder of mode 0700."""

    def __init__(self, *, certificate: Certificate | None = None, clock: Callable[[], float] = time.time) -> None:
        """`certificate` stands in for the fresh one of loopback's names; `clock` tells the epoch seconds."""
        super().__init__(clock=clock)
        self._certificate = certificate
        self._requests: list[Request] = []
        self._refusals: list[str] = []
        self._record = Lock()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Make the certificate, listen, serve in a thread of its own."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="codingplan-bar-demo-")))
            context = self._trusted_through(folder)
            server = Server(context, self.answer, self.refuse)
            thread = Thread(target=server.serve_forever, args=(POLL,), name="demo console")
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.close)
            self._stack = stack.pop_all()
        self.host = f"127.0.0.1:{server.server_address[1]}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Hang up, wait for every thread, remove the folder."""
        self._stack.close()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead the real fetcher here, past any proxy, in web mode.

        For API-key mode, put `api_key` into a variable of the provider's.
        """
        direct = "127.0.0.1,localhost,::1"
        return {
            "ALIBABA_CODING_PLAN_HOST": self.host,
            "ALIBABA_CODING_PLAN_COOKIE": self.cookie_header,
            "REQUESTS_CA_BUNDLE": self.ca_file,
            "NO_PROXY": direct,
            "no_proxy": direct,  # where both are set, the one in small letters is heard
        }

    @property
    def requests(self) -> list[Request]:
        """What has arrived so far, the oldest first."""
        with self._record:
            return list(self._requests)

    @property
    def refusals(self) -> list[str]:
        """What was wrong with requests so far, in words without secrets, the oldest first."""
        with self._record:
            return list(self._refusals)

    def forget(self) -> None:
        """Let `requests` and `refusals` begin anew."""
        with self._record:
            self._requests.clear()
            self._refusals.clear()

    def refuse(self, reason: str) -> None:
        """Remember what was wrong with a request."""
        with self._record:
            self._refusals.append(reason)

    def answer(self, request: Request) -> Answer:
        """What the provider says to this request."""
        with self._record:
            self._requests.append(request)
        try:
            return routes.answer(request, self)
        except Refused as refused:
            self.refuse(f"{request.method} {request.path:.80}: {refused.reason}")
            return refused.answer

    def _trusted_through(self, folder: Path) -> ssl.SSLContext:
        """The server's side of TLS; its key lies in the private folder only while OpenSSL reads it."""
        certificate = self._certificate or issue(now=time.time())
        authority, server = folder / "authority.pem", folder / "server.pem"
        authority.write_text(certificate.authority)
        server.write_text(certificate.server)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server)
        server.unlink()
        self.ca_file = str(authority)
        return context
