"""Bytes that are nearly good ones: where no fuzzer that watches the coverage can be had, these come near enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

SALT = (b"", b"\0", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\r\n", b"\x1b[31m", b"'", b'"', b"\\")
SALT += (b"{", b"}", b"[", b"]", b"%{", b"#(", b"|", b"<", b"&", b"=", b";", b":", b"//", b"@", b"e999", b"-", b"null")
SALT += (b"1" * 400, b"[" * 200, b"[" * 20_000, b"\\u0000", b"\\ud800", b"NaN", b"9" * 5_000)


def mutated(chance: Random, seeds: list[bytes]) -> bytes:
    """One of the seeds, changed at one to eight places."""
    text = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        _change(chance, text, seeds)
    return bytes(text)


def _change(chance: Random, text: bytearray, seeds: list[bytes]) -> None:
    first = chance.randint(0, len(text))
    last = min(len(text), first + int(chance.expovariate(0.1)))
    kind = chance.randrange(5)
    if kind == 0 and text:
        text[first % len(text)] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del text[first:last]
    elif kind == 2:
        text[first:first] = text[first:last] * chance.randint(1, 3)
    elif kind == 3:
        text[first:last] = chance.choice(SALT)
    else:
        other = chance.choice(seeds)
        start = chance.randint(0, len(other))
        text[first:last] = other[start : start + chance.randint(0, 80)]
