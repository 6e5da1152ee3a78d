"""API-key mode: the last and honest resort, since most keys are for inference and cannot read the quota."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from codingplan_bar.credentials import other_tools
from codingplan_bar.environment import API_KEYS
from codingplan_bar.errors import ConfigError, InvalidCredentials
from codingplan_bar.provider.http_answers import Silence, reading_of, twice_if_empty
from codingplan_bar.regions import USER_AGENT
from codingplan_bar.text import unquoted
from codingplan_bar.transport.request import Request, Send
from codingplan_bar.words.errors import english

if TYPE_CHECKING:
    from codingplan_bar.model import Reading, SourceName
    from codingplan_bar.provider.addresses import Endpoints
    from codingplan_bar.regions import Region


# Which API key is used, and where it came from.


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, and the setting, file or variable that it came from."""

    value: str = field(repr=False)
    origin: str


_OF_A_KEY = re.compile("[!-~]*")
"""Printable ASCII without a space."""


def find(
    environ: Mapping[str, str], *, setting: str = "", entry: other_tools.CodexBarEntry | None = None
) -> ApiKey | None:
    """The key of the own setting, else of CodexBar's entry, else of the three variables in their order; None without.

    White space and one pair of quotes around it go; what is empty then is not a key. Raises `ConfigError`, which names
    where it stands, for a key with a character that no key has.
    """
    for origin, text in _candidates(environ, setting, entry or other_tools.CodexBarEntry()):
        key = unquoted(text)
        if not _OF_A_KEY.fullmatch(key):
            raise ConfigError("key.control", where=origin)
        if key:
            return ApiKey(key, origin)
    return None


def _candidates(
    environ: Mapping[str, str], setting: str, entry: other_tools.CodexBarEntry
) -> Iterator[tuple[str, str]]:
    yield "api_key", setting
    yield entry.file or "", entry.api_key or ""
    for variable in API_KEYS:
        yield variable, environ.get(variable, "")


# API-key mode: the last and honest resort, since most keys are for inference and cannot read the quota.


@dataclass(slots=True, eq=False, repr=False)
class ApiSource:
    """One key's way to the quota. `now` gives the seconds since 1970, `sleep` takes seconds."""

    name: ClassVar[SourceName] = "api"
    home: ClassVar[None] = None  # the settings say which region is asked

    send: Send
    endpoints: Endpoints
    key: ApiKey
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    silence: Silence = field(default_factory=Silence)

    def covers(self, region: Region) -> bool:  # noqa: ARG002 - as any source is asked
        """A key does not tell its region."""
        return True

    def ask(self, region: Region) -> Reading:
        """The quota in one region.

        Raises `ApiKeyUnavailable` where the answer asks for a login, and whatever else `Send` and `reading_of` raise.
        The step of a refusal leads to the key: another sign-in would not be asked with.
        """
        try:
            return twice_if_empty(lambda: self._post(region), self.sleep)
        except InvalidCredentials as error:
            error.hint = english("key.refused.hint")
            raise

    def _post(self, region: Region) -> Reading:
        answer = self.send(self._request(region))
        return reading_of(answer, "api", now=self.now(), secrets=lambda: {self.key.value}, silence=self.silence)

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
