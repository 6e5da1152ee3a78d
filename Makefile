# The README's own commands need no make; these are what is run now and then.
PYTHON ?= python3

.PHONY: bench attack fuzz lock audit

# One table of ratios (benchmarks/README.md). Needs bash, curl, jq and GNU time.
bench:
	$(PYTHON) benchmarks/bench.py

# The herd and the killed fetchers, ten times as many of them as in CI. Needs the package installed for $(PYTHON).
attack:
	CODINGPLAN_BAR_TEST_ROUNDS=10 CODINGPLAN_BAR_TEST_KILLS=2000 $(PYTHON) -m pytest tests/refresh

# Half an hour of atheris on every reader of what comes from outside (pip install '.[test,fuzz]'); SECURITY.md has figures.
MINUTES ?= 30
fuzz:
	$(PYTHON) tests/fuzz/attack.py $(MINUTES)

# The packages that CI and development use, by version and hash. Needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra test --extra build --output-file requirements.txt pyproject.toml

# Known holes in those packages. Needs pip-audit, and a registry that tells of them.
audit:
	pip-audit --requirement requirements.txt
