# Everything sets itself up: Python 3.11 or later and make are enough.
#
#   make demo    the bot with a demo district and the simulator in the browser
#   make test    every test
#   make check   every tool, then every test
#   make bench   the intake benchmark with its comparison
#   make evaluate  how well messages are understood, in figures
#   make train   learn what is in bot/understanding/*.bin again from our own corpus

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
PINS   := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test check bench evaluate train pins migration clean

help:
	@sed -n 's/^#   //p' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.ready-demo
	@$(BIN)/xiaoge demo

test: $(VENV)/.ready-test
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

check: $(VENV)/.ready-test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/basedpyright
	@$(MAKE) --no-print-directory test

bench: $(VENV)/.ready-bench
	@$(BIN)/python -m tests.benchmarks.intake $(ARGS)

evaluate: $(VENV)/.ready-test
	@$(BIN)/python -m tests.understanding.evaluate

train: $(VENV)/.ready-train
	@$(BIN)/python -m tests.understanding.train
	@$(BIN)/python -m tests.understanding.train_personal

# Renew constraints.txt: the newest versions that pyproject.toml allows, in an environment of their own.
pins:
	@rm -rf var/pins && $(PYTHON) -m venv var/pins
	@var/pins/bin/python -m pip --disable-pip-version-check --quiet install -e '.[dev,bench,train]'
	@{ sed -n '/^#/p' constraints.txt; \
	   var/pins/bin/python -m pip --disable-pip-version-check freeze --exclude-editable; } > var/constraints.txt
	@mv var/constraints.txt constraints.txt && rm -rf var/pins
	@echo "constraints.txt is renewed; now: make check"

# What the tables need that the migrations do not do yet, as the next migration: make migration SAYS="what changes"
migration: $(VENV)/.ready-test
	@$(BIN)/python -m storage.migrations "$(SAYS)"
	@$(BIN)/ruff format --quiet storage/migrations && $(BIN)/ruff check --quiet --fix storage/migrations

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; name it: make PYTHON=python3.11 demo"; exit 1; }
	@echo "1/2  an environment of its own in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python's venv is missing; on Debian: apt install python3-venv"; exit 1; }

$(VENV)/.ready-demo: $(PINS) | $(BIN)/python
	@echo "2/2  the pinned packages (about a minute the first time) ..."
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-test: $(PINS) | $(BIN)/python
	@echo "2/2  the pinned packages and tools (a minute or two the first time) ..."
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.ready-demo

$(VENV)/.ready-bench: $(PINS) | $(BIN)/python
	@echo "2/2  the pinned packages to compare with ..."
	@$(PIP) install -c constraints.txt -e '.[dev,bench]'
	@touch $@ $(VENV)/.ready-demo $(VENV)/.ready-test

$(VENV)/.ready-train: $(PINS) | $(BIN)/python
	@echo "2/2  the pinned packages to learn with ..."
	@$(PIP) install -c constraints.txt -e '.[dev,train]'
	@touch $@ $(VENV)/.ready-demo $(VENV)/.ready-test
