# Everything that a checkout needs. `make run` opens the window; `make test` runs the tests.
PYTHON ?= python3
ARGS ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=
PICTURES ?=
JOBS ?= 2

export VENV ?= .venv
BIN := $(VENV)/bin

# Both are written by .ci/setup when all is installed.
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
WANTED := pyproject.toml .ci/constraints.txt .ci/setup

.DEFAULT_GOAL := help
.PHONY: help setup dev run test test-quick test-pythons test-transparency check lint types rules bench messages screenshots wheel clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

setup: $(RUNTIME) ## Prepare .venv with what Spawnscope needs to run

dev: $(DEV) ## Prepare .venv with what its tests and tools need as well

# Who names a Python gets .venv made from that one; else the Python of a .venv that is there is kept.
ifneq ($(origin PYTHON),file)
THIS_PYTHON := --this-python
ifeq ($(shell $(PYTHON) .ci/setup another),yes)
.PHONY: another-python
$(RUNTIME) $(DEV): another-python
endif
endif

$(RUNTIME): $(WANTED)
	@$(PYTHON) .ci/setup runtime $(THIS_PYTHON)

$(DEV): $(WANTED)
	@$(PYTHON) .ci/setup dev $(THIS_PYTHON)

run: $(RUNTIME) ## Open the window; make run ARGS="run script.py" to start a program in it
	@$(BIN)/python .ci/system-packages run
	@exec $(BIN)/python main.py $(ARGS)

test: $(DEV) ## Run the tests; make test PYTEST_ARGS="-k name" for some of them
	@$(BIN)/python .ci/system-packages test
	@$(BIN)/pytest --timeout=120 --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder $(PYTEST_ARGS)

test-quick: $(DEV) ## Run the part of the tests that shows whether Spawnscope works on its Python
	@$(BIN)/python .ci/system-packages test
	@$(BIN)/pytest --timeout=120 --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder $(PYTEST_ARGS) @tests/quick.txt

test-pythons: $(DEV) ## Run that part on each other Python that is here
	@$(BIN)/python .ci/test-pythons

test-transparency: $(DEV) ## Run Python's own tests with and without the probe; takes hours
	@$(BIN)/pytest -m transparency --timeout=7200 -o faulthandler_timeout=0 \
		tests/transparency $(PYTEST_ARGS)

check: lint types rules test ## Style, types, import rules and tests

lint: $(DEV)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(DEV)
	@$(BIN)/mypy --strict

rules: $(DEV)
	@$(BIN)/pytest -q tests/architecture

bench: $(DEV) ## Measure speed; make bench BENCH_ARGS="..."
	@$(BIN)/python .ci/system-packages test
	@$(BIN)/python benchmarks $(BENCH_ARGS)

messages: $(DEV) ## Collect the sentences of the program; check and compile their translations
	@$(BIN)/python .ci/messages

screenshots: $(DEV) ## Take the pictures of README and guide anew (needs fonts-noto-cjk); PICTURES=--findings
	@$(BIN)/python .ci/system-packages test
	@$(BIN)/python docs/screenshots.py $(PICTURES)

wheel: $(DEV) ## Build the wheel and the source archive into dist/
	@$(BIN)/python -m build --no-isolation

clean: ## Remove .venv and everything that was built
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	@find . -name .git -prune -o -name __pycache__ -type d -exec rm -rf {} +
