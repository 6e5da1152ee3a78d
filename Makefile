# The README's own commands need no make; these are what is run now and then.
PYTHON ?= python3

.PHONY: bench attack fuzz docs lock audit

# Two tables: ratios (benchmarks/README.md; needs bash, curl, jq and GNU time), and what an import costs (docs/browsers.md;
# needs chromium, firefox-esr and gnome-keyring, and the package installed for $(PYTHON) with its extra `test`).
bench:
	PYTHONPATH=tests $(PYTHON) benchmarks/bench.py
	PYTHONPATH=tests $(PYTHON) tests/browsers/measure.py

# Every attack, harder than in CI, and a table of what held; --write puts it into SECURITY.md. Needs the package installed
# for $(PYTHON).
attack:
	$(PYTHON) tests/attack/table.py --write

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

# The manual page and the completions, from the table of commands.
docs:
	$(PYTHON) docs/reference.py
