# The README's own commands need no make; these are what is run now and then.
PYTHON ?= python3

.PHONY: bench attack

# One table of ratios (benchmarks/README.md). Needs bash, curl, jq and GNU time.
bench:
	$(PYTHON) benchmarks/bench.py

# The herd and the killed fetchers, ten times as many of them as in CI. Needs the package installed for $(PYTHON).
attack:
	CODINGPLAN_BAR_TEST_ROUNDS=10 CODINGPLAN_BAR_TEST_KILLS=2000 $(PYTHON) -m pytest tests/refresh
