"""What `vocalmidi run` does: the microphone is always heard, and a command in Reaper writes what was just sung.

Comes in: blocks of sound and commands from the spool. Goes out: requests to the bridge, and one line each to the user.
`daemon` begins it, `serving` has the threads in which it is done. Long, since each command has its lines here.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

import numpy as np

from vocalmidi.app.answers import answered, summed_up
from vocalmidi.app.asked import Written
from vocalmidi.app.calibrate import calibrate_by_last_claps, in_words
from vocalmidi.app.drafting import Drafting, Span
from vocalmidi.app.ears import Ears
from vocalmidi.app.edits import learn_from
from vocalmidi.app.live_play import LivePlay
from vocalmidi.app.origin import heard_of
from vocalmidi.app.remaking import remade
from vocalmidi.app.serving import Say
from vocalmidi.app.session import changed
from vocalmidi.app.session import in_words as session_in_words
from vocalmidi.app.showing import Show
from vocalmidi.app.sitting import Sitting
from vocalmidi.app.takes import Memory, Take
from vocalmidi.app.teaching import in_words as lesson_in_words
from vocalmidi.app.teaching import teach_last_sounds
from vocalmidi.app.wishes import check_music
from vocalmidi.app.writing import Author, Band
from vocalmidi.capture import LISTENING_S, History
from vocalmidi.errors import CaptureError, VocalMidiError
from vocalmidi.gauge import NO_GAUGE, Gauge, Stage, captured
from vocalmidi.profile import VoiceProfile
from vocalmidi.reaper import (
    BridgeCommand,
    CommandName,
    InsertRequest,
    ReceiptStatus,
    RecordWay,
    Spool,
    WriteReceipt,
)
from vocalmidi.transport import Calibration
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock

ANSWER_S = 5.0
"""The bridge answers in a tenth of a second; longer is a dialog or a render in Reaper."""
DEAF_S = 0.25
"""Between looks at a microphone that is not listened to: nothing of it is kept."""
Keep = Callable[[Calibration], object]


class Attendant(Protocol):
    """Who does things between the answers to commands: what controllers ask."""

    def told(self, command: BridgeCommand, receipt: WriteReceipt) -> None:
        """Hear what became of a command."""
        ...

    def turn(self) -> None:
        """Do what is due."""
        ...


def nothing_kept(_found: Calibration) -> None:
    """Forget a calibration when the daemon ends."""


class Writer:
    """Keeps the last minutes of sound and answers the commands that come through the spool."""

    def __init__(self, band: Band, memory: Memory, spool: Spool, say: Say, keep: Keep = nothing_kept) -> None:
        """Write with `band` what is found in `memory`; `say` is told each result in words, `keep` each calibration."""
        self.memory = memory
        self.is_stopped = False
        self._keep = keep
        self._band = band
        self._author = Author(band)
        self._tuning = threading.Lock()
        self._attendant: Attendant | None = None
        self.is_writing = False
        self._prepared: SampleIndex | None = None
        self._spool = spool
        self._say = say
        self._asked = Written()
        self.sitting = Sitting(band.settings)
        self._show = Show(spool)
        self.play: LivePlay | None = None
        self.gauge: Gauge = NO_GAUGE
        self._drafting = Drafting(spool, memory)

    def hear(self, block: AudioBlock) -> None:
        """Take in the next block, and what Reaper told of its transport meanwhile.

        While nobody is to be heard it is silence, so that samples and seconds go on together and nothing is kept.
        """
        session = self.sitting.now
        heard = block if session.listening else replace(block, samples=np.zeros_like(block.samples))
        began_ns = captured(self.gauge, block)
        self.memory.hearing.append(heard)
        self.memory.following.heard(block)
        self.gauge.ended(Stage.HISTORY, began_ns)
        if self.play is not None:
            if session.live and session.listening:
                self.play.heard(heard)
            else:
                self.play.rest()

    def work(self) -> None:
        """Follow what is sung, so that little is left to do when it is asked for."""
        quiet_since = self.memory.hearing.heard_ahead
        if self.is_deaf and quiet_since is not None and quiet_since == self._prepared:
            return  # nothing follows what was heard ahead and read
        self.memory.hearing.work()
        self._tuned()
        quiet_since = self.memory.hearing.heard_ahead
        if quiet_since is not None and quiet_since != self._prepared:
            self._prepared = quiet_since
            # Nothing was sung, or nothing that can be written: who asks for it is told why.
            with suppress(VocalMidiError):
                began_ns = self.gauge.now()
                for take in self.memory.last_phrase():
                    self._show.phrase = self._author.read(take).phrase
                self.gauge.ended(Stage.READ, began_ns)

    def draw(self) -> None:
        """Draw what is sung while a phrase is recorded."""
        began_ns = self.gauge.now()
        self._drafting.work()
        self.gauge.ended(Stage.DRAFT, began_ns)

    def close(self) -> None:
        """Leave no draft behind."""
        self._drafting.close()

    def answer_commands(self) -> None:
        """Obey what was asked inside Reaper since the last call; a command that fails is said, never fatal."""
        for command in self._spool.take_commands():
            began_ns = self.gauge.now()
            self.is_writing = command.name is not CommandName.SET
            try:
                receipt = self._obey(command)
            except VocalMidiError as error:
                receipt = answered(command, str(error), ReceiptStatus.REFUSED)
            finally:
                self.is_writing = False
            self._show.said = receipt.message
            # Before the answer: who is told that it is done sees it done.
            self.show()
            self._spool.answer(command, receipt.status, receipt.message)
            self.gauge.ended(Stage.COMMAND, began_ns)
            self._say(receipt.message)
            if self._attendant is not None:
                self._attendant.told(command, receipt)
        if self._attendant is not None:
            self._attendant.turn()

    def attend(self, attendant: Attendant) -> None:
        """Let somebody have his turn in this thread, who is also told what became of each command."""
        self._attendant = attendant

    @property
    def is_quiet(self) -> bool:
        """Whether nobody sings, or is not to be heard."""
        return self.memory.hearing.heard_ahead is not None or self.is_deaf

    @property
    def is_deaf(self) -> bool:
        """Whether it is switched off: nothing is to be heard."""
        return not self.sitting.now.listening

    @property
    def patience_s(self) -> float:
        """How much sound may wait before it is heard: none while somebody plays along."""
        session = self.sitting.now
        if self.is_deaf:
            return DEAF_S
        return 0.0 if self.play is not None and session.live and self.play.is_needed else LISTENING_S

    @property
    def ears(self) -> Ears:
        """What it hears with."""
        return self._band.ears

    @property
    def history(self) -> History:
        """What it heard."""
        return self.memory.hearing.history

    def hear_with(self, ears: Ears) -> None:
        """Know other sounds from now on."""
        self.memory.hearing.hear_with(ears)
        with self._tuning:
            self._band = replace(self._band, ears=ears)
            self._author.play_with(self._band)
        if self.play is not None:
            self.play.know(ears.profile)
        self._prepared = None

    def show(self) -> None:
        """Show the panel inside Reaper how it stands, where that is due."""
        self._show.turn(self.sitting.now, self.memory.hearing.history)

    def _obey(self, command: BridgeCommand) -> WriteReceipt:
        """Do what a command asks for; raise a VocalMidiError where that can't be done."""
        match command.name:
            case CommandName.CALIBRATE:
                said = self._calibrated()
            case CommandName.SET:
                said = self._set(command)
            case CommandName.TEACH:
                said = self._taught(command)
            case CommandName.LEARN:
                said = self._learnt(command)
            case CommandName.STOP:
                self.is_stopped, said = True, "stopped; nothing is listened to now"
            case CommandName.REMAKE:
                return self._remade(command)
            case CommandName.RECORD:
                return self._recorded(command)
            case _:
                return self._carry_out(command)
        return answered(command, said)

    def _set(self, command: BridgeCommand) -> str:
        """Change what the session goes by."""
        before, after = self.sitting.change(lambda session: changed(session, command.wish.change))
        self._tuned()
        return session_in_words(before, after)

    def _tuned(self) -> Band:
        """Return the band with the session's settings as they are now; a controller changes them at any time."""
        with self._tuning:
            settings = self.sitting.now.settings
            if settings is not self._band.settings:
                style, _ = check_music(settings)
                self._band = replace(self._band, settings=settings, style=style)
                self._author.play_with(self._band)
                if self.play is not None:
                    self.play.change(settings)
            return self._band

    def _recorded(self, command: BridgeCommand) -> WriteReceipt:
        """Begin to record a phrase, or end that and write what was sung."""
        recording = command.wish.recording
        if recording is None:
            raise ValueError("the command names no recording")
        if recording.way is RecordWay.START:
            if not self.sitting.now.listening:
                raise CaptureError("it is switched off: run Start or stop listening, then record again")
            self._drafting.start(recording.draft_id, command.wish.project, self._tuned())
            return answered(command, "recording; run Record phrase again, or stop the transport, to have it written")
        span = self._drafting.stop(recording.draft_id)
        if recording.way is RecordWay.DROP:
            return answered(command, "the recording was dropped")
        if span is None:
            raise CaptureError("that recording has ended already; record again, or write what you just sang")
        return self._carry_out(command, span)

    def _carry_out(self, command: BridgeCommand, recorded: Span | None = None) -> WriteReceipt:
        """Write what was asked for, take by take; where one fails, say how many are written already.

        recorded: where that is what was sung meanwhile.
        """
        written: list[WriteReceipt] = []
        try:
            self.memory.following.look()
            self._tuned()
            # All are made before the first is posted: what can't be read as music leaves nothing half written.
            posts = [self._made(take, command) for take in self._takes(command, recorded)]
            if command.wish.recording is not None:
                # The draft becomes what was sung first, so that nothing is left of it when the rest comes.
                posts[0] = replace(posts[0][0], draft=command.wish.recording.draft_id), posts[0][1]
            for request, wav in posts:
                written.append(self._written(request, wav))
                if written[-1].status is not ReceiptStatus.OK:
                    break
        except VocalMidiError as error:
            written.append(answered(command, str(error), ReceiptStatus.REFUSED))
        return summed_up(command, written)

    def _calibrated(self) -> str:
        """Apply and keep what the last claps tell."""
        found = calibrate_by_last_claps(self.memory.hearing.history, self.memory.following)
        self.memory.following.shift_s = found.shift_s
        self._keep(found)
        return in_words(found)

    def _taught(self, command: BridgeCommand) -> str:
        """Learn a sound of the user's own from what was heard last, and know it from now on."""
        band, history = self._band, self.memory.hearing.history
        lesson = teach_last_sounds(command.wish.change, history, band.settings, band.ears.timbre)
        self._go_by(lesson.profile)
        return lesson_in_words(lesson)

    def _learnt(self, command: BridgeCommand) -> str:
        """Learn from what the user did to notes that were written, and read phrases that way from now on."""
        learnt = learn_from(command.seen, self._band.settings, self._band.ears.timbre)
        self._go_by(learnt.profile)
        return learnt.said

    def _go_by(self, profile: VoiceProfile) -> None:
        """Hear with another voice profile, also what was heard already."""
        self.hear_with(replace(self._band.ears, profile=profile))

    def _remade(self, command: BridgeCommand) -> WriteReceipt:
        """Make an arrangement anew that is in the project."""
        made = remade(command, self._tuned())
        receipt = self._written(made.request, b"")
        said = f"{receipt.message}; {made.remark}" if made.remark else receipt.message
        return answered(command, said, receipt.status)

    def _takes(self, command: BridgeCommand, recorded: Span | None) -> tuple[Take, ...]:
        if recorded is None:
            return self.memory.takes(command)
        return self.memory.recorded(recorded.start, recorded.stop, command.wish.project)

    def _made(self, take: Take, command: BridgeCommand) -> tuple[InsertRequest, bytes]:
        """Return the request for a take, and its sound where that is asked for."""
        began_ns = self.gauge.now()
        sound = self._author.sound(take, command, self.memory.hearing.history) if command.wish.with_audio else None
        heard = heard_of(take.events, self.memory.hearing.history, self.memory.device)
        made = self._author.request(take, command, heard)
        request = replace(made, audio=sound.take) if sound else made
        request = self._asked.once(take, command.wish.project, request, self._band.settings)
        self.gauge.ended(Stage.ARRANGE, began_ns)
        return request, sound.wav if sound else b""

    def _written(self, request: InsertRequest, wav: bytes) -> WriteReceipt:
        began_ns = self.gauge.now()
        self._spool.post(request, wav)
        posted_ns = self.gauge.ended(Stage.POST, began_ns)
        receipt = self._spool.receipt(request.request_id, ANSWER_S)
        self.gauge.ended(Stage.RECEIPT, posted_ns)
        return receipt
