"""A daemon for tests of the recording of a phrase: it answers, draws and writes what the test says."""

from dataclasses import replace

from reaper.in_memory import InMemoryReaper
from reaper.music import small_request
from vocalmidi.reaper import (
    BridgeCommand,
    Draft,
    DraftFile,
    DraftNote,
    DraftPart,
    InsertRequest,
    ReceiptStatus,
    RecordWay,
    WriteReceipt,
)
from vocalmidi.values import PartName

ACTION = "Record phrase"
LOOK_TURNS = 4
BAR_QN = 4.0


def melody(*pitches: int) -> DraftPart:
    """Return a melody of one quarter note each, each sounding a little less."""
    notes = tuple(DraftNote(float(at), 0.9, pitch, 90) for at, pitch in enumerate(pitches))
    return DraftPart(PartName.MELODY, 0, 53, notes)


def drums(*keys: int) -> DraftPart:
    return DraftPart(PartName.DRUMS, 9, 0, tuple(DraftNote(at / 2, 0.25, key, 100) for at, key in enumerate(keys)))


class Recordist:
    """The daemon's side of one recording, and the user who runs its action."""

    def __init__(self, reaper: InMemoryReaper) -> None:
        self.reaper, self.spool = reaper, reaper.spool()
        self.file = DraftFile(self.spool.root)
        self.commands: list[BridgeCommand] = []
        self.draft_id = ""
        self.number = 0
        self.spool.beat()

    def press(self) -> None:
        """Run the action and let the bridge pass it on."""
        self.spool.beat()
        self.reaper.action(ACTION)
        self.reaper.turn(LOOK_TURNS)

    def take(self) -> BridgeCommand | None:
        """Return the command that has come, if any."""
        commands = self.spool.take_commands()
        assert len(commands) <= 1
        self.commands += commands
        return commands[0] if commands else None

    def answer(self, command: BridgeCommand, status: ReceiptStatus = ReceiptStatus.OK, message: str = "done") -> None:
        self.spool.answer(command, status, message)
        self.reaper.turn(LOOK_TURNS)

    def begin(self) -> None:
        """Begin to record: pressed, and the daemon agrees."""
        self.press()
        command = self.take()
        assert command.wish.recording.way is RecordWay.START
        self.draft_id = command.wish.recording.draft_id
        self.answer(command)

    def draft(self, *parts: DraftPart, place_qn: float = 8.0, length_qn: float = BAR_QN) -> Draft:
        self.number += 1
        return Draft(self.draft_id, self.number, place_qn, length_qn, parts)

    def draw(self, *parts: DraftPart, place_qn: float = 8.0, length_qn: float = BAR_QN) -> None:
        """Show a draft and let the bridge draw it."""
        self.spool.beat()
        self.file.show(self.draft(*parts, place_qn=place_qn, length_qn=length_qn))
        self.reaper.turn(LOOK_TURNS)

    def stop(self) -> BridgeCommand:
        """End the recording: pressed, not yet answered."""
        self.press()
        command = self.take()
        assert command.wish.recording.way is RecordWay.STOP
        assert command.wish.recording.draft_id == self.draft_id
        self.file.remove()
        return command

    def request(self, **changes: object) -> InsertRequest:
        return replace(small_request(), draft=self.draft_id, **changes)

    def write(self, request: InsertRequest | None = None) -> WriteReceipt:
        """End the recording, write the considered notes and answer."""
        command = self.stop()
        request = request or self.request()
        self.spool.post(request)
        receipt = self.spool.receipt(request.request_id, 2.0)
        self.answer(command, receipt.status, receipt.message)
        return receipt

    def pitches(self, track: str = "Melody") -> list[int]:
        return [note.pitch for note in self.reaper.notes(track)]

    def marked(self) -> list[str]:
        """Return the marks of all drafts, items and tracks."""
        tracks = [track for project in self.reaper.fake.projects.values() for track in project.tracks.values()]
        things = [*tracks, *self.reaper.all_items()]
        return [text for thing in things if (text := thing.strings["P_EXT:vocalmidi_draft"])]

    @property
    def is_lit(self) -> bool:
        return self.reaper.fake.toggles[ACTION] == 1
