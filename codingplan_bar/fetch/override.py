"""The address that an override names, read so strictly that no two readers of URLs could see two hosts in it."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import NamedTuple

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_BRACKETED = re.compile(r"\[([0-9a-f:.]*)\]")
_PORT = re.compile(r"[0-9]{1,5}")
_LONGEST_NAME = 253  # RFC 1035, section 2.3.4, without the root's dot
_HTTPS_PORT = 443


class Address(NamedTuple):
    """An https address: `netloc` is the host, with its port where that is not 443; there is no fragment."""

    host: str
    netloc: str
    path: str
    query: str

    @property
    def url(self) -> str:
        """The whole of it."""
        return f"https://{self.netloc}{self.path}" + (f"?{self.query}" if self.query else "")


def address_in(text: str) -> Address:
    """The address; a missing scheme means https.

    Raises `ValueError` with the reason, which holds nothing of the text, for whatever is refused: any other scheme,
    user info, an empty host, a percent sign in host or port (however often the delimiter behind it is encoded),
    brackets that hold no IPv6 address, a port outside 1 to 65535, a name that DNS could not carry; and anywhere
    white space, control characters, back-slashes and all that is not ASCII.
    """
    _raise_for_characters(text)
    authority, path, query = _split(_without_scheme(text))
    _raise_for_tricks(authority)
    host, port = _host_and_port(authority.lower())
    return Address(host, host if port == _HTTPS_PORT else f"{host}:{port}", path or "/", query)


def _raise_for_characters(text: str) -> None:
    if not text.isascii():
        raise ValueError("it holds a letter beyond ASCII (such a host is written in its xn-- form)")
    if re.search(r"[\x00-\x20\x7f]", text):
        raise ValueError("it holds white space or a control character")
    if "\\" in text:
        raise ValueError("it holds a back-slash")


def _without_scheme(text: str) -> str:
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() != "https":
        raise ValueError("its scheme is not https")
    return text[scheme.end() :] if scheme else text


def _split(text: str) -> tuple[str, str, str]:
    """Authority, path and query."""
    end = re.search(r"[/?#]|$", text)
    start = end.start() if end else len(text)
    path, _, query = text[start:].partition("#")[0].partition("?")
    return text[:start], path, query


def _raise_for_tricks(authority: str) -> None:
    if "@" in authority:
        raise ValueError("it holds user info")
    if "%" in authority:
        raise ValueError("its host is percent-encoded")


def _host_and_port(authority: str) -> tuple[str, int]:
    host, colon, port = authority.partition(":")
    if authority.startswith("["):
        inside, bracket, behind = authority.partition("]")
        host, (_, colon, port) = inside + bracket, behind.partition(":")
        if behind and not behind.startswith(":"):
            raise ValueError("something follows the brackets around its host")
    return _host(host), _port(port) if colon else _HTTPS_PORT


def _host(host: str) -> str:
    if not host:
        raise ValueError("it names no host")
    if host.startswith("["):
        return _bracketed(host)
    if len(host) > _LONGEST_NAME or not _NAME.fullmatch(host):
        raise ValueError("its host is no name of a host")
    return host


def _bracketed(host: str) -> str:
    inside = _BRACKETED.fullmatch(host)
    try:
        return f"[{IPv6Address(inside[1] if inside else '')}]"
    except ValueError:
        raise ValueError("its brackets hold no IPv6 address") from None


def _port(digits: str) -> int:
    if not _PORT.fullmatch(digits) or not 0 < int(digits) < 1 << 16:
        raise ValueError("its port is no number from 1 to 65535")
    return int(digits)
