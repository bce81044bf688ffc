# Needs Python 3.11 or newer, make and git; everything else is installed into .venv.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
ARGS ?=
TEST_DATABASE_URL ?= postgresql://postgres@127.0.0.1:5432/postgres
REDIS_URL ?= redis://127.0.0.1:6379
RABBITMQ_URL ?= amqp://guest:guest@127.0.0.1:5672//

.DEFAULT_GOAL := help
.PHONY: help install install-dev run test test-services bench lint format messages vendor lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.installed ## make .venv with the locked requirements
install-dev: $(VENV)/.installed-dev ## the same, with the tools for tests and checks

run: export DEBUG = true
run: export PORT := $(PORT)
run: install ## start everything on PORT (8000): database, web, worker, beat
	@$(BIN)/python -m fintechsite.run

test: install-dev ## run every test on a private database (ARGS="-k name" for some)
	@$(BIN)/pytest $(SPREAD) $(ARGS)

# With TEST_DATABASE_URL, CACHE_URL and CELERY_BROKER_URL `make test` runs everything on servers that
# are there; these are the tests of what a cache of Redis and either broker have a part in.
SPREAD := -n 2 --dist worksteal
SERVED := tests/fintechsite tests/partners tests/metrics/management tests/metrics/test_tasks.py \
	tests/cases/views/test_pictures_at_once.py tests/cases/views/test_chart_pictures.py
test-services: install-dev ## the tests of caches and queues, on PostgreSQL, Redis and RabbitMQ
	TEST_DATABASE_URL="$(TEST_DATABASE_URL)" CACHE_URL="$(REDIS_URL)/2" \
		CELERY_BROKER_URL="$(REDIS_URL)/1" \
		$(BIN)/pytest $(SPREAD) -m "not browser and not private" $(SERVED) $(ARGS)
	TEST_DATABASE_URL="$(TEST_DATABASE_URL)" CACHE_URL="$(REDIS_URL)/2" \
		CELERY_BROKER_URL="$(RABBITMQ_URL)" \
		$(BIN)/pytest -m worker tests/fintechsite tests/browser $(ARGS)

# A .venv of its own: what others bring stays out of ours.
bench: ## time our work beside that of others (ARGS=--large for 12M values, "--only load")
	@$(MAKE) --no-print-directory VENV=.venv-bench .venv-bench/.installed-bench
	@.venv-bench/bin/python -m tests.benchmarks $(ARGS)

# Nothing answers at this address: the checks read settings and code, never data.
lint: export DEBUG = true
lint: export DATABASE_URL = postgresql:///fintech?host=/nonexistent
lint: install-dev ## style, types, layers, migrations, translations, production settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@git ls-files -z '*/templates/*.html' 'templates/*.html' | \
		xargs -0 -r $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports
	$(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	$(BIN)/python -m fintechsite.messages check
	DEBUG=false ALLOWED_HOSTS=example.org CACHE_URL=redis://cache.example.org/0 \
		CELERY_BROKER_URL=amqp://broker.example.org SECRET_KEY=$$($(BIN)/python -c \
		'import secrets; print(secrets.token_urlsafe(64))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: install-dev ## rewrite code and templates in the project's style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	@git ls-files -z '*/templates/*.html' 'templates/*.html' | \
		xargs -0 -r $(BIN)/djade --target-version 5.2 || true

messages: export DEBUG = true
messages: install-dev ## add new interface texts to the Chinese catalogue
	$(BIN)/python -m fintechsite.messages update

vendor: install-dev ## take the vendored files from npm again, in the versions they name
	@$(BIN)/python -m fintechsite.vendor

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml
lock: | $(BIN)/python ## resolve requirements anew, with hashes, for Python 3.11 to 3.13
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	$(LOCK) --upgrade --output-file requirements.txt
	$(LOCK) --upgrade --group dev --constraint requirements.txt \
		--output-file requirements-dev.txt
	$(LOCK) --upgrade --group bench --constraint requirements-dev.txt \
		--output-file requirements-bench.txt

clean: ## remove what tools made; keeps .venv and the data
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis staticfiles
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# uv is many times faster than pip; its own hash comes from the same lock. Where it cannot be had,
# pip installs the same files by the same hashes.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: PYTHON=/path/to/python make run"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module is needed (Debian: apt-get install python3-venv)"; exit 1; }
$(VENV)/.installed: requirements.txt
$(VENV)/.installed-dev: requirements-dev.txt
$(VENV)/.installed-bench: requirements-bench.txt
$(VENV)/.installed $(VENV)/.installed-dev $(VENV)/.installed-bench: | $(BIN)/python
	@echo "Installing $< ..."
	@awk '/^uv==/ {take = 1} take {print} take && !/\\$$/ {exit}' requirements-dev.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt && \
		$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $< || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
