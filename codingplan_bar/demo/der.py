"""The few ASN.1 values that a certificate is made of, written in DER (ITU-T X.690)."""

from __future__ import annotations

from datetime import UTC, datetime

TRUE = b"\x01\x01\xff"
_LAST_OF_UTC_TIME = 2049  # RFC 5280, 4.1.2.5: later years are written with four digits


def element(tag: int, *parts: bytes) -> bytes:
    """One element: its tag, its length, its content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """Elements in their order."""
    return element(0x30, *parts)


def set_of_one(part: bytes) -> bytes:
    """A set with a single element, so that there is nothing to sort."""
    return element(0x31, part)


def tagged(number: int, *parts: bytes, constructed: bool = False) -> bytes:
    """A context-specific element, such as `[0]`; constructed where it holds elements."""
    return element(0x80 | constructed << 5 | number, *parts)


def integer(value: int) -> bytes:
    """A whole number, not negative: a zero byte goes before a set top bit."""
    return element(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def bit_string(content: bytes, *, unused: int = 0) -> bytes:
    """Bits, of which the last `unused` are none."""
    return element(0x03, bytes((unused,)), content)


def octet_string(content: bytes) -> bytes:
    """Bytes, often another element's."""
    return element(0x04, content)


def utf8(text: str) -> bytes:
    """Text of any script."""
    return element(0x0C, text.encode())


def oid(dotted: str) -> bytes:
    """An object identifier such as `2.5.29.15`: the first two numbers share a byte, the others go in base 128."""
    first, second, *others = map(int, dotted.split("."))
    return element(0x06, bytes((first * 40 + second,)), *map(_base_128, others))


def time(instant: float) -> bytes:
    """A moment given in epoch seconds: UTCTime, from 2050 on GeneralizedTime."""
    moment = datetime.fromtimestamp(instant, UTC)
    if moment.year <= _LAST_OF_UTC_TIME:
        return element(0x17, f"{moment:%y%m%d%H%M%SZ}".encode())
    return element(0x18, f"{moment:%Y%m%d%H%M%SZ}".encode())


def _base_128(number: int) -> bytes:
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(0x80 | number & 0x7F)
    return bytes(reversed(digits))
