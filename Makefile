# Commandpost. Everything here needs python3 (3.11 or later), make and a network: nothing else.

PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/.ready

COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
           --custom-compile-command "make lock" $(UPGRADE)

# The same bytes for the same lock file: without a date and a random serial number. What depends on
# what is not in a lock file, of which the library warns.
SBOM   := $(BIN)/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible

# uv trusts whom this machine trusts, also behind a proxy with a certificate of its own.
export UV_SYSTEM_CERTS ?= 1

.DEFAULT_GOAL := help
.PHONY: help demo up test lint types coverage format bench outage chaos blameless knowledge docs lock pin sbom upgrade clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## Watch a published outage live, from the first page to the timeline
	@$(BIN)/commandpost demo

up: $(READY) ## Serve in the foreground, with commandpost.toml if it is there; data in .commandpost
	@$(BIN)/commandpost up $(if $(wildcard commandpost.toml),--config commandpost.toml)

test: $(READY) ## All checks, in the order in which they fail fastest
	@scripts/check

lint: $(READY) ## Formatting, style and the direction of imports
	@scripts/check format style imports

types: $(READY) ## Types, strictly
	@scripts/check types

coverage: $(READY) ## The tests again, and the lines and branches of src that none of them runs
	@scripts/check coverage

format: $(READY) ## Rewrite the code to the one format and mend what can be mended
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

bench: $(READY) ## Measure throughput and delays, as ratios to the raw servers
	@for script in $$(grep -l __main__ bench/[a-z]*.py); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

outage: $(READY) ## NATS is away for five minutes: nothing grows, and all is well afterwards
	@COMMANDPOST_TEST_AWAY_S=300 $(BIN)/python -m pytest -q tests/faults/test_nats_away.py

chaos: $(READY) ## Let 500 faults happen to a service under load, and judge it by its log
	@PYTHONPATH=tests $(BIN)/python -m chaos $(CHAOS)

blameless: $(READY) ## Precision and recall of the rules that find blame, on labelled sentences
	@$(BIN)/commandpost blameless check --score tests/domain/learning/blameless/*.json $(wildcard ../shared/data/blameless/*.json)

knowledge: blameless ## What search, the comparison of incidents and the rules that find blame are worth
	@$(BIN)/python scripts/knowledge_scores.py

fuzz: $(READY) ## Damage bodies of every product, MUTATIONS of each (20,000), and look for what becomes of them
	@MUTATIONS=$${MUTATIONS:-20000} $(BIN)/python -m pytest -q tests/handlers/ingest/test_mutations.py

docs: $(READY) ## Write the documents that are generated from the code
	@for script in domain_docs command_docs aggregate_docs interface_docs client_models; do $(BIN)/python scripts/$$script.py || exit 1; done

lock: $(READY) ## Pin what pyproject.toml asks for, by hash; keeps the present versions
	@$(COMPILE) --extra embedded --group dev --output-file requirements/dev.txt pyproject.toml
	@$(COMPILE) --no-annotate --extra embedded -c requirements/dev.txt -o requirements/embedded.txt pyproject.toml
	@$(COMPILE) --no-annotate -c requirements/dev.txt -o requirements/runtime.txt pyproject.toml
	@$(MAKE) --no-print-directory sbom

pin: $(READY) ## Name the images of docker-compose.yml by the digests that the registry shows now
	@$(BIN)/python scripts/pin_images.py

sbom: $(READY) ## List what the image is made of, from the lock file, as CycloneDX: the same for the same file
	@$(SBOM) --output-file requirements/runtime.cdx.json requirements/runtime.txt

upgrade: ## Pin the latest versions that pyproject.toml allows
	@$(MAKE) --no-print-directory lock UPGRADE=--upgrade

clean: ## Remove the virtual environment and what tools cache; data in .commandpost stays
	@rm -rf .venv .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache dist
	@find src tests bench -name __pycache__ -prune -exec rm -rf {} +

# uv installs in 3 s what takes pip 23 s. It comes out of the lock file like everything else, and
# where it cannot reach the package index (an index that only pip is configured for), pip does it.
$(READY): requirements/dev.txt pyproject.toml clients/python/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; this is " + sys.version)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements/dev.txt > .venv/uv.txt
	@echo "Installing into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt || \
	 $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	 --no-deps --no-build-isolation -e . -e clients/python
	@touch $(READY)
