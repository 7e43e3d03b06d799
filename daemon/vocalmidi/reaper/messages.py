"""What the daemon and the bridge inside Reaper say to each other: frozen values, checked when made.

Daemon → bridge: `InsertRequest`. Bridge → daemon: `WriteReceipt`, `BridgeCommand`. Both: `Heartbeat`.
Nothing here knows how they are written (`codec`) or carried (`spool`). Beyond the ranges both decoders refuse.
"""

from dataclasses import dataclass
from enum import StrEnum

from vocalmidi.reaper.changes import Joined, Replaced, check_items, check_whole
from vocalmidi.reaper.draft import Recording
from vocalmidi.reaper.edits import SeenItem, check_seen
from vocalmidi.reaper.lines import check_id, check_range, check_text
from vocalmidi.reaper.ranges import (
    MAX_AUDIO_S,
    MAX_BARS,
    MAX_BEFORE_QN,
    MAX_CHANGE,
    MAX_NUMBER,
    MAX_PROJECT_NOTES,
    MAX_QN,
    MIN_AUDIO_S,
    MIN_PLAYED_QN,
    check_arrangement,
    check_passes,
    check_source,
)
from vocalmidi.reaper.remake import Remake
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import Arrangement, Meter, Part, TempoMap


@dataclass(frozen=True, slots=True)
class AudioTake:
    """The sound of what was sung, a file beside the request; by quarter notes, so that it lies under its notes.

    start_qn: of its first sample, after the arrangement's beginning; somebody breathes in before it.
    length_qn: until its end; where that lasts longer or shorter than the sound, the item plays faster or slower.
    length_s: of the sound itself.
    """

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    length_s: Seconds

    def __post_init__(self) -> None:
        check_range("audio start_qn", self.start_qn, -MAX_BEFORE_QN, MAX_QN)
        check_range("audio length_qn", self.length_qn, MIN_PLAYED_QN, MAX_QN)
        check_range("audio length_s", self.length_s, MIN_AUDIO_S, MAX_AUDIO_S)


@dataclass(frozen=True, slots=True)
class InsertRequest:
    """An arrangement to put into the open project, exactly once.

    request_id: 8–64 characters of 0-9, a-f and "-"; a repeated id is answered "already inserted".
    place_qn: project position of the arrangement's QN 0; None means the edit cursor.
    arrangement: what to write; its tempo is a remark, the project's own tempo map holds.
    provenance: one readable line for the item's notes: source, versions, models.
    strength: 0–1, how far sung notes are moved from where they were played (`Note.played`) to where they are meant
        (their start); the items keep both. None: notes are written where they start, and keep nothing.
    audio: the sound to put beside the notes; None for none.
    beside: id of a request that inserted these notes without their sound; while they are there only the sound comes.
    passes: where a loop was sung several times, its sung parts pass by pass, oldest first: further takes of the items.
    sources: what it takes to make its parts again, which their items keep and hand back with `Remake`: one for all,
        or one each in the order of the parts; () where they keep nothing.
    replaces: items that are there and get the notes of their parts instead of their own; () inserts new items.
    draft: id of the recording whose draft this is the considered version of; its items become those of their parts.
    joins: items of an arrangement that is there; parts that replace nothing become new items of it.
    rebuild: what is replaced becomes what it was, at the strength of the request, whatever the user chose since.
    in_lanes: whether passes are items in fixed lanes of their own, where Reaper has such, instead of takes.
    """

    request_id: str
    place_qn: QuarterNotes | None
    arrangement: Arrangement
    provenance: str = ""
    strength: float | None = None
    audio: AudioTake | None = None
    passes: tuple[Part, ...] = ()
    beside: str | None = None
    sources: tuple[str, ...] = ()
    replaces: tuple[Replaced, ...] = ()
    draft: str | None = None
    joins: tuple[Joined, ...] = ()
    rebuild: bool = False
    in_lanes: bool = False

    def __post_init__(self) -> None:
        check_id(self.request_id)
        _check_sources(self)
        _check_replaced(self)
        if self.beside is not None:
            check_id(self.beside)
            if self.audio is None:
                raise ValueError("only sound can be put beside notes that are there")
        if self.draft is not None:
            check_id(self.draft)
        check_text(self.provenance)
        if self.place_qn is not None:
            check_range("place_qn", self.place_qn, 0.0, MAX_QN)
        if self.strength is not None:
            check_range("strength", self.strength, 0.0, 1.0)
        check_arrangement(self.arrangement)
        check_passes(self.passes, self.arrangement)


class ReceiptStatus(StrEnum):
    """How a request ended: in the project, not accepted, or accepted but nothing could be kept."""

    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WriteReceipt:
    """The bridge's answer to one request: status, a sentence, and the GUIDs of its items and their tracks."""

    request_id: str
    status: ReceiptStatus
    message: str
    item_guids: tuple[str, ...] = ()
    track_guids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_id(self.request_id)
        check_text(self.message)


@dataclass(frozen=True, slots=True)
class Transport:
    """Where Reaper stood when a command was given.

    play_state: Reaper's bits: 1 playing, 2 paused, 4 recording.
    play_s: position that is heard now; equals the cursor when stopped.
    cursor_s, cursor_qn: the edit cursor.
    bar_qn, tempo_qpm, meter: of the bar at the play position while playing, else at the cursor.
    tempo_map: the project's own, ramps cut into steps; QN as Reaper counts them.
    """

    play_state: int
    play_s: Seconds
    cursor_s: Seconds
    cursor_qn: QuarterNotes
    bar_qn: QuarterNotes
    tempo_qpm: float
    meter: Meter
    tempo_map: TempoMap

    @property
    def is_playing(self) -> bool:
        """Whether the play position moves: playing or recording, not paused."""
        return bool(self.play_state & 5) and not self.play_state & 2


class CommandName(StrEnum):
    """What the user asked for inside Reaper."""

    WRITE = "write"
    """Write what I just sang."""
    WRITE_SELECTION = "write_selection"
    """Write what I sang while the project played through the time selection."""
    WRITE_BARS = "write_bars"
    """Write what I sang in the last bars."""
    CALIBRATE = "calibrate"
    """Learn from the claps to the project's click that were heard last how late sound comes; nothing is written."""
    REMAKE = "remake"
    """Make an arrangement anew that is in the project."""
    STOP = "stop"
    """End the daemon, in good order."""
    SET = "set"
    """Change settings of the session, or whether it listens; nothing is written."""
    RECORD = "record"
    """Begin to record a phrase, or end it and write what was sung."""
    TEACH = "teach"
    """Learn a sound of the user's own from the examples that were heard last; nothing is written."""
    LEARN = "learn"
    """Learn from what the user did to notes that were written; nothing is written."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a command is to be carried out.

    project: number of the open project, as in `Observation`; None from a bridge that does not count them.
    selection_s: start and end of the time selection, project seconds; of `WRITE_SELECTION` alone.
    bars: how many; of `WRITE_BARS` alone.
    with_audio: whether the sound is written beside the notes.
    change: settings such as `genre=next, mood=dark` of `SET`; what is taught, as `name=pff, key=56`, of `TEACH`.
    recording: of `RECORD` alone.
    """

    project: int | None = None
    selection_s: tuple[Seconds, Seconds] | None = None
    bars: int | None = None
    with_audio: bool = False
    change: str = ""
    recording: Recording | None = None

    def __post_init__(self) -> None:
        if self.project is not None:
            check_range("project", self.project, 1, MAX_NUMBER)
        if self.bars is not None:
            check_range("number of bars", self.bars, 1, MAX_BARS)
        if self.selection_s is not None and not self.selection_s[0] < self.selection_s[1]:
            raise ValueError("the time selection is empty")
        check_text(self.change)
        check_range("number of characters of a change", len(self.change), 0, MAX_CHANGE)


@dataclass(frozen=True, slots=True)
class ProjectNote:
    """A note of the project's own MIDI, in quarter notes of the project; MIDI key 0–127."""

    start_qn: QuarterNotes
    length_qn: QuarterNotes
    pitch_midi: int

    def __post_init__(self) -> None:
        check_range("start_qn of a project's note", self.start_qn, -MAX_QN, MAX_QN)
        check_range("length_qn of a project's note", self.length_qn, 0.0, MAX_QN)
        check_range("pitch_midi of a project's note", self.pitch_midi, 0, 127)


@dataclass(frozen=True, slots=True)
class BridgeCommand:
    """A wish of the user, given in Reaper at `sent_s` (whole seconds since 1970), with the transport of that moment.

    project_notes: of the project's own MIDI, drums left out, those nearest to where it stood; they tell of the key.
    remake: of `REMAKE` alone.
    seen: of `LEARN` alone.
    """

    command_id: str
    name: CommandName
    sent_s: Seconds
    transport: Transport
    wish: Wish = Wish()
    project_notes: tuple[ProjectNote, ...] = ()
    remake: Remake | None = None
    seen: tuple[SeenItem, ...] = ()

    def __post_init__(self) -> None:
        if (self.name is CommandName.REMAKE) != (self.remake is not None):
            raise ValueError(f"the command {self.name} and an arrangement to be made anew don't belong together")
        if (self.name in (CommandName.SET, CommandName.TEACH)) != bool(self.wish.change):
            raise ValueError(f"the command {self.name} and settings to be changed don't belong together")
        if (self.name is CommandName.LEARN) != bool(self.seen):
            raise ValueError(f"the command {self.name} and items to learn from don't belong together")
        check_seen(self.seen)
        if (self.name is CommandName.RECORD) != (self.wish.recording is not None):
            raise ValueError(f"the command {self.name} and a recording don't belong together")
        check_range("number of the project's notes", len(self.project_notes), 0, MAX_PROJECT_NOTES)
        if (self.name is CommandName.WRITE_SELECTION) != (self.wish.selection_s is not None):
            raise ValueError(f"the command {self.name} and its time selection don't belong together")
        if (self.name is CommandName.WRITE_BARS) != (self.wish.bars is not None):
            raise ValueError(f"the command {self.name} and its number of bars don't belong together")


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A sign of life of the bridge or the daemon: who (a new id each start), when (s since 1970), and its version."""

    owner_id: str
    time_s: Seconds
    app: str


def _check_sources(request: InsertRequest) -> None:
    if len(request.sources) not in (0, 1, len(request.arrangement.parts)):
        raise ValueError(f"{len(request.sources)} sources must be one for all parts, or one each")
    for source in request.sources:
        check_source(source)


def _check_replaced(request: InsertRequest) -> None:
    if request.in_lanes and not request.passes:
        raise ValueError("only passes can lie in lanes")
    if request.rebuild and (request.joins or not request.replaces):
        raise ValueError("only items that are there are rebuilt")
    if not (request.replaces or request.joins):
        return
    check_items(request.replaces)
    check_items(request.joins)
    check_whole(request.replaces, request.joins, [part.name for part in request.arrangement.parts])
    if request.place_qn is None or request.audio is not None or request.passes or request.draft is not None:
        raise ValueError("parts of known place replace or join what is there, neither sound nor passes nor a draft")
