# Easel's developer interface; `make help` lists it. Needs Python 3.11 or newer and make. What is
# missing beyond that is installed: packages into .venv, Chromium (for `make test`) through apt.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help run test check browser bench soak lock clean

VENV := .venv
PYTHON := $(VENV)/bin/python
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
INSTALLS := requirements/build.txt pyproject.toml scripts/install scripts/venv

help: ## Show what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

run: $(RUN_READY) ## Install what is pinned, then serve Easel on this machine
	@exec $(PYTHON) -m bot serve

test: check browser ## Everything: the checks, then all tests, a real browser included
	@$(PYTHON) -m pytest -n 2 --dist loadgroup

check: $(DEV_READY) ## Lint, types, import contracts
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -c 'from importlinter.cli import lint_imports_command as go; go()'

bench: $(DEV_READY) ## Measure, and print the table of ratios
	@$(PYTHON) -m bench

soak: $(DEV_READY) ## The long chaos runs: kills by the hundred, a store that is long away
	@EASEL_SOAK=1 $(PYTHON) -m pytest tests/chaos tests/scenario/test_store_away.py

lock: ## Pin the dependencies anew, with hashes (UPGRADE=1 takes newer ones; needs uv)
	@scripts/lock

clean: ## Remove what was installed or made; never your data
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache test-results

browser:
	@scripts/browser

# Two stamps, so that serving does not wait for the tools of development.
$(RUN_READY): requirements/run.txt $(INSTALLS)
	@scripts/install requirements/run.txt
	@touch $@

$(DEV_READY): requirements/dev.txt $(INSTALLS)
	@scripts/install requirements/dev.txt
	@touch $@ $(RUN_READY)
