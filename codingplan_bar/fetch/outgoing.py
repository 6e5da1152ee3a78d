"""A request as it goes onto the wire: judged and encoded before anything is sent, with no library in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from codingplan_bar import __version__
from codingplan_bar.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codingplan_bar.fetch.request import Request

DEFAULT_HEADERS = {"User-Agent": f"codingplan-bar/{__version__}", "Accept-Encoding": "gzip, deflate"}
"""What is sent unless the request says otherwise. Beyond it, only `Host` and what frames the body are added."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # the name of a header: RFC 9110, section 5.6.2
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HALF_A_PAIR = re.compile(r"[\ud800-\udfff]")  # a lone surrogate, which UTF-8 cannot carry
_LONGEST_HOST = 80


def secure_url(request: Request) -> str:
    """The request's address. Raises `ConfigError` where it is not one of https."""
    if not request.url.lower().startswith("https://"):
        raise ConfigError("only https addresses are asked")
    return request.url


def query(request: Request) -> str:
    """The query, form-encoded. Raises `ConfigError` for text that UTF-8 cannot carry."""
    return _form_encoded(request.query)


def headers(request: Request) -> dict[str, bytes]:
    """The headers, their values as UTF-8. Raises `ConfigError`, which names the header and never its value."""
    chosen = {name.lower() for name in request.headers}
    defaults = {name: value for name, value in DEFAULT_HEADERS.items() if name.lower() not in chosen}
    if request.form is not None and "content-type" not in chosen:
        defaults["Content-Type"] = "application/x-www-form-urlencoded"
    return {name: _header_value(name, value) for name, value in {**defaults, **request.headers}.items()}


def body(request: Request) -> bytes | None:
    """The body: the form, encoded so that `+`, `/` and `=` of a token survive, else the bytes as they are."""
    return request.body if request.form is None else _form_encoded(request.form).encode("ascii")


def spoken_host(url: str) -> str:
    """The host of an address as a message may name it: plain and bounded."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return re.sub(r"[^0-9a-z.:_-]", "?", host)[:_LONGEST_HOST] or "the host"


def _header_value(name: str, value: str) -> bytes:
    if not _TOKEN.fullmatch(name):
        raise ConfigError("a header has a name that is none")
    if _CONTROL.search(value) or _HALF_A_PAIR.search(value):
        raise ConfigError(f"the header {name} holds a control character, so nothing was sent")
    return value.strip(" ").encode()


def _form_encoded(fields: Mapping[str, str]) -> str:
    if any(_HALF_A_PAIR.search(name + value) for name, value in fields.items()):
        raise ConfigError("a field of the request holds text that cannot be sent, so nothing was sent")
    return urlencode(fields)
