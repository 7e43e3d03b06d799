"""Goes on from a phrase: some more bars of melody in its key and metre, and of its beatboxed groove.

In: a phrase, a wish, networks or None. Out: the phrase made longer; `LeadSheet.sung_qn` keeps where the singer ended,
and whatever part writers make of the longer phrase goes on with it. The melody is drawn by `continuation_draw.py` from
what models/continuation.onnx thinks, or from a few rules where there are no networks; where a melody was kept and goes
on already, it is taken as it is. A groove goes on with its own last bars, some of their softer hits left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from vocalmidi.arrange.continuation_draw import Ground, draw
from vocalmidi.arrange.continuation_guess import Guess, NetworkGuess, RulesGuess
from vocalmidi.arrange.continuation_input import HOLD, HYPER, Beat, steps_of
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.networks import Networks
from vocalmidi.arrange.plan import in_threes
from vocalmidi.arrange.qualities import QUALITIES, SCALES
from vocalmidi.arrange.wish import Wish
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Chord, HitLabel, Key, Note, Origin, PartName, Phrase, PhraseHit, PhraseNote

DRAWN = 8
"""Melodies drawn at once: the best of eight closes well in practice, and a step takes about a millisecond."""
RAISED_SEVENTH = 11
FOREIGN = 0.12
"""A tone outside the scale that fills this much of the phrase belongs to it: a mode or a blue note, not a slip."""
LEAST_RANGE = 12
"""Semitones that a melody may move in, however narrow the phrase was; an octave suits any singer."""
BEYOND = 2
"""Semitones beyond the phrase's own range on either side."""
NEAR_QN = 0.01
"""A hit that the drums move ahead of the beat by some milliseconds still belongs to its bar."""
HEARD_BARS = 4 * HYPER
"""Bars that are heard again before going on: long songs come back to a verse within them."""
ACCENT = 6
"""Velocity of a downbeat above the rest; about that of the sung clips of the voice set."""
UNEVEN = 4
"""Spread of velocities, as of `parts.HUMAN_VELOCITY`."""
SOFTER_LEFT_OUT = 0.15
"""Of the hits that are neither kick nor snare, in each bar that goes on: a groove breathes."""
GROOVE_BARS = 2
"""Of a beatboxed groove go on together: two-bar loops are the commonest unit in gmd."""


def go_on(phrase: Phrase, wish: Wish, networks: Networks | None) -> Phrase:
    """Return the phrase with `wish.continue_bars` more bars; the same phrase where none are wished.

    Where chords were kept the melody keeps to them; else the harmony is found when all of it is there.
    """
    if not wish.continue_bars:
        return phrase
    length_qn = QuarterNotes(phrase.length_qn + wish.continue_bars * phrase.meter.bar_qn)
    kept = [note for part in wish.kept.parts if part.name is PartName.MELODY for note in part.notes]
    after = tuple(_as_sung(note) for note in kept if phrase.length_qn <= note.start_qn < length_qn)
    if phrase.notes and not after:
        guess = NetworkGuess(networks.continuation) if networks is not None else RulesGuess()
        after = _melody(phrase, wish, guess)
    hits = _groove(phrase, wish.continue_bars, Dice(wish.seed_of(PartName.DRUMS), "continuation/hits"))
    return replace(phrase, notes=phrase.notes + after, hits=phrase.hits + hits, length_qn=length_qn)


def gone_on(notes: Iterable[Note], sung_qn: float) -> list[Note]:
    """Return notes as written; what sounds like sung after the singer has ended is told to be a continuation."""
    return [
        replace(note, origin=Origin.CONTINUATION, played=None)
        if note.origin is Origin.SUNG and note.start_qn >= sung_qn - NEAR_QN
        else note
        for note in notes
    ]


def followed_by(kept: tuple[Chord, ...], chords: Iterable[Chord]) -> tuple[Chord, ...]:
    """Return kept chords and, where they end, those that go on."""
    end_qn = kept[-1].start_qn + kept[-1].length_qn
    after = list[Chord]()
    for chord in chords:
        stop_qn = chord.start_qn + chord.length_qn
        if stop_qn > end_qn + NEAR_QN:
            start_qn = max(chord.start_qn, end_qn)
            after.append(replace(chord, start_qn=QuarterNotes(start_qn), length_qn=QuarterNotes(stop_qn - start_qn)))
    return (*kept, *after)


def _as_sung(note: Note) -> PhraseNote:
    return PhraseNote(
        note.start_qn, note.length_qn, note.start_qn, note.length_qn, note.pitch_midi, note.velocity, 1.0, note.bend
    )


def _melody(phrase: Phrase, wish: Wish, guess: Guess) -> tuple[PhraseNote, ...]:
    """Return the notes of a melody that goes on."""
    step_qn, beat = grid_of(phrase)
    steps = draw(ground_of(phrase, wish), guess, melody_dice(wish))
    dice = Dice(wish.seed_of(PartName.MELODY), "continuation/velocity")
    plain = float(np.mean([note.velocity for note in phrase.notes]))
    notes = list[PhraseNote]()
    for at in (at for at, step in enumerate(steps) if step >= 0):
        stop = next((later for later in range(at + 1, len(steps)) if steps[later] != HOLD), len(steps))
        start_qn = QuarterNotes(phrase.length_qn + at * step_qn)
        # A bar of a thirty-second is shorter than a step.
        length_qn = QuarterNotes(min(stop * step_qn, wish.continue_bars * phrase.meter.bar_qn) - at * step_qn)
        accent = ACCENT if at % beat.bar_steps == 0 else 0
        velocity = max(1, min(127, round(plain + accent + dice.between(-UNEVEN, UNEVEN))))
        notes.append(PhraseNote(start_qn, length_qn, start_qn, length_qn, steps[at], velocity, 1.0))
    return tuple(notes)


def melody_dice(wish: Wish) -> list[Dice]:
    """Return the dice of each melody that is drawn."""
    return [Dice(wish.seed_of(PartName.MELODY), f"continuation/{number}") for number in range(DRAWN)]


def grid_of(phrase: Phrase) -> tuple[float, Beat]:
    """Return the quarter notes of a step and the metre in steps: sixteenths, or triplets where the phrase has these.

    A phrase in triplets is read as one in 6/8, 9/8 or 12/8; bars of broken sixteenths are taken together.
    """
    starts = np.array([note.start_qn for note in phrase.notes])
    compound = in_threes(phrase.meter)
    beside = [np.abs(starts * many - np.round(starts * many)).sum() / many for many in (4, 6)]
    triplets = not compound and phrase.meter.unit == 4 and beside[1] < beside[0] - 1e-6
    per_qn = 6 if triplets else 4
    bar_steps = phrase.meter.bar_qn * per_qn
    while bar_steps % 1:
        bar_steps *= 2
    return 1.0 / per_qn, Beat(int(bar_steps), compound or triplets)


def ground_of(phrase: Phrase, wish: Wish) -> Ground:
    """Return what a continuation of a phrase with notes goes on from and keeps to."""
    step_qn, beat = grid_of(phrase)
    chords = wish.kept.chords
    many = round(phrase.length_qn / step_qn)
    rows = [(note.start_qn, note.length_qn, note.pitch_midi) for note in phrase.notes]
    steps = steps_of(rows, 1.0 / step_qn, -(-many // beat.bar_steps) * beat.bar_steps)[:many]
    period = HYPER * beat.bar_steps
    forgotten = max(0, -(-(many - HEARD_BARS * beat.bar_steps) // period)) * period
    count = int(np.ceil(wish.continue_bars * phrase.meter.bar_qn / step_qn - 1e-6))
    pitches = [note.pitch_midi for note in phrase.notes]
    heard = steps[forgotten:]
    if not any(step >= 0 for step in heard):
        heard = [*heard[:-1], pitches[-1]]  # a phrase shorter than a step, or its last note too long ago
    spare = max(BEYOND, -(-(LEAST_RANGE - max(pitches) + min(pitches)) // 2))
    gaps = [b.start_qn - a.start_qn - a.length_qn for a, b in zip(phrase.notes, phrase.notes[1:], strict=False)]
    beat_steps = 6 if beat.compound else 4
    return Ground(
        beat=beat,
        sung=tuple(heard),
        count=count,
        ending=_ending(count, beat, Dice(wish.seed_of(PartName.MELODY), "continuation/ending")),
        scale=scale_of(phrase),
        resting=_resting(phrase.key, chords),
        low=max(0, min(pitches) - spare),
        high=min(127, max(pitches) + spare),
        longest_rest=max(beat_steps, min(beat.bar_steps, round(max(gaps, default=0.0) / step_qn))),
        longest_note=max(beat.bar_steps, round(max(note.length_qn for note in phrase.notes) / step_qn)),
        chords=_tones(chords, phrase.length_qn, step_qn, count),
        daring=0.8 + 0.3 * wish.complexity,
        fuller=2.0 * (wish.density - 0.5),
    )


def scale_of(phrase: Phrase) -> frozenset[int]:
    """Return the pitch classes that a phrase may go on with: its key's, and others that it lives on itself."""
    tonic = phrase.key.tonic
    scale = {(tonic + tone) % 12 for tone in SCALES[phrase.key.mode]}
    held = np.zeros(12)
    for note in phrase.notes:
        held[note.pitch_midi % 12] += note.length_qn
    own = {int(tone) for tone in np.flatnonzero(held > FOREIGN * held.sum())}
    leading = (tonic + RAISED_SEVENTH) % 12
    # A minor melody that has sung its leading tone may come back to it.
    return frozenset(scale | own | ({leading} if held[leading] > 0 else set()))


def _resting(key: Key, chords: Sequence[Chord]) -> tuple[int, ...]:
    """Return the pitch classes to end on: the tonic triad, as far as the last chord holds it."""
    third = 4 if key.mode == "major" else 3
    triad = tuple((key.tonic + tone) % 12 for tone in (0, third, 7))
    if not chords:
        return triad
    last = chords[-1]
    tones = [(last.root + tone) % 12 for tone in QUALITIES[last.quality][:3]]
    return tuple(tone for tone in triad if tone in tones) or (last.root,)


def _ending(count: int, beat: Beat, dice: Dice) -> int:
    """Return the step of the last note: the last downbeat, or the middle of the last bar where that has one."""
    last = (count - 1) // beat.bar_steps * beat.bar_steps
    half = beat.bar_steps // 2
    middle = last + half
    has_middle = beat.bar_steps % (12 if beat.compound else 8) == 0 and middle < count
    # One bar with its downbeat last would be that note alone.
    return middle if has_middle and (last == 0 or dice.share() < 0.4) else last


def _tones(chords: Sequence[Chord], from_qn: float, step_qn: float, count: int) -> tuple[frozenset[int], ...]:
    """Return the pitch classes of the chord at each step after `from_qn`."""
    if not chords or chords[-1].start_qn + chords[-1].length_qn < from_qn + count * step_qn - 1e-6:
        return ()
    starts = np.array([chord.start_qn for chord in chords])
    at = np.searchsorted(starts, from_qn + step_qn * np.arange(count) + 1e-6) - 1
    held = [frozenset((chord.root + tone) % 12 for tone in QUALITIES[chord.quality]) for chord in chords]
    return tuple(held[max(0, int(place))] for place in at)


def _groove(phrase: Phrase, bars: int, dice: Dice) -> tuple[PhraseHit, ...]:
    """Return the hits of the last bars again, for as many bars as go on."""
    bar_qn = phrase.meter.bar_qn
    sung = round(phrase.length_qn / bar_qn)
    unit = min(GROOVE_BARS, sung)
    hits = list[PhraseHit]()
    for bar in range(bars):
        source = sung - unit + bar % unit
        shift = (sung + bar - source) * bar_qn
        for hit in phrase.hits:
            if int(hit.start_qn / bar_qn + 1e-6) != source:
                continue
            strong = hit.label in (HitLabel.KICK, HitLabel.SNARE) or hit.trigger is not None
            if strong or dice.share() >= SOFTER_LEFT_OUT:
                start_qn = QuarterNotes(hit.start_qn + shift)
                hits.append(replace(hit, start_qn=start_qn, played_start_qn=QuarterNotes(hit.played_start_qn + shift)))
    return tuple(hits)
