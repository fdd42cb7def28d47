# `make` lists what there is. Every target sets up what it needs first; nothing has to be installed by hand but Python.
# More arguments go in ARGS:   make test ARGS="-k lexicon"     make forecast ARGS="--help"

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
ARGS ?=
TESTS ?= $(wildcard tests notebooks)
WORKERS ?= 2
# For tools/find-python.sh: make PYTHON=/path/to/python3
export PYTHON
# Have uv trust the certificates that the system trusts, as pip does: an office proxy's is often among them, and never
# among uv's own.
export UV_SYSTEM_CERTS ?= true

# The stamp says that .venv is complete and what it was built from. Its name holds a digest of that, and of where the
# checkout lies, because a .venv does not survive being moved. cksum is enough, and is the one digest every POSIX has.
STAMP := .venv/.stamp-$(shell { pwd; cat requirements.lock pyproject.toml .python-version; } | cksum | cut -d' ' -f1)
# The interpreter it was built on may have been removed since: then the stamp is not to be believed.
ifneq ($(shell .venv/bin/python -c 'print("runs")' 2>/dev/null),runs)
.PHONY: $(STAMP)
endif

# Kernels on this machine talk over TCP; "auto" has them encrypt it, and saves a warning at every start.
ENCRYPT := transport_encryption=auto

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: forecast
forecast: $(STAMP) ## Set up, then run the whole pipeline: check, fit, gate, notebooks, reports
	@.venv/bin/forecast build --docs docs $(ARGS)

.PHONY: test
test: $(STAMP) ## Set up, then run all tests, notebooks included
	@command -v chromium >/dev/null 2>&1 || tools/debian-packages.sh chromium
	@.venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder \
	    --nbval --nbval-current-env --nbval-sanitize-with tests/nbval-sanitize.cfg $(TESTS) $(ARGS)

.PHONY: quick
quick: $(STAMP) ## Run the tests that are over in moments: no notebooks, no proofs, no fits of the editions (ten minutes)
	@.venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder \
	    -m "not slow and not reads_runs and not makes_runs" tests $(ARGS)

.PHONY: lab
lab: $(STAMP) ## Open JupyterLab on the notebooks
	@.venv/bin/jupyter lab --MappingKernelManager.$(ENCRYPT) notebooks $(ARGS)

.PHONY: check
check: $(STAMP) ## Lint the code (ruff) and hold the dossier to its rules (forecast check)
	@.venv/bin/ruff check .
	@.venv/bin/forecast check $(ARGS)

.PHONY: docs
docs: $(STAMP) ## Build the documentation pages with the reference of every public name, into site/
	@.venv/bin/python tools/docs/build.py && echo "site/index.html"

.PHONY: bench
bench: $(STAMP) ## Time what must be fast, against rivals, into docs/speed.md (fifty minutes; ARGS=--quick: ten)
	@.venv/bin/python -m benchmarks.run $(ARGS)

.PHONY: calibrate
calibrate: $(STAMP) ## Refit 1,000 simulated data sets and six planted faults; writes docs/calibration.md
	@.venv/bin/python -m benchmarks.calibrate $(ARGS)

.PHONY: trust
trust: $(STAMP) ## Measure what can be relied on against its targets, into docs/trust.md (an hour; ARGS=--quick: ten minutes)
	@.venv/bin/python -m benchmarks.trust $(ARGS)

# Tools that look at the project and that it does not run, in an environment of their own, hash-pinned like the other.
.venv/audit/.done: tools/audit.lock $(STAMP)
	@.venv/bin/uv venv --quiet --allow-existing --python .venv/bin/python .venv/audit
	@VIRTUAL_ENV=.venv/audit .venv/bin/uv pip sync --quiet --require-hashes tools/audit.lock
	@touch $@

.PHONY: audit
audit: .venv/audit/.done ## Ask the register of advisories about every locked package (exit 3: it cannot be reached)
	@.venv/bin/python tools/supply.py audit

.PHONY: sbom
sbom: .venv/audit/.done ## Write the bill of materials (CycloneDX, held to its schema) into dist/
	@.venv/bin/python tools/supply.py sbom

.PHONY: licences
licences: $(STAMP) ## Write docs/licences.md from the metadata of what is installed
	@.venv/bin/python tools/supply.py licences

.PHONY: notebooks
notebooks: $(STAMP) ## Bring the notebooks up to date: references, numbers quoted in prose, outputs
	@.venv/bin/python -m forecasting.lab.notebooks.rewrite

.PHONY: lock
# Universal: one file for every system and Python. No header and no annotations: a diff shows what changed and no more.
# ARGS=--upgrade takes newer versions; without it only what pyproject.toml forces is changed.
lock: $(STAMP) ## Write both locks anew from pyproject.toml and tools/audit.in (newer versions: ARGS=--upgrade)
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.12 --all-extras --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --output-file requirements.lock $(ARGS) pyproject.toml
	@.venv/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --output-file tools/audit.lock $(ARGS) tools/audit.in
	@git --no-pager diff --stat requirements.lock tools/audit.lock

.PHONY: clean
clean: ## Remove what can be built again: .venv, caches, site/, runs/, reports/
	rm -rf .venv .venv.lock .pytest_cache .ruff_cache .mypy_cache .hypothesis build dist site runs reports
	find forecasting tests benchmarks notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} + 2>/dev/null || true

$(STAMP):
	@tools/setup.sh $@
