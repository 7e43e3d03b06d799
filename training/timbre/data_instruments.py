"""Sung imitations of instruments: "dum" is a bass, "nah" a lead, "ooh" a pad, "pah" brass, "ding" a pluck.

In: the syllables of `training.voice.data_vowels` (UTAU voicebanks, espeak-ng, computed mouths), rooms and noise. Out:
`Imitation`s: a few notes of one singer who means one instrument, at one microphone, with the sample of each onset; and
their patches with labels, as the encoder's `instrument` head is taught. Speakers are kept apart by side.
MANNERS is what singers do, after how voices imitate instruments: the envelope of level and brightness carries the
instrument, the syllable follows it (Lemaitre et al., Vocal imitations of basic auditory features, JASA 2016; for the
syllables of scat and brass: Stowell 2010). Nobody recorded these imitations: they are made, which the card has to say.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.voice.data_conditions import Places, read_places, recorded
from training.voice.data_ssvd import read_clip, split
from training.voice.data_style import Conditions
from training.voice.data_vowels import VOWELS, Spoken, spoken
from training.voice.data_world import BINS, FRAME_S, RATE_HZ, synthesise
from vocalmidi.frames.patches import AFTER, IMMEDIATE_ROWS, SETTLED_ROWS, Patches, joined, patches_of
from vocalmidi.values import INSTRUMENTS

Floats = npt.NDArray[np.float64]
Range = tuple[float, float]
LN_DB = np.log(10) / 10
OCTAVES = np.log2(np.maximum(np.linspace(0, RATE_HZ / 2, BINS), 200) / 200)
CONDITIONS = Conditions(clean=0.3, noise=0.6, snr_db=(8.0, 45.0), room=0.5, microphone=0.4, bleed=0.03, narrow=0.05)
"""As for the hits."""
NOTES = (3, 7)
"""Of an imitation."""
LONGEST_LEAD_S = 0.12
"""Of the consonant before a vowel."""
PLACING_S = 0.004
"""Standard deviation of where the detector finds an onset."""
FOUND_DB = (-30.0, -12.0)
"""An onset is placed where the level first reaches this, re the note's loudest."""
ANNOTATED_EARLY_S = 0.08
"""SSVD's annotators mark the syllable, up to so much before the vowel: a strike may be heard anywhere in it."""
OTHER_SYLLABLE = 0.12
"""Of the notes have any syllable of the speaker: nobody keeps to a list."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How an instrument is sung; ranges are drawn evenly, times in logarithm.

    consonants, vowels: that it begins and goes on with; coda: share of notes that end in a nasal.
    midi: of the phrase's middle, for a speaker of any height.  length_s: of a note.  legato: share of notes joined.
    attack_s: rise of level.  decay_db_s: fall while held.  accent_db: overshoot at the start, gone after accent_s.
    tilt_db: brightness, dB an octave re the voice as it is.  opening_db: of which so much is missing (or, below zero,
    too much) at the start, until opening_s.  vibrato_cents.  breathy_db: more noise than the voice has.
    """

    consonants: str
    vowels: str
    midi: Range
    length_s: Range
    coda: float = 0.0
    legato: float = 0.0
    attack_s: Range = (0.008, 0.03)
    decay_db_s: Range = (0.0, 15.0)
    accent_db: Range = (0.0, 2.0)
    accent_s: Range = (0.05, 0.1)
    tilt_db: Range = (-1.5, 1.5)
    opening_db: Range = (-0.5, 0.5)
    opening_s: Range = (0.03, 0.1)
    vibrato_cents: Range = (0.0, 10.0)
    breathy_db: Range = (0.0, 4.0)


MANNERS = {
    "bass": Manner(
        "dbgmn", "uo", (34.0, 52.0), (0.12, 0.7), coda=0.7, legato=0.2, attack_s=(0.005, 0.03), decay_db_s=(5.0, 50.0),
        accent_db=(0.0, 4.0), tilt_db=(-6.0, -1.0), opening_db=(-1.5, 1.0),
    ),
    "lead": Manner(
        "nlyr", "aeio", (50.0, 79.0), (0.15, 1.4), legato=0.45, attack_s=(0.015, 0.06), decay_db_s=(0.0, 8.0),
        tilt_db=(-1.0, 3.0), vibrato_cents=(0.0, 80.0),
    ),
    "pad": Manner(
        "hwm ", "uoa", (45.0, 74.0), (1.0, 3.5), legato=0.35, attack_s=(0.09, 0.6), decay_db_s=(0.0, 3.0),
        accent_db=(0.0, 0.1), tilt_db=(-4.5, -0.5), vibrato_cents=(0.0, 30.0), breathy_db=(0.0, 12.0),
    ),
    "brass": Manner(
        "pbdt", "aou", (45.0, 76.0), (0.09, 0.8), legato=0.05, attack_s=(0.01, 0.05), decay_db_s=(0.0, 20.0),
        accent_db=(2.0, 7.0), accent_s=(0.04, 0.12), tilt_db=(2.0, 6.0), opening_db=(4.0, 10.0), opening_s=(0.03, 0.12),
        vibrato_cents=(0.0, 25.0),
    ),
    "pluck": Manner(
        "dtpkg", "iua", (50.0, 84.0), (0.1, 0.6), coda=0.75, attack_s=(0.002, 0.008), decay_db_s=(50.0, 160.0),
        accent_db=(0.0, 5.0), accent_s=(0.02, 0.05), tilt_db=(-1.0, 3.5), opening_db=(-6.0, -1.0),
        opening_s=(0.04, 0.15),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Imitation:
    """Sound at 16 kHz, an index of INSTRUMENTS, who sings, and of each note its sample and length and pitch."""

    audio: npt.NDArray[np.float32]
    instrument: int
    speaker: str
    onsets: tuple[int, ...]
    lengths_s: tuple[float, ...]
    pitches_midi: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """The singers of a side, and their rooms."""

    singers: dict[str, list[Spoken]]
    places: Places


def ensemble(shared: Path, cache: Path, side: str) -> Ensemble:
    """Return the singers of a side; `cache` keeps the syllables' envelopes."""
    singers: dict[str, list[Spoken]] = {}
    for one in spoken(shared, cache):
        if one.side == side:
            singers.setdefault(one.speaker, []).append(one)
    return Ensemble(singers, read_places(shared, side))


def imitation(singers: Ensemble, instrument: int, rng: np.random.Generator) -> Imitation:
    """Return a few notes of one singer who imitates one instrument."""
    # Recorded and computed singers alike: there are more computed ones than is good.
    computed = rng.random() < 0.3
    names = [name for name in singers.singers if name.startswith("formants") == computed] or list(singers.singers)
    speaker = names[rng.integers(len(names))]
    manner = MANNERS[INSTRUMENTS[instrument]]
    middle, parts, clock = rng.uniform(*manner.midi), [], int(rng.uniform(0.15, 0.5) * RATE_HZ)
    own = _drawn(manner, rng)
    for _ in range(int(rng.integers(*NOTES))):
        length_s = _log(manner.length_s, rng)
        midi = float(np.clip(middle + rng.normal(0.0, 3.5), 33.0, 86.0))
        audio = sung(_syllable(singers.singers[speaker], manner, rng), midi, length_s, own, rng)
        parts.append((clock, audio * 10.0 ** (rng.normal(0.0, 2.0) / 20.0), length_s, midi))
        gap_s = 0.0 if rng.random() < manner.legato else rng.uniform(0.02, 0.35)
        clock += len(audio) + int((gap_s - 0.03) * RATE_HZ)
    dry = np.zeros(clock + RATE_HZ // 2)
    for start, audio, _, _ in parts:
        dry[start : start + len(audio)] += audio
    heard, _ = recorded(dry, singers.places, CONDITIONS, rng)
    onsets = tuple(start + _found(audio, rng) for start, audio, _, _ in parts)
    return Imitation(
        heard.astype(np.float32), instrument, speaker, onsets, tuple(p[2] for p in parts), tuple(p[3] for p in parts)
    )


def instrument_patches(singers: Ensemble, count: int, seed: int) -> tuple[Patches, npt.NDArray[np.int64]]:
    """Return at least `count` patches, a third of each age the encoder is asked at, and their INSTRUMENTS index."""
    rng, found, labels = np.random.default_rng(seed), list[Patches](), list[int]()
    while len(labels) < count:
        one = imitation(singers, int(rng.integers(len(INSTRUMENTS))), rng)
        for rows in (IMMEDIATE_ROWS, SETTLED_ROWS, AFTER):
            found.append(patches_of(one.audio, one.onsets, rows))
            labels += [one.instrument] * len(one.onsets)
    return joined(found), np.array(labels)


def real_patches(shared: Path, side: str, seed: int) -> tuple[Patches, npt.NDArray[np.int64]]:
    """Return patches of tunes that people sang, SSVD's of one side, in other rooms too: a tune is a lead.

    Whoever just sings, in whatever voice, imitates nothing, and is to keep his melody.
    """
    folder, places, rng = shared / "vocal" / "ssvd2", read_places(shared, side), np.random.default_rng([seed, 3])
    found: list[Patches] = []
    for name in split(folder)[side == "valid"]:
        clip = read_clip(folder, name)
        for again in range(2):
            audio = clip.audio.astype(np.float64)
            heard = recorded(audio, places, CONDITIONS, rng)[0] if again else audio
            onsets = clip.notes[:, 0] + rng.uniform(0.0, ANNOTATED_EARLY_S, len(clip.notes))
            at = [round(onset_s * RATE_HZ) for onset_s in onsets if 0.0 < onset_s < len(audio) / RATE_HZ - 0.3]
            found += [patches_of(heard.astype(np.float32), at, rows) for rows in (IMMEDIATE_ROWS, SETTLED_ROWS, AFTER)]
    patches = joined(found)
    return patches, np.full(len(patches.age), INSTRUMENTS.index("lead"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A manner as one singer has it in one take."""

    attack_s: float
    decay_db_s: float
    accent_db: float
    accent_s: float
    tilt_db: float
    opening_db: float
    opening_s: float
    vibrato_cents: float
    vibrato_hz: float
    breathy_db: float
    coda: float
    tract: float


def _drawn(manner: Manner, rng: np.random.Generator) -> Drawn:
    return Drawn(
        attack_s=_log(manner.attack_s, rng), decay_db_s=rng.uniform(*manner.decay_db_s),
        accent_db=rng.uniform(*manner.accent_db), accent_s=_log(manner.accent_s, rng),
        tilt_db=rng.uniform(*manner.tilt_db), opening_db=rng.uniform(*manner.opening_db),
        opening_s=_log(manner.opening_s, rng), vibrato_cents=rng.uniform(*manner.vibrato_cents),
        vibrato_hz=rng.uniform(4.5, 6.5), breathy_db=rng.uniform(*manner.breathy_db), coda=manner.coda,
        tract=float(np.exp(rng.normal(0.0, 0.08))),
    )  # fmt: skip


def _log(limits: Range, rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(limits[0]), np.log(limits[1]))))


def _syllable(mine: list[Spoken], manner: Manner, rng: np.random.Generator) -> Spoken:
    """Return a syllable of the speaker that fits, the nearest there is."""
    if rng.random() < OTHER_SYLLABLE:
        return mine[rng.integers(len(mine))]
    vowel = [one for one in mine if VOWELS[one.vowel] in manner.vowels]
    both = [one for one in vowel if (one.consonant or " ")[0] in manner.consonants]
    fitting = both or vowel or mine
    return fitting[rng.integers(len(fitting))]


def sung(one: Spoken, midi: float, length_s: float, own: Drawn, rng: np.random.Generator) -> Floats:
    """Return a note: the syllable's own beginning, its vowel held, a nasal where the manner has one."""
    first, last = one.core
    turn = min(first, int(LONGEST_LEAD_S / FRAME_S))
    held = max(6, int(length_s / FRAME_S))
    source = np.concatenate([np.arange(first - turn, first), _to_and_fro(first, last, held, rng)])
    envelope = one.envelope[source].astype(np.float64)
    level = 10.0 * np.log10(np.exp(envelope).sum(axis=1) + 1e-30)
    core_db = float(np.median(level[turn:]))
    pitched = source >= one.voiced
    begins = int(np.argmax(pitched))
    time_s = (np.arange(len(source)) - begins) * FRAME_S
    wanted = np.where(np.arange(len(source)) < turn, np.clip(level - core_db, -40.0, 0.0), 0.0)
    wanted += _shape_db(time_s, pitched, length_s, own)
    envelope = _warped(envelope - level[:, None] * LN_DB, own.tract)
    opening = np.clip(1.0 - np.maximum(time_s, 0.0) / own.opening_s, 0.0, 1.0)
    tilt = own.tilt_db - own.opening_db * opening * pitched
    envelope += (tilt * LN_DB)[:, None] * OCTAVES
    if rng.random() < own.coda or one.coda:
        envelope -= _closing(time_s, length_s, rng)[:, None] * LN_DB * np.maximum(0.0, OCTAVES - 1.0)
    envelope += (wanted * LN_DB - np.log(np.exp(envelope).sum(axis=1) + 1e-30))[:, None]
    wave = own.vibrato_cents * np.clip(time_s / 0.4, 0.0, 1.0) * np.sin(2 * np.pi * own.vibrato_hz * time_s)
    scoop = -rng.uniform(0.0, 120.0) * np.exp(-np.maximum(time_s, 0.0) / 0.04)
    f0_hz = np.where(pitched, 440.0 * 2.0 ** ((midi - 69.0 + (wave + scoop) / 100.0) / 12.0), 0.0)
    noise_db = np.where(pitched, np.minimum(one.aperiodicity_db[source], -8.0) + own.breathy_db, 0.0)
    return synthesise(f0_hz, envelope, noise_db)


def _to_and_fro(first: int, last: int, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    span = max(1, last - first - 1)
    folded = np.abs((np.cumsum(rng.uniform(0.2, 0.8, count)) - 1) % (2 * span) - span)
    return first + np.minimum((span - folded).astype(np.int64).clip(0), last - first - 1)


def _shape_db(time_s: Floats, pitched: npt.NDArray[np.bool_], length_s: float, own: Drawn) -> Floats:
    """Return the level over the note: attack, accent, decay, release; a consonant's noise keeps its own."""
    since = np.maximum(time_s, 0.0)
    rise = 20.0 * np.log10(np.clip((since + FRAME_S) / own.attack_s, 0.02, 1.0))
    accent = own.accent_db * np.clip(1.0 - since / own.accent_s, 0.0, 1.0)
    left = np.clip((time_s[-1] - time_s) / min(0.05, length_s / 3.0), 0.0, 1.0)
    return np.where(pitched, rise + accent - own.decay_db_s * since, -6.0) + 20.0 * np.log10(left + 0.01)


def _closing(time_s: Floats, length_s: float, rng: np.random.Generator) -> Floats:
    """Return how far the mouth closes to a nasal over the note, in dB an octave above 400 Hz."""
    begins = rng.uniform(0.25, 0.7) * length_s
    return 14.0 * np.clip((time_s - begins) / rng.uniform(0.03, 0.08), 0.0, 1.0)


def _warped(envelope: Floats, tract: float) -> Floats:
    place = np.clip(np.arange(BINS) / tract, 0, BINS - 1.001)
    low = place.astype(np.int64)
    moved: Floats = envelope[:, low] + (envelope[:, low + 1] - envelope[:, low]) * (place - low)
    return moved


def _found(audio: Floats, rng: np.random.Generator) -> int:
    """Return the sample where a detector would find the note's onset."""
    hop = 32
    cut = audio[: len(audio) // hop * hop].reshape(-1, hop)
    level = 10.0 * np.log10(np.convolve((cut**2).mean(axis=1), np.full(4, 0.25), mode="same") + 1e-12)
    at = int(np.argmax(level > level.max() + rng.uniform(*FOUND_DB))) * hop
    return max(0, round(at + rng.normal(0.0, PLACING_S) * RATE_HZ))
