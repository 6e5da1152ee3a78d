"""A browser's "Copy as cURL", for POSIX shells and for Windows' cmd: its words, and the cookies among them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codingplan_bar.errors import InvalidCookie

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMAND = re.compile(r"\s*(?:\$\s+)?(?:curl(?:\.exe)?(?=\s)|(?:-H|--header|-b|--cookie)(?=\s|['\"^$]))", re.IGNORECASE)

_HEADER = re.compile(r"cookie\s*:", re.IGNORECASE)
_COOKIES = re.compile(r"[^=]*=")
_NEVER = re.compile(r"(?!)")
_CARRIES_COOKIES = {"-H": _HEADER, "--header": _HEADER, "-b": _COOKIES, "--cookie": _COOKIES}
"""Our options, each with how its value begins where it is about cookies; a `-b` without `=` names a file."""

_OTHER_OPTION = re.compile(
    r"-[AdeFmouxX]|--(data(-ascii|-binary|-raw|-urlencode)?|form|json|max-time|output|proxy|referer|request|resolve"
    r"|url|user|user-agent)"
)
"""Options whose value could look like an option of ours."""

_CARET = re.compile(r"\^(\r?\n|.)")  # cmd's escape; at the end of a line it goes on with the next
_PIECE = re.compile(
    r"""(?P<space>(?:\s|\\\r?\n)++)
      | \$'(?P<ansi>(?:[^'\\]|\\.)*+)'
      | '(?P<single>[^']*+)'
      | "(?P<double>(?:[^"\\]|\\.|"")*+)"
      | \\(?P<escaped>.)
      | (?P<plain>\$(?!') | [^\s'"\\$]++)
      | (?P<open>.)""",
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE = re.compile(r'\\([$`"\\])|""')
_ANSI = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))", re.DOTALL)
_ANSI_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}


def is_command(text: str) -> bool:
    """Whether a text is a cURL command, or begins with one of its options for headers and cookies."""
    return _COMMAND.match(text) is not None


def cookie_headers(command: str) -> Iterator[str]:
    """What the command's options `-H`, `--header`, `-b` and `--cookie` give as Cookie headers, in their order.

    Raises `InvalidCookie` where a quote is never closed.
    """
    words = _words(_without_carets(command))
    for word in words:
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
            raise InvalidCookie("The cURL command is cut off: a quote in it is never closed.")
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
        return _ANSI.sub(_ansi_character, piece[kind])
    if kind == "double":
        return _IN_DOUBLE.sub(lambda escape: escape[1] or '"', piece[kind])
    return piece[kind]


def _ansi_character(escape: re.Match[str]) -> str:
    r"""One escape of `$'…'`; an unknown one stays as it is, and a number beyond Unicode becomes U+FFFD."""
    code = escape[1] or escape[2] or escape[3]
    if code or escape[4]:
        number = int(code, 16) if code else int(escape[4], 8) & 0xFF
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _ANSI_LETTERS.get(escape[5], escape[5] if escape[5] in "\\'\"?" else escape[0])
