"""Phrases are recorded in between anything else, in any order: drafts are drawn, touched, undone, left behind.

To what always holds (test_bridge_sequences.py) comes: what is drawn is no undo point; once a recording has ended, and
its project was looked through, no draft is left in any project; the considered notes are one undo point.

    VOCALMIDI_SEQUENCES=1000 .venv/bin/pytest tests/reaper/test_recording_sequences.py
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from reaper.recordings import LOOK_TURNS, Recordist
from reaper.test_bridge_sequences import EDITS, FIND, STEPS, Life, choices
from vocalmidi.reaper import DraftNote, DraftPart, InsertRequest, ReceiptStatus, RecordWay, WriteReceipt
from vocalmidi.values import PartName

SEQUENCES = int(os.environ.get("VOCALMIDI_SEQUENCES", "15"))
SWEPT_TURNS = 40
MARK = "P_EXT:vocalmidi_draft"

heard = st.builds(
    DraftNote, st.sampled_from([0.0, 0.3, 1.0, 2.5]), st.sampled_from([0.1, 1.0, 6.0]),
    st.sampled_from([60, 62]), st.sampled_from([1, 127]),
)  # fmt: skip
heard_notes = st.lists(heard, min_size=1, max_size=4).map(
    lambda notes: tuple(sorted(notes, key=lambda note: (note.start_qn, note.pitch_midi)))
)
melodies = heard_notes.map(lambda notes: DraftPart(PartName.MELODY, 0, 53, notes))
drums = heard_notes.map(lambda notes: DraftPart(PartName.DRUMS, 9, 0, notes))


class Recorded(Life):
    """One Reaper in which phrases are recorded."""

    recordist: Recordist | None = None

    @initialize(
        lua=st.sampled_from(["lua53", "lua54"]), ppq=st.sampled_from([96, 960]), lanes=st.booleans(), melody=melodies,
        hits=st.none() | drums,
    )  # fmt: skip
    def begin(self, lua: str, ppq: int, melody: DraftPart, hits: DraftPart | None, *, lanes: bool) -> None:
        """Start with a phrase that is being recorded."""
        super().begin(lua, ppq, lanes=lanes)
        self.record(melody=melody, hits=hits, agrees=True)

    @property
    def goes_on(self) -> bool:
        """Whether the bridge records; without a project, a tab or itself it does not."""
        return self.recordist is not None and self.recordist.is_lit

    def ask(self, request: InsertRequest) -> WriteReceipt:
        self.spool.beat()
        return super().ask(request)

    def act(self, numbers: list[int], wish: str, argument: str = "") -> None:
        self.spool.beat()
        super().act(numbers, wish, argument)

    def settled(self) -> None:
        """Let what is left over be looked for, and forget what was asked."""
        self.spool.beat()
        self.reaper.turn(SWEPT_TURNS)
        for command in self.spool.take_commands():
            self.spool.answer(command, ReceiptStatus.OK, "done")
        self.reaper.turn(LOOK_TURNS)
        self.remember_locked()

    @precondition(lambda self: not self.goes_on)
    @rule(agrees=st.sampled_from([True, True, False]), melody=melodies, hits=st.none() | drums)
    def record(self, melody: DraftPart, hits: DraftPart | None, *, agrees: bool) -> None:
        """The user begins to record, the daemon agrees or not, and something is heard."""
        self.settled()
        self.recordist = Recordist(self.reaper)
        self.recordist.press()
        command = self.recordist.take()
        assert command.wish.recording.way is RecordWay.START
        self.recordist.draft_id = command.wish.recording.draft_id
        self.recordist.answer(command, ReceiptStatus.OK if agrees else ReceiptStatus.REFUSED)
        assert self.goes_on == agrees
        if agrees:
            self.drawn(melody, hits, 8.0, 4.0)

    @precondition(lambda self: self.goes_on)
    @rule(
        melody=st.none() | melodies, hits=st.none() | drums, place=st.sampled_from([0.0, 4.0, 36.0]),
        length=st.sampled_from([4.0, 8.0]),
    )  # fmt: skip
    def draw(self, melody: DraftPart | None, hits: DraftPart | None, place: float, length: float) -> None:
        """Something else is heard."""
        self.drawn(melody, hits, place, length)

    @precondition(lambda self: self.goes_on)
    @rule(which=choices, how=st.sampled_from(sorted(EDITS)))
    def touch(self, which: int, how: str) -> None:
        """The user changes a draft by hand."""
        drafts = [item for item in self.reaper.all_items() if item.strings[MARK]]
        if drafts:
            item = drafts[which % len(drafts)]
            self.trimmed.add(item.guid)
            owner = "local project; for _, each in ipairs(fake.projects) do project = each "
            self.by_user(owner + FIND.format(guid=item.guid) + f"if item then {EDITS[how]} end end")

    @rule()
    def do_something_else(self) -> None:
        """The user does what is an undo point, with whatever is there."""
        self.by_user("fake.user_point(project, 'Change volume')")

    def drawn(self, melody: DraftPart | None, hits: DraftPart | None, place: float, length: float) -> None:
        """Let something be heard: it is drawn, which is no undo point."""
        points = [len(project.undo) for project in self.reaper.fake.projects.values()]
        parts = [part for part in (melody, hits) if part]
        self.recordist.draw(*parts, place_qn=place, length_qn=length)
        assert [len(project.undo) for project in self.reaper.fake.projects.values()] == points
        self.remember_locked()

    @precondition(lambda self: self.goes_on)
    @rule(how=st.sampled_from(["write", "write", "refuse", "stop", "die"]))
    def end(self, how: str) -> None:
        """The recording ends, and nothing is left of its draft."""
        recordist = self.recordist
        if how == "die":
            self.spool.rest()
            self.reaper.turn(SWEPT_TURNS)
            return self.settled()
        self.locked = {}  # that what was touched is no draft any more is noted on it
        if how == "stop":
            self.by_user("for _, each in ipairs(fake.projects) do each.play_state = 0 end")
            self.spool.beat()
            self.reaper.turn(LOOK_TURNS)
        command = recordist.take() or recordist.stop()
        recordist.file.remove()
        if how == "write":
            request = recordist.request(request_id=self.next_id())
            points = self.all_points()
            self.spool.post(request)
            receipt = self.spool.receipt(request.request_id, 2.0)
            assert receipt.status is ReceiptStatus.OK, receipt.message
            assert self.all_points() == points + 1
        recordist.answer(command, ReceiptStatus.OK if how == "write" else ReceiptStatus.REFUSED)
        assert not recordist.is_lit
        assert recordist.draft_id not in " ".join(recordist.marked())
        return self.settled()

    def all_points(self) -> int:
        return sum(len(project.undo) for project in self.reaper.fake.projects.values())

    @precondition(lambda self: self.undo_points())
    @rule()
    def undo(self) -> None:
        """Ctrl-Z; what it brings back of drafts goes."""
        self.reaper.fake.undo(self.project)
        self.settled()

    @rule(kind=st.sampled_from(["new", "next", "close"]))
    def change_tab(self, kind: str) -> None:
        """The user opens, closes or changes projects, perhaps that in which he records."""
        super().change_tab(kind)
        self.settled()

    @rule(is_rude=st.booleans())
    def end_and_come_back(self, *, is_rude: bool) -> None:
        """Reaper dies with a draft that was saved, or the bridge is started anew."""
        super().end_and_come_back(is_rude=is_rude)
        self.settled()
        assert not self.goes_on

    @precondition(lambda self: not any(each.play_state for each in self.reaper.fake.projects.values()))
    @rule()
    def test_itself(self) -> None:
        """The user runs the self-test, which does not begin while a project plays."""
        super().test_itself()

    @invariant()
    def nothing_is_left(self) -> None:
        """Hold that all drafts are those of the recording that goes on."""
        if getattr(self, "recordist", None) is None:
            return
        for mark in self.recordist.marked():
            assert self.goes_on
            assert mark.startswith(self.recordist.draft_id)


def test_whatever_is_done_while_phrases_are_recorded_no_draft_is_left():
    chance = settings(max_examples=SEQUENCES, stateful_step_count=STEPS + 4, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Recorded, settings=chance)
