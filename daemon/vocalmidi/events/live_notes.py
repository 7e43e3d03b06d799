"""Live notes: says a note when the best explanation of what was heard so far has one.

In: `Frames` of one stream, a frame at a time. Out: `Said`: on, revised, off, in frames. What was said is never taken
back. The moment follows the sound; the place of the onset may lie before it, where the syllable began.
"""

from collections import deque
from dataclasses import dataclass

from vocalmidi.events.confidence import LIVE
from vocalmidi.events.evidence import GRID_MIDI, gather_evidence, pitch_scores
from vocalmidi.events.gate import Gate
from vocalmidi.events.prefix import PrefixSearch
from vocalmidi.events.room import Room
from vocalmidi.events.settings import LiveSettings
from vocalmidi.events.singer_range import range_worth
from vocalmidi.events.sung_pitch import PitchMemory
from vocalmidi.events.syllable import SyllableMemory
from vocalmidi.events.trellis import Reading
from vocalmidi.values import Frames

MEMORY_NOTES = 32
"""Notes whose middle stands for the singer's range: about two phrases."""

SAME_SEMITONES = 0.7
"""Nearer pitches are one, sung a little off."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A note is said: where it and where its pitched sound began (frames), its pitch, 0–1."""

    place: float
    sound: float
    pitch_midi: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Revised:
    """The pitch of the note that sounds is better known."""

    pitch_midi: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The note that sounds has ended there (frames)."""

    place: float


Said = Begun | Revised | Ended


@dataclass(slots=True)
class _Sounding:
    """The note that sounds: frame where the search has it begin, place that was said, pitch last said, settled."""

    origin: int
    place: float
    pitch_midi: float
    settled: bool = False


class NoteWatch:
    """Follows one stream of frames and says its notes."""

    def __init__(self, settings: LiveSettings, hop_s: float) -> None:
        self._settings = settings
        self._search = PrefixSearch(settings.score, hop_s)
        self._pitches = PitchMemory()
        self._syllables = SyllableMemory(round(settings.look_back_s / hop_s), settings.least_syllable)
        self._gate = Gate(settings.gating, hop_s)
        self._room = Room(settings.room, hop_s)
        self._sounding: _Sounding | None = None
        self._voice_goes_on = False
        self._last_end, self._ended_origin = 0.0, -1 - settings.same_frames
        self._sung: deque[tuple[float, float]] = deque(maxlen=MEMORY_NOTES)

    def push(self, frames: Frames) -> list[list[Said]]:
        """Take the next frames and return what is said at each."""
        heard = gather_evidence(frames, self._settings.score)
        scores = pitch_scores(frames, slice(None), self._settings.score.one_pitch)
        said = []
        for row in range(len(frames)):
            self._pitches.push(frames.candidate_midi[row], frames.candidate_share[row], float(frames.voicing[row]))
            self._syllables.push(frames.onset[row])
            self._search.push(heard, row, scores[row])
            self._voice_goes_on = float(heard.inside[row]) > 0.0
            self._room.push(
                float(frames.level_db[row]), float(frames.candidate_midi[row, 0]), float(frames.voicing[row])
            )
            self._gate.push(float(frames.candidate_midi[row, 0]), float(frames.voicing[row]))
            said.append(self._decided())
        return said

    def finish(self) -> list[Said]:
        """End the stream: a sounding note ends with it."""
        return [] if self._sounding is None else [self._end(float(self._pitches.count))]

    def _decided(self) -> list[Said]:
        return self._begun() if self._sounding is None else self._gone_on(self._sounding)

    def _begun(self) -> list[Said]:
        """Return the note that begins where none sounds, if one does."""
        s = self._settings
        found = self._search.explained(self._ended_origin + s.same_frames)
        for reading, margin in ((found.newer, s.margins.on), (found.goes_on, s.again_margin)):
            if reading.score >= margin + self._doubt and not self._room.holds(self._pitch_of(reading)):
                return [self._begin(reading)]
        return []

    def _gone_on(self, note: _Sounding) -> list[Said]:
        """Return how the note that sounds ends, gives way to another, or is better known."""
        s = self._settings
        found = self._search.explained(note.origin + s.same_frames)
        young = self._pitches.count - note.origin <= s.grace_frames
        # Between two notes sung in one breath the first one's end is the best explanation for a moment.
        kept = s.policy == "lock" and self._voice_goes_on
        if not kept and max(found.goes_on.score, found.newer.score) <= -(s.grace_margin if young else s.off_margin):
            left = float(self._search.left)
            return [self._end(left if left > note.place else float(self._pitches.count))]
        if self._room.has_become(note.pitch_midi):
            return [self._end(float(self._pitches.count))]
        same = abs(float(GRID_MIDI[found.newer.place]) - note.pitch_midi) < SAME_SEMITONES
        margin = s.margins.restrike if same else s.margins.change
        if found.newer.score - found.goes_on.score >= margin + self._doubt:
            return self._changed(found.newer)
        return self._followed(note, found.goes_on)

    @property
    def _doubt(self) -> float:
        """Return by how many nats a note must be better heard than singing would be."""
        return self._gate.doubt if self._settings.gate else 0.0

    def _changed(self, new: Reading) -> list[Said]:
        """Return the end of the note and the new one, as the policy allows and unless that is the room."""
        policy = self._settings.policy
        if policy == "lock" or (policy == "hold" and not self._is_settled(new)):
            return []
        ended = self._end(float(new.origin))
        return [ended] if self._room.holds(self._pitch_of(new)) else [ended, self._begin(new)]

    def _followed(self, note: _Sounding, now: Reading) -> list[Said]:
        """Return the revision of the note's pitch, where it is one."""
        if self._settings.policy != "eager":
            if note.settled or not self._is_settled(now):
                return []
            note.settled = True
        pitch_midi = self._pitch_of(now)
        if abs(pitch_midi - note.pitch_midi) < self._settings.revise_semitones:
            return []
        note.pitch_midi = pitch_midi
        return [Revised(pitch_midi, self._confidence(now, pitch_midi))]

    def _begin(self, new: Reading) -> Begun:
        least = self._last_end if self._sounding is None else self._sounding.place
        place = max(self._last_end, self._syllables.place_before(new.origin, least))
        pitch_midi = self._pitch_of(new)
        begun = Begun(place, float(new.origin), pitch_midi, self._confidence(new, pitch_midi))
        self._sounding = _Sounding(new.origin, place, begun.pitch_midi)
        return begun

    def _end(self, place: float) -> Ended:
        note, self._sounding = self._sounding, None
        if note is None:
            raise ValueError("no note sounds")
        self._last_end, self._ended_origin = max(place, note.place + 0.5), note.origin
        self._sung.append((note.pitch_midi, self._last_end - note.place))
        self._search.prior = range_worth([p for p, _ in self._sung], [n for _, n in self._sung], self._settings.range)
        return Ended(self._last_end)

    def _pitch_of(self, reading: Reading) -> float:
        return self._pitches.middle_since(reading.origin, float(GRID_MIDI[reading.place]))

    def _is_settled(self, reading: Reading) -> bool:
        s = self._settings
        near = float(GRID_MIDI[reading.place])
        return self._pitches.spread_since(reading.origin, s.settle_frames, near) <= s.settled_semitones

    def _confidence(self, reading: Reading, pitch_midi: float) -> float:
        onset = self._syllables.likeliest_since(reading.origin)
        return LIVE.of(self._pitches.share_since(reading.origin, pitch_midi), onset)
