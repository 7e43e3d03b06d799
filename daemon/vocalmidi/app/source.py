"""What an item in Reaper keeps so that its part can be made again: the phrase, the settings, what else it went by.

Comes in: a `Source`. Goes out: one line of ASCII, which the items keep and hand back unread; and the way back. Numbers
come back to the last bit, so that the same source makes the same notes. The text is JSON, since nothing but this module
reads it; whoever changes it by hand gets a `ReaperError`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn, TypeVar, cast, get_args

from vocalmidi.app.corrected import Used, read_used, used_table
from vocalmidi.app.expressing import UNSAID, expression_of
from vocalmidi.app.keeping import NOTHING, Earlier
from vocalmidi.app.origin import UNKNOWN, Making, making_table, read_making
from vocalmidi.config import Settings, music_of, with_music
from vocalmidi.errors import ConfigError, ReaperError
from vocalmidi.reaper import MAX_SOURCE_LINES, MAX_TEXT
from vocalmidi.units import Cents, QuarterNotes, Seconds
from vocalmidi.values import (
    PART_NAMES,
    BendPointQn,
    Chord,
    HitLabel,
    Instrument,
    Key,
    LevelPointQn,
    Meter,
    Note,
    Origin,
    Part,
    PartName,
    Phrase,
    PhraseHit,
    PhraseNote,
    TempoMap,
    TempoPoint,
    Trigger,
)

VERSION = 1
T = TypeVar("T")
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Source:
    """All that the notes of an arrangement follow from.

    phrase: with the pitches that were sung; instrument: what the voice stands for.
    chords: those that were written.
    earlier: what stayed of an earlier arrangement when this one was made.
    making: the sound that was heard, and the models and the program that made this of it.
    used: what the phrase owes to its singer's earlier corrections; None of an item of before these were learnt from.
    """

    phrase: Phrase
    instrument: Instrument
    settings: Settings
    chords: tuple[Chord, ...]
    earlier: Earlier = NOTHING
    making: Making = UNKNOWN
    used: Used | None = None


def source_text(source: Source) -> str:
    """Return a source as text, "" where it is longer than items can keep."""
    without_levels = _without_levels(source.phrase)
    for phrase in (source.phrase, without_levels, _without_bends(without_levels)):
        text = _text(replace(source, phrase=phrase))
        if len(text) <= MAX_SOURCE_LINES * MAX_TEXT:
            return text
    return ""


def source_texts(source: Source) -> tuple[str, ...]:
    """Return the source of a request whose parts all have the same; () where it is longer than items can keep."""
    text = source_text(source)
    return (text,) if text else ()


def read_source(text: str, settings: Settings) -> Source:
    """Return the source of a text; `settings` are those that it says nothing of, such as the model's.

    Raises:
        ReaperError: it is no source, or one of another version.
    """
    try:
        return _source(json.loads(text, parse_constant=_no_number), settings)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ConfigError) as error:
        raise ReaperError(
            f"what the item remembers of its phrase can't be read ({error}); write the phrase again"
        ) from error


def _source(table: dict[str, Any], settings: Settings) -> Source:
    if table["version"] != VERSION:
        raise ValueError(f"version {table['version']} is not {VERSION}")
    if table["instrument"] not in get_args(Instrument):
        raise ValueError(f"instrument {table['instrument']!r} is none")
    instrument = cast(Instrument, table["instrument"])
    chords, music = _rows(table["chords"], _chord), with_music(settings, UNSAID | table["music"])
    kept = table["earlier"]
    edited = frozenset(map(PartName, kept["edited"]))
    earlier = Earlier(_rows(kept["parts"], _part), edited, _rows(kept["chords"], _chord))
    # Items of before this was kept have none.
    making = read_making(table["making"]) if "making" in table else UNKNOWN
    used = read_used(table["used"]) if "used" in table else None
    return Source(_phrase(table), instrument, music, chords, earlier, making, used)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _text(source: Source) -> str:
    phrase = source.phrase
    bends, levels = source.settings.bend != "off", expression_of(source.settings).has_level
    table = {
        "version": VERSION,
        "music": music_of(source.settings),
        "instrument": source.instrument,
        "key": [phrase.key.tonic, phrase.key.mode, phrase.key.probability],
        "meter": [phrase.meter.beats, phrase.meter.unit],
        "length_qn": phrase.length_qn,
        "tempo": [[point.time_s, point.qn, point.tempo_qpm] for point in phrase.tempo_map.points],
        "notes": [_note_row(note, bends=bends, levels=levels) for note in phrase.notes],
        "hits": [_hit_row(hit) for hit in phrase.hits],
        "chords": list(map(_chord_row, source.chords)),
        "earlier": _earlier_table(source.earlier),
        "making": making_table(source.making),
    }
    if source.used is not None:
        table["used"] = used_table(source.used)
    return json.dumps(table, separators=(",", ":"), allow_nan=False)


def _earlier_table(earlier: Earlier) -> dict[str, Any]:
    return {
        "parts": list(map(_part_row, earlier.parts)),
        "edited": [name.value for name in PART_NAMES if name in earlier.edited],
        "chords": list(map(_chord_row, earlier.chords)),
    }


def _chord_row(chord: Chord) -> Row:
    return [chord.start_qn, chord.length_qn, chord.root, chord.quality, chord.bass]


def _part_row(part: Part) -> Row:
    # Parts stay in their items with bends and all; here are the notes that others listen to.
    notes = [[n.start_qn, n.length_qn, n.pitch_midi, n.velocity, n.origin.value] for n in part.notes]
    return [part.name.value, part.channel, part.program, notes]


def _without_levels(phrase: Phrase) -> Phrase:
    return replace(phrase, notes=tuple(replace(note, level=()) for note in phrase.notes))


def _without_bends(phrase: Phrase) -> Phrase:
    return replace(phrase, notes=tuple(replace(note, bend=()) for note in phrase.notes))


def _note_row(note: PhraseNote, *, bends: bool, levels: bool) -> Row:
    curve = [[point.after_qn, point.bend_cents] for point in note.bend] if bends else []
    meant = [note.start_qn, note.length_qn, note.played_start_qn, note.played_length_qn]
    level = [[[point.after_qn, point.level_db] for point in note.level]] if levels and note.level else []
    return [*meant, note.pitch_midi, note.velocity, note.confidence, curve, *level]


def _hit_row(hit: PhraseHit) -> Row:
    trigger = [hit.trigger.name, hit.trigger.pitch_midi] if hit.trigger else None
    return [hit.start_qn, hit.played_start_qn, hit.label.value, hit.velocity, hit.confidence, trigger]


def _phrase(table: dict[str, Any]) -> Phrase:
    tonic, mode, probability = table["key"]
    if mode not in ("major", "minor"):
        raise ValueError(f"mode {mode!r} is neither major nor minor")
    return Phrase(
        notes=_rows(table["notes"], _note),
        hits=_rows(table["hits"], _hit),
        key=Key(int(tonic), "major" if mode == "major" else "minor", float(probability)),
        meter=Meter(*map(int, table["meter"])),
        tempo_map=TempoMap(_rows(table["tempo"], _tempo)),
        length_qn=QuarterNotes(float(table["length_qn"])),
    )


def _part(row: Row) -> Part:
    name, channel, program, notes = row
    return Part(PartName(name), int(channel), int(program), _rows(notes, _part_note))


def _part_note(row: Row) -> Note:
    start, length, pitch, velocity, origin = row
    span = QuarterNotes(float(start)), QuarterNotes(float(length))
    return Note(*span, int(pitch), int(velocity), origin=Origin(origin))


def _rows(rows: list[Row], read: Callable[[Row], T]) -> tuple[T, ...]:
    return tuple(map(read, rows))


def _note(row: Row) -> PhraseNote:
    start, length, played, played_length, pitch, velocity, confidence, curve, *levels = row
    return PhraseNote(
        QuarterNotes(float(start)),
        QuarterNotes(float(length)),
        QuarterNotes(float(played)),
        QuarterNotes(float(played_length)),
        int(pitch),
        int(velocity),
        float(confidence),
        tuple(BendPointQn(QuarterNotes(float(after)), Cents(float(cents))) for after, cents in curve),
        tuple(
            LevelPointQn(QuarterNotes(float(after)), float(level_db)) for level in levels for after, level_db in level
        ),
    )


def _hit(row: Row) -> PhraseHit:
    start, played, label, velocity, confidence, own = row
    trigger = Trigger(str(own[0]), int(own[1])) if own else None
    place = QuarterNotes(float(start)), QuarterNotes(float(played))
    return PhraseHit(*place, HitLabel(label), int(velocity), float(confidence), trigger)


def _tempo(row: Row) -> TempoPoint:
    time_s, qn, tempo_qpm = row
    return TempoPoint(Seconds(float(time_s)), QuarterNotes(float(qn)), float(tempo_qpm))


def _chord(row: Row) -> Chord:
    start, length, root, quality, bass = row
    return Chord(QuarterNotes(float(start)), QuarterNotes(float(length)), int(root), str(quality), int(bass))
