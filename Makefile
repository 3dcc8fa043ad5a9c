# The verbs a person types. Everything is installed into .venv, from locked and hashed versions.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Another implementation, to be measured beside ours; no part of the project.
PEER := build/peer

.PHONY: help refresh test test-long test-new-cases check format lock bench bench-judging bench-methods bench-contracts bench-site corrupt real-extracts agreement ui clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

refresh: $(READY)  ## install what is needed and make a release from the embedded sample
	@$(BIN)/outcomes refresh --sample

test: $(READY)  ## install what is needed and run the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

test-long: $(READY)  ## the tests that take minutes
	@OUTCOMES_KILLS=$${OUTCOMES_KILLS:-100} $(BIN)/python -m pytest -m slow

test-new-cases: $(READY)  ## the property tests with cases that no run has had
	@$(BIN)/python -m pytest -n 2 --hypothesis-profile=new_cases -m "not slow" tests/spec tests/unit

check: $(READY)  ## linters, types, SQL style, generated files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint dbt/models --disable-progress-bar
	@$(BIN)/python -m tests.generated --check

format: $(READY)  ## format code and SQL, write generated files anew
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/python -m tests.generated --write

bench: $(READY)  ## how fast it is, as ratios in one run
	@$(BIN)/python -m tests.bench.run

bench-judging: $(READY)  ## how long ten million values take to be judged
	@$(BIN)/python -m tests.bench.judging $(ARGS)

bench-methods: $(READY) $(PEER)/.ready  ## how fast the methods are beside PHStatsMethods
	@$(BIN)/python -m tests.bench.methods $(ARGS)

bench-contracts: $(READY)  ## how long the risk of 28 outcomes and 10 providers takes
	@$(BIN)/python -m tests.bench.contracts $(ARGS)

bench-site: $(READY)  ## how long the site of a release of a million values takes (after `make refresh`)
	@$(BIN)/python -m tests.bench.site $(ARGS)

corrupt: $(READY)  ## damage to clean extracts, kind by kind: what is caught, held, still published
	@$(BIN)/python -m tests.corruption $(ARGS)

real-extracts: $(READY)  ## what comes of the publishers' own files (OUTCOMES_REAL_EXTRACTS), as a page
	@$(BIN)/python -m tests.pages.real_extracts

agreement: $(READY)  ## our limits, comparisons and trends beside those published in the real files, as a page
	@$(BIN)/python -m tests.pages.agreement $(ARGS)

ui: $(READY)  ## Dagster's web server and daemon, schedules and sensor on
	@$(BIN)/outcomes ui

lock:  ## resolve the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-annotate --no-header --no-emit-index-url --group dev pyproject.toml -o requirements.lock

clean:  ## remove the environment and caches; var/ stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache build *.egg-info

# uv installs in seconds where it is at hand; pip reads the same file. Bytecode is compiled at once,
# since every later start would pay for it otherwise.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(not (3, 11) <= v <= (3, 13) and f"Python 3.11 to 3.13 is needed; this is {v[0]}.{v[1]}. Try: make PYTHON=python3.11 refresh")'
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@if command -v uv >/dev/null 2>&1; then \
		uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@$(BIN)/python -m compileall -q dagster_project
	@$(BIN)/python -m dagster_project.pipeline.dbt_project
	@touch $(READY)

$(PEER)/.ready: $(READY) pyproject.toml
	@test -d $(PEER)/bin || $(PYTHON) -m venv $(PEER)
	@$(PEER)/bin/python -m pip install --quiet --disable-pip-version-check "$$($(BIN)/python -c \
		'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["peer"])')"
	@touch $(PEER)/.ready
