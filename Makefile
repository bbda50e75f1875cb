# Each target is enough by itself on a fresh machine: it sets up what it needs first.
PYTHON := .venv/bin/python
READY := .venv/.ready
export QT_QPA_PLATFORM ?= offscreen

.PHONY: run test lint bench clean

# Index an album and try three searches: make run PHOTOS=/my/photos (without: drawn scenes).
run: $(READY)
	$(PYTHON) main.py demo $(if $(PHOTOS),"$(PHOTOS)")

test: lint
	$(PYTHON) -m pytest

lint: $(READY)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# Measure; ONLY=search runs one part.
OUTPUT ?= bench.json
bench: $(READY)
	$(PYTHON) -m tests.bench --output "$(OUTPUT)" $(if $(ONLY),--only $(ONLY))

$(READY): packaging/requirements.lock packaging/setup.sh
	sh packaging/setup.sh
	touch $@

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
