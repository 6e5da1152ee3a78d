"""The cookies that end with Firefox: they are in no database, but in the file by which it restores its windows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from codingplan_bar.fetch.browsers import jsonlz4
from codingplan_bar.fetch.browsers.copies import LONGEST_VALUE
from codingplan_bar.fetch.browsers.firefox_containers import container_of_fields
from codingplan_bar.fetch.browsers.stores import SESSION_FILES
from codingplan_bar.fetch.cookie_jar import Cookie
from codingplan_bar.fetch.regions import is_provider_domain


def cookies(folder: Path) -> Iterator[tuple[str, Cookie]]:
    """Each of the provider's with its container's number, from the first of the two files that can be read."""
    session = next(filter(None, (jsonlz4.load(folder / name) for name in SESSION_FILES)), None)
    found = session.get("cookies") if isinstance(session, dict) else None
    for item in found if isinstance(found, list) else ():
        with suppress(TypeError, ValueError, AttributeError):  # what is not what it should be is passed over
            cookie = _cookie(item)
            container = container_of_fields(item.get("originAttributes") or {})
            if container is not None and is_provider_domain(cookie.domain):
                yield container, cookie


def _cookie(item: Any) -> Cookie:
    name, value, host = (_text(item.get(key)) for key in ("name", "value", "host"))
    path = _text(item.get("path", "/"))
    return Cookie(name, value, host.removeprefix("."), not host.startswith("."), path, secure=bool(item.get("secure")))


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_VALUE:
        raise TypeError("no text of a cookie")
    return value
