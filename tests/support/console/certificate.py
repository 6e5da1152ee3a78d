"""A throw-away certificate authority and a server's certificate by it (X.509 v3, RFC 5280), made in memory."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import NamedTuple

from Cryptodome.Hash import SHA256
from Cryptodome.PublicKey import ECC
from Cryptodome.Signature import DSS

# The few ASN.1 values that a certificate is made of, written in DER (ITU-T X.690).

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


def der_oid(dotted: str) -> bytes:
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


LOOPBACK = ("localhost", "127.0.0.1", "::1")
HOUR, DAY = 3_600, 86_400  # seconds

_COMMON_NAME, _ECDSA_WITH_SHA256, _SERVER_AUTH = "2.5.4.3", "1.2.840.10045.4.3.2", "1.3.6.1.5.5.7.3.1"
_SUBJECT_KEY_ID, _KEY_USAGE, _SUBJECT_ALT_NAME = "2.5.29.14", "2.5.29.15", "2.5.29.17"
_BASIC_CONSTRAINTS, _AUTHORITY_KEY_ID, _EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.35", "2.5.29.37"
_DIGITAL_SIGNATURE = bit_string(b"\x80", unused=7)
_CERT_SIGN = bit_string(b"\x04", unused=2)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Two PEM texts: the authority that a client trusts, and what a server shows together with its key."""

    authority: str
    server: str = field(repr=False)


class _Party(NamedTuple):
    """Who issues a certificate or is named by one."""

    name: str
    key: ECC.EccKey

    @property
    def distinguished_name(self) -> bytes:
        attribute = sequence(der_oid(_COMMON_NAME), utf8(self.name))
        return sequence(set_of_one(attribute))

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().export_key(format="DER")

    @property
    def key_id(self) -> bytes:
        """A hash of the public key, as RFC 7093 has it."""
        return SHA256.new(self.public_key).digest()[:20]


def issue(names: Sequence[str] = LOOPBACK, *, now: float) -> Certificate:
    """A certificate for DNS names and IP addresses, good for one day that began an hour before `now` (epoch seconds).

    The authority's key is forgotten on return, so nothing else can ever be signed by it. For an expired certificate,
    let `now` be two days ago.
    """
    root = _Party("codingplan-bar, one run only", ECC.generate(curve="P-256"))
    server = _Party(names[0], ECC.generate(curve="P-256"))
    extensions = (*_extensions_of_a_server(names), _key_id(server), _issuer_key_id(root))
    shown = _signed(_claims(server, root, now, extensions), root)
    trusted = _signed(_claims(root, root, now, (*_extensions_of_an_authority(), _key_id(root))), root)
    return Certificate(authority=_pem(trusted), server=server.key.export_key(format="PEM") + "\n" + _pem(shown))


def _claims(subject: _Party, issuer: _Party, now: float, extensions: Sequence[bytes]) -> bytes:
    """What is signed: RFC 5280's TBSCertificate, version 3."""
    return sequence(
        tagged(0, integer(2), constructed=True),
        integer(secrets.randbits(64) + 1),
        _algorithm(),
        issuer.distinguished_name,
        sequence(time(now - HOUR), time(now - HOUR + DAY)),
        subject.distinguished_name,
        subject.public_key,
        tagged(3, sequence(*extensions), constructed=True),
    )


def _signed(claims: bytes, issuer: _Party) -> bytes:
    signature = DSS.new(issuer.key, "fips-186-3", encoding="der").sign(SHA256.new(claims))
    return sequence(claims, _algorithm(), bit_string(signature))


def _algorithm() -> bytes:
    return sequence(der_oid(_ECDSA_WITH_SHA256))


def _extensions_of_an_authority() -> tuple[bytes, ...]:
    may_sign_servers_only = sequence(TRUE, integer(0))  # no authority below this one
    return (
        _extension(_BASIC_CONSTRAINTS, may_sign_servers_only, critical=True),
        _extension(_KEY_USAGE, _CERT_SIGN, critical=True),
    )


def _extensions_of_a_server(names: Sequence[str]) -> tuple[bytes, ...]:
    return (
        _extension(_BASIC_CONSTRAINTS, sequence(), critical=True),
        _extension(_KEY_USAGE, _DIGITAL_SIGNATURE, critical=True),
        _extension(_EXTENDED_KEY_USAGE, sequence(der_oid(_SERVER_AUTH))),
        _extension(_SUBJECT_ALT_NAME, sequence(*map(_general_name, names))),
    )


def _key_id(party: _Party) -> bytes:
    return _extension(_SUBJECT_KEY_ID, octet_string(party.key_id))


def _issuer_key_id(issuer: _Party) -> bytes:
    return _extension(_AUTHORITY_KEY_ID, sequence(tagged(0, issuer.key_id)))


def _extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    return sequence(der_oid(oid), TRUE if critical else b"", octet_string(value))


def _general_name(name: str) -> bytes:
    try:
        return tagged(7, ip_address(name).packed)
    except ValueError:
        return tagged(2, name.encode("ascii"))


def _pem(certificate: bytes) -> str:
    text = base64.encodebytes(certificate).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"
