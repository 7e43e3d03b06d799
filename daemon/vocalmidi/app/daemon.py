"""`vocalmidi run`: the microphone is always heard, and a command in Reaper writes what was just sung.

Comes in: blocks of sound and commands from the spool. Goes out: requests to the bridge, and one line each to the user.
One thread hears, one follows what is sung, one answers, so that no sound waits while a phrase is worked on.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import replace

import numpy as np

from vocalmidi import __version__
from vocalmidi.app.calibrate import calibrate_by_last_claps, in_words
from vocalmidi.app.calibration import save, saved_shift_s
from vocalmidi.app.ears import open_own_ears
from vocalmidi.app.following import Following
from vocalmidi.app.hearing import Hearing
from vocalmidi.app.live_play import LivePlay, live_play
from vocalmidi.app.osc_in import hear_osc
from vocalmidi.app.remaking import remade
from vocalmidi.app.session import begun, changed
from vocalmidi.app.session import in_words as session_in_words
from vocalmidi.app.showing import Show
from vocalmidi.app.takes import Memory, Take
from vocalmidi.app.wishes import check_music
from vocalmidi.app.writing import Author, Band, Written
from vocalmidi.arrange import open_networks
from vocalmidi.capture import open_source
from vocalmidi.config import Settings, calibration_file, reaper_folder
from vocalmidi.errors import VocalMidiError
from vocalmidi.reaper import (
    MAX_TEXT,
    BridgeCommand,
    CommandName,
    InsertRequest,
    ReceiptStatus,
    Spool,
    WriteReceipt,
    find_resource_path,
    spool_root,
)
from vocalmidi.transport import Calibration
from vocalmidi.units import SampleIndex, samples_to_seconds
from vocalmidi.values import AudioBlock

BEAT_S = 1.0
ANSWER_S = 5.0
"""The bridge answers in a tenth of a second; longer is a dialog or a render in Reaper."""
POLL_S = 0.02
"""Between looks for a command; less than a frame of the screen on which it was given."""
WORK_S = 0.05
"""Between looks for new sound; a second of it is heard at a time."""
Say = Callable[[str], object]
Keep = Callable[[Calibration], object]


def nothing_kept(_found: Calibration) -> None:
    """Forget a calibration when the daemon ends."""


class Writer:
    """Keeps the last minutes of sound and answers the commands that come through the spool."""

    def __init__(self, band: Band, memory: Memory, spool: Spool, say: Say, keep: Keep = nothing_kept) -> None:
        """Write with `band` what is found in `memory`; `say` is told each result in words, `keep` each calibration."""
        self.memory = memory
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

    def answer_commands(self) -> None:
        """Obey what was asked inside Reaper since the last call; a command that fails is said, never fatal."""
        for command in self._spool.take_commands():
            match command.name:
                case CommandName.CALIBRATE:
                    receipt = self._calibrated(command)
                case CommandName.REMAKE:
                    receipt = self._remade(command)
                case CommandName.SET:
                    receipt = self._set(command)
                case _:
                    receipt = self._carry_out(command)
            self._show.said = receipt.message
            # Before the answer: who is told that it is done sees it done.
            self.show()
            self._spool.answer(command, receipt.status, receipt.message)
            self._say(receipt.message)

    def show(self) -> None:
        """Show the panel inside Reaper how it stands, where that is due."""
        self._show.turn(self._session, self.memory.hearing.history)

    def _set(self, command: BridgeCommand) -> WriteReceipt:
        """Change what the session goes by."""
        try:
            after = changed(self._session, command.wish.change)
            style, _ = check_music(after.settings)
        except VocalMidiError as error:
            return WriteReceipt(command.command_id, ReceiptStatus.REFUSED, " ".join(str(error).split()))
        said = session_in_words(self._session, after)
        self._session = after
        self._band = replace(self._band, settings=after.settings, style=style)
        self._author.play_with(self._band)
        if self.play is not None:
            self.play.change(after.settings)
        return WriteReceipt(command.command_id, ReceiptStatus.OK, said)

    def _carry_out(self, command: BridgeCommand) -> WriteReceipt:
        """Write what was asked for, take by take; where one fails, say how many are written already."""
        written: list[WriteReceipt] = []
        try:
            self.memory.following.look()
            # All are made before the first is posted: what can't be read as music leaves nothing half written.
            posts = [self._made(take, command) for take in self.memory.takes(command)]
            for request, wav in posts:
                written.append(self._written(request, wav))
                if written[-1].status is not ReceiptStatus.OK:
                    break
        except VocalMidiError as error:
            written.append(WriteReceipt(command.command_id, ReceiptStatus.REFUSED, " ".join(str(error).split())))
        return _summary(command, written)

    def _calibrated(self, command: BridgeCommand) -> WriteReceipt:
        """Apply and keep what the last claps tell."""
        try:
            found = calibrate_by_last_claps(self.memory.hearing.history, self.memory.following)
            self.memory.following.shift_s = found.shift_s
            self._keep(found)
        except VocalMidiError as error:
            return WriteReceipt(command.command_id, ReceiptStatus.REFUSED, " ".join(str(error).split()))
        return WriteReceipt(command.command_id, ReceiptStatus.OK, in_words(found))

    def _remade(self, command: BridgeCommand) -> WriteReceipt:
        """Make an arrangement anew that is in the project."""
        try:
            receipt = self._written(remade(command, self._band), b"")
        except VocalMidiError as error:
            return WriteReceipt(command.command_id, ReceiptStatus.REFUSED, " ".join(str(error).split()))
        return replace(receipt, request_id=command.command_id)

    def _made(self, take: Take, command: BridgeCommand) -> tuple[InsertRequest, bytes]:
        """Return the request for a take, and its sound where that is asked for."""
        sound = self._author.sound(take, command, self.memory.hearing.history) if command.wish.with_audio else None
        made = self._author.request(take, command)
        request = replace(made, audio=sound.take) if sound else made
        request = self._asked.once(take, command.wish.project, request, self._band.settings)
        return request, sound.wav if sound else b""

    def _written(self, request: InsertRequest, wav: bytes) -> WriteReceipt:
        self._spool.post(request, wav)
        return self._spool.receipt(request.request_id, ANSWER_S)


def _summary(command: BridgeCommand, written: list[WriteReceipt]) -> WriteReceipt:
    """Return what became of a command in one line: the last result, and how many takes before it went well."""
    last = written[-1]
    if len(written) == 1:
        return replace(last, request_id=command.command_id)
    pieces = f"the transport jumped, so it is written in {len(written)} pieces"
    if last.status is not ReceiptStatus.OK:
        pieces = f"{len(written) - 1} pieces of it are written, the next is not"
    return WriteReceipt(command.command_id, last.status, f"{pieces}: {last.message}"[:MAX_TEXT])


def run_daemon(settings: Settings, say: Say) -> None:
    """Listen to the microphone and answer Reaper until interrupted."""
    style, _ = check_music(settings)
    band = Band(settings, open_own_ears(settings), style, open_networks(settings.provider))
    spool = Spool(spool_root(find_resource_path(reaper_folder(settings))), app=f"vocalmidi {__version__}")
    spool.prepare()
    with open_source(settings.device, settings.reastream_from, prompt=bool(settings.midi_port)) as microphone:
        rate_hz = microphone.sample_rate_hz
        hearing = Hearing(band.ears, settings.history_minutes, rate_hz)
        place = (calibration_file(), microphone.device, rate_hz)
        following = Following(spool, rate_hz, shift_s=saved_shift_s(*place))
        memory = Memory(hearing, following, settings.phrase_gap_s)
        writer = Writer(band, memory, spool, say, keep=lambda found: save(*place, found))
        say(f"listening to {microphone.device.label}; in Reaper: Vocal MIDI: Write what I just sang. Stop with Ctrl-C")
        osc = hear_osc(settings.osc_port, following.sighted) if settings.osc_port else nullcontext()
        with osc, live_play(settings, rate_hz, say) as writer.play:
            serve(told_of_gaps(microphone.blocks(), say), writer, spool)


def told_of_gaps(blocks: Iterable[AudioBlock], say: Say) -> Iterator[AudioBlock]:
    """Pass the blocks on, and say where sound was lost between two of them."""
    due: int | None = None
    for block in blocks:
        if due is not None and block.start > due:
            lost_s = samples_to_seconds(block.start - due, block.sample_rate_hz)
            say(f"{lost_s:.3f} s of sound were lost, the computer was too busy; they are written as silence")
        due = block.start + len(block.samples)
        yield block


def serve(blocks: Iterable[AudioBlock], writer: Writer, spool: Spool) -> None:
    """Hear `blocks` to their end in this thread while others answer and work ahead; a failure of any ends all."""
    ended = threading.Event()
    with ThreadPoolExecutor(2, "daemon") as pool:
        others = [pool.submit(_answer_until, ended, writer, spool), pool.submit(_work_until, ended, writer)]
        try:
            for block in blocks:
                writer.hear(block)
                if any(other.done() for other in others):
                    break
        finally:
            ended.set()
        for other in others:
            other.result()


def _work_until(ended: threading.Event, writer: Writer) -> None:
    while not ended.wait(WORK_S):
        writer.work()


def _answer_until(ended: threading.Event, writer: Writer, spool: Spool) -> None:
    beaten_s = -BEAT_S
    try:
        while not ended.wait(POLL_S):
            if time.monotonic() - beaten_s >= BEAT_S:
                spool.beat()
                beaten_s = time.monotonic()
            writer.answer_commands()
            writer.show()
    finally:
        spool.rest()
