"""When a take stands alone: its tempo, metre and bar line from the take itself, and what else they might be.

In: onsets, and what the user says of tempo and metre. Out: a `Timing`. The first `HEAD` moments are read in every way
(`tracks.py`) and judged (`metre.py`); the likeliest reading is then followed to the end (`breathing.py`). A tempo or
metre that is given is not questioned; metres that the network doesn't know take their bar line from accents alone
(`barline.py`).
"""

from dataclasses import dataclass, replace

import numpy as np

from vocalmidi.phrase.barline import from_bar_line
from vocalmidi.phrase.breathing import SPREAD, Pulse, beat_map
from vocalmidi.phrase.metre import METRES, Form, Reading, readings
from vocalmidi.phrase.moments import Moments
from vocalmidi.phrase.onsets import Onsets
from vocalmidi.phrase.pulse import beat_qn, is_compound
from vocalmidi.phrase.rhythms import TICKS, rhythms
from vocalmidi.phrase.tracks import Seed, Track, seeds, tracks
from vocalmidi.units import qn_to_seconds
from vocalmidi.values import Meter, TempoAlternative, TempoMap

HEAD = 160
"""Moments that decide tempo and metre: some sixteen bars; more say no more, and an hour's take must not wait."""
SURE, ENOUGH = 0.5, 12
"""Probability and moments from which bars or beats in three are written; before, and for 2/4, it is 4/4, since most
takes are. Of the pop melodies of the validation split, 4 to 16 bars long, one in a hundred is then taken out of 4/4."""
FOURS = (METRES[0], METRES[2])
"""4/4 and 2/4, which no ear tells apart surely."""
FEWEST = 4
"""Moments that tell a metre; of fewer the most usual is taken."""
KEPT = 5
"""How many alternatives are given besides half and double; beyond these the probabilities are below a few percent."""
OCTAVES = (0.5, 2.0)
GIVEN_SPREAD = 0.03
"""How far from the user's tempo a voice may be on the whole and still mean it."""
SAME_TEMPO = 0.04


@dataclass(frozen=True, slots=True)
class Timing:
    """A tempo map whose QN 0 is a bar line, the metre, and what it may be: itself, then the others, likeliest first."""

    tempo_map: TempoMap
    meter: Meter
    alternatives: tuple[TempoAlternative, ...]


def free_timing(onsets: Onsets, meter: Meter | None, tempo_qpm: float | None = None) -> Timing:
    """Return when the beats and bars of a take are; what is None is found."""
    moments = Moments.of(onsets)
    head = moments.head(HEAD)
    found = _tracks(head, meter, tempo_qpm)
    heard = readings(head, found, forms_of(meter)) if len(head.time_s) >= FEWEST else _as_usual(found, forms_of(meter))
    heard = heard if meter else _usual_first(heard, len(moments.time_s))
    best = heard[0]
    written = meter or best.form.meter
    ticks = _to_the_end(moments, best.track) + best.phase * best.form.unit_ticks
    ticks -= int(ticks[0]) // (TICKS * best.form.beats) * TICKS * best.form.beats
    period_s = best.track.period_s if tempo_qpm is None else qn_to_seconds(beat_qn(written), tempo_qpm)
    pulse = Pulse(period_s, SPREAD if tempo_qpm is None else 0.0, 0.0)
    tempo_map = beat_map(moments, ticks / TICKS, pulse, beat_qn(written))
    if not _known(written, best.form):
        tempo_map = from_bar_line(tempo_map, onsets, written)
    return Timing(tempo_map, written, _alternatives(heard, meter) if tempo_qpm is None else ())


def forms_of(meter: Meter | None) -> tuple[Form, ...]:
    """Return the forms that a metre may be heard in: its own, or of an unknown one the shortest with its beat."""
    if meter is None:
        return METRES
    own = [form for form in METRES if _known(meter, form)]
    return tuple(own) or (METRES[3 if is_compound(meter) else 2],)


def _known(meter: Meter, form: Form) -> bool:
    """Tell whether the form has the bars and beats of the metre: 2/2 is 4/4 to the ear."""
    return meter.bar_qn == form.meter.bar_qn and beat_qn(meter) == form.beat_qn


def _usual_first(heard: tuple[Reading, ...], count: int) -> tuple[Reading, ...]:
    """Return the readings with the one to write first: 4/4, unless bars or beats in three are likely."""
    best = heard[0]
    share = sum(each.probability for each in heard if each.form is best.form)
    if best.form is METRES[0] or (best.form not in FOURS and share > SURE and count >= ENOUGH):
        return heard
    fours = [each for each in heard if each.form is METRES[0]]
    usual = next((each for each in fours if each.track is best.track), fours[0] if fours else best)
    return (usual, *(each for each in heard if each is not usual))


def _as_usual(found: tuple[Track, ...], forms: tuple[Form, ...]) -> tuple[Reading, ...]:
    """Return the readings of too few sounds to tell a metre: the first form's, the first sound on its bar line."""
    track = next(track for track in found if track.division == forms[0].division)
    return (Reading(track, forms[0], -int(track.ticks[0]) // forms[0].unit_ticks % forms[0].phases, 1.0),)


def _tracks(moments: Moments, meter: Meter | None, tempo_qpm: float | None) -> tuple[Track, ...]:
    divisions = {form.division: form for form in forms_of(meter)}
    if tempo_qpm is None:
        tried = [seed for division in divisions for seed in seeds(division)]
    else:
        tried = [
            Seed(division, qn_to_seconds(beat_qn(meter or form.meter), tempo_qpm), 0.0, GIVEN_SPREAD)
            for division, form in divisions.items()
        ]
    return tracks(moments, tried, rhythms())


def _to_the_end(moments: Moments, track: Track) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """Return the places of all moments, counted as the track counts its first ones."""
    if len(track.ticks) == len(moments.time_s):
        return track.ticks
    whole = tracks(moments, [Seed(track.division, track.period_s, 0.0, GIVEN_SPREAD)], rhythms())[0].ticks
    return whole + round(float(np.median(track.ticks - whole[: len(track.ticks)])))


def _alternatives(heard: tuple[Reading, ...], meter: Meter | None) -> tuple[TempoAlternative, ...]:
    """Return the likeliest readings, and half and double of the first where they are not among them."""
    found = list[TempoAlternative]()
    for reading in heard:
        form = meter or reading.form.meter
        found.append(TempoAlternative(60.0 / reading.track.period_s * beat_qn(form), form, reading.probability))
    first = found[0]
    kept = found[:KEPT]
    for octave in OCTAVES:
        wanted = first.tempo_qpm * octave
        same = [each for each in found if each.meter == first.meter and abs(each.tempo_qpm / wanted - 1) < SAME_TEMPO]
        if not any(each in kept for each in same):
            kept += same[:1] or [replace(first, tempo_qpm=wanted, probability=0.0)]
    return tuple(kept)
