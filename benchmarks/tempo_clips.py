"""Sound for phrases whose beats are known: sung by computed voices, beatboxed by computed mouths, or plain tones.

In: a `Performance`. Out: mono sound at 16 kHz. Voices and mouths are those of the validation side of the training
rooms: no model has heard one of them. Rooms, noise and microphones are drawn as for training.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from training.context.performances import Performance
from training.timbre.data_mouth import made
from training.timbre.data_performances import CONDITIONS as STRUCK
from training.timbre.sounds import HAT_CLOSED, HAT_OPEN, KICK, OTHER, SNARE, Sound
from training.voice import data_conditions, data_contour, data_singer
from training.voice.data_formants import formant_voice
from training.voice.data_score import Planned
from training.voice.data_style import KINDS, Conditions, draw_style
from training.voice.data_world import FRAMES_PER_S, RATE_HZ

from vocalmidi.values import HIT_LABELS, HitLabel

Sound16 = npt.NDArray[np.float64]
SUNG = Conditions(
    clean=0.4, noise=0.5, snr_db=(15.0, 40.0), room=0.4, microphone=0.3,
    clipping=0.0, mains=0.1, bleed=0.0, narrow=0.0,
)  # fmt: skip
"""A bedroom and a phone, no worse: how much noise the ears stand is measured elsewhere."""
DRUMS = {
    HitLabel.KICK: KICK,
    HitLabel.SNARE: SNARE,
    HitLabel.HIHAT_CLOSED: HAT_CLOSED,
    HitLabel.HIHAT_OPEN: HAT_OPEN,
    HitLabel.OTHER: OTHER,
}
GAP_S = 0.03
"""Silence or consonant before a note that begins anew."""
TONE_S = 0.12
MOUTHS = 600
"""Computed sounds of the validation side, of which a mouth's kit is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Studio:
    """Rooms and noises."""

    places: data_conditions.Places

    @classmethod
    def open(cls, shared: Path) -> "Studio":
        """Return those of the validation side."""
        return cls(data_conditions.read_places(shared / "data", "valid"))

    def sound(self, performance: Performance, rng: np.random.Generator) -> Sound16:
        """Return what a microphone hears of a performance."""
        if performance.score.drums:
            return data_conditions.recorded(_struck(performance, rng), self.places, STRUCK, rng)[0]
        return data_conditions.recorded(_sung(performance, rng), self.places, SUNG, rng)[0]


def tones(performance: Performance) -> Sound16:
    """Return each onset as a short tone of its pitch (drums: noise), a rival's easiest case."""
    rng = np.random.default_rng(0)
    sound = np.zeros(int((performance.offset_s[-1] + 1.0) * RATE_HZ))
    time_s = np.arange(int(TONE_S * RATE_HZ)) / RATE_HZ
    for onset_s, pitch in zip(performance.onset_s.tolist(), performance.pitch_midi.tolist(), strict=True):
        hz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
        wave = rng.standard_normal(len(time_s)) if performance.score.drums else np.sin(2.0 * np.pi * hz * time_s)
        start = int(onset_s * RATE_HZ)
        sound[start : start + len(wave)] += 0.3 * wave * np.exp(-time_s / 0.03)
    return sound


def _sung(performance: Performance, rng: np.random.Generator) -> Sound16:
    kind = ("male", "female", "child")[rng.integers(3)]
    style = draw_style(rng, kind)
    low, high, middle = KINDS[kind]
    shift = 12.0 * np.round((middle - float(np.median(performance.pitch_midi))) / 12.0)
    notes = list[Planned]()
    for onset_s, offset_s, pitch in zip(
        performance.onset_s.tolist(), performance.offset_s.tolist(), performance.pitch_midi.tolist(), strict=True
    ):
        # Two joins that every voice has: a syllable of its own, and m, n or l where the note before still sounds.
        near = bool(notes) and onset_s - notes[-1].offset_s < GAP_S
        join, closure_s = ("voiced", 0.05) if near else ("rest", 0.04)
        begin_s = max(onset_s, notes[-1].offset_s) if notes else onset_s
        sung = float(np.clip(pitch + shift, low, high))
        notes.append(
            Planned(
                begin_s, max(offset_s, begin_s + 0.05), sung, join, closure_s, 10.0 * near, 0.03, vibrato_cents=15.0
            )
        )
    frames = int((notes[-1].offset_s + 0.6) * FRAMES_PER_S)
    voice = formant_voice(kind, "valid", int(rng.integers(400)))
    return np.asarray(data_singer.sing(voice, notes, data_contour.curves(notes, style, frames, rng), style, rng))


def _struck(performance: Performance, rng: np.random.Generator) -> Sound16:
    kit = {label: _drum(index, rng) for label, index in DRUMS.items()}
    sound = np.zeros(int((performance.offset_s[-1] + 1.0) * RATE_HZ))
    for onset_s, drum, velocity in zip(
        performance.onset_s.tolist(), performance.pitch_midi.tolist(), performance.velocity.tolist(), strict=True
    ):
        heard = kit[HIT_LABELS[round(drum)]].play(rng)
        wave = heard.audio / (np.abs(heard.audio).max() + 1e-9) * velocity / 127.0
        start = int(onset_s * RATE_HZ) - heard.onset
        wave = wave[max(0, -start) :][: len(sound) - max(0, start)]
        sound[max(0, start) : max(0, start) + len(wave)] += wave
    return sound


def _drum(label: int, rng: np.random.Generator) -> Sound:
    """Return a computed sound that is this drum and nothing else."""
    while True:
        sound = made(int(rng.integers(MOUTHS)), 2)
        if sound.labels == frozenset({label}):
            return sound
