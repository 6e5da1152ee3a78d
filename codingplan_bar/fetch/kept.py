"""What one session has learnt of each region, kept with it so that the next refresh is one request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from codingplan_bar.fetch.regions import REGIONS
from codingplan_bar.model import RegionName


@dataclass(slots=True)
class Kept:
    """By region: the `sec_token` (empty, where the console takes that) and the shape that brought the counters."""

    tokens: dict[RegionName, str] = field(default_factory=dict, repr=False)
    shapes: dict[RegionName, str] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON. It holds the tokens."""
        return {"tokens": dict(self.tokens), "shapes": dict(self.shapes)}

    @classmethod
    def from_data(cls, data: object) -> Kept:
        """What `to_data` gave. Raises `ValueError`, without any of the data, where it is not that."""
        if not isinstance(data, dict) or data.keys() != {"tokens", "shapes"}:
            raise ValueError("nothing that this program keeps with a session")
        return cls(_by_region(data["tokens"]), _by_region(data["shapes"]))


def _by_region(data: object) -> dict[RegionName, str]:
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise ValueError("nothing that this program keeps with a session")
    return {name: data[name] for name in REGIONS if name in data}
