# Each target is enough by itself on a fresh machine: it sets up what it needs first.
PYTHON := .venv/bin/python
READY := .venv/.ready

.PHONY: run demo test lint bench starters package deb appimage screenshots clean

# Open the window; make run PHOTOS=/my/photos adds a folder at once.
run: $(READY)
	$(PYTHON) main.py $(if $(PHOTOS),"$(PHOTOS)")

# Without a window: index an album (without PHOTOS: drawn scenes) and try three searches.
demo: $(READY)
	$(PYTHON) main.py demo $(if $(PHOTOS),"$(PHOTOS)")

test: export QT_QPA_PLATFORM ?= offscreen
# Every process loads torch and Qt: more than four of them cost memory rather than save time.
test: lint
	$(PYTHON) -m pytest -n logical --maxprocesses 4 --dist worksteal

lint: $(READY)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# Measure; ONLY=search runs one part.
OUTPUT ?= bench.json
bench: export QT_QPA_PLATFORM ?= offscreen
bench: $(READY)
	$(PYTHON) -m tests.bench --output "$(OUTPUT)" $(if $(ONLY),--only $(ONLY))

# The two checkpoints that come with the program, from the data in SHARED: hours. Stopped, it goes
# on from what lies in build/starters.
SHARED ?= ../shared
starters: $(READY)
	sh packaging/starters.sh "$(SHARED)" build/starters

# The program with its own Python in dist/anhoi, tried there; CUDA=1 for graphics cards.
package: export CUDA ?=
package: $(READY)
	sh packaging/package.sh

# What is in dist/anhoi as a Debian package, and as an AppImage; built first where it is not there.
deb: | dist/anhoi/anhoi
	sh packaging/linux/build-deb.sh

appimage: | dist/anhoi/anhoi
	sh packaging/linux/build-appimage.sh

dist/anhoi/anhoi:
	$(MAKE) package

# The pictures of the README, drawn by the program itself over scenes made for them.
screenshots: $(READY)
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.screenshots

$(READY): packaging/requirements.lock packaging/setup.sh packaging/translations.sh \
		$(wildcard resources/translations/*.ts)
	sh packaging/setup.sh
	touch $@

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
