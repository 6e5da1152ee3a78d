"""The console session that the user already has: looked for in the stores of the browsers on this machine."""

from __future__ import annotations

from codingplan_bar.fetch.browsers.catalogue import BROWSERS, unknown
from codingplan_bar.fetch.browsers.entries import Report
from codingplan_bar.fetch.browsers.ranking import identity
from codingplan_bar.fetch.browsers.search import Search, search
from codingplan_bar.fetch.browsers.stores import stores_state
from codingplan_bar.fetch.browsers.wanted import Wanted

__all__ = ["BROWSERS", "Report", "Search", "Wanted", "identity", "search", "stores_state", "unknown"]
