"""An arrangement as a .mid file has it that we wrote, whatever was done to it since.

Comes in: a path. Goes out: `WrittenFile`: the parts by the names of their tracks, whether each is as it was written,
the chords and the settings, as far as the file still says them. A track without what we say of it, as another program
may have exported it, counts as edited. Places come back to the tick; where a note was played is not in a .mid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import mido

from vocalmidi.errors import SmfError
from vocalmidi.smf.notes import open_smf
from vocalmidi.smf.remarks import CHORD, MUSIC, PART, TickNote, read_chord_remark, read_part_remark
from vocalmidi.smf.track import BEND_MAX
from vocalmidi.units import TICKS_PER_QN, Cents, QuarterNotes
from vocalmidi.values import PART_NAMES, BendPointQn, Chord, Note, Origin, Part, PartName

BEND_RANGE_SEMITONES = 2
"""General MIDI's, until RPN 0 says another."""
_DATA_ENTRY, _RPN_LOW, _RPN_HIGH = 6, 100, 101


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """Parts in track order; edited: those that are not as we wrote them; music: the settings' text, "" if unknown."""

    parts: tuple[Part, ...]
    edited: frozenset[PartName]
    chords: tuple[Chord, ...]
    music: str


@dataclass(frozen=True, slots=True)
class _Timed:
    """A message at a tick of ours."""

    tick: int
    message: Any  # mido gives its messages attributes by their type, of which it says nothing


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


def _timed(track: mido.MidiTrack, ticks_per_beat: int) -> list[_Timed]:
    timed, tick = list[_Timed](), 0
    for message in track:
        tick += message.time
        timed.append(_Timed(round(tick * TICKS_PER_QN / ticks_per_beat), message))
    return timed


def _part_of(track: Sequence[_Timed]) -> PartName | None:
    """Return the part whose name a track has."""
    names = [each.message.name.strip().lower() for each in track if each.message.type == "track_name"]
    return next((part for part in PART_NAMES if part.value in names), None)


def _read(name: PartName, track: Sequence[_Timed]) -> tuple[Part, bool]:
    """Return a track's part, and whether it was edited."""
    notes = sorted(_notes(track))
    remarks = [
        each.message.text for each in track if each.message.type == "text" and each.message.text.startswith(PART)
    ]
    origins = read_part_remark(remarks[0], notes) if remarks else None
    channels = [each.message.channel for each in track if each.message.type == "note_on"]
    programs = [each.message for each in track if each.message.type == "program_change"]
    channel = programs[0].channel if programs else channels[0] if channels else 0
    curves = _curves(track, notes)
    made = tuple(
        _note(note, origin, curves.get(note, ()))
        for note, origin in zip(notes, origins or [Origin.KEPT] * len(notes), strict=True)
    )
    return Part(name, channel, programs[0].program if programs else 0, made), origins is None


def _notes(track: Sequence[_Timed]) -> list[TickNote]:
    """Return a track's notes; one begun again ends there, one that never ends is left out."""
    sounding: dict[int, tuple[int, int]] = {}
    notes: list[TickNote] = []
    for each in track:
        if each.message.type not in ("note_on", "note_off"):
            continue
        pitch, velocity = each.message.note, each.message.velocity
        if pitch in sounding:
            start, struck = sounding.pop(pitch)
            if each.tick > start:
                notes.append(TickNote(start, pitch, each.tick, struck))
        if each.message.type == "note_on" and velocity > 0:
            sounding[pitch] = (each.tick, velocity)
    return notes


def _wheel(track: Sequence[_Timed]) -> dict[int, Cents]:
    """Return where the pitch wheel moves to, by tick: the last of each."""
    semitones, chosen, moves = BEND_RANGE_SEMITONES, [127, 127], dict[int, Cents]()
    for each in track:
        message = each.message
        if message.type == "control_change" and message.control in (_RPN_HIGH, _RPN_LOW):
            chosen[message.control == _RPN_LOW] = message.value
        elif message.type == "control_change" and message.control == _DATA_ENTRY and chosen == [0, 0]:
            semitones = message.value
        elif message.type == "pitchwheel":
            moves[each.tick] = Cents(message.pitch / BEND_MAX * 100 * semitones)
    return moves


def _curves(track: Sequence[_Timed], notes: Sequence[TickNote]) -> dict[TickNote, tuple[BendPointQn, ...]]:
    """Return the pitch curve of each note that has one: the wheel's moves belong to the note that began last."""
    curves: dict[TickNote, list[BendPointQn]] = {}
    for tick, cents in _wheel(track).items():
        sounding = [note for note in notes if note.start <= tick < note.stop]
        if sounding:
            after_qn = QuarterNotes((tick - sounding[-1].start) / TICKS_PER_QN)
            curves.setdefault(sounding[-1], []).append(BendPointQn(after_qn, cents))
    return {note: tuple(curve) for note, curve in curves.items() if any(point.bend_cents for point in curve)}


def _note(note: TickNote, origin: Origin, curve: tuple[BendPointQn, ...]) -> Note:
    return Note(
        QuarterNotes(note.start / TICKS_PER_QN),
        QuarterNotes((note.stop - note.start) / TICKS_PER_QN),
        note.pitch_midi,
        note.velocity,
        curve,
        origin=origin,
    )


def _chords(texts: Sequence[_Timed], end: int) -> tuple[Chord, ...]:
    said = [each for each in texts if each.message.text.startswith(CHORD)]
    places = [*(each.tick for each in said), end]
    spans = [(QuarterNotes(a / TICKS_PER_QN), QuarterNotes((b - a) / TICKS_PER_QN)) for a, b in pairwise(places)]
    found = [read_chord_remark(each.message.text, *span) for each, span in zip(said, spans, strict=True)]
    return tuple(chord for chord in found if chord is not None and chord.length_qn > 0.0)
