# `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
DEMO := out/demo
CONSUMERS ?= 32000
PORT ?= 8000
# e.g. make demo DEMO_OPTIONS=--no-serve
DEMO_OPTIONS ?=
# Types are checked without a database: the address is never opened.
NO_SERVER := env DATABASE_URL=postgresql://127.0.0.1/none ZHIPO_SECRET_KEY=check \
	ZHIPO_DATA_KEY=00 ZHIPO_LOOKUP_KEY=00
DATA ?= ../shared/data/online_retail

.PHONY: help setup demo test check format docs picture online-retail bench bench-large \
	load faults faults-web faults-enforcement bench-payout lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-19s %s\n", $$1, $$2}' Makefile

setup: .venv/ready ## Make the environment in .venv (a minute or two; nothing if done)

.venv/ready: requirements.lock pyproject.toml
	@tools/setup.sh

demo: setup ## The Yuhu-scale case: books to payments in out/demo, then its portals
	@$(BIN)/zhipo demo --out $(DEMO) --consumers $(CONSUMERS)
	@$(BIN)/zhipo demo-web --out $(DEMO) --consumers $(CONSUMERS) --port $(PORT) \
		$(DEMO_OPTIONS)

test: setup ## Every test, those in a browser and on Spark included
	@tools/ensure_chromium.sh
	@tools/ensure_java.sh
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: setup ## Lint, format, types, layers, generated pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(NO_SERVER) $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/reference.py --check

format: setup ## Lay the code out as `make check` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup ## Write docs/reference from the code
	$(BIN)/python tools/reference.py

picture: setup ## Draw docs/picture.svg from the demo case
	$(BIN)/python tools/picture.py

online-retail: setup ## UCI Online Retail through the same path: make online-retail DATA=FOLDER
	$(BIN)/zhipo online-retail $(DATA) --out out/online-retail

bench: setup ## Speed and memory against pandas and against the floor
	$(BIN)/python benchmarks/run.py

bench-large: setup ## 16 million claims, 160 million events (half an hour, 20 GB of disk)
	$(BIN)/python benchmarks/run.py --large

load: setup ## The opening hour over real HTTP: make load CONSUMERS=32000
	$(BIN)/python benchmarks/load.py --consumers $(CONSUMERS)

faults: setup ## 100 payout runs: misbehaving channels, kill -9 of everybody (most of an hour)
	$(BIN)/python benchmarks/faults_payout.py

bench-payout: setup ## Orders planned and driven a second, beside a bare client
	$(BIN)/python benchmarks/payout.py

faults-web: setup ## kill -9 of web, worker and PostgreSQL while consumers file
	$(BIN)/python benchmarks/faults_web.py

faults-enforcement: setup ## kill -9 of everybody while institutions misbehave: 200 seeds
	$(BIN)/python benchmarks/faults_enforcement.py

lock: setup ## Write requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra spark --extra dev --universal \
		--python-version 3.11 --no-header --no-emit-index-url --no-annotate --upgrade \
		--quiet --output-file requirements.lock

clean: ## Remove what was made: out, caches; .venv stays
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache .coverage
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
