"""A pasted session of any kind: a header or a command as `pasted` reads them, or what tools export of a browser.

| pasted | what is read of it |
| --- | --- |
| "copy as fetch (Node.js)" of Chrome | its header `cookie`; the form for browsers has none, and is refused |
| "copy as PowerShell" | its `System.Net.Cookie`s, each with its domain, or its header |
| cookies.txt of Netscape's form (curl, wget, yt-dlp) | each line that is a cookie |
| JSON of EditThisCookie, Cookie-Editor, Playwright, Puppeteer | the list, or the member `cookies` |
| a request's headers, as browsers copy them | the lines `cookie` |
| the table of cookies in a browser's developer tools | each row, by its first four columns |
| JSON of names and values, as Firefox copies them | the object that has the ticket |
| a HAR | for each host of the console the last header that was sent there |

An export names the domain of each cookie: those for the console's hosts are kept, and go where a browser sends them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from codingplan_bar.credentials.cookies import Cookie, CookieJar, PastedHeader, Session
from codingplan_bar.credentials.pasted import LONGEST_PASTE, cookies_in, is_command, normalise
from codingplan_bar.errors import InvalidCookie
from codingplan_bar.regions import CONSOLE_HOSTS

TICKET = "login_aliyunid_ticket"
LATEST = 10**11
"""Seconds since 1970; no cookie has a later end."""

_FETCH = re.compile(r"\s*(?:await\s+)?fetch\s*\(")
_POWERSHELL = re.compile(r"\s*(?:\$\w+\s*=\s*New-Object\b|Invoke-(?:WebRequest|RestMethod)\b)", re.IGNORECASE)
_NETSCAPE = re.compile(r"\s*#\s*(?:Netscape\s+)?HTTP Cookie File|\s*(?:#HttpOnly_)?\S+\s+(?:TRUE|FALSE)\s+/")
_JSON = re.compile(r"\s*[\[{]")
_TABLE = re.compile(r"\s*[^\s=;:]+\t[^\t\n]*\t\.?[\w-]+(?:\.[\w-]+)+\t/")
_COOKIE_LINE = re.compile(r"(?im)^cookie(?::[ \t]*|[ \t]*\r?\n)(?=\S)([^\r\n]+)")
"""A header's name with its value behind it, or as Chrome's panel has the two: each in a line."""
_KEY = re.compile(r"\s*['\"]?sk-[\w-]{16,}['\"]?\s*")
_VALUE = re.compile(r"\s*['\"]?[\w.$*!+/-]{32,}={0,2}['\"]?\s*", re.ASCII)

_STRING = r'"((?:[^"`]|`.)*+)"'
_POWERSHELL_COOKIE = re.compile(rf"System\.Net\.Cookie\(\s*{_STRING},\s*{_STRING},\s*{_STRING},\s*{_STRING}")
_POWERSHELL_HEADER = re.compile(rf'"cookie"\s*=\s*{_STRING}', re.IGNORECASE)
_TEXTS = (("name", ""), ("value", ""), ("domain", ""), ("path", "/"))
_ENDS = ("expirationDate", "expires", "expiry")


def session_of(text: str) -> Session:
    """The session in a pasted text of whatever kind. Raises `InvalidCookie` where it has none, with the kind."""
    if len(text) <= LONGEST_PASTE:
        for begins, read in _KINDS:
            if begins(text) and (found := read(text)):
                return found
    return PastedHeader(normalise(text))


def is_damaged(session: Session) -> bool:
    """Whether a pasted header's ticket lacks the `$` that tickets hold: within double quotes a shell replaces it."""
    tickets = cookies_in(session.header) if isinstance(session, PastedHeader) else ()
    return any(name == TICKET and "$" not in value for name, value in tickets)


def _from_fetch(text: str) -> Session:
    """The options are JSON, whichever browser wrote them."""
    options = _first_object(text)
    headers = options.get("headers")
    pairs = headers.items() if isinstance(headers, dict) else ()
    header = next((value for name, value in pairs if name.lower() == "cookie" and isinstance(value, str)), None)
    if header is None:
        raise InvalidCookie("cookie.no_fetch")
    return PastedHeader(normalise(header))


def _first_object(text: str) -> dict[str, Any]:
    start = text.find("{")
    try:
        return dict(json.JSONDecoder().raw_decode(text, start)[0]) if start >= 0 else {}
    except (ValueError, RecursionError):
        return {}


def _from_powershell(text: str) -> Session:
    header = _POWERSHELL_HEADER.search(text)
    if header:
        return PastedHeader(normalise(_without_backticks(header[1])))
    found = (map(_without_backticks, cookie.groups()) for cookie in _POWERSHELL_COOKIE.finditer(text))
    cookies = (_cookie(name, value, domain, path) for name, value, path, domain in found)
    return _jar(cookies, "cookie.no_powershell")


def _without_backticks(text: str) -> str:
    return re.sub("`(.)", r"\1", text, flags=re.DOTALL)


def _from_netscape(text: str) -> Session:
    return _jar(_lines_of_netscape(text), "cookie.no_export")


def _lines_of_netscape(text: str) -> Iterator[Cookie]:
    """Seven fields a line: domain, sub-domains too, path, secure, end, name, value. A tab may have become spaces."""
    for line in text.splitlines():
        fields = line.strip().removeprefix("#HttpOnly_").split(None, 6)
        if len(fields) == 7 and not fields[0].startswith("#"):
            domain, below, path, _, end, name, value = fields
            ends = int(end) if end.isascii() and end.isdigit() and len(end) < 12 else 0
            yield _cookie(name, value, domain, path, ends, below=below == "TRUE")


def _from_table(text: str) -> Session:
    """A row has at least four columns with a tab between: name, value, domain, path."""
    rows = (line.split("\t", 4) for line in text.splitlines())
    return _jar((_cookie(row[0], row[1], row[2], row[3]) for row in rows if len(row) > 3), "cookie.no_export")


def _are_headers(text: str) -> bool:
    """Whether a text has a line `cookie` among others, of which none is the rest of another."""
    lines = text.strip().splitlines()
    is_whole = len(lines) > 1 and not any(line[:1].isspace() or line.rstrip().endswith((";", "\\")) for line in lines)
    return is_whole and not is_command(text) and bool(_COOKIE_LINE.search(text))


def _from_headers(text: str) -> Session:
    """HTTP/2 may send its cookies in several headers (RFC 9113, section 8.2.3)."""
    return PastedHeader(normalise("; ".join(_COOKIE_LINE.findall(text))))


def _from_json(text: str) -> Session | None:
    """None where the text is not JSON after all."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, dict) and isinstance(data.get("log"), dict):
        return _from_har(data["log"].get("entries"))
    for named in (data, *data.values()) if isinstance(data, dict) else ():
        if isinstance(named, dict) and TICKET in named and all(isinstance(value, str) for value in named.values()):
            return PastedHeader(normalise("; ".join(f"{name}={value}" for name, value in named.items())))
    items = data.get("cookies") if isinstance(data, dict) else data
    if not isinstance(items, list):
        raise InvalidCookie("cookie.no_json")
    return _jar(map(_exported, _objects(items)), "cookie.no_export")


def _exported(item: Mapping[str, Any]) -> Cookie:
    """One of an export's; one with a field of a wrong type goes nowhere."""
    texts = [item.get(field, default) for field, default in _TEXTS]
    name, value, domain, path = texts if all(isinstance(each, str) for each in texts) else ("", "", "", "/")
    return _cookie(name, value, domain, path, _end(item), below=item.get("hostOnly") is False)


def _end(item: Mapping[str, Any]) -> int:
    """In seconds since 1970; 0 where it ends with the browser."""
    found: object = next((item[field] for field in _ENDS if field in item), None)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return 0
    return int(found) if 0 < found < LATEST else 0


def _from_har(entries: object) -> Session:
    """Host by host, what was sent with the last request there; one host alone is as a pasted header."""
    sent: dict[str, str] = {}
    for request in _objects([entry.get("request") for entry in _objects(entries)]):
        for field in _objects(request.get("headers")):
            host, header = _host(request.get("url")), field.get("value")
            if str(field.get("name")).lower() == "cookie" and isinstance(header, str) and host in CONSOLE_HOSTS:
                sent[host] = header
    if len(sent) == 1:
        return PastedHeader(normalise(*sent.values()))
    cookies = (_cookie(*pair, host) for host, header in sent.items() for pair in cookies_in(header))
    return _jar(cookies, "cookie.no_har")


def _objects(items: object) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _host(address: object) -> str:
    try:
        return urlsplit(str(address)).hostname or ""
    except ValueError:
        return ""


def _cookie(name: str, value: str, domain: str, path: str = "/", ends: int = 0, *, below: bool = False) -> Cookie:
    """A cookie; with a dot before its domain, or where `below` says so, it is for the hosts below, too."""
    host_only = not (below or domain.startswith("."))
    return Cookie(name, value, domain.lstrip("."), host_only, path, ends if ends > 0 else None)


def _jar(cookies: Iterable[Cookie], otherwise: str) -> CookieJar:
    """Those for the console's hosts. Raises `InvalidCookie`, which says `otherwise`, where that leaves nothing."""
    good = (cookie for cookie in cookies if cookie.is_good(0))
    kept = tuple(each for each in good if any(each.goes_to(host, each.path) for host in CONSOLE_HOSTS))
    if not kept:
        raise InvalidCookie(otherwise)
    return CookieJar(kept)


def _refused(sentence: str) -> Callable[[str], Session]:
    def refuse(_: str) -> Session:
        raise InvalidCookie(sentence)

    return refuse


_KINDS: tuple[tuple[Callable[[str], object], Callable[[str], Session | None]], ...] = (
    (_FETCH.match, _from_fetch),
    (_POWERSHELL.match, _from_powershell),
    (_NETSCAPE.match, _from_netscape),
    (_JSON.match, _from_json),
    (_KEY.fullmatch, _refused("cookie.api_key")),
    (_VALUE.fullmatch, _refused("cookie.value")),
    (_TABLE.match, _from_table),
    (_are_headers, _from_headers),
)
"""How each kind begins, and what reads it; None from a reader that finds it is of another kind."""
