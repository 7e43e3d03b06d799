"""An arrangement as a .mid file has it that we wrote, whatever was done to it since.

Comes in: a path. Goes out: `WrittenFile`: the parts by the names of their tracks, whether each is as it was written,
the chords and the settings, as far as the file still says them. A track without what we say of it, as another program
may have exported it, counts as edited. Places come back to the tick; where a note was played is not in a .mid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import mido

from vocalmidi.errors import SmfError
from vocalmidi.smf.curves_read import Curves, HeardNote, Timed, read_curves
from vocalmidi.smf.notes import open_smf
from vocalmidi.smf.remarks import (
    CHORD,
    CURVES,
    MUSIC,
    PART,
    TickNote,
    read_chord_remark,
    read_curves_remark,
    read_part_remark,
)
from vocalmidi.units import TICKS_PER_QN, QuarterNotes
from vocalmidi.values import PART_NAMES, PLAIN_EXPRESSION, Chord, Expression, Note, Origin, Part, PartName


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """Parts in track order; edited: those that are not as we wrote them; music: the settings' text, "" if unknown."""

    parts: tuple[Part, ...]
    edited: frozenset[PartName]
    chords: tuple[Chord, ...]
    music: str


def read_written(path: Path) -> WrittenFile:
    """Return the arrangement of a file.

    Raises:
        SmfError: the file can't be read, or no track has the name of a part.
    """
    file = open_smf(path)
    tracks = [_timed(track, file.ticks_per_beat) for track in file.tracks]
    named = {_part_of(track): track for track in reversed(tracks)}
    read = [(name, *_read(name, named[name])) for name in PART_NAMES if name in named]
    if not read:
        raise SmfError(
            f"{path}: no track is called {', '.join(name.title() for name in PART_NAMES)}; name another file"
        )
    texts = [each for track in tracks for each in track if each.message.type == "text"]
    music = next((each.message.text for each in texts if each.message.text.startswith(MUSIC)), "")
    return WrittenFile(
        parts=tuple(part for _, part, _ in read),
        edited=frozenset(name for name, _, is_edited in read if is_edited),
        chords=_chords(texts, max((track[-1].tick for track in tracks if track), default=0)),
        music=music.removeprefix(MUSIC),
    )


def _timed(track: mido.MidiTrack, ticks_per_beat: int) -> list[Timed]:
    timed, tick = list[Timed](), 0
    for message in track:
        tick += message.time
        timed.append(Timed(round(tick * TICKS_PER_QN / ticks_per_beat), message))
    return timed


def _part_of(track: Sequence[Timed]) -> PartName | None:
    """Return the part whose name a track has."""
    names = [each.message.name.strip().lower() for each in track if each.message.type == "track_name"]
    return next((part for part in PART_NAMES if part.value in names), None)


def _read(name: PartName, track: Sequence[Timed]) -> tuple[Part, bool]:
    """Return a track's part, and whether it was edited."""
    heard = sorted(_notes(track))
    notes = [each.ticks for each in heard]
    remarks = [
        each.message.text for each in track if each.message.type == "text" and each.message.text.startswith(PART)
    ]
    origins = read_part_remark(remarks[0], notes) if remarks else None
    channels = [each.message.channel for each in track if each.message.type == "note_on"]
    programs = [each.message for each in track if each.message.type == "program_change"]
    channel = programs[0].channel if programs else channels[0] if channels else 0
    expression = _expression(track)
    curves = read_curves(track, heard, expression)
    made = tuple(
        _note(note, origin, curve)
        for note, origin, curve in zip(notes, origins or [Origin.KEPT] * len(notes), curves, strict=True)
    )
    program = programs[0].program if programs else 0
    return Part(name, channel, program, made, expression), origins is None


def _expression(track: Sequence[Timed]) -> Expression:
    """Return what carries the curves of a track."""
    texts = [each.message.text for each in track if each.message.type == "text"]
    said = [read_curves_remark(text) for text in texts if text.startswith(CURVES)]
    return said[0] if said else PLAIN_EXPRESSION


def _notes(track: Sequence[Timed]) -> list[HeardNote]:
    """Return a track's notes; one begun again on its channel ends there, one that never ends is left out."""
    sounding: dict[tuple[int, int], tuple[int, int]] = {}
    notes: list[HeardNote] = []
    for each in track:
        if each.message.type not in ("note_on", "note_off"):
            continue
        channel, pitch, velocity = each.message.channel, each.message.note, each.message.velocity
        if (channel, pitch) in sounding:
            start, struck = sounding.pop((channel, pitch))
            if each.tick > start:
                notes.append(HeardNote(TickNote(start, pitch, each.tick, struck), channel))
        if each.message.type == "note_on" and velocity > 0:
            sounding[channel, pitch] = (each.tick, velocity)
    return notes


def _note(note: TickNote, origin: Origin, curves: Curves) -> Note:
    return Note(
        QuarterNotes(note.start / TICKS_PER_QN),
        QuarterNotes((note.stop - note.start) / TICKS_PER_QN),
        note.pitch_midi,
        note.velocity,
        curves.bend,
        origin=origin,
        level=curves.level,
    )


def _chords(texts: Sequence[Timed], end: int) -> tuple[Chord, ...]:
    said = [each for each in texts if each.message.text.startswith(CHORD)]
    places = [*(each.tick for each in said), end]
    spans = [(QuarterNotes(a / TICKS_PER_QN), QuarterNotes((b - a) / TICKS_PER_QN)) for a, b in pairwise(places)]
    found = [read_chord_remark(each.message.text, *span) for each, span in zip(said, spans, strict=True)]
    return tuple(chord for chord in found if chord is not None and chord.length_qn > 0.0)
