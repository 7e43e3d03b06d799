"""Takes of one person at one microphone: a kit of sounds, each several times, among things that are no hits.

In: the sounds of a side and a number. Out: a `Take`: sound at 16 kHz and the true onset, classes and identity of each
event. One take has one room, one microphone and one noise, as a user's has: what tells two sounds of a take apart is
never the room, so that an encoder taught within takes has to hear the sounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

from training.timbre.data_consonants import espeak_consonants, voicebank_consonants
from training.timbre.data_mouth import made
from training.timbre.data_negatives import noises, onsets_of, singing, voices
from training.timbre.data_recorded import recorded_hits
from training.timbre.sounds import HAT_CLOSED, NOISE, SYLLABLE, Floats, Heard, Recorded, Sound
from training.voice.data_conditions import Places, read_places, recorded
from training.voice.data_hits import band_noise
from training.voice.data_sources import speakers
from training.voice.data_style import Conditions
from training.voice.data_world import RATE_HZ

CONDITIONS = Conditions(
    clean=0.3, noise=0.6, snr_db=(6.0, 45.0), room=0.5, microphone=0.4,
    clipping=0.05, mains=0.1, bleed=0.04, narrow=0.06,
)  # fmt: skip
"""Hits are short and loud: a noise 6 dB below them all is a loud one."""
COMPUTED = {"train": 6000, "valid": 600}
"""Numbers of computed sounds that each side draws from, with seeds of their own."""
MOUTHS = 6
"""Speeds that a recorded sound is played at; each is another person's."""
KIT = (4, 9)
PLAYS = 5
"""Of each sound of a kit in a take: enough for a prototype of three and two to be told."""
OTHERS = 10
"""Events of a take that are no hits."""
GAP_S = (0.07, 0.6)
"""From one hit to the next: semiquavers at 210 beats a minute, to crotchets at 100."""
AROUND_S = 0.22
KIT_DB, STROKE_DB = 5.0, 3.0
HAT_DB = -8.0
"""Hi-hats are the softest of nearly every mouth's kit."""
NEAR, NEAR_DB = 0.5, (-22.0, 16.0)
"""Of the takes are so near to the microphone that each burst thumps, re the burst's peak: a "t" on the lips of a
headset is 25 dB louder below 200 Hz than above 4 kHz, and still no kick."""
RUMBLE, RUMBLE_DB = 0.4, (-50.0, -18.0)
"""Of the takes have low noise, re the peak of an average hit."""
SHELVES = (((80.0, 300.0), (-6.0, 12.0)), ((300.0, 1500.0), (-4.0, 6.0)), ((2500.0, 5500.0), (-5.0, 6.0)))
"""Corners in Hz and what lies below them is raised by, dB. More above 300 Hz would make a "k" of a "t": what tells them
apart in recordings is whether 5 kHz is as loud as 2 kHz."""
HUM, HUM_DB = 0.3, (-30.0, 0.0)
"""Of the takes are hummed through."""
ONE_SOURCE = 0.6
"""Of the kits are of one source: a whole recorded person, or computed sounds only."""
COMPUTED_SHARE, CONSONANT_SHARE = 0.5, 0.2
"""Of the sounds; the rest are recorded hits, where they may be used."""


PLACED_S = 0.012
"""A hit that the detector doesn't find this near is no example: noise or a louder neighbour covers it."""
AFTER_HIT_S, BEFORE_HIT_S = 0.07, 0.03
"""What begins this near to a hit may be part of it: the "f" of a "pf"."""
NOTHING = Recorded(
    "nothing struck", frozenset({SYLLABLE, NOISE}), "between the hits", Heard(np.zeros(1), 0), joined=True
)


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One event of a take: its sample, the sound it is a play of, and its number among the take's kit, -1: none."""

    onset: int
    sound: Sound
    member: int


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """Sound and what happens in it, in order."""

    audio: npt.NDArray[np.float32]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything that a side's takes are made of."""

    side: str
    recorded: dict[str, list[Recorded]]
    consonants: dict[str, list[Recorded]]
    syllables: list[Recorded]
    noises: list[Recorded]
    places: Places


def stock(shared: Path, side: str, *, research: bool = True) -> Stock:
    """Return the sounds of one side; without `research`, none of the sets that state no licence."""
    everyone = speakers(shared / "voices")
    banks = [s for s in everyone if s.source.folder.startswith("utau") and s.side == side]
    said = [c for s in banks for c in voicebank_consonants(s)]
    if side == "train":
        said += espeak_consonants()
    struck = list(recorded_hits(shared / "vocal")) if research and side == "train" else []
    sung = list(singing(shared, side)) if research or side == "valid" else []
    places = read_places(shared, side)
    nothing = list(noises(places.noises, np.random.default_rng(side == "valid")))
    return Stock(side, _named(struck), _named(said), [*voices(everyone, side), *sung], nothing, places)


def _named(sounds: Sequence[Recorded]) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for sound in sounds:
        found.setdefault(sound.name, []).append(sound)
    return found


def take(stock: Stock, number: int, seed: int) -> Take:
    """Return the take of that number."""
    rng = np.random.default_rng([seed, number, stock.side == "valid"])
    kit = _kit(stock, rng)
    others: list[list[Recorded]] = [[_one(stock.syllables, rng)] for _ in range(OTHERS * 2 // 3)]
    others += [[_one(stock.noises, rng)] for _ in range(OTHERS - len(others))]
    order = [(member, sounds) for member, sounds in enumerate(kit) for _ in range(PLAYS)]
    order += [(-1, sounds) for sounds in others]
    order = [order[i] for i in rng.permutation(len(order))]
    loud_db = rng.normal(0.0, KIT_DB, len(kit)) + [HAT_DB if HAT_CLOSED in sounds[0].labels else 0.0 for sounds in kit]
    near_db = rng.uniform(*NEAR_DB) if rng.random() < NEAR else None
    parts: list[tuple[int, Floats]] = []
    events: list[Event] = []
    clock, free = int(0.3 * RATE_HZ), 0
    for member, sounds in order:
        sound = sounds[rng.integers(len(sounds))]
        heard = sound.play(rng)
        audio = heard.audio / (np.abs(heard.audio).max() + 1e-9)
        level_db = rng.normal(0.0, STROKE_DB) + (loud_db[member] if member >= 0 else rng.normal(-3.0, 6.0))
        gap = int(np.exp(rng.uniform(*np.log(GAP_S))) * RATE_HZ)
        # A stretch with its surroundings is never put over a neighbour: the detector's events in it would be wrong.
        clock = max(clock + gap, free)
        if sound.joined:
            clock = max(clock, events[-1].onset + int(AROUND_S * RATE_HZ) + heard.onset // 2) if events else clock
            audio = audio * np.minimum(1.0, np.minimum(np.arange(len(audio)), np.arange(len(audio))[::-1]) / 160.0)
            free = clock + int(AROUND_S * RATE_HZ)
        gain = 10.0 ** (level_db / 20.0)
        parts.append((clock - heard.onset, audio * gain))
        if near_db is not None and member >= 0:
            parts.append((clock, _thump(RATE_HZ // 8, rng) * gain * 10.0 ** ((near_db + rng.normal(0.0, 5.0)) / 20.0)))
        events.append(Event(clock, sound, member))
    dry = np.zeros(max(start + len(audio) for start, audio in parts) + RATE_HZ // 4)
    for start, audio in parts:
        first = max(0, start)
        dry[first : start + len(audio)] += audio[first - start :]
    if rng.random() < HUM:
        dry += hum(len(dry), rng)
    if rng.random() < RUMBLE:
        dry += _rumble(len(dry), rng) * 10.0 ** (rng.uniform(*RUMBLE_DB) / 20.0)
    sound, _ = recorded(_coloured(dry, rng), stock.places, CONDITIONS, rng)
    return Take(sound.astype(np.float32), _detected(sound, events))


def _detected(sound: Floats, events: list[Event]) -> tuple[Event, ...]:
    """Return what the detector hears: events where it places them, and what begins where nothing was struck."""
    onsets = np.array(onsets_of(sound), int)
    found: list[Event] = []
    for event in events:
        near = onsets[np.argmin(np.abs(onsets - event.onset))] if len(onsets) else -RATE_HZ
        if abs(near - event.onset) <= PLACED_S * RATE_HZ:
            found.append(replace(event, onset=int(near)))
        elif event.member < 0:
            found.append(event)
    struck = np.array([event.onset for event in events])
    for onset in onsets:
        away = (struck - onset) / RATE_HZ
        if np.all((away < -AFTER_HIT_S) | (away > BEFORE_HIT_S)):
            found.append(Event(int(onset), NOTHING, -1))
    return tuple(sorted(found, key=lambda event: event.onset))


def _one(sounds: list[Recorded], rng: np.random.Generator) -> Recorded:
    return sounds[rng.integers(len(sounds))]


def _kit(stock: Stock, rng: np.random.Generator) -> list[list[Sound]]:
    """Return the sounds of a kit, each with the stretches that are plays of it."""
    count = int(rng.integers(*KIT, endpoint=True))
    shares = np.array([COMPUTED_SHARE, CONSONANT_SHARE, 1.0 - COMPUTED_SHARE - CONSONANT_SHARE])
    shares *= (True, bool(stock.consonants), bool(stock.recorded))
    first = rng.choice(3, p=shares / shares.sum())
    alike = rng.random() < ONE_SOURCE
    found: dict[str, list[Sound]] = {}
    mouth = int(rng.integers(MOUTHS))
    while len(found) < count:
        source = first if alike else rng.choice(3, p=shares / shares.sum())
        if alike and source and len(found) >= 3 and rng.random() < 0.3:  # a person's kit is small: it is filled up
            source = 0
        if source == 0:
            sound = made(int(rng.integers(COMPUTED[stock.side])), 1 + (stock.side == "valid"))
            found[sound.identity] = [sound]
        else:
            named = (stock.consonants, stock.recorded)[source - 1]
            plays = named[list(named)[rng.integers(len(named))]]
            mouth = mouth if alike else int(rng.integers(MOUTHS))
            found[f"{plays[0].name}#{mouth}"] = [replace(play, mouth=mouth) for play in plays]
    return list(found.values())


def _coloured(dry: Floats, rng: np.random.Generator) -> Floats:
    """Return the sound by another mouth, distance and microphone: three shelves and a broad peak or hole."""
    sound = dry
    for corner_hz, gain_db in SHELVES:
        sos = butter(1, np.exp(rng.uniform(*np.log(corner_hz))), fs=RATE_HZ, output="sos")
        low = sosfilt(sos, sound)
        sound = sound + (10.0 ** (rng.uniform(*gain_db) * rng.random() / 20.0) - 1.0) * low
    centre = np.exp(rng.uniform(np.log(200.0), np.log(5000.0)))
    peak = sosfilt(butter(1, [centre / 1.5, min(7900.0, centre * 1.5)], "bandpass", fs=RATE_HZ, output="sos"), sound)
    coloured: Floats = sound + (10.0 ** (rng.uniform(-6.0, 5.0) / 20.0) - 1.0) * peak
    return coloured


def _thump(count: int, rng: np.random.Generator) -> Floats:
    """Return the air of a burst on a near microphone's diaphragm, peak 1."""
    time_s = np.arange(count) / RATE_HZ
    shape = np.clip(time_s / rng.uniform(0.001, 0.01), 0.0, 1.0) * np.exp(-time_s / rng.uniform(0.01, 0.04))
    low: Floats = band_noise(count, 25.0, rng.uniform(90.0, 300.0), rng) * shape
    return low / (np.abs(low).max() + 1e-9)


def _rumble(count: int, rng: np.random.Generator) -> Floats:
    """Return a room's low noise, RMS 1: what soft hi-hats have under them."""
    low = sosfilt(butter(1, rng.uniform(60.0, 300.0), fs=RATE_HZ, output="sos"), rng.standard_normal(count))
    return np.asarray(low / (np.sqrt(np.mean(low**2)) + 1e-12))


def hum(count: int, rng: np.random.Generator) -> Floats:
    """Return notes hummed without end, with a little vibrato: harmonics that fall 9 to 18 dB an octave."""
    time_s = np.arange(count) / RATE_HZ
    root = rng.uniform(38.0, 62.0)
    steps = root + rng.integers(-5, 8, int(time_s[-1] / 0.4) + 2)
    pitch = np.repeat(steps, int(0.4 * RATE_HZ))[:count]
    pitch = sosfilt(butter(1, 8.0, fs=RATE_HZ, output="sos"), pitch - root) + root
    pitch = pitch + rng.uniform(0.0, 0.4) * np.sin(2 * np.pi * rng.uniform(4.0, 7.0) * time_s)
    phase = 2 * np.pi * np.cumsum(440.0 * 2.0 ** ((pitch - 69.0) / 12.0)) / RATE_HZ
    falls = rng.uniform(1.5, 3.0)
    sound = sum(np.sin(k * phase + k * k) / k**falls for k in range(1, 20))
    turns_s = np.arange(0.0, time_s[-1] + 1.0, 0.5)
    swell = np.clip(np.interp(time_s, turns_s, rng.uniform(-0.4, 1.0, len(turns_s))), 0.0, 1.0)
    voice: Floats = np.asarray(sound) * swell / 2.0 * 10.0 ** (rng.uniform(*HUM_DB) / 20.0)
    return voice
