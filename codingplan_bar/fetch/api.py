"""API-key mode: the last and honest resort, since most keys are for inference and cannot read the quota."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codingplan_bar.fetch.answers import reading_of, twice_if_empty
from codingplan_bar.fetch.regions import USER_AGENT
from codingplan_bar.fetch.request import Request, Send

if TYPE_CHECKING:
    from codingplan_bar.fetch.api_key import ApiKey
    from codingplan_bar.fetch.endpoints import Endpoints
    from codingplan_bar.fetch.regions import Region
    from codingplan_bar.model import Reading, SourceName


@dataclass(frozen=True, slots=True)
class ApiSource:
    """One key's way to the quota. `now` gives the seconds since 1970, `sleep` takes seconds."""

    send: Send
    endpoints: Endpoints
    key: ApiKey
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    @property
    def name(self) -> SourceName:
        """The word of the snapshot."""
        return "api"

    def covers(self, region: Region) -> bool:  # noqa: ARG002 - as any source is asked
        """A key does not tell its region."""
        return True

    def ask(self, region: Region) -> Reading:
        """The quota in one region.

        Raises `ApiKeyUnavailable` where the answer asks for a login, and whatever else `Send`, `raise_for_status`
        and `read` raise.
        """
        return twice_if_empty(lambda: self._post(region), self.sleep)

    def _post(self, region: Region) -> Reading:
        answer = self.send(self._request(region))
        return reading_of(answer, "api", now=self.now(), secrets={self.key.value})

    def _request(self, region: Region) -> Request:
        target = self.endpoints.api(region)
        asked = {"queryCodingPlanInstanceInfoRequest": {"commodityCode": region.commodity_code}}
        return Request("POST", target.url, self._headers(region), target.query, body=json.dumps(asked).encode())

    def _headers(self, region: Region) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.key.value}",
            "x-api-key": self.key.value,
            "X-DashScope-API-Key": self.key.value,
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Origin": self.endpoints.gateway(region),
            "Referer": self.endpoints.page(region),
            "User-Agent": USER_AGENT,
        }
