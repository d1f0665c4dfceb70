# Everything that is done with a checkout of blendgym. `make help` lists it.

PYTHON ?= python3
VENV ?= .venv
# The Pythons that the other supported versions of Blender are built for. A shim of pyenv fails for a version that is
# not active, but the version itself is there.
PYTHON311 ?= python3.11
PYTHON313 ?= $(or $(call runs,python3.13,python3.13),$(lastword $(wildcard $(PYENV)/versions/3.13*/bin/python)),python3.13)
PYENV = $(shell pyenv root 2>/dev/null)
runs = $(if $(shell $(1) -c 'print("yes")' 2>/dev/null),$(2))
BIN := $(VENV)/bin

.PHONY: help demo test test-long test-learning test-endurance test-cluster test-versions test-ecosystem lint format docs bench clean

help:  ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/installed  ## Install, train the cart-pole until it is solved, evaluate it, record a video
	$(BIN)/blendgym demo

test: $(VENV)/installed-dev  ## Install and run the tests, in three processes
	$(BIN)/pytest --numprocesses 3 --dist loadfile

test-learning: $(VENV)/installed-dev  ## Train four environments with three seeds and hold each to the solved threshold; learn a teacher
	$(BIN)/pytest -m learning --timeout 1200

test-long: $(VENV)/installed-dev  ## Repeat what `make test` claims for every environment, engine and way to end
	$(BIN)/pytest -m long --numprocesses 3 --dist loadfile --timeout 900

test-endurance: $(VENV)/installed-dev  ## Render ten thousand frames with each engine, kill 200 servers, send 100,000 fuzzed messages, compare twins, search for counterexamples
	$(BIN)/pytest -m endurance
	$(BIN)/pytest -m hypothesis --hypothesis-profile searching --timeout 1200

test-cluster: $(VENV)/installed-dev  ## Work on a Ray cluster of several nodes on this machine, some of which are killed
	$(BIN)/pytest -m cluster

test-versions: $(VENV)/installed-dev  ## Run the tests against the other supported versions of Blender
	@$(if $(strip $(VERSIONS)),$(MAKE) --no-print-directory $(VERSIONS:%=.venv-bpy-%/installed))
	BLENDGYM_TEST_BLENDERS="$$(echo $(VERSIONS:%=.venv-bpy-%/bin/python) $$(command -v blender) | tr ' ' :)" \
		$(BIN)/pytest -rs tests/client/test_blender_versions.py tests/client/test_executable.py tests/client/test_trust.py tests/client/test_window.py tests/envs/test_other_blenders.py
	@for version in $(filter-out $(VERSIONS),5.0 5.2); do \
		echo "WARNING: Blender $$version was NOT TESTED, for its Python does not run. Name it:" \
			"make test-versions PYTHON311=/path/to/python3.11 PYTHON313=/path/to/python3.13" >&2; \
	done

test-ecosystem: $(VENV)/bin/python  ## Run the programs of docs/frameworks.md with the real tools, each in an environment of its own: make test-ecosystem TOOLS="skrl Minari"
	$(BIN)/python tests/ecosystem/run.py $(TOOLS)

lint: $(VENV)/installed-dev  ## Run ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/installed-dev  ## Format the code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: $(VENV)/installed-docs  ## Build the site of the documentation in build/docs/site; warnings are errors
	$(BIN)/python docs/site/build_site.py

bench: $(VENV)/installed-dev  ## Measure one environment and many against raw Blender loops
	$(BIN)/blendgym bench steps --output bench
	$(BIN)/blendgym bench vectors --output bench

clean:  ## Remove everything that is made
	rm -rf $(VENV) .venv-bpy-* .venv-ecosystem build dist bench *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip

$(VENV)/installed: setup.cfg pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[all]'
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[all,dev]'
	touch $@

$(VENV)/installed-docs: setup.cfg pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[docs]'
	touch $@

# The other supported versions of Blender whose Python runs here.
VERSIONS = $(call runs,$(PYTHON311),5.0) $(call runs,$(PYTHON313),5.2)

.venv-bpy-5.0/installed: BLENDER_PYTHON = $(PYTHON311)
.venv-bpy-5.2/installed: BLENDER_PYTHON = $(PYTHON313)

.venv-bpy-%/installed:  # What a server needs.
	$(BLENDER_PYTHON) -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet 'bpy~=$*.0' 'msgspec>=0.19' 'numpy>=1.26' 'pillow>=10.1' 'pyzmq>=26'
	touch $@
