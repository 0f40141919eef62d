# Two commands are enough: `make run` and `make test`. Everything they need they prepare themselves.
PYTHON ?= python3

.PHONY: help run test bench

help: ## what can be done here
	@grep -E "^[a-z]+:.*##" $(MAKEFILE_LIST) | sed -E "s/:.*## /\t/" | expand -t 10

run: ## serve the demo on http://127.0.0.1:8000 (PORT=...), Ctrl-C stops everything
	@$(PYTHON) config/setup_machine.py run

test: ## everything that must hold: linters, types, contracts, migrations, tests, browser journeys
	@$(PYTHON) config/setup_machine.py test

bench: ## compare speed with the baseline (needs the packages of `make test`)
	@.venv/bin/python bench/bench.py
