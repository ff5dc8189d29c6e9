# Everything here makes its own environment in .venv; nothing has to be installed by hand.
# Python 3.11 or newer, Java 17 and Maven are enough (Java and Maven only for the Gremlin tests).

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# What is compiled is kept, whatever the shell says: tests start many processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test quick soak check fix bench clean

help: ## list what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps -e . ; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e . ; \
	fi
	@touch $@

demo: $(STAMP) ## make a made-up company and show its customer 360 view
	@$(BIN)/fullcircle demo

test: $(STAMP) ## check the code and run every test
	@$(BIN)/python -m compileall -q src  # once for the many processes that tests start; below, the tests once for all workers
	@$(BIN)/python -m pytest --collect-only -q >/dev/null 2>&1 & $(MAKE) --no-print-directory check && wait
	@$(BIN)/python -m pytest -n 4 --dist loadgroup  # on two cores: one or the other waits for a server

quick: $(STAMP) ## run the tests for what the change touches
	@$(BIN)/python -m tests.quick

soak: $(STAMP) ## run the property tests with ever new examples: make soak MINUTES=10
	@$(BIN)/python -m tests.soak $(or $(MINUTES),10) $(TESTS)

check: $(STAMP) ## format, lint, types, import rules
	@$(BIN)/ruff format --check -q src tests bench
	@$(BIN)/ruff check -q src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: $(STAMP) ## format, and correct what can be corrected automatically
	@$(BIN)/ruff format -q src tests bench
	@$(BIN)/ruff check -q --fix src tests bench

bench: $(STAMP) ## list the benches; make bench NAME=pipeline SIZE=100k runs one
	@$(BIN)/python -m bench $(NAME) $(if $(SIZE),--size $(SIZE))

clean: ## remove the environment and what the demo made
	rm -rf $(VENV) demo-company
