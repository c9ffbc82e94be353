PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OLAH := .venv-olah
HOOKS := .venv-hooks
NODE := .node

.PHONY: demo test check check-static compiled format lint types imports docs bench fuzz schema rule-docs campaign verify-campaign validate hooks browser hub mutation clean

# The stamp is younger than pyproject.toml once everything that it asks for is installed.
$(VENV)/stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "licscan needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

# A Hub server that nobody here wrote, to test against; it asks for versions of its own.
$(OLAH)/stamp: tests/olah.txt
	$(PYTHON) -m venv $(OLAH)
	$(OLAH)/bin/python -m pip install --quiet --requirement tests/olah.txt
	@touch $@

demo: $(VENV)/stamp  ## Scan real models: a source tree that names some, and packages that carry some
	@sh examples/demo.sh $(BIN)

compiled: $(VENV)/stamp  ## Compile the rules once, for the tests and for a wheel: what is installed has nothing to compile
	@$(BIN)/python -c 'from pathlib import Path; from licscan.rulebook.compiled import install; install(Path("licscan/_compiled"))'

test: $(VENV)/stamp $(OLAH)/stamp compiled  ## Run the tests with coverage
	$(BIN)/python -m pytest --numprocesses=auto --cov --cov-report=term

check: check-static test  ## What CI, CONTRIBUTING and the hook run

check-static: format lint types imports docs

format: $(VENV)/stamp
	$(BIN)/ruff format --check .

lint: $(VENV)/stamp
	$(BIN)/ruff check .

types: $(VENV)/stamp
	$(BIN)/mypy

imports: $(VENV)/stamp
	$(BIN)/lint-imports

docs: schema rule-docs
	@git diff --exit-code --stat -- docs/schema docs/rules

schema: $(VENV)/stamp  ## Write docs/schema from the types
	$(BIN)/python -c 'from licscan.reports.json import schema; print(schema(), end="")' > docs/schema/report.schema.json
	$(BIN)/python -c 'from licscan.audit.json import schema; print(schema(), end="")' > docs/schema/audit.schema.json

rule-docs: $(VENV)/stamp  ## Write docs/rules from the rule files
	$(BIN)/python docs/make_rules.py

bench: $(VENV)/stamp  ## Print the figures (see benchmarks/README.md)
	$(BIN)/python benchmarks/run.py

# Seconds for each reader.
FUZZ ?= 600
fuzz: $(VENV)/stamp  ## Drive the readers of weight files and bills of materials with atheris, each for FUZZ seconds
	$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	for target in gguf safetensors pickle zip tflite coreml nemo hdf5 packed bom; do \
		$(BIN)/python -m tests.fuzz $$target -max_total_time=$(FUZZ) || exit 1; done

campaign: $(VENV)/stamp  ## Scan 2,000 models of a hub that fails, is killed, and kills (about 15 minutes)
	$(BIN)/python -m tests.campaign

verify-campaign: $(VENV)/stamp  ## Harm 10,000 files behind the cache of digests, and find every one (about a minute)
	$(BIN)/python -m tests.verify_campaign

# A library for CycloneDX that nobody here wrote, and in another language, to read our documents back.
$(NODE)/stamp:
	npm install --silent --no-audit --no-fund --prefix $(NODE) '@cyclonedx/cyclonedx-library@>=10 <11' ajv ajv-formats ajv-formats-draft2019
	@touch $@

validate: $(VENV)/stamp $(NODE)/stamp  ## Hold the documents of 50 models, each alone and all, against the validators of others (20 minutes)
	$(BIN)/python -m tests.validators

hooks: $(VENV)/stamp  ## Run both hooks with the real pre-commit (installs this checkout, a minute or two)
	@test -x $(HOOKS)/bin/pre-commit || $(PYTHON) -m venv $(HOOKS)
	@test -x $(HOOKS)/bin/pre-commit || $(HOOKS)/bin/python -m pip install --quiet 'pre-commit>=4,<5' 'check-jsonschema>=0.30,<1'
	$(BIN)/python -m tests.hooks $(CURDIR)/$(HOOKS)/bin/pre-commit

# A process for each mutant starts from rules that are compiled; mutants/ keeps what is known of those that were tried.
mutation: $(VENV)/stamp  ## Change what decides in every small way: the tests must notice 90 % (about an hour)
	$(BIN)/python -m pip install --quiet 'mutmut>=3.8,<4'
	$(BIN)/python -c 'from pathlib import Path; from licscan.rulebook import load; load(cache=Path(".rules-cache"))'
	LICSCAN_TEST_RULES=$(CURDIR)/.rules-cache $(BIN)/mutmut run
	$(BIN)/python -m tests.mutation

# Debian: apt-get install chromium. axe-core is no part of the product; it only looks at the page that the tests make.
browser: $(VENV)/stamp  ## Open the audit's page in Chromium: sort, filter, print, accessibility, hostile texts
	$(BIN)/python -m pip install --quiet --editable '.[browser]'
	@test -f .axe/package/axe.min.js || { mkdir -p .axe && cd .axe && npm pack --silent axe-core@4 >/dev/null && tar -xzf axe-core-*.tgz; }
	$(BIN)/python -m pytest -rP tests/test_audit_browser.py

hub: $(VENV)/stamp  ## Run a Hub with models made for tests, to scan on a machine without one
	$(BIN)/python -m tests.hub

clean:
	rm -rf $(VENV) $(OLAH) $(HOOKS) $(NODE) .demo build dist mutants .axe
