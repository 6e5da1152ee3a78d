"""A pasted session of any kind: a header or a command (`pasted_header_or_curl`), or what tools export of a browser.

| pasted | what is read of it |
| --- | --- |
| "copy as fetch (Node.js)" of Chrome | its header `cookie`; the form for browsers has none, and is refused |
| "copy as PowerShell" | its `System.Net.Cookie`s, each with its domain, or its header |
| cookies.txt of Netscape's form (curl, wget, yt-dlp) | each line that is a cookie |
| JSON of EditThisCookie, Cookie-Editor, Playwright, Puppeteer | the list, or the member `cookies` |
| a request's headers, as browsers copy them | the lines `cookie` |
| the table of cookies in a browser's developer tools | each row, by its first four columns |
| JSON of names and values, as Firefox copies them | the object that has the ticket, or the member `cookie` |
| what Python, JavaScript or Ruby print of cookies, or a program with them | the same, and Selenium's list |
| what `requests` prints of its jar | each `<Cookie …>` |
| a table with a heading (CSV, also with `;`, `|` or tabs) | the columns of name, value, domain, path and end |
| a HAR | for each host of the console the last header that was sent there |

An export names the domain of each cookie: those for the console's hosts are kept, and go where a browser sends them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from codingplan_bar.credentials.cookies import Cookie, CookieJar, PastedHeader, Session, cookies_in
from codingplan_bar.credentials.pasted_header_or_curl import LONGEST_PASTE, is_command, normalise, without_escapes
from codingplan_bar.errors import InvalidCookie
from codingplan_bar.regions import CONSOLE_HOSTS

TICKET = "login_aliyunid_ticket"
LATEST = 10**11
"""Seconds since 1970; no cookie has a later end."""

_FETCH = re.compile(r"\s*(?:await\s+)?fetch\s*\(")
_POWERSHELL = re.compile(r"\s*(?:\$\w+\s*=\s*New-Object\b|Invoke-(?:WebRequest|RestMethod)\b)", re.IGNORECASE)
_NETSCAPE = re.compile(r"\s*#\s*(?:Netscape\s+)?HTTP Cookie File|\s*(?:#HttpOnly_)?\S+\s+(?:TRUE|FALSE)\s+/")
_JSON = re.compile(r"\s*[\[{]")
_CODE = re.compile(
    r"\s*(?:[\[{(]|#|//|(?:import|from|const|let|var)\s|(?:requests|axios)\.|\w+\s*=\s*[\[{(]|dict_items\()"
)
_GOES_ON = re.compile(r"\s*[\w.-]+=[\[{(].*?[\]})]\s*;\s*[\w.-]+=")
"""A header whose first cookie's value is data."""
_PRINTED_JAR = re.compile(r"\s*<\w*CookieJar\[")
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
_COLUMNS = {
    "cookie": "name",
    "cookie name": "name",
    "name raw": "name",
    "cookie value": "value",
    "content": "value",
    "content raw": "value",
    "host": "domain",
    "host_key": "domain",
    "host raw": "domain",
    "path raw": "path",
    "expiration date": "expires",
    "expirationdate": "expires",
    "expiry": "expires",
    "expires raw": "expires",
}
"""What others call the fields of a cookie: Firefox's and Chromium's own tables, and Cookie Quick Manager."""
_NO_HEADING = re.compile(rf"(?m)(?:^|[,;|\t])[ \"]*{TICKET}[ \"]*[,;|\t]")

_PIECE = re.compile(
    r"""[uU]?'(?P<single>(?>(?:[^'\\]|\\.)*))'
      | [uU]?"(?P<double>(?>(?:[^"\\]|\\.)*))"
      | (?P<comment>(?:\#|//)[^\n]*)
      | :?(?P<key>[^\W\d]\w*)(?=\s*(?::|=>))
      | (?P<word>[^\W\d]\w*)
      | (?P<arrow>=>)
      | (?P<close>[\]})])
      | (?P<open>\()""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"True": "true", "False": "false", "None": "null", "nil": "null", "undefined": "null"}
_OPENING = re.compile(r"[\[{]")
_IS_NAMED = re.compile(r"(?i)cookies?\w*\s*=\s*\Z")
_PRINTED_COOKIE = re.compile(r"<Cookie ([^=\s<>]+)=([^\s<>]*) for ([^/\s<>]+)(/[^\s<>]*)>")
MOST_TRIES = 20
"""How many brackets of a program may be no data before the rest of it is left alone."""


def session_of(text: str) -> Session:
    """The session in a pasted text of whatever kind. Raises `InvalidCookie` where it has none, with the kind."""
    if len(text) <= LONGEST_PASTE:
        for begins, read in _KINDS:
            if begins(text) and (found := read(text)):
                return found
    return PastedHeader(normalise(text))


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
    return _jar(_lines_of_netscape(text))


def _lines_of_netscape(text: str) -> Iterator[Cookie]:
    """Seven fields a line: domain, sub-domains too, path, secure, end, name, value. A tab may have become spaces."""
    for line in text.splitlines():
        fields = line.strip().removeprefix("#HttpOnly_").split(None, 6)
        if len(fields) == 7 and not fields[0].startswith("#"):
            domain, below, path, _, end, name, value = fields
            yield _cookie(name, value, domain, path, _seconds(end), below=below == "TRUE")


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _from_table(text: str) -> Session:
    """A row has at least four columns with a tab between: name, value, domain, path."""
    rows = (line.split("\t", 4) for line in text.splitlines())
    return _jar(_cookie(row[0], row[1], row[2], row[3]) for row in rows if len(row) > 3)


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
        if found := _named(named):
            return found
    items = data.get("cookies") if isinstance(data, dict) else data
    if not isinstance(items, list):
        raise InvalidCookie("cookie.no_json")
    return _listed(_objects(items))


def _named(data: object, *, are_cookies: bool = False) -> Session | None:
    """An object of names and values that is said to be cookies, or has the ticket; or one of headers."""
    if not isinstance(data, dict):
        return None
    is_text = all(isinstance(value, str) for value in data.values())
    if data and is_text and (are_cookies or TICKET in data):
        return PastedHeader(normalise("; ".join(f"{name}={value}" for name, value in data.items())))
    header = next((value for name, value in data.items() if name.lower() == "cookie" and isinstance(value, str)), None)
    return PastedHeader(normalise(header)) if header is not None else None


def _listed(items: list[dict[str, Any]]) -> Session:
    """A list of cookies; where none of them has a domain, all are as in a pasted header."""
    cookies = [{_COLUMNS.get(name.lower(), name): value for name, value in item.items()} for item in items]
    if cookies and not any(item.get("domain") for item in cookies):
        return _named({str(item.get("name")): item.get("value") for item in cookies}, are_cookies=True) or _jar(())
    return _jar(map(_exported, cookies))


def _exported(item: Mapping[str, Any]) -> Cookie:
    """One of an export's; one with a field of a wrong type goes nowhere."""
    texts = [item.get(field, default) for field, default in _TEXTS]
    name, value, domain, path = texts if all(isinstance(each, str) for each in texts) else ("", "", "", "/")
    domain = re.sub(r"\Ahttps?://|/\Z", "", domain)
    return _cookie(name, value, domain, path or "/", _end(item), below=item.get("hostOnly") is False)


def _end(item: Mapping[str, Any]) -> int:
    """In seconds since 1970; 0 where it ends with the browser."""
    found: object = next((item[field] for field in _ENDS if field in item), None)
    found = _seconds(found) if isinstance(found, str) else found
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


def _from_code(text: str) -> Session | None:
    """What Python, JavaScript or Ruby print, or have in a program, read as data: nothing of it is run.

    None where a text that begins with a name has none of it: it may be a header.
    """
    found = [] if _GOES_ON.match(text) else list(_literals(text))
    listed = [item for _, data in found for item in (data if isinstance(data, list) else [data])]
    if cookies := [item for item in _objects(listed) if {"name", "value"} <= item.keys()]:
        return _listed(cookies)
    for are_cookies, data in found:
        if session := _named(_paired(data), are_cookies=are_cookies):
            return session
    if text.lstrip()[:1] in "[{(":
        raise InvalidCookie("cookie.no_code")
    return None


def _paired(data: object) -> object:
    """A list of pairs as the object that it stands for; anything else as it is."""
    pairs = data if isinstance(data, list) else []
    is_pairs = all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs)
    return dict(pairs) if pairs and is_pairs else data


def _literals(text: str) -> Iterator[tuple[bool, Any]]:
    """Each list and object in a program's text, and whether it stands behind a name of cookies."""
    data, place, tries = _as_json(text), 0, 0
    while tries < MOST_TRIES and (begins := _OPENING.search(data, place)):
        place = begins.start()
        try:
            value, end = json.JSONDecoder().raw_decode(data, place)
        except (ValueError, RecursionError):
            tries, place = tries + 1, place + 1
        else:
            yield bool(_IS_NAMED.search(data, max(0, place - 80), place)), _unwrapped(value)
            place = end


def _unwrapped(data: Any) -> Any:
    """What stands alone in brackets, such as in those of a call."""
    while isinstance(data, list) and len(data) == 1 and isinstance(data[0], list | dict):
        data = data[0]
    return data


def _as_json(text: str) -> str:
    """A program's text with its strings, names, constants and brackets as JSON writes them."""
    return re.sub(r",(\s*[\]}])", r"\1", _PIECE.sub(_piece_as_json, text))


def _piece_as_json(piece: re.Match[str]) -> str:
    kind = piece.lastgroup or ""
    if kind in ("single", "double"):
        return json.dumps(without_escapes(piece[kind]))
    if kind == "word":
        return _WORDS.get(piece[0], piece[0])
    others = {"comment": "", "key": f'"{piece["key"]}"', "arrow": ":", "open": "[", "close": piece[0].replace(")", "]")}
    return others[kind]


def _from_printed_jar(text: str) -> Session:
    return _jar(_cookie(cookie[1], cookie[2], cookie[3], cookie[4]) for cookie in _PRINTED_COOKIE.finditer(text))


def _separator(text: str) -> str | None:
    """What stands between the columns of a table whose first line names them."""
    heading = text.lstrip("\ufeff \r\n").partition("\n")[0]
    for mark in () if "=" in heading else ",;\t|":
        if {"name", "value"} <= {_column(name) for name in heading.split(mark)}:
            return mark
    return None


def _column(name: str) -> str:
    plain = name.strip(" \"'\r").lower()
    return _COLUMNS.get(plain, plain)


def _from_csv(text: str) -> Session:
    import csv  # only who pastes a table needs it

    rows = csv.reader(text.lstrip("\ufeff \r\n").splitlines(), delimiter=_separator(text) or ",", skipinitialspace=True)
    try:
        columns = [_column(name) for name in next(rows)]
        return _listed([dict(zip(columns, row, strict=False)) for row in rows if len(row) > 1])
    except csv.Error:
        raise InvalidCookie("cookie.no_export") from None


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


def _jar(cookies: Iterable[Cookie], otherwise: str = "cookie.no_export") -> CookieJar:
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
    (_CODE.match, _from_code),
    (_PRINTED_JAR.match, _from_printed_jar),
    (_separator, _from_csv),
    (_NO_HEADING.search, _refused("cookie.no_heading")),
    (_KEY.fullmatch, _refused("cookie.api_key")),
    (_VALUE.fullmatch, _refused("cookie.value")),
    (_TABLE.match, _from_table),
    (_are_headers, _from_headers),
)
"""How each kind begins, and what reads it; None from a reader that finds it is of another kind."""
