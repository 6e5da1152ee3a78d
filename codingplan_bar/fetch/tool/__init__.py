"""The provider's own tool as a source: `bl`, of the npm package bailian-cli, with a console login of its own."""

from __future__ import annotations

from codingplan_bar.fetch.tool.place import find, inputs
from codingplan_bar.fetch.tool.source import ToolSource

__all__ = ["ToolSource", "find", "inputs"]
