"""The stages of the work that are timed, each by its name and by what begins and ends it.

A stage is timed by one thread, so that counting needs no lock.
"""

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
    Stage.CAPTURE: "a block's last sample taken, by the device's clock, to the block read from the ring",
    Stage.HISTORY: "a block into the history and the project's clock",
    Stage.HANDOVER: "a block handed over to its being taken by the live thread",
    Stage.FEATURES: "a hop's spectra",
    Stage.MODEL: "a hop through the live voice model",
    Stage.STRIKES: "a block looked through for strikes, the timbre model where there are any",
    Stage.DECODE: "a hop's frames to notes, hits, controllers, chords",
    Stage.PLAY: "one event to its messages, sent",
    Stage.BLOCK: "all of the live thread's work for a block",
    Stage.MIDI: "a decision's last needed sample taken, by the device's clock, to the return of the send",
    Stage.DECISION: "an onset to the last sample that its decision needed, in sound",
    Stage.COLLECT: "a collection of unused memory",
    Stage.CONSIDERED: "a second of sound through the considered models",
    Stage.READ: "what was sung last, read as a phrase while it is quiet",
    Stage.DRAFT: "a turn of drawing what is being recorded",
    Stage.ARRANGE: "a take to the request that is to be posted",
    Stage.POST: "a request into the spool",
    Stage.RECEIPT: "a request posted to the bridge's receipt",
    Stage.COMMAND: "a command given in Reaper to its answer",
    Stage.CONTROL: "a controller's packet come to its echoes sent",
}
