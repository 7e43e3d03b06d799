"""How it is sung: every number of the random singing styles and of the conditions, in one place.

No code but the draws. Where no source is named a number was chosen, to be wide rather than typical.
"""

from dataclasses import dataclass, field

import numpy as np

JOINS = ("legato", "voiced", "unvoiced", "glottal", "gap")
"""How a note follows one that touches it: glide; l, m, n or voiced stop; noise; glottal dip or h; silence."""
MANNERS: dict[str, tuple[float, tuple[float, float, float, float, float]]] = {
    # share of clips, weights of JOINS
    "lyrics": (0.34, (0.20, 0.30, 0.35, 0.05, 0.10)),
    "vocalise": (0.15, (0.72, 0.03, 0.00, 0.17, 0.08)),
    "la": (0.15, (0.12, 0.80, 0.00, 0.03, 0.05)),
    "da": (0.12, (0.08, 0.30, 0.50, 0.04, 0.08)),
    "separated": (0.09, (0.05, 0.10, 0.20, 0.10, 0.55)),
    "hum": (0.15, (0.52, 0.00, 0.00, 0.34, 0.14)),
}
KINDS: dict[str, tuple[float, float, float]] = {
    "male": (40.0, 67.0, 52.0),
    "female": (53.0, 84.0, 66.0),
    "child": (56.0, 84.0, 70.0),
}
"""Lowest, highest and middle pitch: E2–G4, F3–C6, G#3–C6, as the issue asks; the middles are those of choirs."""


@dataclass(frozen=True, slots=True)
class Style:
    """One singer in one take. Times in s, pitches in cents unless said."""

    kind: str
    manner: str
    tempo_qpm: float
    tempo_drift: float
    middle_note_s: float
    timing_s: float
    tuning_cents: float
    detune_cents: float
    drift_cents: float
    jitter_cents: float
    shimmer_db: float
    vibrato_cents: float
    vibrato_hz: float
    scoop_share: float
    fall_share: float
    glide_s: tuple[float, float]
    attack_s: float
    release_s: float
    breathy_db: float
    tilt_db: float
    tract: float
    breaths: float
    creak: float


def draw_style(rng: np.random.Generator, kind: str) -> Style:
    """Return a random style for a voice of that kind."""
    manners = list(MANNERS)
    shares = np.array([MANNERS[m][0] for m in manners])
    sings_vibrato = rng.random() < 0.5
    return Style(
        kind=kind,
        manner=manners[rng.choice(len(manners), p=shares / shares.sum())],
        tempo_qpm=float(np.exp(rng.uniform(np.log(60), np.log(180)))),
        tempo_drift=float(rng.uniform(0, 0.08)),
        # In half of the takes the score's own values decide, in half the median note is set: scores have many 16ths.
        middle_note_s=float(rng.choice([0.0, np.exp(rng.uniform(np.log(0.15), np.log(0.9)))])),
        timing_s=float(rng.uniform(0.0, 0.03)),
        tuning_cents=float(rng.uniform(-50, 50)),
        detune_cents=float(rng.choice([5.0, 15.0, 30.0], p=[0.3, 0.45, 0.25])),
        drift_cents=float(rng.uniform(0, 20)),  # standard deviation, so that ±40 cents is two of them
        jitter_cents=float(rng.uniform(1, 9)),
        shimmer_db=float(rng.uniform(0.05, 0.8)),
        vibrato_cents=float(rng.uniform(10, 100) if sings_vibrato else rng.uniform(0, 8)),
        vibrato_hz=float(rng.uniform(4, 7)),
        scoop_share=float(rng.choice([0.05, 0.4], p=[0.65, 0.35])),
        fall_share=float(rng.choice([0.03, 0.25], p=[0.7, 0.3])),
        glide_s=(0.02, float(rng.choice([0.06, 0.10, 0.15, 0.30], p=[0.3, 0.35, 0.25, 0.1]))),
        attack_s=float(np.exp(rng.uniform(np.log(0.008), np.log(0.09)))),
        release_s=float(np.exp(rng.uniform(np.log(0.015), np.log(0.18)))),
        breathy_db=float(rng.choice([0.0, 8.0, 18.0, 30.0], p=[0.5, 0.28, 0.14, 0.08])),
        tilt_db=float(rng.uniform(-5, 3)),
        tract=float(np.exp(rng.normal(0.0, 0.05))),
        breaths=float(rng.uniform(0.0, 0.8)),
        creak=float(rng.choice([0.0, 0.3], p=[0.75, 0.25])),
    )


@dataclass(frozen=True, slots=True)
class Conditions:
    """Probabilities of what happens to a clip after the mouth."""

    clean: float = 0.30
    """Nothing but the level and, in half of them, noise at 45 to 70 dB below."""
    noise: float = 0.75
    """Of the others: recorded or coloured noise, snr_db drawn evenly."""
    snr_db: tuple[float, float] = (0.0, 40.0)
    room: float = 0.50
    simulated_room: float = 0.60
    """Of the rooms: computed small ones, the rest are the recorded ones up to 2.2 s."""
    microphone: float = 0.35
    clipping: float = 0.08
    mains: float = 0.12
    bleed: float = 0.12
    """A quiet accompaniment, 12 to 40 dB below the voice."""
    narrow: float = 0.08
    """8 kHz sampling somewhere on the way."""
    level_dbfs: tuple[float, float] = (-45.0, -6.0)
    """Peak of the whole clip."""


def only_noise(snr_db: float) -> Conditions:
    """Return conditions in which every clip has noise at one level and nothing else happens to it."""
    return Conditions(
        0.0, 1.0, (snr_db, snr_db), room=0.0, microphone=0.0, clipping=0.0, mains=0.0, bleed=0.0, narrow=0.0
    )


SOURCE_SHARES = {
    "makam": 0.26,
    "librispeech10": 0.22,
    "nabucasa": 0.16,
    "utau": 0.13,
    "picovoice": 0.11,
    "precise": 0.08,
    "cmu_arctic": 0.04,
}
"""Of the recorded voices: by how many syllables a speaker has and how cleanly, not by how many speakers there are."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """What a data set is made of: shares of clips."""

    parametric: float = 0.16
    """Of the sung clips: formant voices, to widen the recorded ones."""
    sources: dict[str, float] = field(default_factory=lambda: dict(SOURCE_SHARES))
    whistle: float = 0.02
    negative: float = 0.08
    """Without a note: silence, noise, breath, clicks, speech, hits alone."""
    hits: float = 0.14
    """Of the sung clips: with hits over and between."""
    seconds: tuple[float, float] = (6.0, 12.0)
    conditions: Conditions = field(default_factory=Conditions)
