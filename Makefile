# Everything is set up in .venv on first use, and again when pyproject.toml or
# constraints.txt has changed. Relative paths only: a clone may lie under a path with spaces.

PYTHON ?= python3
ARGS ?=
PYTEST_ARGS ?= -n auto
CONTAINER ?= docker
IMAGE ?= calfeed

venv := .venv
py := $(venv)/bin/python
install := $(py) -m pip install -qq -c constraints.txt

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test lint types format bench image release setup tools audit constraints clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "PYTHON=python3.12 chooses the interpreter (3.11 or newer) when .venv is created,"
	@echo "ARGS='--port 9000' goes to the server (or to the benchmarks), PYTEST_ARGS='-x' to pytest."

run: $(venv)/.run ## serve on http://localhost:8080, with sample data until real data is there
	@exec $(py) -m calfeed serve --sample fallback $(ARGS)

test: lint types tools ## lint, types and all tests
	@echo "calfeed: tests"
	@$(py) -m pytest -q $(PYTEST_ARGS)

lint: $(venv)/.dev ## check style and formatting
	@echo "calfeed: lint"
	@$(py) -m ruff check -q
	@$(py) -m ruff format -q --check

types: $(venv)/.dev ## check types
	@echo "calfeed: types"
	@$(py) -m mypy --no-error-summary

format: $(venv)/.dev ## repair style and formatting where a tool can
	@$(py) -m ruff check -q --fix --exit-zero
	@$(py) -m ruff format

bench: $(venv)/.dev ## measure speed and memory side by side (about a quarter of an hour)
	@$(py) -m benchmarks $(ARGS)

image: ## build the container's image: CONTAINER=podman, IMAGE=name:tag
	@$(CONTAINER) build -t $(IMAGE) .

release: $(venv)/.dev ## build what is published, try it, and say what is left to do
	@$(py) .ci/release.py

setup: $(venv)/.dev ## install all that development needs

tools: .venv-clients/.done .venv-schemas/.done tests/parsers/node_modules/.done ## install what tests run besides: calendar apps' parsers and clients, schemas

audit: .venv-audit/.done ## look up what is pinned among known vulnerabilities
	@.venv-audit/bin/python .ci/audit.py constraints.txt

constraints: ## pin the newest versions of everything (with Python 3.11 or 3.12)
	@echo "calfeed: resolving the newest versions"
	@"$(PYTHON)" -m venv --clear .venv-new
	@.venv-new/bin/python -m pip install -qq -U setuptools
	@.venv-new/bin/python -m pip install -qq '.[dev]'
	@echo "# Exact versions of everything, for 'pip install -c'. Refreshed by: make constraints" > constraints.new
	@.venv-new/bin/python -m pip freeze --all --exclude pip --exclude calfeed >> constraints.new
	@mv constraints.new constraints.txt
	@rm -rf .venv-new

clean: ## remove .venv, caches and builds
	@rm -rf .venv .venv-new .venv-clients .venv-schemas .venv-audit tests/parsers/node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Three stamps: the interpreter, what running needs, what development needs. The build backend
# is installed first and used from there, so that it is pinned like the rest.

$(venv)/.python:
	@"$(PYTHON)" -c '' 2>/dev/null || \
		{ echo "calfeed: cannot run '$(PYTHON)'; install Python 3.11 or newer, or name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "calfeed: '$(PYTHON)' is older than Python 3.11; name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "calfeed: '$(PYTHON)' cannot create virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "calfeed: creating $(venv) with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv --clear $(venv)
	@touch $@

$(venv)/.run: $(venv)/.python pyproject.toml constraints.txt
	@echo "calfeed: installing into $(venv) (about half a minute)"
	@$(install) hatchling
	@$(install) --no-build-isolation -e .
	@touch $@

$(venv)/.dev: $(venv)/.python pyproject.toml constraints.txt
	@echo "calfeed: installing into $(venv), with the development tools (about a minute)"
	@$(install) hatchling
	@$(install) --no-build-isolation -e '.[dev]'
	@touch $(venv)/.run $@

# Without these, their tests are skipped: a missing npm or network must not stop the others.

.venv-clients/.done: tests/clients.txt
	@echo "calfeed: installing subscribing clients into .venv-clients"
	@"$(PYTHON)" -m venv --clear .venv-clients
	@.venv-clients/bin/python -m pip install -qq -r tests/clients.txt && touch $@ || \
		echo "calfeed: no subscribing clients: their test is skipped" >&2

.venv-schemas/.done:
	@echo "calfeed: installing check-jsonschema into .venv-schemas"
	@"$(PYTHON)" -m venv --clear .venv-schemas
	@.venv-schemas/bin/python -m pip install -qq check-jsonschema==0.39.0 && touch $@ || \
		echo "calfeed: no check-jsonschema: its tests are skipped" >&2

tests/parsers/node_modules/.done: tests/parsers/package.json
	@if command -v npm >/dev/null; then echo "calfeed: installing parsers of npm"; \
		npm install --prefix tests/parsers --no-package-lock --no-audit --no-fund --silent && touch $@ || \
		echo "calfeed: npm failed: the test of its parser is skipped" >&2; \
		else echo "calfeed: no npm: the test of its parser is skipped" >&2; fi

.venv-audit/.done:
	@echo "calfeed: installing pip-audit into .venv-audit"
	@"$(PYTHON)" -m venv --clear .venv-audit
	@.venv-audit/bin/python -m pip install -qq pip-audit==2.10.1
	@touch $@
