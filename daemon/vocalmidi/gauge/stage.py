"""The stages of the work that are timed, each by its name and by what begins and ends it."""

from enum import IntEnum


class Stage(IntEnum):
    """Where time goes; the numbers are places in a table and may change, the names stay."""

    CAPTURE = 0
    HISTORY = 1
    HANDOVER = 2
    FEATURES = 3
    MODEL = 4
    STRIKES = 5
    DECODE = 6
    PLAY = 7
    BLOCK = 8
    MIDI = 9
    DECISION = 10
    COLLECT = 11
    CONSIDERED = 12
    READ = 13
    DRAFT = 14
    ARRANGE = 15
    POST = 16
    RECEIPT = 17
    COMMAND = 18
    CONTROL = 19

    @property
    def label(self) -> str:
        """The name as reports have it."""
        return self.name.lower()

    @property
    def meaning(self) -> str:
        """From what to what, in a few words."""
        return _MEANINGS[self]


_MEANINGS = {
    Stage.CAPTURE: "last sample of a block taken, by the device's clock, to the block read",
    Stage.HISTORY: "a block into the history and the project's clock",
    Stage.HANDOVER: "a block read to the live thread's taking it",
    Stage.FEATURES: "spectra of a hop",
    Stage.MODEL: "the live voice model, a hop",
    Stage.STRIKES: "strikes in a block, and the timbre model",
    Stage.DECODE: "frames to notes, hits and controllers",
    Stage.PLAY: "an event to its messages, sent",
    Stage.BLOCK: "all of the live thread's work for a block",
    Stage.MIDI: "last sample that a note, hit or controller needs taken, by the device's clock, to all sent",
    Stage.DECISION: "an onset to the last sample that its decision needs, in sound",
    Stage.COLLECT: "unused memory collected",
    Stage.CONSIDERED: "the considered models, a second of sound",
    Stage.READ: "what was sung last, read ahead as a phrase",
    Stage.DRAFT: "a turn of drawing what is recorded",
    Stage.ARRANGE: "a take to its request",
    Stage.POST: "a request into the spool",
    Stage.RECEIPT: "a request posted to the bridge's receipt",
    Stage.COMMAND: "a command taken from the spool to its answer",
    Stage.CONTROL: "a controller's packet read to its echoes sent",
}
