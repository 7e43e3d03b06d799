"""Vowels and level as MIDI controllers: the mouth as a filter knob, live.

In: `Frames` as they come. Out: `LiveControl`s, at most one a controller and rest, each with the last source sample it
needed. A vowel's share is averaged where a voice sounds and stays where none does; the level falls to 0 with it. A
controller lies still until what moves it has gone a step away, then follows it until that rests again: a held vowel
moves nothing, a slide from "oo" to "ah" is smooth. It decides nothing about notes.
"""

from dataclasses import dataclass, field

import numpy as np

from vocalmidi.units import SampleIndex
from vocalmidi.values import VOWELS, ControlSource, Floats, Frames, LiveControl

WEIGHTS: dict[ControlSource, tuple[float, ...]] = {
    "vowel_a": (1.0, 0.0, 0.0, 0.0, 0.0),
    "vowel_e": (0.0, 1.0, 0.0, 0.0, 0.0),
    "vowel_i": (0.0, 0.0, 1.0, 0.0, 0.0),
    "vowel_o": (0.0, 0.0, 0.0, 1.0, 0.0),
    "vowel_u": (0.0, 0.0, 0.0, 0.0, 1.0),
    "vowel_brightness": (0.5, 0.75, 1.0, 0.25, 0.0),
    "vowel_openness": (1.0, 0.5, 0.0, 0.5, 0.0),
}
"""Of the shares of a e i o u. Brightness is the order of their second formants, openness that of the first."""
VOICED = 0.5
"""Probability of a pitch from which a vowel is believed: even odds."""
TOP = 127
CATCH_UP = 0.6
"""Of the way in each message, so that a controller that wakes up does not jump by a step."""
SETTLES = 2.0
"""After so many times `rest_s` of rest a controller is put where the value came to lie, once."""
ENVELOPE_S, ENVELOPE_STEP = 0.03, 6.0
"""A level is known better and sooner than a vowel: smoothing and step of the envelope at most."""
NEAR_END = 2.5
"""Of 127."""


@dataclass(frozen=True, slots=True)
class ControlSettings:
    """Which controllers move, and how.

    controllers: the number of each source that moves one, 0–119; no two the same.
    smoothing_s: time constant; a vowel that just begins is averaged from its beginning on, which settles soonest.
    step: of 127, by which a resting controller may be wrong. A vowel held in a noisy room sways by as much.
    rest_s, rest_span, rest_drift: a value rests that stays within such a span for so long and whose mean drifts by no
        more from the first half of it to the second; a slide from 0 to 127 in two seconds does not.
    apart_s: between two messages of one controller; a MIDI cable carries 1000 a second in all.
    low_db, high_db: levels, dB re full scale, that are the envelope's 0 and 127.
    """

    controllers: tuple[tuple[ControlSource, int], ...] = ()
    smoothing_s: float = 0.12
    step: float = 20.0
    rest_s: float = 0.1
    rest_span: float = 12.0
    rest_drift: float = 3.0
    apart_s: float = 0.02
    low_db: float = -50.0
    high_db: float = -10.0


class ControlWatch:
    """Turns one stream of frames into controller messages; use one for each source of sound.

    look_ahead_samples: how many source samples after its centre a frame needed, as the analyser says.
    """

    def __init__(self, look_ahead_samples: int, settings: ControlSettings) -> None:
        if settings.low_db >= settings.high_db:
            raise ValueError(
                f"the envelope's low level {settings.low_db} dB must be below its high {settings.high_db} dB"
            )
        numbers = [number for _, number in settings.controllers]
        if len(set(numbers)) != len(numbers):
            raise ValueError(f"controllers {numbers} must differ: two sources can't move one")
        self._settings, self._look_ahead = settings, look_ahead_samples
        steps = {"envelope": min(ENVELOPE_STEP, settings.step)}
        self._knobs = [_Knob(each, number, steps.get(each, settings.step)) for each, number in settings.controllers]
        self._shares = np.full(len(VOWELS), 1.0 / len(VOWELS))
        self._level, self._sung = 0.0, 0

    def push(self, frames: Frames) -> tuple[LiveControl, ...]:
        """Take the next frames and return what moves, in order of decision."""
        if not self._knobs:
            return ()
        return tuple(
            LiveControl(knob.source, knob.number, knob.said, SampleIndex(frames.sample_at(row) + self._look_ahead))
            for row in range(len(frames))
            for knob in self._moved(frames, row)
        )

    def _moved(self, frames: Frames, row: int) -> "list[_Knob]":
        self._hear(frames.vowel[row], float(frames.voicing[row]), float(frames.level_db[row]), frames.hop_s)
        return [knob for knob in self._knobs if knob.turn(self._value(knob.source), frames.hop_s, self._settings)]

    def _hear(self, shares: Floats, voicing: float, level_db: float, hop_s: float) -> None:
        """Average what is heard."""
        numbers = self._settings
        share = hop_s / max(numbers.smoothing_s, hop_s)
        loud = (level_db - numbers.low_db) / (numbers.high_db - numbers.low_db)
        at_once = hop_s / max(min(numbers.smoothing_s, ENVELOPE_S), hop_s)
        self._level += at_once * (min(max(loud, 0.0), 1.0) - self._level)
        if voicing < VOICED:
            self._sung = 0
            return
        self._sung += 1
        self._shares += max(share, 1.0 / self._sung) * (shares - self._shares)

    def _value(self, source: ControlSource) -> float:
        if source == "envelope":
            return TOP * self._level
        return TOP * float(np.asarray(WEIGHTS[source], np.float64) @ self._shares)


@dataclass(slots=True)
class _Knob:
    """One controller: what was said of it last, -1 for nothing yet, and since when its value rests."""

    source: ControlSource
    number: int
    step: float
    said: int = -1
    _moves: bool = True
    _settled: bool = False
    _rested_s: float = 0.0
    _recent: list[float] = field(default_factory=list)
    _since_s: float = 1.0

    def turn(self, value: float, hop_s: float, numbers: ControlSettings) -> bool:
        """Take the next value; return whether a message is due."""
        self._since_s += hop_s
        self._recent = [*self._recent[-max(1, round(numbers.rest_s / hop_s)) :], value]
        self._watch(value, hop_s, numbers)
        if self._since_s < numbers.apart_s - hop_s / 2:
            return False
        if self._moves:
            return self._say(value if self.said < 0 else self.said + CATCH_UP * (value - self.said))
        if self._settled or self._rested_s < SETTLES * numbers.rest_s:
            return False
        self._settled = True
        return self._say(sum(self._recent) / len(self._recent))

    def _watch(self, value: float, hop_s: float, numbers: ControlSettings) -> None:
        """See whether the value has begun to move, or to rest."""
        if not self._moves:
            self._rested_s += hop_s
            self._moves = abs(value - self.said) > self.step
        elif len(self._recent) * hop_s > numbers.rest_s and self._rests(numbers):
            self._moves, self._settled, self._rested_s = False, False, 0.0

    def _rests(self, numbers: ControlSettings) -> bool:
        half = len(self._recent) // 2
        drift = sum(self._recent[-half:]) / half - sum(self._recent[:half]) / half
        return max(self._recent) - min(self._recent) <= numbers.rest_span and abs(drift) <= numbers.rest_drift

    def _say(self, value: float) -> bool:
        """Say a value, unless it is what was said; an average never quite reaches the ends."""
        said = 0 if value < NEAR_END else TOP if value > TOP - NEAR_END else round(value)
        if said == self.said:
            return False
        self.said, self._since_s = said, 0.0
        return True
