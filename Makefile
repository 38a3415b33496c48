# Everything one types here. `make help` lists the targets.
#
# The environment lives in .venv/. It is filled by uv (installed into .tools/ with pip where it is missing),
# or by plain venv and pip where uv cannot be had. Versions and hashes come from requirements/*.txt.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
# Not `?=`: some shells and compilers export a HOST of their own. `make run HOST=0.0.0.0` still works.
HOST = 127.0.0.1
# What to hand to pytest: `make test ARGS="-k receipt"`.
ARGS ?=
# How many processes share the suite: one for each core, or none beside pytest itself where ARGS names a part.
# Plain `=`, since a shell may export WORKERS for a server of its own.
WORKERS = $(if $(ARGS),0,auto)
LANGUAGES = en de ar

BIN = .venv/bin
UV = $(shell command -v uv || echo .tools/uv/bin/uv)
RUN_STAMP = .venv/.run-stamp
DEV_STAMP = .venv/.dev-stamp
# Quiet, the same for everybody.
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export UV_NO_PROGRESS = 1
# Trust what the machine trusts: city networks often look into TLS with a certificate of their own.
export UV_SYSTEM_CERTS = 1

.PHONY: help run test check bench rehearsal screenshots translations assets environment lock wheel clean

help: ## list these targets
	@echo "Answerable: make TARGET"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' \
		| while IFS=$$'\t' read -r name text; do printf '  %-14s %s\n' "$$name" "$$text"; done

run: $(RUN_STAMP) assets ## the city of Lindhafen on http://127.0.0.1:8000 (PORT= and HOST= change it)
	@exec $(BIN)/answerable demo --host $(HOST) --port $(PORT)

test: $(DEV_STAMP) assets ## the whole suite; parts whose programs are missing are skipped and say so
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

check: $(DEV_STAMP) assets ## lint, format, types, import contracts, catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python hatch_build.py types
	$(BIN)/lint-imports
	$(extract)
	$(BIN)/answerable translations check --template .tools/messages.pot

bench: $(DEV_STAMP) assets ## measure counting, imports, letters, pages and submissions, and print the times
	@$(BIN)/python -m tests.benchmarks $(ARGS)

rehearsal: $(DEV_STAMP) assets ## a whole online vote of 60,000 people and 5,000 ballots, with its figures; takes long
	@$(BIN)/python -m tests.rehearsal $(ARGS)

screenshots: $(DEV_STAMP) assets ## pictures of the main pages, three languages and two widths
	@$(BIN)/python -m tests.screenshots $(ARGS)

# Babel's own --ignore-dirs would pass over templates/_layout and _components.
define extract
	@$(BIN)/pybabel -q extract -F pyproject.toml --ignore-dirs '.* node_modules static var docs tests' \
		-k _l -k lazy_gettext -k lazy_ngettext:1,2 \
		--add-location=file --sort-by-file --no-wrap --project=Answerable --version=0 \
		--header-comment='# Sentences of Answerable. Licence: EUPL-1.2.' -o .tools/messages.pot .
endef

translations: $(DEV_STAMP) ## collect the messages and bring every catalogue up to date
	$(extract)
	@for language in $(LANGUAGES); do \
		catalogue=translations/$$language/LC_MESSAGES/messages.po; \
		if [ -e $$catalogue ]; then \
			$(BIN)/pybabel -q update --no-wrap --ignore-obsolete --no-fuzzy-matching \
				--ignore-pot-creation-date -l $$language -i .tools/messages.pot -o $$catalogue; \
		else \
			mkdir -p $${catalogue%/*}; \
			$(BIN)/pybabel -q init --no-wrap -l $$language -i .tools/messages.pot -o $$catalogue; \
		fi; \
	done
	@$(BIN)/answerable translations fill-english
	@$(BIN)/python hatch_build.py catalogues

assets: $(RUN_STAMP) ## build static/ and the compiled catalogues, where a source is newer
	@$(BIN)/python hatch_build.py catalogues assets

environment: $(DEV_STAMP) ## .venv/ with everything that tests and checks need

lock: .tools/uv-ready ## renew requirements/*.txt (UPGRADE=1 to take newer versions)
	@for set in "dev --group dev pyproject.toml" "run --group build -c requirements/dev.txt pyproject.toml" \
		"node --group pyproject.toml:node" "tools --group pyproject.toml:tools"; do \
		name=$${set%% *}; \
		$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
			$(if $(UPGRADE),--upgrade) $${set#* } -o requirements/$$name.txt; \
	done

wheel: .tools/uv-ready ## build dist/answerable-*.whl with templates, catalogues and assets inside
	@rm -rf dist
	@if [ -x $(UV) ]; then $(UV) build --wheel; else $(PYTHON) -m pip wheel --no-deps -w dist .; fi
	@ls dist/*.whl

clean: ## remove what was built and installed; var/ stays
	rm -rf .venv .tools static dist build frontend/node_modules .mypy_cache .ruff_cache .pytest_cache
	find . -name '*.mo' -delete -o -name __pycache__ -prune -exec rm -rf {} +

# --- how the environment comes about -------------------------------------------------------------------------

# uv is a convenience: whether it could be had decides which of two ways the stamps below take.
.tools/uv-ready: requirements/tools.txt
	@mkdir -p .tools
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Answerable needs Python 3.11 or newer. Name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@command -v uv >/dev/null \
		|| $(PYTHON) -m pip install -q --upgrade --require-hashes --target .tools/uv -r $< 2>.tools/uv.log \
		|| echo "uv could not be installed (see .tools/uv.log); going on with venv and pip" >&2
	@touch $@

# Without npm, Node comes as a Python package.
define install
	@if [ -x "$(UV)" ]; then \
		[ -x $(BIN)/python ] || $(UV) venv -q --python $(PYTHON) .venv; \
		$(UV) pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r $(1) \
			$$(command -v npm >/dev/null || echo -r requirements/node.txt); \
		$(UV) pip install -q --python $(BIN)/python --no-build-isolation --no-deps -e .; \
	else \
		[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv; \
		$(BIN)/python -m pip install -q --require-hashes -r $(1) \
			$$(command -v npm >/dev/null || echo -r requirements/node.txt); \
		$(BIN)/python -m pip install -q --no-build-isolation --no-deps -e .; \
	fi
	@touch $@
endef

INSTALLED_FROM = pyproject.toml hatch_build.py requirements/run.txt requirements/node.txt

$(RUN_STAMP): $(INSTALLED_FROM) | .tools/uv-ready
	@echo "Installing into .venv/"
	$(call install,requirements/run.txt)

$(DEV_STAMP): $(INSTALLED_FROM) requirements/dev.txt $(RUN_STAMP) | .tools/uv-ready
	@echo "Installing what tests and checks need into .venv/"
	$(call install,requirements/dev.txt)
