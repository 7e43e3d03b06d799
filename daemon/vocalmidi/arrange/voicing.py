"""Chords to keys: one voicing a chord, each voice moving as little as it can, out of the melody's way.

Every inversion in the register is a candidate; the cheapest after the last voicing is taken (the common-tone and
nearest-motion rules of four-part writing). Roots may be left out of ninth chords and shells: the bass has them.
"""

from dataclasses import dataclass

from vocalmidi.arrange.qualities import QUALITIES
from vocalmidi.arrange.style import Span, Style, Voicing
from vocalmidi.values import Chord, Phrase, PhraseNote

ABOVE_MELODY_COST = 2.0
"""For each semitone that the top voice stands above the lowest melody note: as bad as moving two voices by one."""
RUB_COST = 6.0
"""For a voice a semitone beside a melody note."""
CENTRE_COST = 0.3
"""For each semitone between the middle of a voicing and the middle of the register, so that it doesn't drift."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """A chord with the keys that play it, low to high."""

    chord: Chord
    keys: tuple[int, ...]


def voice_chords(chords: tuple[Chord, ...], phrase: Phrase, style: Style) -> tuple[Voiced, ...]:
    """Return every chord with its voicing."""
    voiced = list[Voiced]()
    for chord, melody in zip(chords, _melody_under(chords, phrase.notes), strict=True):
        last = voiced[-1].keys if voiced else None
        candidates = candidate_keys(chord, style.voicing, style.chords.register)
        costs = [_cost(keys, last, melody, style.chords.register) for keys in candidates]
        voiced.append(Voiced(chord, candidates[costs.index(min(costs))]))
    return tuple(voiced)


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


def candidate_keys(chord: Chord, voicing: Voicing, register: Span) -> list[tuple[int, ...]]:
    """Return every inversion of a chord, spread as asked, that fits the register; the nearest to fit if none does."""
    tones = _tones(chord, voicing)
    candidates = list[tuple[int, ...]]()
    for lowest in range(register.low, register.high + 1):
        if lowest % 12 not in tones:
            continue
        keys = _stack(lowest, tones, voicing)
        if keys and keys[0] >= register.low and keys[-1] <= register.high:
            candidates.append(keys)
    return candidates or [_stack(register.low + (tones[0] - register.low) % 12, tones, Voicing.CLOSE)]


def _tones(chord: Chord, voicing: Voicing) -> tuple[int, ...]:
    """Return the pitch classes to play, at most four, root first if it is played."""
    intervals = QUALITIES[chord.quality]
    if voicing is Voicing.POWER:
        intervals = (0, intervals[-1] if len(intervals) == 2 else intervals[2])
    elif voicing is Voicing.SHELL and len(intervals) > 3:
        intervals = (intervals[1], intervals[3], intervals[4] if len(intervals) > 4 else intervals[2])
    elif len(intervals) > 4 or (len(intervals) == 4 and chord.quality != "add9" and voicing is Voicing.SHELL):
        intervals = intervals[1:]
    return tuple((chord.root + interval) % 12 for interval in intervals)


def _stack(lowest: int, tones: tuple[int, ...], voicing: Voicing) -> tuple[int, ...]:
    """Return the tones stacked upwards from a key; empty where the voicing does not allow that key at the bottom."""
    keys = sorted(lowest + (tone - lowest) % 12 for tone in tones)
    if voicing is Voicing.POWER:
        return (lowest, *keys[1:], lowest + 12) if lowest % 12 == tones[0] else ()
    if voicing is Voicing.OPEN and len(keys) > 2:
        return tuple(sorted([*keys[:-2], keys[-1], keys[-2] - 12]))
    return tuple(keys)


def _cost(keys: tuple[int, ...], last: tuple[int, ...] | None, melody: frozenset[int], register: Span) -> float:
    cost = CENTRE_COST * abs(sum(keys) / len(keys) - (register.low + register.high) / 2.0)
    if melody:
        cost += ABOVE_MELODY_COST * max(0, keys[-1] - min(melody) + 1)
        cost += RUB_COST * sum(key + 1 in melody or key - 1 in melody for key in keys)
    if last is not None:
        cost += sum(min(abs(key - other) for other in last) for key in keys)
    return cost
