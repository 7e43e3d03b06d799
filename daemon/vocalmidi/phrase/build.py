"""`build_phrase`: events of a take, in samples, to a `Phrase`, in quarter notes.

The order of the steps: tempo and bar line (or the project's own map) → grid → notes and hits, as played and as
quantised → key → shift to the first bar line. Nothing is left out and nothing is invented; each step's file names
its method.
"""

import math
from dataclasses import replace

from vocalmidi.errors import PhraseError
from vocalmidi.phrase.barline import from_bar_line, steady_beats
from vocalmidi.phrase.drift import followed
from vocalmidi.phrase.grid import grid_step
from vocalmidi.phrase.hits import place_hits
from vocalmidi.phrase.key import KeyEvidence, estimate_key
from vocalmidi.phrase.notes import place_notes
from vocalmidi.phrase.onsets import Onsets, onsets_of
from vocalmidi.phrase.raster import Raster, qn_at_all, tempo_at
from vocalmidi.phrase.settings import PhraseSettings
from vocalmidi.phrase.tempo import estimate_tempo
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Events, Key, Phrase, PhraseNote, TempoMap

EARLY_QN = 0.125
"""What a singer may be ahead of a bar line and still mean it: what rounds to it on a grid of sixteenths."""
SHORTEST_QN = 1.0 / 128.0
"""The least that must be left of a note, as in `notes.py`."""
ROUNDING_QN = 1e-6
"""Far below a tick (1/960): what floating point adds to a sum of grid steps."""


def build_phrase(events: Events, settings: PhraseSettings) -> Phrase:
    """Return what was sung as music; raise PhraseError when nothing was.

    QN 0 of the phrase is the last bar line at or before the first event; `tempo_map.time_at(0)` tells where it lies.
    """
    if not events.notes and not events.hits:
        raise PhraseError("nothing was sung: no note and no hit was heard; sing louder or nearer to the microphone")
    onsets = onsets_of(events)
    tempo_map = settings.tempo_map or _own_tempo_map(onsets, settings)
    step_qn = grid_step(
        settings.grid, qn_at_all(tempo_map, onsets.time_s), settings.meter, tempo_at(tempo_map, onsets.time_s[0])
    )
    raster = Raster(tempo_map, step_qn, settings.quantise_strength)
    notes, hits = place_notes(events, raster), place_hits(events, raster)
    key = settings.key or _key_of(notes)
    return _from_first_bar(Phrase(notes, hits, key, settings.meter, tempo_map, settings.meter.bar_qn))


def _own_tempo_map(onsets: Onsets, settings: PhraseSettings) -> TempoMap:
    """Return a map with a bar line at QN 0: steady at the given tempo, else at the likeliest and with the singer."""
    meter = settings.meter
    if settings.tempo_qpm is not None:
        beats = steady_beats(onsets, settings.tempo_qpm, meter)
    else:
        beats = followed(onsets, steady_beats(onsets, estimate_tempo(onsets, meter)[0].tempo_qpm, meter), meter)
    return from_bar_line(beats, onsets, meter)


def _key_of(notes: tuple[PhraseNote, ...]) -> Key:
    return estimate_key(
        KeyEvidence(tuple(note.pitch_midi for note in notes), tuple(note.played_length_qn for note in notes))
    )


def _from_first_bar(phrase: Phrase) -> Phrase:
    """Return the phrase counted from the last bar line before its first event, with its length in whole bars."""
    bar_qn = phrase.meter.bar_qn
    shift_qn = _first_bar_line(phrase)
    notes = tuple(_note_later(note, -shift_qn) for note in phrase.notes)
    hits = tuple(
        replace(
            hit,
            start_qn=QuarterNotes(max(0.0, hit.start_qn - shift_qn)),
            played_start_qn=QuarterNotes(hit.played_start_qn - shift_qn),
        )
        for hit in phrase.hits
    )
    last_qn = max([note.start_qn + note.length_qn for note in notes[-1:]] + [hit.start_qn + 0.01 for hit in hits[-1:]])
    points = tuple(replace(point, qn=QuarterNotes(point.qn - shift_qn)) for point in phrase.tempo_map.points)
    bars = max(1, math.ceil((last_qn - ROUNDING_QN) / bar_qn))
    return replace(phrase, notes=notes, hits=hits, tempo_map=TempoMap(points), length_qn=QuarterNotes(bars * bar_qn))


def _first_bar_line(phrase: Phrase) -> float:
    """Return the bar line that opens the phrase: the last one at or before the first event.

    A first note that was sung a little ahead of a bar line and not pulled onto it is meant for the bar it leads, as
    long as it reaches into that bar and stays the first there.
    """
    bar_qn = phrase.meter.bar_qn
    starts = [note.start_qn for note in phrase.notes[:2]] + [hit.start_qn for hit in phrase.hits[:1]]
    early_qn = min(EARLY_QN, bar_qn / 8.0)
    next_line_qn = bar_qn * math.floor((min(starts) + early_qn) / bar_qn + ROUNDING_QN)
    if any(note.start_qn + note.length_qn <= next_line_qn + SHORTEST_QN for note in phrase.notes[:1]) or any(
        note.start_qn <= next_line_qn + SHORTEST_QN for note in phrase.notes[1:2]
    ):
        return bar_qn * math.floor(min(starts) / bar_qn + ROUNDING_QN)
    return next_line_qn


def _note_later(note: PhraseNote, later_qn: float) -> PhraseNote:
    """Return the note moved in the phrase; what would start before the phrase is cut to its beginning."""
    start_qn = max(0.0, note.start_qn + later_qn)
    return replace(
        note,
        start_qn=QuarterNotes(start_qn),
        length_qn=QuarterNotes(note.start_qn + later_qn + note.length_qn - start_qn),
        played_start_qn=QuarterNotes(note.played_start_qn + later_qn),
    )
