"""A `Send` that notes how long the provider asks to be left alone, to whichever of the requests it says so."""

from __future__ import annotations

from collections.abc import Callable

from codingplan_bar.fetch.answers import retry_after
from codingplan_bar.fetch.request import Answer, Request, Send


class Attentive:
    """Sends by another `Send`; `wait` is the longest `Retry-After` of a 429 or 503, in seconds, None without."""

    def __init__(self, send: Send, now: Callable[[], float]) -> None:
        """Nothing is heard yet; `now` gives the seconds since 1970."""
        self._send = send
        self._now = now
        self.wait: float | None = None

    def __call__(self, request: Request) -> Answer:
        """The answer as it is. Raises what the other raises."""
        answer = self._send(request)
        if answer.status in (429, 503):
            wait = retry_after(answer.headers.get("retry-after", ""), self._now())
            self.wait = max(filter(None, (wait, self.wait)), default=None)
        return answer
