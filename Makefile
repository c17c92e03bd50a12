# A fresh machine → the demo, the tests, the figures. Everything is installed into .venv; `make` alone lists the targets.

PYTHON ?= python3
JOBS ?= auto
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
READY_BROWSER := $(VENV)/.ready-browser
LOCK := pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo test check reference stories eval bench browser screenshots torture sameness fuzz lock audit format clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## read the sample reports, print what changed hands and why, write map.html
	$(BIN)/khabar demo

test: check ## all checks, then all tests
	$(BIN)/pytest -n $(JOBS) tests src

check: $(READY_DEV) ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/test_layers.py

reference: $(READY) ## write the codebook, the commands' page and what the tutorial prints from the program
	$(BIN)/python -m khabar.codebook > docs/reference/codebook.md.new
	mv docs/reference/codebook.md.new docs/reference/codebook.md
	$(BIN)/python -m khabar.cli.reference > docs/reference/cli.md.new
	mv docs/reference/cli.md.new docs/reference/cli.md
	$(BIN)/python tests/printed.py docs/tutorial/first-record.md

stories: $(READY_DEV) ## render the stories again and show what changed
	KHABAR_REWRITE_STORIES=1 $(BIN)/pytest tests/test_stories.py
	git --no-pager diff --stat -- tests/stories

eval: $(READY_DEV) ## figures on the development sets, against their floors
	$(BIN)/python benchmarks/evaluate.py
	$(BIN)/python benchmarks/coreference.py

bench: $(READY_DEV) ## reports and sentences per second, peak memory, share of time per step
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/bench_control.py
	$(BIN)/python benchmarks/bench_page.py
	$(BIN)/python benchmarks/bench_scale.py --docs

browser: $(READY_BROWSER) ## the page in a real browser: every view, a review by keyboard, accessibility (needs Chromium)
	KHABAR_BROWSER=1 $(BIN)/pytest tests/browser

screenshots: $(READY_BROWSER) ## the pictures of docs/reference/views.md, taken of the sample (needs Chromium)
	$(BIN)/python tests/browser/screenshots.py docs/pictures/views

torture: $(READY_DEV) ## the record under kill -9, full disks, power cuts, two writers (half an hour)
	$(BIN)/python tests/torture

sameness: $(READY_DEV) ## the same reports in 3 orders, with 1, 2, 4 workers, 2 hash seeds, 2 locales, 2 time zones: one dump (72 builds)
	$(BIN)/python tests/torture sameness

fuzz: $(READY_DEV) ## hostile inputs for every reader: N=1000000 SEED=1 (a million takes some two hours)
	$(BIN)/python tests/fuzz --n $(or $(N),1000000) --seed $(or $(SEED),1)

lock: $(READY_DEV) ## resolve all dependencies again, with hashes, into locks/
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile $(LOCK) -o locks/core.txt
	$(BIN)/uv pip compile $(LOCK) --all-extras --group dev -o locks/all.txt

audit: $(READY_DEV) ## known vulnerabilities of what is locked; licences and hashes written down
	$(BIN)/pip install --quiet pip-audit
	$(BIN)/python locks/audit.py licences > docs/reference/licences.md
	$(BIN)/python locks/audit.py pins > locks/data.sha256
	git --no-pager diff --stat -- docs/reference/licences.md locks/data.sha256
	$(BIN)/python locks/audit.py

format: $(READY_DEV) ## put the code into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove what these targets made
	rm -rf $(VENV) build dist runs map.html .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are newer than pyproject.toml as long as what is installed is what it asks for.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Khabar needs Python 3.11 or later, and $(PYTHON) is not. Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(READY_DEV): $(READY)
	$(BIN)/pip install --quiet --group dev
	@touch $@

$(READY_BROWSER): $(READY_DEV) web/package-lock.json
	$(BIN)/pip install --quiet --group browser
	cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

-include training/model.mk
