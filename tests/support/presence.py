"""The one rule for a test that needs a program which may be absent: skip, or fail where everything is required."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUIRE_ALL = "CODINGPLAN_BAR_REQUIRE_ALL"
"""Set to 1 where nothing may be skipped: on the project's own machines."""

SOURCES = {
    "Xvfb": "apt install xvfb",
    "chromium": "apt install chromium",
    "dbus-daemon": "apt install dbus-daemon",
    "firefox-esr": "apt install firefox-esr",
    "gnome-keyring-daemon": "apt install gnome-keyring",
    "i3status-rs": "cargo install i3status-rs --no-default-features",
    "secret-tool": "apt install libsecret-tools",
    "setpriv": "apt install util-linux",
    "swaybar": "apt install sway",
    "swaybg": "apt install swaybg",
    "unshare": "apt install util-linux",
}


def need(*programs: str, environ: Mapping[str, str] = os.environ) -> None:
    """Go on if every program is on PATH; else skip the test with a reason, or fail it where all are required."""
    missing = [name for name in programs if shutil.which(name, path=environ.get("PATH")) is None]
    if not missing:
        return
    reason = "; ".join(f"needs {name}: {SOURCES.get(name, f'apt install {name}')}" for name in missing)
    if environ.get(REQUIRE_ALL) == "1":
        pytest.fail(f"{reason} ({REQUIRE_ALL}=1 allows no skip)", pytrace=False)
    pytest.skip(reason)
