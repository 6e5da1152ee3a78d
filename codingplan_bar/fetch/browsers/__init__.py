"""The console session that the user already has: looked for in the stores of the browsers on this machine.

`search.search` is the one verb: it takes a `wanted.Wanted` and gives a `search.Search`. `stores.stores_state` tells
whether a store has changed since, `ranking.identity` one sign-in from another, `catalogue.unknown` the names of the
setting `browsers` that are no browser's. What the import library lacks stands in `lacks`.
"""
