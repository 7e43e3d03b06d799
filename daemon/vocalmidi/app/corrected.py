"""What was sung, read as its singer's corrections say: earlier, without what is no note, in the octave he wants.

Comes in: a take or a phrase as it was heard, and `Habits`. Goes out: the same, corrected, and `Used`: what of it is
owed to habits, which the item keeps beside its phrase, so that later corrections are measured against what was heard.
Without habits everything comes out as it came in. How habits are told from corrections is `profile.habits`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from vocalmidi.app.takes import Sung, Take
from vocalmidi.config import OCTAVES
from vocalmidi.profile import Habits, left_out
from vocalmidi.units import SampleIndex, Seconds, seconds_to_samples
from vocalmidi.values import Events, HitEvent, NoteEvent, PartName, Phrase, PhraseNote

Event = TypeVar("Event", NoteEvent, HitEvent)
NOT_EARLY = Seconds(0.0)


@dataclass(frozen=True, slots=True)
class Used:
    """What the reading of a phrase owes to its singer's habits.

    on_project: it was sung to the playing project, whose grid tells how late it was.
    notes_early_s, hits_early_s: by how much earlier it is read than it was heard.
    left_out: so many notes and hits were none.
    asked_octave: the octave that was asked for, before habits had a say.
    octaves: of each note, by how many it was put elsewhere than the others; () where none was.
    """

    on_project: bool = False
    notes_early_s: Seconds = NOT_EARLY
    hits_early_s: Seconds = NOT_EARLY
    left_out: int = 0
    asked_octave: int = 0
    octaves: tuple[int, ...] = ()


UNUSED = Used()


@dataclass(frozen=True, slots=True)
class InOctave:
    """A phrase, the setting that puts it where its singer wants it, and what is owed to habits."""

    phrase: Phrase
    octave: int
    used: Used


def used_of(take: Take, habits: Habits) -> Used:
    """Return what reading a take owes to habits; how late its singer is matters only where a grid was there before."""
    kept = [_without_doubtful(sung.events, habits) for sung in take.passes]
    used = Used(on_project=take.last.piece is not None, left_out=_count([s.events for s in take.passes]) - _count(kept))
    early = replace(used, notes_early_s=habits.late_s("note"), hits_early_s=habits.late_s("hit"))
    return early if used.on_project and _is_within_project(take.passes[0], early) else used


def corrected(take: Take, habits: Habits, used: Used) -> Take:
    """Return a take as it is to be read."""
    read = [_on_time(_without_doubtful(sung.events, habits), used) for sung in take.passes]
    return Take(tuple(replace(sung, events=events) for sung, events in zip(take.passes, read, strict=True)))


def _count(heard: Sequence[Events]) -> int:
    return sum(len(events.notes) + len(events.hits) for events in heard)


def _is_within_project(sung: Sung, used: Used) -> bool:
    """Return whether what was sung after the project's beginning still is when it is read earlier."""
    events, piece = sung.events, sung.piece
    onsets = [event.onset for group in (events.notes, events.hits) for event in group[:1]]
    if piece is None or not onsets:
        return False
    first_s = piece.project_s(min(onsets))
    return first_s < 0.0 or first_s - max(used.notes_early_s, used.hits_early_s) >= 0.0


def _without_doubtful(events: Events, habits: Habits) -> Events:
    """Return events without those that are as doubtful as what the singer deleted before."""
    notes = _kept(events.notes, habits.false_below("note"))
    return replace(events, notes=notes, hits=_kept(events.hits, habits.false_below("hit")))


def _on_time(events: Events, used: Used) -> Events:
    """Return events as much earlier as is said, none before the source begins."""
    rate_hz = events.sample_rate_hz
    early = int(seconds_to_samples(used.notes_early_s, rate_hz)), int(seconds_to_samples(used.hits_early_s, rate_hz))
    if not any(early):
        return events
    notes = tuple(_earlier_note(note, min(early[0], note.onset)) for note in events.notes)
    hits = tuple(replace(hit, onset=SampleIndex(max(0, hit.onset - early[1]))) for hit in events.hits)
    return replace(events, notes=notes, hits=hits)


def in_usual_octave(phrase: Phrase, habits: Habits, part: PartName, octave: int, used: Used) -> InOctave:
    """Return a phrase that is to be written in a part so many octaves higher, as its singer is used to have it."""
    told = habits.octaves(part, [note.pitch_midi for note in phrase.notes])
    put = min(max(octave + told.all, OCTAVES[0]), OCTAVES[-1])
    if not any(told.each):
        return InOctave(phrase, put, replace(used, asked_octave=octave))
    notes = tuple(_in_octave(note, by) for note, by in zip(phrase.notes, told.each, strict=True))
    moved = tuple((new.pitch_midi - old.pitch_midi) // 12 for new, old in zip(notes, phrase.notes, strict=True))
    return InOctave(replace(phrase, notes=notes), put, replace(used, asked_octave=octave, octaves=moved))


def used_table(used: Used) -> dict[str, Any]:
    """Return it as an item keeps it."""
    return asdict(used)


def read_used(table: dict[str, Any]) -> Used:
    """Return what an item keeps; raise KeyError, TypeError or ValueError where it is no such thing."""
    return Used(
        bool(table["on_project"]),
        Seconds(float(table["notes_early_s"])),
        Seconds(float(table["hits_early_s"])),
        int(table["left_out"]),
        int(table["asked_octave"]),
        tuple(map(int, table["octaves"])),
    )


def in_words(used: Used, octave: int) -> str:
    """Return what of a phrase that is written in this octave is owed to habits, "" for nothing."""
    said: list[str] = []
    if octave != used.asked_octave:
        said.append(f"octave {octave - used.asked_octave:+d}")
    if any(used.octaves):
        count = sum(map(bool, used.octaves))
        said.append(f"{count} note{'s' if count > 1 else ''} put into another octave")
    for name, early_s in (("notes", used.notes_early_s), ("hits", used.hits_early_s)):
        if early_s:
            said.append(f"{name} {abs(1000 * early_s):.0f} ms {'earlier' if early_s > 0 else 'later'}")
    if used.left_out:
        said.append(f"{used.left_out} doubtful left out")
    return f"as corrected before: {', '.join(said)}" if said else ""


def _kept(events: tuple[Event, ...], false_below: float) -> tuple[Event, ...]:
    without = left_out([each.confidence for each in events], false_below)
    return tuple(each for index, each in enumerate(events) if index not in without)


def _earlier_note(note: NoteEvent, early: int) -> NoteEvent:
    return replace(
        note,
        onset=SampleIndex(note.onset - early),
        offset=SampleIndex(note.offset - early),
        bend=tuple(replace(point, at=SampleIndex(point.at - early)) for point in note.bend),
        level=tuple(replace(point, at=SampleIndex(point.at - early)) for point in note.level),
    )


def _in_octave(note: PhraseNote, octaves: int) -> PhraseNote:
    pitch_midi = note.pitch_midi + 12 * octaves
    return replace(note, pitch_midi=pitch_midi) if 0 <= pitch_midi <= 127 else note
