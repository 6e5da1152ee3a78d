"""The one rule for a test that needs a program which may be absent: skip, or fail where everything is required."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

import pytest

REQUIRE_ALL = "CODINGPLAN_BAR_REQUIRE_ALL"
"""Set to 1 where nothing may be skipped: on the project's own machines."""

PACKAGES = {
    "chromium": "chromium",
    "firefox-esr": "firefox-esr",
    "gnome-keyring-daemon": "gnome-keyring",
    "secret-tool": "libsecret-tools",
    "dbus-daemon": "dbus-daemon",
}
"""Which Debian package brings what."""


def need(*programs: str, environ: Mapping[str, str] = os.environ) -> None:
    """Go on if every program is on PATH; else skip the test with a reason, or fail it where all are required."""
    missing = [name for name in programs if shutil.which(name, path=environ.get("PATH")) is None]
    if not missing:
        return
    reason = "; ".join(f"needs {name}: apt install {PACKAGES[name]}" for name in missing)
    if environ.get(REQUIRE_ALL) == "1":
        pytest.fail(f"{reason} ({REQUIRE_ALL}=1 allows no skip)", pytrace=False)
    pytest.skip(reason)
