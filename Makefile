# Every command of the project; `make` alone lists them. They need Python 3.11 or newer and nothing else.
# Variables: PYTHON=interpreter  PROCEDURE=type of the demo  TESTS="paths and flags of pytest"  FLOOR=least coverage of the core
#            WORKERS=processes that test  STORE=sqlite:  STORES="sqlite: couchdb:"  MARK="which tests run there"
#            SECONDS=how long a proof lasts  QUICK=1 for a short bench  NAME=type of a new procedure  DIR=where to make it

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PROCEDURE ?= belowThreshold
TESTS ?=
WORKERS ?= 2
# `couchdb:` is PouchDB Server from npm, or the server that OP_TEST_COUCHDB_URL names.
STORES ?= sqlite: couchdb:
# The store of the tested API in `make test`.
STORE ?= memory:
# What is long and about rules, not about storing, runs on memory alone; MARK= runs it here too.
MARK ?= not exhaustive
# What is asked of the API, as opposed to units, documents and the stores' own tests.
ON_STORES := tests/api tests/chronograph tests/demo tests/documents tests/proof procedures
SECONDS ?= 60
FLOOR ?= 100
# What the tests must run completely: the rules, the store, and the path of a request.
CORE := */openprocurement_api/domain/*,*/openprocurement_api/storage/*,*/openprocurement_api/http/pipeline.py,*/openprocurement_api/http/changes.py
# The CouchDB store is tested on a server from npm; where there is no npm the tests say that they are skipped.
UNTESTED := $(if $(shell command -v npm),,--omit='*/storage/couch*')
LOCK_TOOL := uv==0.13.8
LOCK_FLAGS :=
SOURCES := pyproject.toml setup.py requirements/venv.sh

.DEFAULT_GOAL := help
.PHONY: help run demo procedure test test-stores proof bench check sure format docs assets lock upgrade clean

help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s%s\n", $$1, $$2 }'

run: $(VENV)/.installed  ## Serve the API, the document service and the chronograph; Ctrl-C ends them
	@exec $(BIN)/openprocurement run development.ini

demo: $(VENV)/.installed  ## Play one procedure from draft to complete (PROCEDURE=belowThreshold)
	@exec $(BIN)/openprocurement demo $(PROCEDURE)

procedure: $(VENV)/.installed  ## Make the folder of a new procedure with tests that pass (NAME=x, DIR=procedures)
	@$(BIN)/openprocurement new-procedure $(NAME) $(if $(DIR),--folder $(DIR))

test: $(VENV)/.installed-dev  ## Run the tests and measure the core (TESTS=tests/unit runs only those, unmeasured)
	$(if $(TESTS),$(BIN)/python -m pytest -q $(TESTS),$(RUN_ALL_TESTS))

test-stores: $(VENV)/.installed-dev  ## Run the tests of the API on SQLite and on a server of CouchDB's protocol (STORES, MARK)
	@set -e; for store in $(STORES); do \
	  $(BIN)/python -m pytest -q -n $(WORKERS) -m '$(MARK)' --store $$store $(ON_STORES); done

proof: $(VENV)/.installed-dev  ## Write, observe and kill for a minute on each store, and count what was lost (SECONDS)
	@set -e; for store in memory: $(STORES); do $(BIN)/python tests/proof/feed_proof.py $$store --seconds $(SECONDS); done

check: $(VENV)/.installed-dev  ## Formatting, lint, types, import rules: the cheap checks
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev  ## Measure the speed against named limits: 15 minutes, with QUICK=1 two
	@$(BIN)/python -W ignore -m bench $(if $(QUICK),--quick)

sure: check test test-stores docs  ## Everything a change must pass

format: $(VENV)/.installed-dev  ## Format the code and repair what ruff can repair
	$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format --quiet .

docs: $(VENV)/.installed-dev  ## Build the documentation in build/docs; a warning is an error
	$(BIN)/sphinx-build -q -E -W --keep-going -b html -d build/doctrees docs build/docs

assets:  ## Fetch the scripts that pages are shown with anew from npm, in the versions that are named with them
	@requirements/assets.py openprocurement_api/http/assets

lock: build/lock/.installed  ## Write requirements/lock*.txt anew from pyproject.toml, keeping versions that still fit
	$(COMPILE) -o requirements/lock.txt
	$(COMPILE) --all-extras -c requirements/lock.txt -o requirements/lock-dev.txt
	@{ echo '# Written by make lock from lock.txt, for buildout.cfg.'; echo '[versions]'; \
	   sed -n 's/^\([a-z0-9._-]*\)==\([^ ;]*\).*/\1 = \2/p' requirements/lock.txt; } > requirements/versions.cfg

upgrade: LOCK_FLAGS := --upgrade
upgrade: lock  ## The same with the newest versions that fit

clean:  ## Remove what was built, the environment included; var/ (the data) stays
	rm -rf $(VENV) build dist docs/reference/procedures *.egg-info .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find openprocurement_api openprocurement_client procedures plugins tests bench conf docs -name __pycache__ -type d -prune -exec rm -rf {} +

# coverage starts pytest, not the other way round: pytest's plugins, ours among them, are imported before pytest-cov wakes.
# What is long and about rules takes twice as long while it is measured, and reaches no line that nothing else reaches.
define RUN_ALL_TESTS
$(BIN)/coverage erase
$(BIN)/coverage run -m pytest -q -n $(WORKERS) -m 'not exhaustive' --store $(STORE)
$(BIN)/coverage combine -q
$(BIN)/coverage report --include='$(CORE)' $(UNTESTED) --fail-under=$(FLOOR)
$(BIN)/python -m pytest -q -n $(WORKERS) -m exhaustive
endef

COMPILE = build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
	--custom-compile-command 'make lock' $(LOCK_FLAGS) pyproject.toml

$(VENV)/.installed: requirements/lock.txt $(SOURCES)
	@requirements/venv.sh $(VENV) $<
	@touch $@

$(VENV)/.installed-dev: requirements/lock-dev.txt $(SOURCES)
	@requirements/venv.sh $(VENV) $<
	@touch $(VENV)/.installed $@

build/lock/.installed: Makefile
	@python3 -m venv build/lock && build/lock/bin/python -m pip install -qq --disable-pip-version-check '$(LOCK_TOOL)'
	@touch $@
