# Two commands: make run, make test. Everything else is named in docs/development.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q install -c constraints.txt
# Options for selfsame run: make run ARGS="--port 8500"
ARGS ?=

.PHONY: run test lint unit browser bench clean

run: $(VENV)/installed
	@$(BIN)/selfsame run $(ARGS)

test: lint unit

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

unit: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n 2 -m "not browser"

# The whole walk in a real browser; needs Debian's chromium (.ci/run installs it).
browser: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m browser tests/browser

bench: $(VENV)/installed
	$(BIN)/selfsame bench turn
	$(BIN)/selfsame bench queue
	$(BIN)/selfsame bench selfie
	$(BIN)/selfsame bench start
	$(BIN)/selfsame bench surfaces

$(VENV)/bin/python:
	@sh scripts/venv.sh $(PYTHON) $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Selfsame (once) …"
	@$(PIP) -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing what the tests need (once) …"
	@$(PIP) -e .[dev]
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
