# Everything a person or CI runs. `make demo` and `make test` work on a fresh machine with git, make and Python 3.11+.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
LOCKS := .ci/constraints

.DEFAULT_GOAL := help
.PHONY: help demo chat test check format bench lock sample clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/runtime ## set up, then show the whole line once and stay in a chat
	@$(BIN)/steward demo

chat: $(VENV)/runtime ## talk in the terminal (after `make demo` or `steward init`)
	@$(BIN)/steward chat

test: $(VENV)/development ## set up and run the tests; STEWARD_TEST_POSTGRES adds Postgres
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/development ## lint, formatting, strict types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/development ## format and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/development ## print speed, memory and the planner's figures
	@$(BIN)/python -m tests.bench

lock: $(VENV)/development ## resolve the dependencies anew into .ci/constraints
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile $(LOCK_FLAGS) --extra build --extra postgres -o $(LOCKS)/runtime.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK_FLAGS) --extra build --extra postgres --extra openai --extra test --extra bench --extra sample \
	  -c $(LOCKS)/runtime.txt -o $(LOCKS)/development.txt pyproject.toml

LOCK_FLAGS := --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

sample: $(VENV)/development ## build the shipped sample workspace anew (tools/sample)
	$(BIN)/python -m tools.sample.build

clean: ## remove what the targets above made, but not STEWARD_HOME
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache

# Each set of packages is pinned with hashes; the project itself is linked in, so an edit needs no new install.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Steward needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: $(LOCKS)/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing Steward (about a minute, once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(LOCKS)/runtime.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/development: $(LOCKS)/development.txt $(VENV)/runtime
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(LOCKS)/development.txt
	@touch $@
