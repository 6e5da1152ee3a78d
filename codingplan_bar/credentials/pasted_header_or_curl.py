"""A pasted header in whatever shape it was copied (alone, or in a command of cURL, wget or HTTPie), as one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codingplan_bar.credentials.cookies import cookies_in, is_sendable, pieces_of
from codingplan_bar.errors import InvalidCookie

if TYPE_CHECKING:
    from collections.abc import Iterator


# A browser's "Copy as cURL", for POSIX shells and for Windows' cmd: its words, and the cookies among them. wget has its
# option --header, and HTTPie (`http`, `https`) takes a header as a word of its own.

_COMMAND = re.compile(
    r"\s*(?:\$\s+)?(?:(?:curl|wget)(?:\.exe)?(?=\s)|(?P<httpie>https?(?=\s))"
    r"|(?:-H|--header|-b|--cookie)(?=\s|['\"^$“”‘’]))",
    re.IGNORECASE,
)

_HEADER = re.compile(r"cookie\s*[:：]", re.IGNORECASE)
_COOKIES = re.compile(r"[^=]*=")
_NEVER = re.compile(r"(?!)")
_CARRIES_COOKIES = {"-H": _HEADER, "--header": _HEADER, "-b": _COOKIES, "--cookie": _COOKIES}
"""Our options, each with how its value begins where it is about cookies; a `-b` without `=` names a file."""

_OTHER_OPTION = re.compile(
    r"-[AdeFmouxX]|--(data(-ascii|-binary|-raw|-urlencode)?|form|json|max-time|output|proxy|referer|request|resolve"
    r"|url|user|user-agent)"
)
"""Options whose value could look like an option of ours."""

_STRAIGHT = str.maketrans("“”„‘’‚", "\"\"\"'''")

_CARET = re.compile(r"\^(\r?\n|.)")  # cmd's escape; at the end of a line it goes on with the next
_PIECE = re.compile(
    r"""(?P<space>(?>(?:\s|\\\r?\n)+))
      | \$'(?P<ansi>(?>(?:[^'\\]|\\.)*))'
      | '(?P<single>[^']*+)'
      | "(?P<double>(?>(?:[^"\\]|\\.|"")*))"
      | \\(?P<escaped>.)
      | (?P<plain>\$(?!') | [^\s'"\\$]++)
      | (?P<open>.)""",
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE = re.compile(r'\\([$`"\\])|""')
_ANSI = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))", re.DOTALL)
_ANSI_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}


def is_command(text: str) -> bool:
    """Whether a text is a command, or begins with one of cURL's options for headers and cookies."""
    return _COMMAND.match(text) is not None


def cookie_headers(command: str) -> Iterator[str]:
    """What the command's options `-H`, `--header`, `-b` and `--cookie` give as Cookie headers, in their order.

    Raises `InvalidCookie` where a quote is never closed.
    """
    begins = _COMMAND.match(command)
    words = _words(_without_carets(_with_straight_quotes(command)))
    for word in words:
        if begins and begins["httpie"] and _HEADER.match(word):
            yield word
        if _OTHER_OPTION.fullmatch(word):
            next(words, "")
            continue
        option, joined = _option(word)
        value = joined or (next(words, "") if option else "")
        if _CARRIES_COOKIES.get(option, _NEVER).match(value):
            yield value


def _option(word: str) -> tuple[str, str]:
    """An option of ours and the value that is joined to it, each perhaps empty."""
    name, _, value = word.partition("=") if word.startswith("--") else (word[:2], "", word[2:])
    return (name, value) if name in _CARRIES_COOKIES else ("", "")


def _with_straight_quotes(command: str) -> str:
    """The command as it was before an editor made its quotes curly; one with a straight quote in it stays as it is."""
    return command if "'" in command or '"' in command else command.translate(_STRAIGHT)


def _without_carets(command: str) -> str:
    """The command as cmd hands it on. It is one for cmd where a caret stands before its first quote or line end."""
    first = re.search(r"['\"\n]", command)
    if not first or not re.search(r"\^\r?$", command[: first.start()]):
        return command
    return _CARET.sub(lambda caret: " " if caret[1].endswith("\n") else caret[1], command)


def _words(command: str) -> Iterator[str]:
    """The words, as a POSIX shell splits and unquotes them. `""` within quotes is one quote, as Windows has it."""
    word: list[str] = []
    for piece in _PIECE.finditer(command):
        if piece.lastgroup == "open":
            raise InvalidCookie("cookie.unclosed")
        if piece.lastgroup != "space":
            word.append(_unquoted(piece))
        elif word:
            yield "".join(word)
            word = []
    if word:
        yield "".join(word)


def _unquoted(piece: re.Match[str]) -> str:
    kind = piece.lastgroup or ""
    if kind == "ansi":
        return without_escapes(piece[kind])
    if kind == "double":
        return _IN_DOUBLE.sub(lambda escape: escape[1] or '"', piece[kind])
    return piece[kind]


def without_escapes(text: str) -> str:
    r"""The text with each `\n`, `\x41` or `\u0041` as the character that it means, in a shell or in a program."""
    return _ANSI.sub(_ansi_character, text)


def _ansi_character(escape: re.Match[str]) -> str:
    r"""One escape of `$'…'`; an unknown one stays as it is, and a number beyond Unicode becomes U+FFFD."""
    code = escape[1] or escape[2] or escape[3]
    if code or escape[4]:
        number = int(code, 16) if code else int(escape[4], 8) & 0xFF
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _ANSI_LETTERS.get(escape[5], escape[5] if escape[5] in "\\'\"?" else escape[0])


# A pasted Cookie header, in whatever shape it was copied, as the one line that goes onto the wire.

LONGEST_PASTE = 1 << 18
"""Characters; a whole cURL command may carry a body."""
LONGEST_HEADER = 1 << 16
"""Characters; servers take a quarter of it at most."""

_AROUND = " \t\r\n;；\ufeff\u00a0\u3000\u200b\u200c\u200d\u200e\u200f\u2060"
_QUOTES = frozenset({"''", '""', "“”", "””", "„“", "‘’", "’’", "``", "«»", "「」"})
"""How a text is quoted, by its first and last character; the curly ones are what an editor makes of the straight."""
_ASSIGNED = re.compile(r"(?:export\s+|set\s+)?\w+\s*=\s*(?=(['\"])[^'\"=]*=[^'\"]*\1$)")
"""What a shell or a file of settings has before a header in quotes."""
_NO_NAME = re.compile(r"['\":{}()\[\]<>«“‘]")
"""What no cookie's name has: before the first cookie stands other text than a header."""
_LOGIN = re.compile(r"\blogin_aliyunid_(?:ticket|pk)\s*=")
"""Within a value it is the header's own beginning, with other text before it: a program's line, say."""
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a cookie's name: RFC 6265, section 4.1.1


def normalise(text: str) -> str:
    """The header's value, `a=b; c=d`, of a bare one, one with `Cookie:` before it, one in quotes, or a command.

    White space around it goes, and so do empty pieces between the cookies; their values stay as they are. Raises
    `InvalidCookie` for an empty text, a control character, one of more than 64 KiB, and one that holds no cookie.
    """
    if len(text) > LONGEST_PASTE:
        raise InvalidCookie("cookie.long")
    headers = map(_bare, cookie_headers(text)) if is_command(text) else [text]
    header = "; ".join(pieces_of(_bare("; ".join(headers))))
    _raise_unless_cookies(header)
    return header


def _bare(text: str) -> str:
    """The text without the quotes and the header's name that were copied along, however often."""
    before = None
    while text != before:
        before, text = text, _without_name(_without_quotes(text.strip(_AROUND)))
    return text


def _without_name(text: str) -> str:
    name = _HEADER.match(text) or _ASSIGNED.match(text)
    return text[name.end() :] if name else text


def _without_quotes(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] + text[-1] in _QUOTES else text


def _raise_unless_cookies(header: str) -> None:
    if not header:
        raise InvalidCookie("cookie.empty")
    if len(header) > LONGEST_HEADER:
        raise InvalidCookie("cookie.long")
    if is_command(header):
        raise InvalidCookie("cookie.command")
    if not is_sendable(header):
        raise InvalidCookie("cookie.control")
    found = cookies_in(header)
    if not any(_TOKEN.fullmatch(name) for name, _ in found):
        raise InvalidCookie("cookie.no_pair")
    if _NO_NAME.search(found[0][0]) or _LOGIN.search(found[0][1]):
        raise InvalidCookie("cookie.before")
