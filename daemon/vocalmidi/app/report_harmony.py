"""Chords as the JSON tables that the command line prints: those of an arrangement, what else would do, and live ones.

Documented in docs/CLI.md; names are lead-sheet names, spelt by the key.
"""

from typing import Any

from vocalmidi.app.live_harmony import ChordSaid
from vocalmidi.plot import chord_name, key_name, uses_flats
from vocalmidi.units import QuarterNotes, samples_to_seconds
from vocalmidi.values import Arrangement, Chord

Json = dict[str, Any]
_DIGITS = 3
_SECOND_DIGITS = 6
"""Microseconds: finer than a sample at any rate that is read."""


def harmony_json(made: Arrangement) -> Json:
    """Return the chords of an arrangement, and the likeliest triads of each stretch where the network was asked."""
    flats = uses_flats(made.key)
    return {
        "chord_track": [
            {
                "start_qn": round(chord.start_qn, _DIGITS),
                "length_qn": round(chord.length_qn, _DIGITS),
                "name": chord_name(chord, flats=flats),
                "root": chord.root,
                "quality": chord.quality,
                "bass": chord.bass,
            }
            for chord in made.chords
        ],
        "chord_rankings": [
            {
                "start_qn": round(ranking.start_qn, _DIGITS),
                "length_qn": round(ranking.length_qn, _DIGITS),
                "triads": [
                    {
                        "name": _triad_name(triad.root, triad.quality, flats=flats),
                        "probability": round(triad.probability, _DIGITS),
                    }
                    for triad in ranking.triads
                ],
            }
            for ranking in made.rankings
        ],
    }


def live_chords_json(chords: tuple[ChordSaid, ...], sample_rate_hz: int) -> list[Json]:
    """Return live chords with the key they were chosen in and when they were said."""
    return [
        {
            "start_qn": round(said.chord.start_qn, _DIGITS),
            "name": _triad_name(said.chord.root, said.chord.quality, flats=uses_flats(said.chord.key)),
            "root": said.chord.root,
            "quality": said.chord.quality,
            "key": key_name(said.chord.key),
            "probability": round(said.chord.probability, _DIGITS),
            "emitted_s": round(samples_to_seconds(said.decided, sample_rate_hz), _SECOND_DIGITS),
        }
        for said in chords
    ]


def _triad_name(root: int, quality: str, *, flats: bool) -> str:
    if quality == "none":
        return "N.C."
    return chord_name(Chord(QuarterNotes(0.0), QuarterNotes(1.0), root, quality, root), flats=flats)
