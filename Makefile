# `make demo` and `make test` need Python 3.11 or newer and nothing else.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# What Python compiles is kept in .venv, also where images forbid it: else each process compiles all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo notebooks ocr test thorough lint types unit lock screenshots clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: .venv/.ready  ## install, run the night on the shipped sample, say where the results are
	@$(BIN)/cxnlp init demo --config data/sample/cxnlp.toml
	@$(BIN)/cxnlp run --workspace demo --as-of 2026-11-02 || { echo "Was a later night run in demo/? \`make clean demo\` starts the sample anew."; exit 1; }

notebooks: demo  ## open the analysts' notebooks on the demo (JupyterLab is an extra)
	$(PIP) -e ".[notebooks]"
	CXNLP_WORKSPACE="$(CURDIR)/demo" $(BIN)/jupyter lab notebooks

ocr: .venv/.ready  ## let the night read scanned letters, too (a large extra)
	$(PIP) -e ".[ocr]"

test: unit lint types  ## tests, lint, types

unit: .venv/.ready-dev
	$(BIN)/python -m pytest -n 4 --dist worksteal

thorough: .venv/.ready-dev  ## kills at every step and full disks, which `make test` shows at one step each
	$(BIN)/python -m pytest -m thorough -n 4 --dist worksteal

lint: .venv/.ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.ready-dev
	$(BIN)/mypy

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cxnlp needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 demo")'
	@echo "Setting up .venv (once; a few minutes, most of it downloads)"
	@$(PYTHON) -m venv .venv

.venv/.ready: requirements.lock pyproject.toml | .venv/bin/python
	@$(PIP) --no-compile --no-deps --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@$(PIP) --no-compile --no-deps --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ .venv/.ready

lock: .venv/.ready-dev  ## write the lock files again from pyproject.toml
	$(BIN)/uv pip compile -q pyproject.toml --extra build --extra dev --extra keyring --extra originals --extra print --extra sql --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate -o requirements-dev.lock > /dev/null
	$(BIN)/uv pip compile -q pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate -c requirements-dev.lock -o requirements.lock > /dev/null

screenshots: demo .venv/.ready-dev  ## take the documents' pictures of the page again, from the demo
	$(BIN)/python -m tests.report.screenshots demo docs

clean:  ## remove the demo workspace (not .venv)
	rm -rf demo
