"""The same Chromium, once its keyring has been locked.

In a file of its own, since it stays so: of the files that share it, the one with the fewest tests runs last.
"""

from __future__ import annotations

import time

from support.machine import crowd


def test_a_locked_keyring_is_told(chromium_keyring, of):
    chromium_keyring.bus.lock_keyring()
    began = time.monotonic()
    (report,) = of(chromium_keyring).search("chromium", now=time.time()).reports
    assert report.verdict == "keyring_locked"
    assert time.monotonic() - began < 2.5 * crowd()
