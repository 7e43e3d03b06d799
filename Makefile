# make run            convert the bundled recording (FILE=my.wav: yours) to a four-track .mid with a picture, in out/
# make test           set up and run the tests
# make docs-pictures  draw the pictures of the documents anew
# make check          lint, types and the C code with warnings as errors
# Each sets up what it needs the first time and is quick afterwards.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
FILE ?= daemon/vocalmidi/demo/demo_voice.flac
ARGS ?=
SOURCES := pyproject.toml setup.py $(wildcard native_ringbuf/*.py native_ringbuf/*.c native_ringbuf/*.h)

.PHONY: run test docs-pictures check lint types native clean
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	@mkdir -p "$(OUT)"
	@voice="$(FILE)"; name="$$(basename "$$voice")"; stem="$(OUT)/$${name%.*}"; \
	$(BIN)/vocalmidi convert "$$voice" -o "$$stem.mid" --plot "$$stem.png" --reaper "$$stem.vocalmidi" $(ARGS)

test: $(VENV)/.developing
	$(BIN)/python -m pytest $(ARGS)

docs-pictures: $(VENV)/.installed
	@mkdir -p "$(OUT)"
	$(BIN)/vocalmidi convert --demo -o $(OUT)/demo.mid --plot docs/demo.png

check: lint types native

lint: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	luacheck --quiet reaper_scripts tests

types: $(VENV)/.developing
	$(BIN)/mypy
	$(BIN)/pyright

native: $(VENV)/.developing
	VOCALMIDI_WERROR=1 $(BIN)/python setup.py --quiet build_ext --force --build-lib build/werror --build-temp build/werror

# The interpreter must be able to make environments and to build C extensions. Debian packs both apart from python3.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Vocal MIDI needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Choose one with make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, pathlib, sysconfig, sys; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())' 2>/dev/null \
	  || { command -v apt-get >/dev/null && sudo=$$([ "$$(id -u)" = 0 ] || echo sudo) \
	       && $$sudo apt-get update -qq && $$sudo apt-get install -y --no-install-recommends python3-venv python3-dev; } \
	  || { echo "$(PYTHON) can't build extensions: install its venv module and C headers (Debian: python3-venv python3-dev)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(SOURCES) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# --group needs pip 25.1, newer than what an interpreter brings.
$(VENV)/.developing: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

clean:
	rm -rf $(VENV) build dist out *.egg-info native_ringbuf/_native.*
