"""What is saved in the one private file: what a session has learnt, and a sign-in of the user's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from codingplan_bar.credentials.other_tools import AccessKeyPair
from codingplan_bar.model import RegionName, is_instant
from codingplan_bar.regions import ACTIONS, REGIONS, SITES, ConsoleToken, Site
from codingplan_bar.text import credential, whole_number

# What one session has learnt of each region, kept with it so that the next refresh is one request.


@dataclass(slots=True)
class SavedSession:
    """By region: the `sec_token` (empty, where the console takes that) and the shape that brought the counters."""

    tokens: dict[RegionName, str] = field(default_factory=dict, repr=False)
    shapes: dict[RegionName, str] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON. It holds the tokens."""
        return {"tokens": dict(self.tokens), "shapes": dict(self.shapes)}

    @classmethod
    def from_data(cls, data: object) -> SavedSession:
        """What `to_data` gave. Raises `ValueError`, without any of the data, where it is not that."""
        if not isinstance(data, dict) or data.keys() != {"tokens", "shapes"}:
            raise ValueError("nothing that this program keeps with a session")
        return cls(_by_region(data["tokens"]), _by_region(data["shapes"]))


def _by_region(data: object) -> dict[RegionName, str]:
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise ValueError("nothing that this program keeps with a session")
    return {name: data[name] for name in REGIONS if name in data}


@lru_cache(maxsize=8)
def object_in(text: str | None) -> Mapping[str, Any]:
    """The JSON object in a text that this program has kept, read once a text; an empty one for any other text."""
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


# A sign-in of the user's own, its token or its AccessKey pair: kept beside the browser's session.
#
# Whoever writes that file carries the sign-in over (`carried_over`), also one of a newer version that this one cannot
# read; versions that know nothing of it still read the rest.

Way: TypeAlias = Literal["browser", "pipe", "access_key"]
WAYS: tuple[Way, ...] = ("browser", "pipe", "access_key")
KEY = "sign_in"
"""The sign-in's name in the file."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody signed in, and what it takes to go on.

    `token` is empty once it has ended. `since` is when the token came, in seconds since
    1970. `which` names the AccessKey pair, `pair` is one that is kept here because the user wanted it so; a temporary
    one `ends_at` a time. `proven`: the provider has taken it.
    """

    way: Way
    site: Site
    region_id: str
    token: str = field(default="", repr=False)
    switch_agent: int | None = None
    since: int = 0
    which: str = ""
    pair: AccessKeyPair | None = field(default=None, repr=False)
    ends_at: int | None = None
    proven: bool = False

    def console_token(self) -> ConsoleToken:
        """What the quota is asked with."""
        return ConsoleToken(self.token, self.site, self.region_id, self.switch_agent)

    def with_token(self, token: str, since: float) -> SignIn:
        """The same with a new token."""
        return replace(self, token=token, since=int(since))

    def secrets(self) -> set[str]:
        """What no message may repeat."""
        return {self.token, *(self.pair.secrets() if self.pair else ())} - {""}

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON. It holds the secrets."""
        pair = self.pair and {"id": self.pair.id, "secret": self.pair.secret, "token": self.pair.security_token}
        return {
            "way": self.way,
            "site": self.site.name,
            "region": self.region_id,
            "token": self.token,
            "switch_agent": self.switch_agent,
            "since": self.since,
            "which": self.which,
            "pair": pair,
            "ends_at": self.ends_at,
            "proven": self.proven,
        }

    @classmethod
    def from_data(cls, data: object) -> SignIn:
        """What `to_data` gave. Raises `ValueError`, without any of the data, where it is not that."""
        if not isinstance(data, dict) or data.get("way") not in WAYS:
            raise ValueError("it is not a sign-in")
        token, pair, since = credential(data.get("token")), _pair(data.get("pair")), data.get("since")
        if data.get("site") not in tuple(SITES) or data.get("region") not in tuple(ACTIONS):
            raise ValueError("it is not a sign-in")
        return cls(
            way=data["way"],
            site=SITES[data["site"]],
            region_id=data["region"],
            token=token,
            switch_agent=whole_number(data.get("switch_agent")),
            since=since if is_instant(since) else 0,
            which=str(data.get("which") or ""),
            pair=pair,
            ends_at=whole_number(data.get("ends_at")),
            proven=data.get("proven") is True,
        )


@lru_cache(maxsize=4)
def kept(text: str | None) -> SignIn | None:
    """The sign-in in the file's text, or None; decoded once a text."""
    try:
        return SignIn.from_data(object_in(text).get(KEY))
    except ValueError:
        return None


def holds_sign_in(text: str | None) -> bool:
    """Whether there is a sign-in in the file's text, be it one that this version cannot read."""
    return object_in(text).get(KEY) is not None


def with_sign_in(text: str | None, sign_in: SignIn | None) -> str:
    """The file's text with this sign-in in it, or with none; the rest of it stays."""
    data = {name: value for name, value in object_in(text).items() if name != KEY}
    return json.dumps({**data, KEY: sign_in.to_data()} if sign_in else data)


def brought_up_to_date(text: str | None, sign_in: SignIn) -> str:
    """The file's text with the sign-in in it as it is now; what another version has noted of it stays."""
    data = object_in(text)
    noted = data.get(KEY)
    return json.dumps({**data, KEY: {**(noted if isinstance(noted, dict) else {}), **sign_in.to_data()}})


def carried_over(new: str, before: str | None) -> str:
    """A new text of the file with what the one before holds beside: a sign-in, and what only another version knows."""
    return json.dumps({**object_in(before), **object_in(new)}) if before else new


def _pair(data: object) -> AccessKeyPair | None:
    if not isinstance(data, dict):
        return None
    key, secret, token = (credential(data.get(name)) for name in ("id", "secret", "token"))
    return AccessKeyPair(key, secret, token) if key and secret else None
