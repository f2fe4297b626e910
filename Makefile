# `make demo` runs the main job, `make test` passes the tests; both set up all they need.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: help setup demo serve test check format bench faults simulate lock clean

help: ## Say what each target does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## Make the virtual environment with the locked dependencies

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

demo: $(STAMP) ## Make a realistic day of documents, clear it, and show what came of it
	$(BIN)/tumen demo

serve: $(STAMP) ## Serve a demonstration node: API and portal at http://127.0.0.1:8000
	$(BIN)/tumen serve --demo

test: $(STAMP) ## Run the whole test suite
	$(BIN)/pytest -n 3

check: $(STAMP) ## Format, lint, types, import layers and the tidy tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/tidy

format: $(STAMP) ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## Measure the road, the law, the log, the observatory and the service, each beside its yardstick
	TUMEN_FAULTS=full $(BIN)/pytest tests/bench
	$(BIN)/python bench/road.py
	$(BIN)/python bench/law.py
	$(BIN)/python bench/log.py
	$(BIN)/python bench/observatory.py
	$(BIN)/python bench/divide.py
	$(BIN)/python bench/service.py

faults: $(STAMP) ## Run the long fault suite in full and write docs/faults.md
	TUMEN_FAULTS=full $(BIN)/pytest tests/fault tests/property -o junit_family=xunit1 \
	  -o junit_suite_name=$$(git describe --always --dirty) --junitxml=build/faults.xml; \
	  outcome=$$?; $(BIN)/python tools/build_faults_page.py build/faults.xml; exit $$outcome

SEEDS ?= 20000
simulate: $(STAMP) ## Run the simulator of log, publisher and witnesses for SEEDS seeds
	$(BIN)/python -m tests.simulator $(SEEDS)

lock: ## Lock the dependencies again, all and those of a service, with hashes and no index address
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --all-extras --group dev \
	  --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --extra pkcs11 \
	  --group package --constraint requirements.lock pyproject.toml -o requirements-service.lock

clean: ## Remove what was made here
	rm -rf .venv demo out build dist
