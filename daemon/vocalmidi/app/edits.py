"""What a user did to notes that were written, learnt: later phrases are read that way.

Comes in: `SeenItem`s, sung notes as they were written and as he left them, with what their items remember. Goes out:
the voice profile with verdicts on these notes, kept in its file, and a line for the user. What follows from the
verdicts is `profile.habits`; an item that was looked at before is judged anew, so that learning twice is learning once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from vocalmidi.app.corrected import Used
from vocalmidi.app.habit_words import habits_in_words
from vocalmidi.app.profile import own_profile, profile_place
from vocalmidi.app.source import Source, read_source
from vocalmidi.config import Settings
from vocalmidi.errors import ProfileError, ReaperError
from vocalmidi.inference import Model
from vocalmidi.profile import MOST_OCTAVES, Verdict, VoiceProfile, write_profile
from vocalmidi.reaper import Fate, SeenItem, SeenNote
from vocalmidi.units import Seconds
from vocalmidi.values import PartName, Phrase, PhraseHit, PhraseNote

SAME_QN = 1e-5
"""Items remember places with six digits."""
MOVED_QN = 1 / 48
"""As edits.lua has it: what lies nearer to where it was written was not moved."""
OCTAVE = 12
_PHRASE_DIGITS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """The profile after the lesson, and what it was in words."""

    profile: VoiceProfile
    said: str


def learn_from(items: Sequence[SeenItem], settings: Settings, model: Model) -> Learnt:
    """Learn from items as their user left them, and write the profile.

    Raises:
        ReaperError: no item remembers anything that can be read.
        ProfileError: none of the notes is known, or the profile can't be read or written; the file is as it was then.
    """
    path, profile = profile_place(settings), own_profile(settings, model)
    judged, unread = list[list[Verdict]](), list[ReaperError]()
    for item in items:
        try:
            judged.append(list(_verdicts(item, read_source(item.source, settings))))
        except ReaperError as error:
            unread.append(error)
    if unread and not judged:
        raise unread[0]
    verdicts = _most_changed(judged)
    if not verdicts:
        raise ProfileError("these items hold nothing that was sung as they remember it, so nothing is learnt")
    profile = replace(profile, habits=profile.habits.with_new(verdicts))
    write_profile(path, profile)
    return Learnt(profile, _in_words(verdicts, profile))


def _verdicts(item: SeenItem, source: Source) -> Iterator[Verdict]:
    """Yield what became of each sung note or hit of an item; where another note is in its place, nothing."""
    phrase_id, free = _phrase_id(source.phrase), set[int]()
    for note in item.notes:
        index = _index(note, item.part, source.phrase, free)
        if index is None:
            continue
        free.add(index)
        if note.fate is not Fate.OTHER:
            yield _verdict(item, note, source, (phrase_id, index))


def _index(note: SeenNote, part: PartName, phrase: Phrase, taken: set[int]) -> int | None:
    """Return which of the phrase's notes, or of its hits, was sung there; None where it is none of them."""
    sung: Sequence[PhraseHit | PhraseNote] = phrase.hits if part is PartName.DRUMS else phrase.notes
    for index, each in enumerate(sung):
        if index not in taken and abs(each.played_start_qn - note.played_qn) <= SAME_QN:
            return index
    return None


def _verdict(item: SeenItem, note: SeenNote, source: Source, which: tuple[str, int]) -> Verdict:
    phrase_id, index = which
    used, is_hit = source.used or Used(asked_octave=source.settings.octave), item.part is PartName.DRUMS
    sung = source.phrase.hits[index] if is_hit else source.phrase.notes[index]
    is_moved = note.fate is Fate.NOW and abs(note.now_qn - _written_qn(note, item.strength)) > MOVED_QN
    early_s = used.hits_early_s if is_hit else used.notes_early_s
    late_s = _late_s(note, item.strength, source, early_s, is_moved=is_moved)
    put = used.octaves[index] if index < len(used.octaves) and not is_hit else 0
    octaves = source.settings.octave - used.asked_octave + put + (note.now_pitch_midi - note.pitch_midi) // OCTAVE
    return Verdict(
        phrase=phrase_id,
        index=index,
        part=item.part,
        kind="hit" if is_hit else "note",
        pitch_midi=None if is_hit else source.phrase.notes[index].pitch_midi - OCTAVE * put,
        octaves=0 if is_hit else max(-MOST_OCTAVES, min(octaves, MOST_OCTAVES)),
        late_s=late_s if used.on_project and note.fate is not Fate.GONE else None,
        is_moved=is_moved,
        confidence=sung.confidence,
        is_gone=note.fate is Fate.GONE,
    )


def _written_qn(note: SeenNote, strength: float) -> float:
    return max(0.0, note.played_qn + strength * (note.meant_qn - note.played_qn))


def _late_s(note: SeenNote, strength: float, source: Source, early_s: Seconds, *, is_moved: bool) -> Seconds | None:
    """Return how much later it was heard than where the user wants it; None where nothing tells where that is."""
    if not is_moved and strength < 1.0:
        return None
    wanted_qn = note.now_qn if is_moved else note.meant_qn
    tempo = source.phrase.tempo_map
    return Seconds(tempo.time_at(note.played_qn) - tempo.time_at(wanted_qn) + early_s)


def _phrase_id(phrase: Phrase) -> str:
    """Return what tells a phrase from others, whatever items it is in."""
    notes = [[note.played_start_qn, note.pitch_midi, note.confidence] for note in phrase.notes]
    hits = [[hit.played_start_qn, hit.label.value, hit.confidence] for hit in phrase.hits]
    return sha256(json.dumps([notes, hits]).encode()).hexdigest()[:_PHRASE_DIGITS]


def _most_changed(judged: Sequence[Sequence[Verdict]]) -> list[Verdict]:
    """Return the verdicts; of two items of one phrase's part, one beside the other, those of the edited one."""
    chosen: dict[tuple[str, PartName], Sequence[Verdict]] = {}
    for verdicts in filter(None, judged):
        key = verdicts[0].phrase, verdicts[0].part
        if key not in chosen or _changes(verdicts) > _changes(chosen[key]):
            chosen[key] = verdicts
    return [verdict for verdicts in chosen.values() for verdict in verdicts]


def _changes(verdicts: Sequence[Verdict]) -> int:
    return sum(each.is_moved or each.is_gone or each.octaves != 0 for each in verdicts)


def _in_words(verdicts: Sequence[Verdict], profile: VoiceProfile) -> str:
    counts = {
        "another octave": sum(each.octaves != 0 and not each.is_gone for each in verdicts),
        "another place": sum(each.is_moved for each in verdicts),
        "deleted": sum(each.is_gone for each in verdicts),
    }
    phrases = len({each.phrase for each in verdicts})
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none changed"
    head = f"learnt from {len(verdicts)} notes of {phrases} phrase{'s' if phrases > 1 else ''} ({said})"
    return ": ".join((head, "; ".join(habits_in_words(profile.habits))))
