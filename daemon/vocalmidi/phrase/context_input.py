"""What the context network sees of a take: a row of numbers a moment, in beats of a tempo that is near enough.

In: moments (notes, hits, or both at once) and what is known about them: the beat's length, the metre, the genre, where
a click falls. Out: (moments, FEATURES) float32 and the place of each moment in beats. The same for training and use.
Deliberately blind to absolute pitch and absolute time, so that nothing depends on register or on when a take began.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.values import HIT_LABELS

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

TICKS = 24
"""Places told apart in a beat: thirty-seconds and sixteenth triplets both lie on it."""
FARTHEST_TICKS = 4 * TICKS
"""The longest interval with a class of its own; four beats hold 99.6 % of those in pop909 and openewld."""
HARMONICS = (1, 2, 3, 4)
"""Of the beat: what each finer grid repeats with (halves, thirds, quarters)."""
GENRES = ("afrobeat", "cinematic", "classical", "electronic", "hip_hop", "jazz", "pop", "rnb", "rock", "trap")
"""Names of the ten styles, as the files in `arrange/genres`."""
FEATURES = 9 + 4 * len(HARMONICS) + len(HIT_LABELS) + 2 * len(HARMONICS) + 1 + 3 + len(GENRES)
OCTAVES_SHOWN = 3.0
"""Intervals are shown as octaves of a beat over this, within ±2: from a sixty-fourth to sixteen bars."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Sounds in order of time, no two at once; float64 arrays of one length.

    time_s, length_s: onset and how long it sounds.
    pitch_midi: float MIDI number; NaN where only a hit sounds.
    velocity: 1–127.
    label: index in HIT_LABELS, −1 where only a note sounds.
    """

    time_s: Array
    length_s: Array
    pitch_midi: Array
    velocity: Array
    label: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a take: the beat's seconds, beats a bar, whether they divide in three, the genre's name or None.

    click_s: when some beat of a click falls, None without one.
    """

    beat_s: float
    bar_beats: float
    compound: bool
    genre: str | None = None
    click_s: float | None = None


def beats_of(moments: Moments, setting: Setting) -> Array:
    """Return the place of each moment in beats of the setting, from the click or else from the first moment."""
    origin_s = setting.click_s if setting.click_s is not None else float(moments.time_s[0])
    return np.asarray((moments.time_s - origin_s) / setting.beat_s, np.float64)


def features_of(moments: Moments, setting: Setting) -> Floats:
    """Return (n, FEATURES) float32."""
    beats = beats_of(moments, setting)
    many = len(beats)
    apart = np.diff(beats)
    before, after = np.append(0.0, apart), np.append(apart, 0.0)
    length = moments.length_s / setting.beat_s
    sung = ~np.isnan(moments.pitch_midi)
    pitch = _filled(moments.pitch_midi, sung)
    step = np.diff(pitch) / 12.0
    hits = moments.label[:, None] == np.arange(len(HIT_LABELS))
    clicked = setting.click_s is not None
    known = np.array([np.log2(60.0 / setting.beat_s / 100.0), float(setting.compound), setting.bar_beats / 4.0])
    genre = np.array([float(setting.genre == name) for name in GENRES])
    columns = (
        _octaves(before),
        _octaves(after),
        np.array([_octaves(length), np.minimum(length / np.where(after > 0, after, np.inf), 1.5)]),
        moments.velocity / 64.0 - 1.0,
        np.append(0.0, step),
        np.append(step, 0.0),
        (pitch - pitch.mean()) / 12.0,
        sung,
        _turns(before),
        _turns(after),
        hits.T,
        _turns(beats) * clicked,
        np.full(many, clicked),
        np.tile(np.concatenate([known, genre])[:, None], many),
    )
    return np.concatenate([np.atleast_2d(column) for column in columns]).T.astype(np.float32)


def _filled(pitch_midi: Array, sung: npt.NDArray[np.bool_]) -> Array:
    """Return the pitches, where only a hit sounds that of the last note (or the first to come)."""
    if not sung.any():
        return np.zeros(len(pitch_midi))
    last = np.maximum.accumulate(np.where(sung, np.arange(len(sung)), -1))
    return np.asarray(pitch_midi[np.where(last < 0, np.flatnonzero(sung)[0], last)], np.float64)


def _octaves(beats: Array) -> Array:
    """Return intervals on a logarithmic scale; none is 0, as one beat, and told by its harmonics being all ones."""
    octaves = np.log2(np.where(beats > 0, beats, 1.0))
    return np.asarray(np.clip(octaves / OCTAVES_SHOWN, -2.0, 2.0), np.float64)


def _turns(beats: Array) -> Array:
    """Return cosines and sines of the place within the beat and its divisions, (2 × harmonics, n)."""
    angle = 2.0 * np.pi * beats * np.array(HARMONICS)[:, None]
    return np.concatenate([np.cos(angle), np.sin(angle)])


HEADS = {
    "phase": TICKS,
    "apart": FARTHEST_TICKS + 1,
    "length": FARTHEST_TICKS + 1,
    "bar": 12,
    "kind": 4,
    "tempo": 1,
}
"""Outputs of the network and their classes: place within the beat, ticks to the next moment (less one; the last class
is farther), the length meant likewise, the beat in the bar, what it is to the grid (plain, swung, grace, doubled), and
whether the tempo is right. The last two are learnt for what they teach the others, and not read."""
