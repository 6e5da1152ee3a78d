"""Puts this folder on the import path, which pytest's importlib mode leaves alone: `from grammar import waybar`."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)
