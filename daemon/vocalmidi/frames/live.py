"""The live pass: sound in blocks in, `Frames` by the causal model out, hop by hop, a constant while later.

In: consecutive blocks of one source, of any size and any rate from 8 to 192 kHz. Out: row k is about the sound at hop
k: the heads that look back by `look_ahead_ms` and the pitch head, which looks back by F0_DELAY, put where they belong.
Each hop is worked through alone and in the same memory, so that the rows don't depend on the blocks. Strikes don't wait
for hops: sound comes in steps of 2 ms, and what is known of a strike goes out with it, with frames or without.
"""

from collections import deque

import numpy as np

from vocalmidi.errors import FramesError
from vocalmidi.frames.encoder import TimbreEncoder
from vocalmidi.frames.features import HOP, LIVE, RATE_HZ, WIDTH, FrameSpectra, PictureStream
from vocalmidi.frames.heads import DELAYS, F0_DELAY, PAST, Heads, LiveHeads
from vocalmidi.frames.intake import HOP_S, Intake
from vocalmidi.frames.level import PARTS, PARTS_AROUND, HighPass, level_db, part_energies
from vocalmidi.frames.live_resampling import StepResampler
from vocalmidi.frames.posteriors import read_heads
from vocalmidi.frames.rises import STEP
from vocalmidi.frames.strikes import LIVE_AGES, HeardStrike, StrikeStream
from vocalmidi.gauge import NO_GAUGE, Gauge, Stage
from vocalmidi.inference import Model
from vocalmidi.values import AudioBlock, Floats, Frames, Strike

LOOK_AHEADS_MS = tuple(round(1000 * HOP_S) * delay for delay in DELAYS if delay >= F0_DELAY)
"""How far past a frame its heads may look; below F0_DELAY there would be no pitch."""
LENGTHS = {"seen": PAST + 1}
"""Of what the model is given each hop, by the words in its shapes."""
WARM_UPS = 20
"""Hops of silence through the model before the first block: its first runs are slower by a hundredfold."""

_STATE_AXES = 3


class LiveAnalyser:
    """Turns one stream of sound into frames as it comes; use one for each source.

    timbre: what hears strikes; None where they are not asked for.
    gauge: told how long each stage takes.
    """

    def __init__(
        self,
        sample_rate_hz: int,
        model: Model,
        look_ahead_ms: int = 50,
        *,
        timbre: Model | None = None,
        gauge: Gauge = NO_GAUGE,
    ) -> None:
        if look_ahead_ms not in LOOK_AHEADS_MS:
            raise ValueError(f"look-ahead {look_ahead_ms} ms must be one of {LOOK_AHEADS_MS}")
        self._gauge = gauge
        self._intake = Intake(sample_rate_hz)
        self._resampler = StepResampler(sample_rate_hz, STEP)
        self._delay = round(look_ahead_ms / 1000.0 / HOP_S)
        self._step = _ModelStep(model, self._delay)
        self._high_pass = HighPass()
        self._pictures = PictureStream(FrameSpectra(LIVE))
        self._ear = None if timbre is None else StrikeStream(TimbreEncoder(timbre), LIVE_AGES)
        self._energies = np.zeros(self._delay * PARTS + PARTS_AROUND - 1)
        self._hop = np.zeros(HOP, np.float32)
        self._taken = 0  # samples at 16 kHz
        self._strikes: list[Strike] = []
        self._logits: list[Floats] = []  # of frames that are waiting, with their levels
        self._levels_db: list[Floats] = []
        self._heard = 0
        self._emitted = 0
        self._nothing: Frames | None = None

    @property
    def look_ahead_samples(self) -> int:
        """How many source samples after a frame's centre must have come before the frame does."""
        last = (self._delay + 1) * HOP - 1  # of the sound at 16 kHz
        return -(-last * self._intake.sample_rate_hz // RATE_HZ) + self._resampler.delay_samples

    def push(self, block: AudioBlock) -> Frames:
        """Take the next block and return the frames it completes; raise FramesError when sound is missing before it."""
        self._intake.take(block)
        self._resampler.push(block.samples)
        steps = list[Floats]()
        while (step := self._resampler.next_step()) is not None:
            steps.append(step)
        if steps:
            self._hear(np.concatenate(steps))
        return self._emit()

    def finish(self) -> Frames:
        """End the stream and return the frames and the strikes still waiting; silence is what follows."""
        self._intake.finish()
        total = self._intake.analysed
        self._resampler.push(np.zeros(3 * HOP * self._intake.sample_rate_hz // RATE_HZ, np.float32))
        while self._taken + STEP <= total:
            self._hear(self._resampler.step())
        if total:
            rest = self._resampler.step()[: total - self._taken]
            self._note(self._ear.finish(rest) if self._ear else [])
            self._finish_hops(rest)
        return self._emit()

    def _finish_hops(self, rest: Floats) -> None:
        """Work through the last hop, as far as there was one, and as many of silence as the heads look ahead."""
        held = self._taken % HOP
        self._hop[held : held + len(rest)] = rest
        begun = held + len(rest)
        if begun:
            last = self._high_pass.push(self._hop)
            last[begun:] = 0.0
            self._analyse(last)
        for _ in range(self._delay):
            self._analyse(np.zeros(HOP, np.float32))

    def _hear(self, sound: Floats) -> None:
        """Take whole steps."""
        if self._ear:
            began_ns = self._gauge.now()
            self._note(self._ear.push_in_turn(sound))
            self._gauge.ended(Stage.STRIKES, began_ns)
        for first in range(0, len(sound), STEP):
            place = self._taken % HOP
            self._hop[place : place + STEP] = sound[first : first + STEP]
            self._taken += STEP
            if place + STEP == HOP:
                self._analyse(self._high_pass.push(self._hop))

    def _note(self, heard: list[HeardStrike]) -> None:
        """Keep the strikes that became known."""
        self._strikes += [self._intake.strike(one, self._resampler.needed(one.known)) for one in heard]

    def _analyse(self, sound: Floats) -> None:
        """Take the next hop and keep what the frame that it completes is made from."""
        self._energies[:-PARTS] = self._energies[PARTS:]
        self._energies[-PARTS:] = part_energies(sound)
        gauge = self._gauge
        began_ns = gauge.now()
        picture = self._pictures.push(sound)
        seen_ns = gauge.ended(Stage.FEATURES, began_ns)
        logits = self._step.run(picture)
        gauge.ended(Stage.MODEL, seen_ns)
        self._heard += 1
        if self._heard > self._delay:
            self._logits.append(logits)
            self._levels_db.append(level_db(self._energies[:PARTS_AROUND], 1))

    def _emit(self) -> Frames:
        """Return the frames and the strikes that are waiting."""
        count = len(self._logits)
        strikes, self._strikes = self._strikes, []
        if not count and strikes:
            return self._intake.no_frames(self._emitted, strikes)
        if not count:
            if self._nothing is None:  # asked so, since frames that are none count as false
                self._nothing = self._intake.no_frames(self._emitted)
            return self._nothing
        frames = self._intake.frames(
            self._emitted, read_heads(np.concatenate(self._logits)), np.concatenate(self._levels_db), strikes
        )
        self._emitted += count
        self._logits, self._levels_db, self._nothing = [], [], None
        return frames


class _ModelStep:
    """The model one hop on: memory that stays where it is, state that goes round, pitch that waits for the rest."""

    def __init__(self, model: Model, delay: int) -> None:
        state = [length for length in model.input_shapes.get("hidden", ()) if isinstance(length, int)]
        if len(state) != _STATE_AXES:
            raise FramesError(f"model {model.card.name} has no state of fixed size: it is not the live one")
        self._seen = np.zeros((1, PAST + 1, WIDTH), np.float32)
        self._hidden, self._cell = (np.zeros(state, np.float32) for _ in range(2))
        self._bound = model.bound(picture=self._seen, hidden=self._hidden, cell=self._cell)
        self._out = self._bound.outputs
        if self._out["heads"].shape != (1, 1, LiveHeads.OUTPUTS):
            raise FramesError(
                f"model {model.card.name} gives heads of shape {self._out['heads'].shape}, "
                f"not {(1, 1, LiveHeads.OUTPUTS)}: reinstall vocalmidi"
            )
        first = DELAYS.index(delay) * LiveHeads.BLOCK
        self._block = slice(first, first + LiveHeads.BLOCK)
        self._pitches = deque([np.zeros(Heads.OUTPUTS - LiveHeads.BLOCK, np.float32)] * (delay - F0_DELAY))
        for _ in range(WARM_UPS):
            self._bound.run()

    def run(self, picture: Floats) -> Floats:
        """Return (1, OUTPUTS), in the order of `Heads`: what is now known of the frame `delay` hops ago."""
        self._seen[0, :-1] = self._seen[0, 1:]
        self._seen[0, -1] = picture[0]
        self._bound.run()
        self._hidden[:] = self._out["hidden_out"]
        self._cell[:] = self._out["cell_out"]
        heads = self._out["heads"][0]
        self._pitches.append(heads[0, LiveHeads.F0].copy())
        return np.concatenate([heads[0, self._block], self._pitches.popleft()])[None]
