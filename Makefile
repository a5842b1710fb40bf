# Everything runs in a virtual environment of its own, .venv, made on the first call from nothing but Python and pip.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
EXE := .exe
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python$(EXE)
# pip says nothing while all goes well; what it warns of concerns its own version.
PIP := $(PY) -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check lint docs bench record wheel system-deps clean

help:
	@echo "make demo    install, and show everything on a made-up catalogue"
	@echo "make test    install, and run all tests"
	@echo "make check   linters, types, documentation, tests"
	@echo "make lint    linters, types, documentation"
	@echo "make docs    write docs/cli.md and docs/models.md anew from the code"
	@echo "make bench   measure the speed, as ratios"
	@echo "make record  record the cassettes anew from the small Spotify"
	@echo "make wheel   build the package into dist/"
	@echo "make system-deps    Java for train --engine spark, Chromium for the tests of the pages; Debian, Ubuntu; as root"
	@echo "make clean   remove what was built; your databases stay"

demo: $(VENV)/installed
	$(BIN)/segue demo

test: $(VENV)/installed-dev
	$(PY) -m pytest

check: lint test

lint: $(VENV)/installed-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m docs.generate --check

docs: $(VENV)/installed-dev
	$(PY) -m docs.generate

bench: $(VENV)/installed-dev
	$(PY) -m bench.speed

record: $(VENV)/installed-dev
	$(PY) -m tests.crawler.record

wheel: $(VENV)/installed-dev
	$(PY) -m build --wheel

system-deps:
	@command -v apt-get >/dev/null || { \
		echo "This system has no apt-get: install Java 17 or newer (or take it from adoptium.net) and Chromium by its own means;" >&2; \
		echo "CHROMIUM names a browser that is elsewhere. Playwright's own browsers are not needed." >&2; exit 1; }
	apt-get update
	apt-get install --yes --no-install-recommends openjdk-17-jre-headless chromium

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Segue needs Python 3.11 or newer, and '$(PYTHON)' is not: name one (make PYTHON=python3.12 ...)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv' 2>/dev/null && $(PYTHON) -m ensurepip --version >/dev/null 2>&1 || { \
		echo "'$(PYTHON)' lacks venv or ensurepip: install them (on Debian and Ubuntu: python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The stamps follow pyproject.toml, so that a second call installs nothing.
$(VENV)/installed: pyproject.toml $(PY)
	$(PIP) -e .
	@touch $@

$(VENV)/installed-dev: pyproject.toml $(PY)
	$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/installed
