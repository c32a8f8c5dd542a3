# hyperv-net: everything a contributor runs; `make help` lists it.
# All of it is set up below .cache/, and nothing is installed on this machine.

# The first Python that is new enough, or the one that `make PYTHON=...` names.
CANDIDATES      := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9)
CHECK           := import sys; sys.version_info < (3, 9) and sys.exit(1); print(sys.executable)
override PYTHON := $(shell for p in $(CANDIDATES); do "$$p" -c '$(CHECK)' 2>/dev/null && break; done)
VERSION         := $(if $(PYTHON),$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'))

VENV    := .cache/venv-$(VERSION)
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip -qq --disable-pip-version-check
PINS    := tests/requirements
PINNED  := $(PIP) install --no-deps --require-hashes --requirement

EXAMPLE ?= examples/azure-freebsd-mce
TARGET  ?= freebsd
ROOT    := $(wildcard $(EXAMPLE)/root)
TESTS   ?= tests
CYCLES  ?= 1000
MACHINE ?= trixie-netplan
SECONDS ?= 600

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test unit firstboot firstboot-short lab lab-short endurance watch-cost fuzz lint format bench \
    wheel deb sbom packages page fleet pins clean debian docs

help:
	@echo "make demo       show the plan of a real machine             EXAMPLE=examples/... TARGET=..."
	@echo "make test       lint, then every test but the first boots   TESTS=tests/test_..."
	@echo "make unit       the tests that need no Debian packages"
	@echo "make firstboot  boot real cloud-init in namespaces, as root, for some ten minutes"
	@echo "make lab        migrate virtual machines with a real kernel, as root, for over twenty minutes"
	@echo "make endurance  take a VF away and bring it back a thousand times     CYCLES=1000 MACHINE=..."
	@echo "make watch-cost let a virtual machine watch for an hour                SECONDS=3600"
	@echo "make fuzz       try made-up inputs on every reader, for ten minutes    SECONDS=600"
	@echo "make lint       ruff and mypy --strict"
	@echo "make format     put the code in the shape that lint asks for"
	@echo "make docs       build the documentation's site, dist/site"
	@echo "make bench      measure speed and memory"
	@echo "make wheel      build dist/hyperv_net-*.whl"
	@echo "make deb        build dist/hyperv-net_*.deb with Debian's own tools, and run lintian"
	@echo "make sbom       write what a release is made of, dist/hyperv-net-*.cdx.json"
	@echo "make packages   test the packages and the examples for fleets, for two minutes"
	@echo "make page       show the page of a review to a real browser, as root"
	@echo "make fleet      review ten thousand machines by Dask, Ray, Spark and GNU parallel"
	@echo "make pins       take newer tools and libraries, and their hashes, into tests/requirements*.txt"
	@echo "make clean      remove whatever the others made"
	@echo "PYTHON=...      use this Python (3.9 or later) instead of the first that fits"

demo: $(VENV)/installed
	$(BIN)/hyperv-net plan --inventory $(EXAMPLE)/inventory.json \
	    --network-config $(EXAMPLE)/network-config.yaml \
	    --target $(TARGET) $(if $(ROOT),--root $(ROOT))

test: lint debian
	@echo "==> tests (Python $(VERSION))"
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m "not browser and not firstboot and not lab and not packages and not fleet" $(TESTS)

# Whole boots of three cloud-inits in namespaces, and whole roots baked: as root, some ten minutes.
firstboot: $(VENV)/tools
	@echo "==> first boots (Python $(VERSION))"
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m firstboot tests/firstboot tests/bake

firstboot-short: $(VENV)/tools
	@echo "==> some first boots (Python $(VERSION))"
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m firstboot_short tests/firstboot tests/bake

# Virtual machines in emulation, one after another: two at once spoil each other's timing.
lab: $(VENV)/tools
	@echo "==> virtual machines"
	@$(BIN)/python -m pytest --numprocesses 0 -m lab tests/lab

lab-short: $(VENV)/tools
	@echo "==> a virtual machine: first boot, detach, attach"
	@$(BIN)/python -m pytest --numprocesses 0 -m lab_short -k trixie tests/lab

# A campaign, for an hour or two: no part of the tests.  A line for each cycle is written as it goes.
endurance: $(VENV)/tools
	@$(BIN)/python -m tests.lab.endurance --cycles $(CYCLES) --machine $(MACHINE)

# SECONDS=60 tries it out; an hour is what the documents tell.
watch-cost: SECONDS = 3600
watch-cost: $(VENV)/tools
	@$(BIN)/python -m tests.lab.watching --seconds $(SECONDS)

# A campaign as well, on Python 3.11 to 3.13, for which atheris has wheels.  What fails is left in
# .cache/fuzz, where the corpus of every run goes on growing.
fuzz: $(VENV)/fuzz
	@$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

# BUT=any_python leaves out what one Python has tried for all of them.
unit: $(VENV)/tools
	@echo "==> tests that need no Debian packages (Python $(VERSION))"
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m "not browser and not debian and not firstboot and not fleet and not lab and not packages$(BUT:%= and not %)" $(TESTS)

lint: $(VENV)/tools
	@echo "==> ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "'make format' puts that right"; exit 1; }
	@echo "==> mypy --strict"
	@$(BIN)/mypy --no-error-summary

format: $(VENV)/tools
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/tools
	@$(BIN)/python -m bench

# Offline as well: nothing in a page is fetched from anywhere.
docs: $(VENV)/tools $(VENV)/docs
	@echo "==> the documentation's site"
	@NO_MKDOCS_2_WARNING=1 PYTHONPATH=. $(BIN)/python -m mkdocs build --quiet --clean --strict
	@echo "dist/site/index.html"

wheel: $(VENV)/installed
	@echo "==> building a wheel"
	@rm -rf build
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

# In a root of Debian's packages below .cache/debian: nothing is installed on this machine.
deb: $(VENV)/tools
	@echo "==> building a Debian package"
	@$(BIN)/python -m tests.packages dist

sbom: $(VENV)/tools $(VENV)/sbom
	@mkdir -p dist
	@$(BIN)/python -m tests.packages.sbom dist

packages: $(VENV)/tools $(VENV)/sbom
	@echo "==> packages and fleets (Python $(VERSION))"
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m packages tests/packages

# The page of a review in Debian's Chromium, in namespaces of its own.
page: $(VENV)/tools $(VENV)/page
	@echo "==> pages in a browser (Python $(VERSION))"
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m browser tests/page

# Real engines below .cache/fleet, of Python 3.11 or later: half a gigabyte, some ten minutes at first.
fleet: $(VENV)/tools
	@echo "==> ten thousand machines on Dask, Ray, Spark and GNU parallel (Python $(VERSION))"
	@$(BIN)/python -m pytest --numprocesses 0 -m fleet tests/fleet

# Every distribution by its hashes, for all Pythons from the oldest supported on.
pins: $(VENV)/pins
	@for one in -run "" -pins -fuzz -sbom -docs -ansible -page -fleet; do \
	    echo "==> $(PINS)$$one.txt"; \
	    case $$one in -fuzz | -ansible | -fleet) from=3.11 ;; *) from=3.9 ;; esac; \
	    case $$one in -page) alone=--no-deps ;; *) alone= ;; esac; \
	    case $$one in -run) known= ;; "") known="-c $(PINS)-run.txt" ;; *) known="-c $(PINS).txt" ;; esac; \
	    $(BIN)/uv pip compile --quiet --upgrade --universal --python-version $$from \
	        --generate-hashes --no-header $$alone $$known $(PINS)$$one.in -o $(PINS)$$one.txt || exit; \
	done

clean:
	rm -rf .cache build dist *.egg-info .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Debian's netplan, ifupdown and others, unpacked below .cache/debian for the tests to run.
debian: $(VENV)/tools
	@echo "==> Debian packages"
	@$(BIN)/python -m tests.debian >/dev/null

# A file each for what is set up already, so that a second run has nothing to wait for.
$(VENV)/made:
	@test -n "$(PYTHON)" || { echo "no Python 3.9 or later here (looked for: $(CANDIDATES));" \
	    "install python3, or say 'make PYTHON=/path/to/python3'" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual" \
	    "environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "==> virtual environment $(VENV) ($(PYTHON))"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/made setup.cfg pyproject.toml $(PINS)-run.txt
	@echo "==> hyperv-net and what it needs, from this checkout"
	@$(PINNED) $(PINS)-run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable . --config-settings editable_mode=compat
	@touch $@

$(VENV)/tools: $(VENV)/installed $(PINS).txt
	@echo "==> test tools and linters"
	@$(PINNED) $(PINS).txt
	@touch $@

# What few need: for `make fuzz`, `make sbom`, `make docs` and `make pins`.
$(VENV)/fuzz $(VENV)/sbom $(VENV)/docs $(VENV)/page $(VENV)/pins: $(VENV)/%: $(VENV)/tools $(PINS)-%.txt
	@echo "==> tools for 'make $*'"
	@$(PINNED) $(PINS)-$*.txt
	@touch $@
