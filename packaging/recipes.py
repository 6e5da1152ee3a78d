"""Fills the recipes' gaps with the version, the address and the hash of one sdist.

    python packaging/recipes.py SDIST FOLDER [HOMEPAGE [ADDRESS]]

HOMEPAGE is the project's page, ADDRESS where the sdist can be fetched. They stand nowhere else: whoever publishes
gives them, as .github/workflows/release.yml does. Without them the recipes take the sdist that lies beside them.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

TEMPLATES = ("PKGBUILD", "codingplan-bar.rb")
_SDIST = re.compile(r"codingplan_bar-(\d[\w.]*)\.tar\.gz")
_GAP = re.compile(r"@[A-Z0-9]+@")


def filled(template: str, sdist: Path, homepage: str = "", address: str = "") -> str:
    """A recipe for that sdist. Raises ValueError for a file that is none, and for a gap that stays."""
    named = _SDIST.fullmatch(sdist.name)
    if not named:
        raise ValueError(f"{sdist.name} is not an sdist of codingplan-bar")
    facts = {
        "@VERSION@": named[1],
        "@SHA256@": hashlib.sha256(sdist.read_bytes()).hexdigest(),
        "@SOURCE@": address or sdist.name,
        "@HOMEPAGE@": homepage or f"file://{sdist.parent.resolve()}",
    }
    text = template
    for gap, fact in facts.items():
        text = text.replace(gap, fact)
    if left := _GAP.search(text):
        raise ValueError(f"nothing fills {left[0]}")
    return text


def main(sdist: str, folder: str, homepage: str = "", address: str = "") -> None:
    """Write each recipe into the folder."""
    for name in TEMPLATES:
        template = Path(__file__).with_name(name).read_text("utf-8")
        Path(folder, name).write_text(filled(template, Path(sdist), homepage, address), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
