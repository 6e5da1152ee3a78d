"""Puts this folder on the import path, which pytest's importlib mode leaves alone."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
