# Everything that is done with a checkout of blendgym. `make help` lists it.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := $(shell find blendgym envs scenes agents benchmarks -type d -not -name __pycache__)
# Outside the checkout's root, where Python would take blendgym/ for the whole package.
ELSEWHERE := cd docs &&

.PHONY: help demo test test-learning test-endurance test-versions lint format bench clean

help:  ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/installed  ## Install, train the cart-pole until it is solved, evaluate it, record a video
	$(BIN)/blendgym demo

test: $(VENV)/installed-dev  ## Install and run the tests
	$(BIN)/pytest

test-learning: $(VENV)/installed-dev  ## Train the cart-pole with three seeds and hold each to the solved threshold
	$(BIN)/pytest -m learning --timeout 1200

test-endurance: $(VENV)/installed-dev  ## Render ten thousand frames with each engine and hold memory to 5 MB
	$(BIN)/pytest -m endurance

lint: $(VENV)/installed-dev  ## Run ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(ELSEWHERE) ../$(BIN)/mypy --config-file ../pyproject.toml
	$(ELSEWHERE) ../$(BIN)/lint-imports --config ../pyproject.toml

format: $(VENV)/installed-dev  ## Format the code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(VENV)/installed-dev  ## Measure speed against the raw Blender loop
	$(BIN)/blendgym bench --output bench

clean:  ## Remove everything that is made
	rm -rf $(VENV) build dist bench *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip

$(VENV)/installed: setup.cfg pyproject.toml constraints.txt $(SOURCES) | $(VENV)/bin/python
	$(BIN)/pip install --quiet --constraint constraints.txt --config-settings editable_mode=strict --editable '.[all]'
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --config-settings editable_mode=strict --editable '.[all,dev]'
	touch $@
