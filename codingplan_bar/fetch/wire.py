"""A TLS connection whose every arrival is counted and timed, so that no header, chunk or trickle goes on for ever."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from codingplan_bar.errors import BadResponse

if TYPE_CHECKING:
    from codingplan_bar.fetch.deadline import Deadline


class Meter:
    """How many bytes may still come, and until when."""

    def __init__(self, deadline: Deadline, allowance: int) -> None:
        """`allowance` in bytes, after the decryption; `deadline` is that of the whole refresh."""
        self._deadline = deadline
        self._allowance = allowance

    def allow(self, more: int) -> None:
        """Let `more` bytes come."""
        self._allowance += more

    def count(self, arrived: int) -> int:
        """Give `arrived` back. Raises `BadResponse` where too much has come, `NetworkFailure` where it is too late."""
        self._allowance -= arrived
        if self._allowance < 0:
            raise BadResponse("the answer is too long")
        if not self._deadline.remaining():
            raise self._deadline.missed()
        return arrived


def metered(context: ssl.SSLContext, by: Meter) -> ssl.SSLContext:
    """Have all that arrives on the context's connections counted; the context is given back.

    `http.client` bounds a line and the number of lines, which still allows for 6 MB of headers, and leaves interim
    answers and trailers unbounded; a time-out of the socket begins anew with each byte.
    """

    class MeteredSocket(ssl.SSLSocket):
        def recv_into(self, buffer, nbytes=None, flags=0):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            self.suppress_ragged_eofs = False  # else a broken connection looks like the end of a body without a length
            return by.count(super().recv_into(buffer, nbytes, flags))

    context.sslsocket_class = MeteredSocket
    return context
