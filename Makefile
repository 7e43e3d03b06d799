# make run            convert the bundled recording (FILE=my.wav: yours) to a four-track .mid with a picture, in out/
# make test           set up and run the tests
# make docs-pictures  draw the pictures of the documents anew
# make check          lint, types and the C code with warnings as errors
# make train-voice    train both voice models anew into models/: two CPU cores, 2 h (STEPS=40 SECOND=4 CLIPS=12 VOICE=out/try MODELS=out/try: a trial)
# make measure-voice  measure them beside other trackers and write their cards
# make train-timbre   train the timbre encoder anew into models/: two CPU cores, an hour (TAKES=50 TIMBRE_FIRST=4 TIMBRE_STEPS=4 INSTRUMENT_PATCHES=60 TIMBRE=out/try: a trial)
# make measure-timbre measure it, train and measure the autoencoder beside it, and write its card
# make train-context  train the context network anew into models/: one CPU core, 40 minutes (CONTEXT_STEPS=4 CONTEXT=out/try MODELS=out/try: a trial)
# make measure-context measure it beside its baselines and write its card
# make train-harmony  train both harmony networks anew into models/: one CPU core, 30 minutes (HARMONY_STEPS=4 HARMONY_LIVE_STEPS=4 HARMONY=out/try MODELS=out/try: a trial)
# make measure-harmony measure them beside their baselines and write their cards
# make train-drums    train both drum networks anew into models/: one CPU core, an hour (DRUM_STEPS=4 DRUMS=out/try MODELS=out/try: a trial)
# make train-rivals   train the kinds of network that it is compared with (not shipped)
# make measure-drums  measure them beside their baselines and write their cards
# make train-continuation train the continuation network anew into models/: one CPU core, an hour (CONTINUATION_STEPS=4 CONTINUATION=out/try MODELS=out/try: a trial)
# make measure-continuation measure it beside its baselines and write its card
# make fit-feel       count anew how humans play each genre, into daemon/vocalmidi/phrase/feel.npz
# Each sets up what it needs the first time and is quick afterwards.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
FILE ?= daemon/vocalmidi/demo/demo_voice.flac
ARGS ?=
SOURCES := pyproject.toml setup.py $(wildcard native_ringbuf/*.py native_ringbuf/*.c native_ringbuf/*.h)

SHARED ?= ../shared
STEPS ?= 8000
VOWEL_TAKES ?= 600
SECOND = $(if $(filter live,$*),5000,6000)
CLIPS ?= 5000
VALID ?= 200
DATA_ARGS ?= --research
TRAIN_ARGS ?=
VOICE ?= out/voice
MODELS ?= models
TIMBRE ?= out/timbre
TAKES ?= 4000
TIMBRE_FIRST ?= 3000
TIMBRE_STEPS ?= 8000
INSTRUMENT_PATCHES ?= 12000
TIMBRE_DATA_ARGS ?=
CONTEXT ?= out/context
CONTEXT_STEPS ?= 5000
CONTEXT_ARGS ?=
HARMONY ?= out/harmony
HARMONY_STEPS ?= 2400
HARMONY_LIVE_STEPS ?= 1400
DRUMS ?= out/drums
DRUM_STEPS ?= 4000
CONTINUATION ?= out/continuation
CONTINUATION_STEPS ?= 1500
FIGURES ?= out/figures
# One thread a training: on two cores both run at once, and figures don't depend on what else a machine has.
VOICE_PYTHON = OMP_NUM_THREADS=1 $(BIN)/python -W ignore -m
TRAIN_VOICE = $(VOICE_PYTHON) training.voice.train_voice --synthetic $(VOICE)/data/train --shared $(SHARED)/data

.PHONY: run test docs-pictures check lint types native clean train-voice measure-voice voice-data voice-considered voice-live voice-vowels voice-cards train-timbre measure-timbre timbre-takes timbre-card train-context measure-context context-card train-harmony measure-harmony harmony-cards train-drums train-rivals measure-drums drum-card train-continuation measure-continuation continuation-card fit-feel
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	@mkdir -p "$(OUT)"
	@voice="$(FILE)"; name="$$(basename "$$voice")"; stem="$(OUT)/$${name%.*}"; \
	$(BIN)/vocalmidi convert "$$voice" -o "$$stem.mid" --plot "$$stem.png" --reaper "$$stem.vocalmidi" $(ARGS)

test: $(VENV)/.developing
	$(BIN)/python -m pytest $(ARGS)

docs-pictures: $(VENV)/.developing
	@mkdir -p "$(OUT)"
	$(BIN)/vocalmidi convert --demo -o $(OUT)/demo.mid --plot docs/demo.png
	$(BIN)/vocalmidi gallery --demo -o docs/gallery.png
	$(BIN)/python tests/lua/panel_picture.py docs/panel.png
	$(BIN)/vocalmidi touchosc export $(OUT)/vocalmidi.tosc
	$(BIN)/vocalmidi touchosc draw $(OUT)/vocalmidi.tosc docs/touchosc.png
	$(BIN)/vocalmidi osc addresses -o docs/OSC.md

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

$(VENV)/.training: $(VENV)/.developing
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group train
	@touch $@

train-voice: voice-data
	$(MAKE) --jobs=2 voice-considered voice-live
	$(MAKE) voice-vowels
	$(MAKE) voice-cards

# What a stopped run has made is kept; the same command goes on from there.
voice-data: $(VENV)/.training
	$(VOICE_PYTHON) training.voice.data_voice --out $(VOICE)/data --clips $(CLIPS) --valid $(VALID) --seed 1 --shared $(SHARED) $(DATA_ARGS)

# Each is trained twice, the second time from the first's weights on other crops; see training/voice/README.md.
voice-considered voice-live: voice-%: $(VENV)/.training
	@mkdir -p $(MODELS) $(VOICE)/$*
	$(TRAIN_VOICE) --out $(VOICE)/$*/first --steps $(STEPS) $(if $(filter live,$*),--live) $(TRAIN_ARGS)
	$(TRAIN_VOICE) --out $(VOICE)/$*/second --start $(VOICE)/$*/first/last.pt --seed 2 --rate 1.2e-3 --most-ssvd 0.4 \
	  --steps $(SECOND) $(if $(filter live,$*),--live) $(TRAIN_ARGS)
	$(VOICE_PYTHON) training.voice.average_weights --first $(VOICE)/$*/first/last.pt --second $(VOICE)/$*/second/last.pt \
	  --share $(if $(filter live,$*),1.0,0.6) --out $(VOICE)/$*/last.pt
	$(VOICE_PYTHON) training.voice.export_onnx --model $(VOICE)/$*/last.pt --out $(MODELS)/voice_$*.onnx

# One after the other: both learn from the same takes, which the first one makes.
voice-vowels: $(VENV)/.training
	for name in considered live; do \
	  $(VOICE_PYTHON) training.voice.train_vowels --model $(VOICE)/$$name/last.pt --out $(VOICE)/$$name/last.pt --onnx $(MODELS)/voice_$$name.onnx --shared $(SHARED)/data --cache $(VOICE)/vowels --takes $(VOWEL_TAKES) || exit 1; \
	done

voice-cards: $(VENV)/.training
	for name in considered live; do \
	  $(VOICE_PYTHON) training.voice.card --model $(VOICE)/$$name/last.pt --onnx $(MODELS)/voice_$$name.onnx --sources $(VOICE)/data/SOURCES.md --figures $(FIGURES) || exit 1; \
	done

# Measures what lies in models/; rivals are installed into build/ and never touch the package.
measure-voice: $(VENV)/.training
	@mkdir -p $(FIGURES)
	$(VOICE_PYTHON) benchmarks.compare_voice --shared $(SHARED) --systems considered live20 live50 live100 swift-f0 pyin pesto basic-pitch aubio-yinfast aubionotes --json $(FIGURES)/compare.json
	$(VOICE_PYTHON) benchmarks.live_timing --shared $(SHARED) --json $(FIGURES)/timing.json
	$(VOICE_PYTHON) benchmarks.false_notes --shared $(SHARED) --json $(FIGURES)/false.json
	$(VOICE_PYTHON) benchmarks.vowels --shared $(SHARED)/data --cache $(VOICE)/vowels --json $(FIGURES)/vowels.json
	$(VOICE_PYTHON) training.voice.data_voice --out $(VOICE)/valid20 --valid-only --snr 20 --valid $(VALID) --seed 1 --shared $(SHARED) $(DATA_ARGS)
	for name in considered live; do \
	  $(VOICE_PYTHON) training.voice.evaluate --shared $(SHARED)/data --model $(VOICE)/$$name/last.pt --sets $(VOICE)/valid20/valid --json $(FIGURES)/valid20_$$name.json || exit 1; \
	done
	$(MAKE) voice-cards

timbre-takes: $(VENV)/.training
	$(VOICE_PYTHON) training.timbre.data_takes --out $(TIMBRE)/takes --takes $(TAKES) --shared $(SHARED)/data $(TIMBRE_DATA_ARGS)

train-timbre: timbre-takes
	@mkdir -p $(MODELS)
	$(VOICE_PYTHON) training.timbre.train_timbre --out $(TIMBRE)/first --takes $(TIMBRE)/takes --steps $(TIMBRE_FIRST) --seed 2
	$(VOICE_PYTHON) training.timbre.train_timbre --out $(TIMBRE)/encoder --takes $(TIMBRE)/takes --steps $(TIMBRE_STEPS)
	$(VOICE_PYTHON) training.timbre.train_instruments --model $(TIMBRE)/encoder/last.pt --out $(TIMBRE)/encoder/taught.pt \
	  --shared $(SHARED)/data --cache $(VOICE)/vowels --patches $(INSTRUMENT_PATCHES) $(filter --no-research,$(TIMBRE_DATA_ARGS))
	$(VOICE_PYTHON) training.timbre.export_onnx --model $(TIMBRE)/encoder/taught.pt --beside $(TIMBRE)/first/last.pt --pair $(TIMBRE)/pair.pt --out $(MODELS)/timbre.onnx
	$(MAKE) timbre-card

timbre-card: $(VENV)/.training
	$(VOICE_PYTHON) training.timbre.card --model $(TIMBRE)/pair.pt --onnx $(MODELS)/timbre.onnx --sources $(TIMBRE)/takes/SOURCES.md --figures $(FIGURES)

measure-timbre: timbre-takes
	@mkdir -p $(FIGURES)
	$(VOICE_PYTHON) training.timbre.evaluate --model $(TIMBRE)/pair.pt --shared $(SHARED)/data --json $(FIGURES)/timbre.json
	$(VOICE_PYTHON) training.timbre.train_timbre --out $(TIMBRE)/autoencoder --takes $(TIMBRE)/takes --steps $(TIMBRE_STEPS) --autoencoder
	$(VOICE_PYTHON) training.timbre.evaluate --model $(TIMBRE)/autoencoder/last.pt --shared $(SHARED)/data --json $(FIGURES)/autoencoder.json
	$(MAKE) timbre-card

train-context: $(VENV)/.training
	@mkdir -p $(MODELS)
	$(VOICE_PYTHON) training.context.train_context --out $(CONTEXT) --shared $(SHARED)/data --steps $(CONTEXT_STEPS) $(CONTEXT_ARGS)
	$(VOICE_PYTHON) training.context.export_onnx --model $(CONTEXT)/last.pt --out $(MODELS)/context.onnx
	$(MAKE) context-card

context-card: $(VENV)/.training
	$(VOICE_PYTHON) training.context.card --model $(CONTEXT)/last.pt --onnx $(MODELS)/context.onnx --figures $(FIGURES)

measure-context: $(VENV)/.training
	@mkdir -p $(FIGURES)
	$(VOICE_PYTHON) benchmarks.grid_accuracy --shared $(SHARED)/data --json $(FIGURES)/grid.json
	$(VOICE_PYTHON) benchmarks.grid_accuracy --shared $(SHARED)/data --manner lively --json $(FIGURES)/lively.json
	$(MAKE) context-card

train-harmony: $(VENV)/.training
	@mkdir -p $(MODELS)
	$(VOICE_PYTHON) training.harmony.fit_chain --shared $(SHARED)/data
	$(VOICE_PYTHON) training.harmony.train_harmony --out $(HARMONY)/considered --shared $(SHARED)/data --steps $(HARMONY_STEPS)
	$(VOICE_PYTHON) training.harmony.train_harmony --out $(HARMONY)/live --shared $(SHARED)/data --steps $(HARMONY_LIVE_STEPS) --live
	$(VOICE_PYTHON) training.harmony.export_onnx --model $(HARMONY)/considered/last.pt --out $(MODELS)/harmony.onnx
	$(VOICE_PYTHON) training.harmony.export_onnx --model $(HARMONY)/live/last.pt --out $(MODELS)/harmony_live.onnx
	$(MAKE) harmony-cards

harmony-cards: $(VENV)/.training
	$(VOICE_PYTHON) training.harmony.card --model $(HARMONY)/considered/last.pt --onnx $(MODELS)/harmony.onnx --figures $(FIGURES)
	$(VOICE_PYTHON) training.harmony.card --model $(HARMONY)/live/last.pt --onnx $(MODELS)/harmony_live.onnx --figures $(FIGURES)

measure-harmony: $(VENV)/.training
	@mkdir -p $(FIGURES)
	$(VOICE_PYTHON) benchmarks.harmony_accuracy --shared $(SHARED)/data --json $(FIGURES)/harmony.json
	$(VOICE_PYTHON) benchmarks.harmony_arranged --shared $(SHARED)/data --json $(FIGURES)/harmony_arranged.json
	$(MAKE) harmony-cards

DRUM_TRAINING = $(VOICE_PYTHON) training.drums.train_drums --shared $(SHARED)/data --steps $(DRUM_STEPS)

DRUM_TEACHERS = $(foreach name,first second whole,$(DRUMS)/$(name)/last.pt)
TAP_MEMBERS = $(DRUM_TEACHERS) $(DRUMS)/fourth/last.pt

train-drums: $(VENV)/.training
	@mkdir -p $(MODELS)
	$(DRUM_TRAINING) --out $(DRUMS)/first
	$(DRUM_TRAINING) --out $(DRUMS)/second --seed 2
	$(DRUM_TRAINING) --out $(DRUMS)/whole --seed 3 --whole
	$(DRUM_TRAINING) --out $(DRUMS)/fourth --seed 4 --whole --dropout 0.15
	$(DRUM_TRAINING) --out $(DRUMS) --begin $(DRUMS)/second/last.pt --teachers $(DRUM_TEACHERS) --rate 8e-4 --dropout 0.1
	$(VOICE_PYTHON) training.drums.export_onnx --model $(DRUMS)/last.pt --out $(MODELS)/drums.onnx
	$(VOICE_PYTHON) training.drums.export_onnx --model $(TAP_MEMBERS) --out $(MODELS)/drums_tap.onnx
	$(MAKE) drum-card

train-rivals: $(VENV)/.training
	$(VOICE_PYTHON) training.drums.train_rivals vae --out $(DRUMS)/vae --shared $(SHARED)/data --steps $(DRUM_STEPS)
	$(VOICE_PYTHON) training.drums.train_rivals gan --out $(DRUMS)/gan --shared $(SHARED)/data --steps $(DRUM_STEPS)

drum-card: $(VENV)/.training
	$(VOICE_PYTHON) training.drums.card --model $(DRUMS)/last.pt --onnx $(MODELS)/drums.onnx --figures $(FIGURES)
	$(VOICE_PYTHON) training.drums.card --model $(TAP_MEMBERS) --onnx $(MODELS)/drums_tap.onnx --figures $(FIGURES)

measure-drums: $(VENV)/.training
	@mkdir -p $(FIGURES)
	$(VOICE_PYTHON) benchmarks.drum_accuracy --shared $(SHARED)/data --onnx $(MODELS)/drums.onnx --json $(FIGURES)/drums.json --rivals $(wildcard $(DRUMS)/vae/last.pt $(DRUMS)/gan/last.pt)
	$(VOICE_PYTHON) benchmarks.drum_accuracy --beats --shared $(SHARED)/data --onnx $(MODELS)/drums.onnx --json $(FIGURES)/drum_beats.json
	$(VOICE_PYTHON) benchmarks.drum_accuracy --taps --shared $(SHARED)/data --onnx $(MODELS)/drums_tap.onnx --json $(FIGURES)/drums_tap.json
	$(MAKE) drum-card

train-continuation: $(VENV)/.training
	@mkdir -p $(MODELS)
	$(VOICE_PYTHON) training.continuation.train_continuation --out $(CONTINUATION) --shared $(SHARED)/data --steps $(CONTINUATION_STEPS)
	$(VOICE_PYTHON) training.continuation.export_onnx --model $(CONTINUATION)/last.pt --out $(MODELS)/continuation.onnx
	$(MAKE) continuation-card

continuation-card: $(VENV)/.training
	$(VOICE_PYTHON) training.continuation.card --model $(CONTINUATION)/last.pt --onnx $(MODELS)/continuation.onnx --figures $(FIGURES)

measure-continuation: $(VENV)/.training
	@mkdir -p $(FIGURES)
	$(VOICE_PYTHON) benchmarks.continuation --shared $(SHARED)/data --model $(MODELS)/continuation.onnx --steps --json $(FIGURES)/continuation.json
	$(MAKE) continuation-card

fit-feel: $(VENV)/.training
	$(VOICE_PYTHON) training.context.fit_feel --shared $(SHARED)/data

clean:
	rm -rf $(VENV) build dist out *.egg-info native_ringbuf/_native.*
