"""The pages of integrations/, read: what they tell a person to copy."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from support.showroom.installation import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FENCED = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def page(bar: str) -> Path:
    """The page of a bar."""
    return ROOT / "integrations" / bar / "README.md"


def snippets(bar: str, language: str) -> list[str]:
    """The fenced texts in this language on the page of a bar."""
    return [textwrap.dedent(body) for name, body in FENCED.findall(page(bar).read_text("utf-8")) if name == language]
