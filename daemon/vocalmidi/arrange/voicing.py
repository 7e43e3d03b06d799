"""Chords to keys: voicings that the instrument can play, each voice moving little, out of the melody's way.

Every inversion in the register that the instrument can sound is a candidate; the cheapest path through all chords is
taken (common tones and nearest motion, the rules of four-part writing; dynamic programming). Roots may be left out of
ninth chords and shells: the bass has them.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from vocalmidi.arrange.instruments import can_play, within_range
from vocalmidi.arrange.qualities import QUALITIES
from vocalmidi.arrange.style import Span, Style, Voicing
from vocalmidi.values import Chord, Phrase, PhraseNote

ABOVE_MELODY_COST = 2.0
"""For each semitone that the top voice stands above the lowest melody note: as bad as moving two voices by one."""
ROOM_BELOW = 7
"""Semitones of register below the melody from which on a chord can stay under it; a lower voice is played above."""
RUB_COST = 6.0
"""For a voice a semitone beside a melody note."""
CENTRE_COST = 0.3
"""For each semitone between the middle of a voicing and the middle of the register, so that it doesn't drift."""
CLUSTER_COST = 4.0
"""For two neighbours a semitone apart, as in a seventh under its root; twice on top, where it is heard most."""
MUD_COST = 4.0
"""For neighbours nearer than a fourth low on the keyboard, where thirds are heard as one thick sound."""
MUD_BELOW, MUD_NARROWER = 48, 5
"""Low interval limits of arranging: thirds from about C3 up."""
PARALLEL_COST = 3.0
"""For two voices that move in fifths or octaves, where voices are heard as lines: strings and choirs."""
LINES = range(40, 56)
"""General MIDI's bowed strings and voices."""
PERFECT = (0, 7)
OCTAVE = 12
Keys = list[tuple[int, ...]]
"""Voicings to choose from, or chosen."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """A chord with the keys that play it, low to high."""

    chord: Chord
    keys: tuple[int, ...]


def voice_chords(chords: tuple[Chord, ...], phrase: Phrase, style: Style) -> tuple[Voiced, ...]:
    """Return every chord with its voicing."""
    if not chords:
        return ()
    program, register = style.chords.program, within_range(style.chords.register, style.chords.program)
    candidates = [playable_keys(chord, style.voicing, register, program) for chord in chords]
    placed = [
        [_place_cost(keys, melody, register) for keys in choices]
        for choices, melody in zip(candidates, _melody_under(chords, phrase.notes), strict=True)
    ]
    path = _cheapest(candidates, placed, program)
    return tuple(Voiced(chord, keys) for chord, keys in zip(chords, path, strict=True))


def _cheapest(candidates: list[Keys], placed: list[list[float]], program: int) -> Keys:
    """Return one voicing a chord, the path of least cost through all; placed: what each costs where it stands."""
    total, back = placed[0], list[list[int]]()
    for last, choices, costs in zip(candidates, candidates[1:], placed[1:], strict=False):
        reached = [
            [so_far + _move_cost(old, keys, program) for so_far, old in zip(total, last, strict=True)]
            for keys in choices
        ]
        back.append([reach.index(min(reach)) for reach in reached])
        total = [min(reach) + cost for reach, cost in zip(reached, costs, strict=True)]
    path = [total.index(min(total))]
    for steps in reversed(back):
        path.append(steps[path[-1]])
    return [choices[n] for choices, n in zip(candidates, reversed(path), strict=True)]


def _melody_under(chords: tuple[Chord, ...], notes: tuple[PhraseNote, ...]) -> list[frozenset[int]]:
    """Return the melody keys that sound during each chord."""
    sounding, first = list[frozenset[int]](), 0
    for chord in chords:
        stop_qn = chord.start_qn + chord.length_qn
        while first < len(notes) and notes[first].start_qn + notes[first].length_qn <= chord.start_qn:
            first += 1
        keys, index = set[int](), first
        while index < len(notes) and notes[index].start_qn < stop_qn:
            keys.add(notes[index].pitch_midi)
            index += 1
        sounding.append(frozenset(keys))
    return sounding


def playable_keys(chord: Chord, voicing: Voicing, register: Span, program: int) -> Keys:
    """Return every inversion of a chord in a register that an instrument can sound, spread as asked.

    Where none is, it is spread wider, then thinned out to what it needs most, then to a single key.
    """
    tones = _tones(chord, voicing)
    needed = _needed(chord)
    for kind, some in ((voicing, tones), (Voicing.OPEN, tones), (Voicing.CLOSE, needed), (Voicing.CLOSE, needed[:1])):
        stacks = (_stack(lowest, some, kind) for lowest in range(register.low, register.high + 1))
        fitting = [
            keys
            for keys in stacks
            if keys and keys[0] >= register.low and keys[-1] <= register.high and can_play(program, keys)
        ]
        if fitting:
            return fitting
    return [(register.low,)]


def _tones(chord: Chord, voicing: Voicing) -> tuple[int, ...]:
    """Return the pitch classes to play, at most four, root first if it is played."""
    intervals = QUALITIES[chord.quality]
    if voicing is Voicing.POWER:
        intervals = (0, intervals[-1] if len(intervals) == 2 else intervals[2])
    elif voicing is Voicing.SHELL and len(intervals) > 3:
        intervals = (intervals[1], intervals[3], intervals[4] if len(intervals) > 4 else intervals[2])
    elif len(intervals) > 4 or (len(intervals) == 4 and chord.quality != "add9" and voicing is Voicing.SHELL):
        intervals = intervals[1:]
    return tuple((chord.root + interval) % OCTAVE for interval in intervals)


def _needed(chord: Chord) -> tuple[int, ...]:
    """Return what tells the chord from others: third and seventh or fifth, then its root."""
    intervals = QUALITIES[chord.quality]
    chosen = (intervals[1], intervals[3] if len(intervals) > 3 else intervals[-1])
    return tuple(dict.fromkeys((chord.root + interval) % OCTAVE for interval in chosen))


def _stack(lowest: int, tones: tuple[int, ...], voicing: Voicing) -> tuple[int, ...]:
    """Return the tones stacked upwards from a key; empty where the voicing does not allow that key at the bottom."""
    if lowest % OCTAVE not in tones:
        return ()
    keys = sorted(lowest + (tone - lowest) % OCTAVE for tone in tones)
    if voicing is Voicing.POWER:
        return (lowest, *keys[1:], lowest + OCTAVE) if lowest % OCTAVE == tones[0] else ()
    if voicing is Voicing.OPEN and len(keys) > 2:
        return tuple(sorted([*keys[:-2], keys[-1], keys[-2] - OCTAVE]))
    return tuple(keys)


def _place_cost(keys: tuple[int, ...], melody: frozenset[int], register: Span) -> float:
    """Return what a voicing costs where it stands: off the middle, in the melody's way, muddy."""
    cost = CENTRE_COST * abs(sum(keys) / len(keys) - (register.low + register.high) / 2.0)
    if melody:
        lowest = min(melody)
        if lowest >= register.low + ROOM_BELOW:
            cost += ABOVE_MELODY_COST * max(0, keys[-1] - lowest + 1)
        cost += RUB_COST * sum(key + 1 in melody or key - 1 in melody for key in keys)
    rubs = [high - low == 1 for low, high in pairwise(keys)]
    cost += CLUSTER_COST * sum(rubs) + CLUSTER_COST * sum(rubs[-1:])
    return cost + MUD_COST * sum(low < MUD_BELOW and high - low < MUD_NARROWER for low, high in pairwise(keys))


@lru_cache(maxsize=1 << 14)
def _move_cost(last: tuple[int, ...], keys: tuple[int, ...], program: int) -> float:
    """Return what it costs to go from one voicing to the next: semitones, and parallels where lines are heard."""
    cost = float(sum(min(abs(key - other) for other in last) for key in keys))
    if program in LINES and len(last) == len(keys) and last != keys:
        voices = list(zip(last, keys, strict=True))
        cost += PARALLEL_COST * sum(
            (b - a) % OCTAVE in PERFECT and (d - c) == (b - a) and a != c
            for n, (a, c) in enumerate(voices)
            for b, d in voices[n + 1 :]
        )
    return cost
