"""From a melody and a style to a planned take: which note when, how joined to the one before, with what ornament.

In: a `Line`, a `Style`, a generator. Out: `Planned` notes in seconds. Times are of the pitched sound; consonants'
noise lies before. No frames, no sound.
"""

from dataclasses import dataclass, replace

import numpy as np

from training.voice.data_melodies import Line, within
from training.voice.data_style import JOINS, KINDS, MANNERS, Style

SHORTEST_S = 0.08
START_S = 0.15


@dataclass(frozen=True, slots=True)
class Planned:
    """A note to sing.

    onset_s, offset_s: of the pitched sound; in joins the border. join: how it begins: `rest` or one of JOINS.
    closure_s: length of the consonant or dip at its start. glide_s: of the slide from the note before.
    level_db: re the take's mean. scoop_cents (below), scoop_s, fall_cents, vibrato_cents: of this note.
    """

    onset_s: float
    offset_s: float
    pitch_midi: float
    join: str
    closure_s: float = 0.0
    dip_db: float = 0.0
    glide_s: float = 0.0
    level_db: float = 0.0
    scoop_cents: float = 0.0
    scoop_s: float = 0.1
    fall_cents: float = 0.0
    vibrato_cents: float = 0.0
    detune_cents: float = 0.0


def plan(line: Line, style: Style, seconds: float, rng: np.random.Generator) -> list[Planned]:
    """Return the notes that fit into `seconds`."""
    low, high, middle = KINDS[style.kind]
    centre = float(np.clip(rng.normal(middle, 5.0), low + 5, high - 5))
    pitches = within(line.pitch_midi, max(low, centre - 9), min(high, centre + 10), rng)
    onsets, ends = _seconds(line, style, rng)
    notes: list[Planned] = []
    quietest = float(rng.uniform(2, 9))
    for onset_s, end_s, pitch in zip(onsets, ends, pitches, strict=True):
        if end_s > seconds - 0.25:
            break
        offset_s = end_s if end_s - onset_s >= SHORTEST_S else onset_s + SHORTEST_S
        onset = onset_s
        if notes and onset - notes[-1].offset_s < 0.03:
            onset = max(onset, notes[-1].offset_s)
            join = _join(notes[-1].pitch_midi, pitch, style, rng)
        else:
            join = "rest"
        if offset_s - onset < SHORTEST_S:
            continue
        level_db = float(rng.uniform(-quietest, 0) + 3 * np.sin(onset * 0.7))
        note = Planned(onset, offset_s, float(pitch), join, level_db=level_db)
        if join == "tie":
            notes[-1] = replace(notes[-1], offset_s=offset_s)
        else:
            _append(notes, note, style, rng)
    return notes


def _seconds(line: Line, style: Style, rng: np.random.Generator) -> tuple[list[float], list[float]]:
    """Return onsets and ends: tempo with drift, timing noise, a breath now and then."""
    beat_s = 60.0 / style.tempo_qpm
    if style.middle_note_s:
        beat_s = style.middle_note_s / float(np.median(line.length_qn))
    shortest = float(np.percentile(line.length_qn, 10))
    while shortest * beat_s < 0.075:
        beat_s *= 2
    phase, rate = rng.uniform(0, 6.3), rng.uniform(0.05, 0.3)
    now = START_S + float(rng.exponential(0.15))
    onsets: list[float] = []
    ends: list[float] = []
    borders = np.append(line.onset_qn[1:], line.onset_qn[-1] + line.length_qn[-1])
    for onset_qn, length_qn, border_qn in zip(line.onset_qn, line.length_qn, borders, strict=True):
        pace = beat_s * (1 + style.tempo_drift * np.sin(phase + rate * now))
        start = now + float(rng.normal(0, style.timing_s))
        start = max(start, (onsets[-1] + 0.5 * SHORTEST_S) if onsets else START_S)
        end = max(start + 0.04, now + length_qn * pace)
        now += (border_qn - onset_qn) * pace
        if rng.random() < 0.07:
            breath_s = float(rng.uniform(0.15, 0.6))
            now += breath_s
        onsets.append(start)
        ends.append(min(end, now + 0.02) if rng.random() < 0.95 else end)
    ends = [min(e, o) if e > o else e for e, o in zip(ends, [*onsets[1:], np.inf], strict=True)]
    closed = [o if o - e < 0.06 else e for e, o in zip(ends, [*onsets[1:], np.inf], strict=True)]
    return onsets, [float(e) for e in closed]


def _join(before: float, pitch: float, style: Style, rng: np.random.Generator) -> str:
    weights = np.array(MANNERS[style.manner][1])
    if before == pitch:
        weights[0] = 0.0
        if rng.random() < 0.04:
            return "tie"
    return str(rng.choice(JOINS, p=weights / weights.sum()))


def _append(notes: list[Planned], note: Planned, style: Style, rng: np.random.Generator) -> None:
    """Add the note with its join's lengths; a gap or noise shortens the note before."""
    before = notes[-1] if notes else None
    room = note.offset_s - note.onset_s
    earlier = before.offset_s - before.onset_s if before else 1.0
    note = replace(note, detune_cents=float(rng.normal(0, style.detune_cents)))
    if room > 0.28:
        note = replace(note, vibrato_cents=style.vibrato_cents * float(rng.uniform(0.4, 1.0)))
    if note.join in ("legato", "voiced", "glottal"):
        longest = 0.8 * min(room, earlier)
        glide = float(np.exp(rng.uniform(np.log(style.glide_s[0]), np.log(style.glide_s[1]))))
        closure = {"legato": 0.0, "voiced": float(rng.uniform(0.035, 0.12)), "glottal": float(rng.uniform(0.015, 0.07))}
        dip = {
            "legato": float(rng.uniform(-1, 3)),
            "voiced": float(rng.uniform(3, 15)),
            "glottal": float(rng.uniform(5, 26)),
        }
        note = replace(note, glide_s=min(glide, longest), closure_s=min(closure[note.join], 0.55 * min(room, earlier)))
        note = replace(note, dip_db=max(0.0, dip[note.join]))
    elif note.join in ("unvoiced", "gap") and before:
        wanted = float(rng.uniform(0.04, 0.15)) if note.join == "unvoiced" else float(rng.uniform(0.03, 0.2))
        gap = min(wanted, 0.5 * earlier, earlier - 0.6 * SHORTEST_S)
        notes[-1] = replace(before, offset_s=note.onset_s - gap)
        note = replace(note, closure_s=gap)
    elif note.join == "rest":
        note = replace(note, closure_s=float(rng.uniform(0.03, 0.16)))
    begins = note.join in ("rest", "gap", "unvoiced")
    if begins and rng.random() < style.scoop_share:
        scoop_s = min(float(rng.uniform(0.03, 0.2)), 0.6 * room)
        note = replace(note, scoop_cents=float(rng.uniform(40, 400)), scoop_s=scoop_s)
    if rng.random() < style.fall_share and room > 0.15:
        note = replace(note, fall_cents=float(rng.uniform(50, 500)))
    notes.append(note)
