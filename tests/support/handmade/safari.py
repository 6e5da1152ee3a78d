"""Safari's one file, `Cookies.binarycookies`, with one page."""

from __future__ import annotations

import struct

APPLE_EPOCH = 978_307_200


def make(path, crumbs):
    """The file at `path`. Gives the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cookies = [_cookie(crumb) for crumb in crumbs]
    offsets, at = [], 12 + 4 * len(cookies)
    for cookie in cookies:
        offsets.append(at)
        at += len(cookie)
    page = b"\0\0\1\0" + struct.pack("<I", len(cookies)) + struct.pack(f"<{len(offsets)}I", *offsets) + b"\0" * 4
    page += b"".join(cookies)
    path.write_bytes(b"cook" + struct.pack(">II", 1, len(page)) + page)
    return path


def _cookie(crumb):
    texts = [text.encode() + b"\0" for text in (crumb.host, crumb.name, crumb.path, crumb.value)]
    offsets, at = [], 56
    for text in texts:
        offsets.append(at)
        at += len(text)
    flags = 1 if crumb.secure else 0
    head = struct.pack("<IIII", at, 0, flags, 0) + struct.pack("<IIII", *offsets) + struct.pack("<I", 0) + b"\0" * 4
    return head + struct.pack("<dd", crumb.expires_at - APPLE_EPOCH, 0) + b"".join(texts)
