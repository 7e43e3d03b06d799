"""`vocalmidi run`: the microphone is always heard, and a command in Reaper writes what was just sung.

Comes in: blocks of sound and commands from the spool. Goes out: requests to the bridge, and one line each to the user.
`serving` has the threads in which it does so.
"""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from vocalmidi import __version__
from vocalmidi.app.asked import Written
from vocalmidi.app.calibrate import calibrate_by_last_claps, in_words
from vocalmidi.app.calibration import save, saved_shift_s
from vocalmidi.app.drafting import Drafting, Span
from vocalmidi.app.ears import open_own_ears
from vocalmidi.app.edits import learn_from
from vocalmidi.app.following import Following
from vocalmidi.app.hearing import Hearing
from vocalmidi.app.live_play import LivePlay, live_play
from vocalmidi.app.origin import heard_of
from vocalmidi.app.osc_in import hear_osc
from vocalmidi.app.remaking import remade
from vocalmidi.app.serving import Say, serve, told_of_gaps
from vocalmidi.app.session import begun, changed
from vocalmidi.app.session import in_words as session_in_words
from vocalmidi.app.showing import Show
from vocalmidi.app.takes import Memory, Take
from vocalmidi.app.teaching import in_words as lesson_in_words
from vocalmidi.app.teaching import teach_last_sounds
from vocalmidi.app.wishes import check_music
from vocalmidi.app.writing import Author, Band
from vocalmidi.arrange import open_networks
from vocalmidi.capture import open_source
from vocalmidi.config import Settings, calibration_file, reaper_folder
from vocalmidi.errors import CaptureError, VocalMidiError
from vocalmidi.profile import VoiceProfile
from vocalmidi.reaper import (
    MAX_TEXT,
    BridgeCommand,
    CommandName,
    InsertRequest,
    ReceiptStatus,
    RecordWay,
    Spool,
    WriteReceipt,
    find_resource_path,
    sole_daemon,
    spool_root,
)
from vocalmidi.transport import Calibration
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock

ANSWER_S = 5.0
"""The bridge answers in a tenth of a second; longer is a dialog or a render in Reaper."""
Keep = Callable[[Calibration], object]


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
        self._prepared: SampleIndex | None = None
        self._spool = spool
        self._say = say
        self._asked = Written()
        self._session = begun(band.settings)
        self._show = Show(spool)
        self.play: LivePlay | None = None
        self._drafting = Drafting(spool, memory)

    def hear(self, block: AudioBlock) -> None:
        """Take in the next block, and what Reaper told of its transport meanwhile.

        While nobody is to be heard it is silence, so that samples and seconds go on together and nothing is kept.
        """
        heard = block if self._session.listening else replace(block, samples=np.zeros_like(block.samples))
        self.memory.hearing.append(heard)
        self.memory.following.heard(block)
        if self.play is not None:
            self.play.heard(heard)

    def work(self) -> None:
        """Follow what is sung, so that little is left to do when it is asked for."""
        self.memory.hearing.work()
        quiet_since = self.memory.hearing.heard_ahead
        if quiet_since is not None and quiet_since != self._prepared:
            self._prepared = quiet_since
            # Nothing was sung, or nothing that can be written: who asks for it is told why.
            with suppress(VocalMidiError):
                for take in self.memory.last_phrase():
                    self._show.phrase = self._author.read(take).phrase

    def draw(self) -> None:
        """Draw what is sung while a phrase is recorded."""
        self._drafting.work()

    def close(self) -> None:
        """Leave no draft behind."""
        self._drafting.close()

    def answer_commands(self) -> None:
        """Obey what was asked inside Reaper since the last call; a command that fails is said, never fatal."""
        for command in self._spool.take_commands():
            try:
                receipt = self._obey(command)
            except VocalMidiError as error:
                receipt = _answer(command, str(error), ReceiptStatus.REFUSED)
            self._show.said = receipt.message
            # Before the answer: who is told that it is done sees it done.
            self.show()
            self._spool.answer(command, receipt.status, receipt.message)
            self._say(receipt.message)

    def show(self) -> None:
        """Show the panel inside Reaper how it stands, where that is due."""
        self._show.turn(self._session, self.memory.hearing.history)

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
        return _answer(command, said)

    def _set(self, command: BridgeCommand) -> str:
        """Change what the session goes by."""
        after = changed(self._session, command.wish.change)
        style, _ = check_music(after.settings)
        said = session_in_words(self._session, after)
        self._session = after
        self._band = replace(self._band, settings=after.settings, style=style)
        self._author.play_with(self._band)
        if self.play is not None:
            self.play.change(after.settings)
        return said

    def _recorded(self, command: BridgeCommand) -> WriteReceipt:
        """Begin to record a phrase, or end that and write what was sung."""
        recording = command.wish.recording
        if recording is None:
            raise ValueError("the command names no recording")
        if recording.way is RecordWay.START:
            if not self._session.listening:
                raise CaptureError("it is switched off: run Start or stop listening, then record again")
            self._drafting.start(recording.draft_id, command.wish.project, self._band)
            return _answer(command, "recording; run Record phrase again, or stop the transport, to have it written")
        span = self._drafting.stop(recording.draft_id)
        if recording.way is RecordWay.DROP:
            return _answer(command, "the recording was dropped")
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
            written.append(_answer(command, str(error), ReceiptStatus.REFUSED))
        return _summary(command, written)

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
        self._band = replace(self._band, ears=replace(self._band.ears, profile=profile))
        self.memory.hearing.hear_with(self._band.ears)
        if self.play is not None:
            self.play.know(profile)
        self._author.play_with(self._band)
        self._prepared = None

    def _remade(self, command: BridgeCommand) -> WriteReceipt:
        """Make an arrangement anew that is in the project."""
        made = remade(command, self._band)
        receipt = self._written(made.request, b"")
        said = f"{receipt.message}; {made.remark}" if made.remark else receipt.message
        return _answer(command, said, receipt.status)

    def _takes(self, command: BridgeCommand, recorded: Span | None) -> tuple[Take, ...]:
        if recorded is None:
            return self.memory.takes(command)
        return self.memory.recorded(recorded.start, recorded.stop, command.wish.project)

    def _made(self, take: Take, command: BridgeCommand) -> tuple[InsertRequest, bytes]:
        """Return the request for a take, and its sound where that is asked for."""
        sound = self._author.sound(take, command, self.memory.hearing.history) if command.wish.with_audio else None
        heard = heard_of(take.events, self.memory.hearing.history, self.memory.device)
        made = self._author.request(take, command, heard)
        request = replace(made, audio=sound.take) if sound else made
        request = self._asked.once(take, command.wish.project, request, self._band.settings)
        return request, sound.wav if sound else b""

    def _written(self, request: InsertRequest, wav: bytes) -> WriteReceipt:
        self._spool.post(request, wav)
        return self._spool.receipt(request.request_id, ANSWER_S)


def _answer(command: BridgeCommand, said: str, status: ReceiptStatus = ReceiptStatus.OK) -> WriteReceipt:
    """Return the answer to a command: one line, no longer than a message may be."""
    return WriteReceipt(command.command_id, status, " ".join(said.split())[:MAX_TEXT])


def _summary(command: BridgeCommand, written: list[WriteReceipt]) -> WriteReceipt:
    """Return what became of a command in one line: the last result, and how many takes before it went well."""
    last = written[-1]
    if len(written) == 1:
        return replace(last, request_id=command.command_id)
    pieces = f"the transport jumped, so it is written in {len(written)} pieces"
    if last.status is not ReceiptStatus.OK:
        pieces = f"{len(written) - 1} pieces of it are written, the next is not"
    return _answer(command, f"{pieces}: {last.message}", last.status)


def run_daemon(settings: Settings, say: Say) -> None:
    """Listen to the microphone and answer Reaper until interrupted or stopped from there."""
    root = spool_root(find_resource_path(reaper_folder(settings)))
    with sole_daemon(root):
        _run_alone(settings, root, say)


def _run_alone(settings: Settings, root: Path, say: Say) -> None:
    style, _ = check_music(settings)
    band = Band(settings, open_own_ears(settings), style, open_networks(settings.provider))
    spool = Spool(root, app=f"vocalmidi {__version__}")
    spool.prepare()
    with open_source(settings.device, settings.reastream_from, prompt=bool(settings.midi_port)) as microphone:
        rate_hz = microphone.sample_rate_hz
        hearing = Hearing(band.ears, settings.history_minutes, rate_hz)
        place = (calibration_file(), microphone.device, rate_hz)
        following = Following(spool, rate_hz, shift_s=saved_shift_s(*place))
        memory = Memory(hearing, following, settings.phrase_gap_s, microphone.device.label)
        writer = Writer(band, memory, spool, say, keep=lambda found: save(*place, found))
        say(f"listening to {microphone.device.label}; in Reaper: Vocal MIDI: Write what I just sang. Stop with Ctrl-C")
        osc = hear_osc(settings.osc_port, following.sighted) if settings.osc_port else nullcontext()
        with osc, live_play(settings, rate_hz, say) as writer.play:
            try:
                serve(told_of_gaps(microphone.blocks(), say), writer, spool)
            finally:
                writer.close()
