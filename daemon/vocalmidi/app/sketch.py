"""The draft of what is being sung: live notes and hits, put where the project played meanwhile.

Comes in: live events as they are decided, and the pieces that the project played. Goes out: a `Draft` in quarter notes
after a bar line. It is what was heard, where it was heard: no grid, no bend; the considered reading takes its place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vocalmidi.app.choices import choose_part, parse_parts
from vocalmidi.app.takes import EARLY_S
from vocalmidi.arrange import CHANNELS, HIT_KEYS, Style, sung_part
from vocalmidi.config import Settings
from vocalmidi.reaper import MAX_DRAFT_NOTES, Draft, DraftNote, DraftPart
from vocalmidi.transport import Piece
from vocalmidi.units import QuarterNotes, SampleIndex, seconds_to_samples
from vocalmidi.values import (
    PART_NAMES,
    HitEvent,
    HitRevision,
    LiveEvent,
    LiveHit,
    NoteOff,
    NoteOn,
    NoteRevision,
    PartName,
)

HIT_QN = 0.25
"""How long a hit is drawn."""
SHORTEST_QN = 1 / 64
"""A note that has just begun is seen."""
TINY_QN = 1e-6
"""What ends at a bar line needs no bar more."""
SEEN_QN = 0.02
"""A shift of 10 ms at 120 BPM is a hair's width on the screen."""
OCTAVE = 12


@dataclass(frozen=True, slots=True)
class Look:
    """How a recording is drawn.

    sung: the part of the notes, None where they are not written; has_drums: whether hits are.
    octave: how many octaves higher notes are written than sung.
    """

    style: Style
    sung: PartName | None
    has_drums: bool
    octave: int = 0


def look_of(settings: Settings, style: Style) -> Look:
    """Return how the settings have a recording drawn."""
    parts = parse_parts(settings.parts)
    instrument = choose_part(settings.instrument, None, 0, parts)
    part = sung_part(instrument)
    sung = part if part in parts and part is not PartName.DRUMS else None
    return Look(style, sung, PartName.DRUMS in parts, settings.octave)


@dataclass(frozen=True, slots=True)
class _Sound:
    """A note or a hit: from its first sample on, to `offset` where it has ended; a hit has its key from the start."""

    part: PartName
    onset: SampleIndex
    offset: SampleIndex | None
    pitch_midi: float
    velocity: int


class Sketch:
    """What was heard live up to now, as it was said last."""

    def __init__(self, look: Look, start: SampleIndex) -> None:
        """Draw as `look` says what begins at `start` or later."""
        self._look, self._start = look, start
        self._notes: dict[int, _Sound] = {}
        self._hits: dict[int, _Sound] = {}
        self._until = SampleIndex(0)

    def take(self, event: LiveEvent) -> None:
        """Take in the next event."""
        self._until = max(self._until, event.decided)
        sung = self._look.sung
        match event:
            case NoteOn() if sung is not None and event.onset >= self._start:
                self._notes[event.note_id] = _Sound(sung, event.onset, None, event.pitch_midi, event.velocity)
            case NoteRevision() if event.note_id in self._notes:
                self._notes[event.note_id] = replace(self._notes[event.note_id], pitch_midi=event.pitch_midi)
            case NoteOff() if event.note_id in self._notes:
                self._notes[event.note_id] = replace(self._notes[event.note_id], offset=event.offset)
            case LiveHit() | HitRevision() if self._look.has_drums and event.hit.onset >= self._start:
                self._hits[event.hit_id] = self._hit(event.hit)
            case _:
                pass

    def draft(self, draft_id: str, pieces: Sequence[Piece]) -> Draft | None:
        """Return the draft, its number 1; None where nothing was heard while a piece was played.

        pieces: those of one project, in order. What was sung to the last of them is drawn: a loop that begins anew, or
        a jump, begins another draft with its first note.
        """
        for piece, sounds in self._by_piece(pieces):
            drawn = _drawn(sounds, piece, self._until, self._look)
            if drawn:
                return _as_draft(draft_id, drawn, piece, self._look.style)
        return None

    def _hit(self, hit: HitEvent) -> _Sound:
        key = HIT_KEYS.get(hit.label, self._look.style.other_key)
        key = key if hit.trigger is None else hit.trigger.pitch_midi
        return _Sound(PartName.DRUMS, hit.onset, None, key, hit.velocity)

    def _by_piece(self, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, list[_Sound]]]:
        """Yield the pieces, the last one first, with what was sung to each."""
        sounds = [*self._notes.values(), *self._hits.values()]
        for index in range(len(pieces) - 1, -1, -1):
            piece = pieces[index]
            begins = piece.start - seconds_to_samples(EARLY_S, piece.sample_rate_hz) if index else 0
            yield piece, [sound for sound in sounds if sound.onset >= begins]
            sounds = [sound for sound in sounds if sound.onset < begins]


def is_like(draft: Draft, other: Draft) -> bool:
    """Return whether two drafts look the same: where a note lies the time map knows better and better."""
    here, there = ([(part.name, note) for part in each.parts for note in part.notes] for each in (draft, other))
    return (draft.place_qn, draft.length_qn, len(here)) == (other.place_qn, other.length_qn, len(there)) and all(
        (name, note.pitch_midi, note.velocity) == (other_name, other_note.pitch_midi, other_note.velocity)
        and abs(note.start_qn - other_note.start_qn) <= SEEN_QN
        and abs(note.length_qn - other_note.length_qn) <= SEEN_QN
        for (name, note), (other_name, other_note) in zip(here, there, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A sound in quarter notes of the project."""

    part: PartName
    start_qn: float
    stop_qn: float
    pitch_midi: int
    velocity: int


def _drawn(sounds: list[_Sound], piece: Piece, until: SampleIndex, look: Look) -> list[_Drawn]:
    """Return the last of the sounds where the project played, those before its start left out."""
    last = sorted(sounds, key=lambda sound: sound.onset)[-MAX_DRAFT_NOTES:]
    placed = [_placed(sound, piece, until, look) for sound in last]
    return [each for each in placed if each.start_qn >= 0.0]


def _placed(sound: _Sound, piece: Piece, until: SampleIndex, look: Look) -> _Drawn:
    start_qn = piece.qn_at(sound.onset)
    if sound.part is PartName.DRUMS:
        return _Drawn(sound.part, start_qn, start_qn + HIT_QN, int(sound.pitch_midi), sound.velocity)
    stop_qn = piece.qn_at(until if sound.offset is None else sound.offset)
    pitch_midi = round(sound.pitch_midi)
    higher = pitch_midi + OCTAVE * look.octave
    pitch_midi = higher if 0 <= higher <= 127 else pitch_midi
    return _Drawn(sound.part, start_qn, max(stop_qn, start_qn + SHORTEST_QN), pitch_midi, sound.velocity)


def _as_draft(draft_id: str, drawn: list[_Drawn], piece: Piece, style: Style) -> Draft:
    place_qn = max(0.0, piece.grid.bar_at(min(each.start_qn for each in drawn)).qn)
    last = piece.grid.bar_at(max(each.stop_qn for each in drawn) - TINY_QN)
    parts = [(name, [each for each in drawn if each.part is name]) for name in PART_NAMES]
    return Draft(
        draft_id=draft_id,
        number=1,
        place_qn=QuarterNotes(place_qn),
        length_qn=QuarterNotes(last.qn + last.meter.bar_qn - place_qn),
        parts=tuple(_part(name, rows, place_qn, style) for name, rows in parts if rows),
    )


def _part(name: PartName, drawn: list[_Drawn], place_qn: float, style: Style) -> DraftPart:
    notes = [
        DraftNote(
            QuarterNotes(each.start_qn - place_qn),
            QuarterNotes(each.stop_qn - each.start_qn),
            each.pitch_midi,
            each.velocity,
        )
        for each in drawn
    ]
    ordered = sorted(notes, key=lambda note: (note.start_qn, note.pitch_midi))
    return DraftPart(name, CHANNELS[name], style.program(name), tuple(ordered))
