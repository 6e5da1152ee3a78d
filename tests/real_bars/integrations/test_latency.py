"""The benchmark of benchmarks/latency.py can be run; its figures are for a quiet machine and not for a test."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location

from support.machine import need
from support.showroom.home import ROOT


def test_a_change_is_seen_and_its_time_taken(programs):
    need("polybar")
    spec = spec_from_file_location("latency", ROOT / "benchmarks/latency.py")
    latency = module_from_spec(spec)
    spec.loader.exec_module(latency)
    (milliseconds,) = latency.figures("polybar", 1, None, pause=0.3)
    assert 0 < milliseconds < 5_000
    assert latency.told([1.0, 2.0, 1_500.0]) == "2 ms (1 to 1,500)"
