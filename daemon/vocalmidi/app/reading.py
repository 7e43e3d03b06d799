"""From events to the phrase that is arranged: loop passes combined, and seen through the scale that was chosen.

Comes in: events, settings, and other music that may be in the same key. Goes out: a `Reading`: the phrase as it was
sung, and the passes where it was a loop. `lens` is what the scale lock makes of a phrase, and other octaves; the phrase
itself keeps what was sung, so that the lock can be taken off and the same phrase be arranged again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vocalmidi.config import Settings
from vocalmidi.inference import Model
from vocalmidi.phrase import (
    EARLIER_WEIGHT,
    PROJECT_WEIGHT,
    KeyEvidence,
    KeyHint,
    PhraseSettings,
    ScaleLock,
    build_phrase,
    combine_passes,
    evidence_of,
    locked,
    split_passes,
    with_feel,
    with_strength,
)
from vocalmidi.reaper import ProjectNote
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Events, Note, Phrase, PhraseNote

EARLIER_PHRASES = 2
"""So many of those sung last tell the key of the next; more of a song say little else."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A phrase with the pitches that were sung; passes: each pass of it, where a loop was sung several times."""

    phrase: Phrase
    passes: tuple[Phrase, ...] = ()


def read(events: Events, told: PhraseSettings, loop_bars: int, context: Model) -> Reading:
    """Return what was sung as music; nothing heard, or a loop of broken bars, is a PhraseError.

    loop_bars: 0 where it was sung once; else the recording is a loop of so many bars, sung again and again from its
    first bar line.
    """
    if loop_bars == 0:
        return Reading(build_phrase(events, told, context))
    whole = build_phrase(events, replace(told, quantise_strength=1.0), context)
    take = combine_passes(split_passes(whole, loop_bars * whole.meter.bar_qn))
    return Reading(_pulled(take.combined, told), tuple(_pulled(each, told) for each in take.passes))


def _pulled(phrase: Phrase, told: PhraseSettings) -> Phrase:
    """Return a pass at the strength that was asked for, as long as the loop."""
    if told.quantise_strength == 1.0:
        return phrase
    pulled = with_strength(phrase, told.quantise_strength)
    return replace(pulled, length_qn=QuarterNotes(max(pulled.length_qn, phrase.length_qn)))


def lens(phrase: Phrase, settings: Settings) -> Phrase:
    """Return the phrase as scale lock, octave and the genre's feel show it; the phrase itself where all are off."""
    seen = in_octave(locked(phrase, ScaleLock(settings.scale_lock)), settings.octave)
    return with_feel(seen, settings.genre, settings.feel / 100)


def in_octave(phrase: Phrase, octaves: int) -> Phrase:
    """Return the phrase so many octaves higher; a note that would leave MIDI's range stays where it is."""
    if octaves == 0:
        return phrase
    return replace(phrase, notes=tuple(_in_octave(note, 12 * octaves) for note in phrase.notes))


def _in_octave(note: PhraseNote, semitones: int) -> PhraseNote:
    pitch_midi = note.pitch_midi + semitones
    return replace(note, pitch_midi=pitch_midi) if 0 <= pitch_midi <= 127 else note


def project_hint(notes: Sequence[Note | ProjectNote]) -> KeyHint:
    """Return what a project's notes, drums left out, say of the key."""
    ordered = sorted(notes, key=lambda note: (note.start_qn, note.pitch_midi))
    evidence = KeyEvidence(
        tuple(note.pitch_midi for note in ordered),
        tuple(float(note.length_qn) for note in ordered),
        tuple(float(note.start_qn) for note in ordered),
    )
    return KeyHint(evidence, PROJECT_WEIGHT)


def earlier_hints(known: Sequence[tuple[Events, Phrase]], events: Events) -> tuple[KeyHint, ...]:
    """Return what phrases that ended before these events began say of their key, the latest ones only."""
    begun = min([note.onset for note in events.notes[:1]] + [hit.onset for hit in events.hits[:1]], default=0)
    before = [
        (heard.notes[-1].offset, phrase)
        for heard, phrase in known
        if heard.notes and phrase.notes and heard.notes[-1].offset <= begun
    ]
    latest = sorted(before, key=lambda each: each[0])[-EARLIER_PHRASES:]
    return tuple(KeyHint(evidence_of(phrase.notes), EARLIER_WEIGHT) for _, phrase in latest)
