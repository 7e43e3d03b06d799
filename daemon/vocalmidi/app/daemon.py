"""`vocalmidi run`: the microphone is always heard, and a command in Reaper writes what was just sung.

Comes in: blocks of sound and commands from the spool. Goes out: requests to the bridge, and one line each to the user.
One thread hears, another answers, so that no sound waits while a phrase is worked on.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from vocalmidi import __version__
from vocalmidi.app.choices import choose_part, parse_parts
from vocalmidi.app.convert import phrase_settings, without_bends
from vocalmidi.app.ears import Ears, open_own_ears
from vocalmidi.app.place import Place, place_at
from vocalmidi.arrange import Style, arrange, load_style
from vocalmidi.capture import History, Microphone
from vocalmidi.config import Settings, reaper_folder
from vocalmidi.errors import PhraseError, VocalMidiError
from vocalmidi.events import choose_instrument
from vocalmidi.phrase import build_phrase, last_phrase
from vocalmidi.reaper import (
    BridgeCommand,
    InsertRequest,
    ReceiptStatus,
    Spool,
    WriteReceipt,
    find_resource_path,
    spool_root,
)
from vocalmidi.units import SampleIndex, samples_to_seconds, seconds_to_samples
from vocalmidi.values import AudioBlock, Events

FIRST_LOOK_S = 20.0
"""Most phrases are shorter, and this much is heard in well under a second; longer ones are looked for further back."""
BEAT_S = 1.0
ANSWER_S = 5.0
"""The bridge answers in a tenth of a second; longer is a dialog or a render in Reaper."""
POLL_S = 0.02
"""Between looks for a command; less than a frame of the screen on which it was given."""
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Band:
    """What turns events into an arrangement, loaded once: settings, networks and style."""

    settings: Settings
    ears: Ears
    style: Style


class Writer:
    """Keeps the last minutes of sound and answers the commands that come through the spool."""

    def __init__(self, band: Band, spool: Spool, sample_rate_hz: int, say: Say) -> None:
        """Keep as much as the settings say; `say` is told each result in words."""
        self._band = band
        self._spool = spool
        self._history = History(band.settings.history_minutes, sample_rate_hz)
        self._say = say

    def hear(self, block: AudioBlock) -> None:
        """Take in the next block."""
        self._history.append(block)

    def answer_commands(self) -> None:
        """Obey what was asked inside Reaper since the last call; a command that fails is said, never fatal."""
        for command in self._spool.take_commands():
            try:
                receipt = self._write(command)
            except VocalMidiError as error:
                receipt = WriteReceipt(command.command_id, ReceiptStatus.REFUSED, " ".join(str(error).split()))
            self._spool.answer(command, receipt.status, receipt.message)
            self._say(receipt.message)

    def _write(self, command: BridgeCommand) -> WriteReceipt:
        heard = SampleIndex(self._history.available.stop)
        place = place_at(command.transport, heard, self._history.sample_rate_hz)
        request = self._request(self._last_phrase(heard), place)
        self._spool.post(request)
        return self._spool.receipt(request.request_id, ANSWER_S)

    def _request(self, events: Events, place: Place) -> InsertRequest:
        settings = self._band.settings
        phrase = build_phrase(events, place.settings(phrase_settings(settings)))
        parts = parse_parts(settings.parts)
        suggested = choose_instrument(events) if settings.instrument == "auto" else None
        instrument = choose_part(settings.instrument, suggested, len(events.notes), parts)
        arrangement = arrange(phrase, self._band.style, settings.seed, parts, instrument=instrument)
        if settings.bend == "off":
            arrangement = without_bends(arrangement)
        origin = f"{len(events.notes)} notes and {len(events.hits)} hits sung, vocalmidi {__version__}"
        return InsertRequest(str(uuid.uuid4()), place.project_qn(phrase), arrangement, origin)

    def _last_phrase(self, heard: SampleIndex) -> Events:
        """Return the last phrase before sample `heard`, looking further back until a silence before it is seen."""
        gap_s = self._band.settings.phrase_gap_s
        ears = self._band.ears
        gap_samples = seconds_to_samples(gap_s, self._history.sample_rate_hz)
        look_samples = int(seconds_to_samples(FIRST_LOOK_S, self._history.sample_rate_hz))
        while True:
            sound = self._history.before(heard, look_samples)
            phrase = last_phrase(ears.hear([sound]), gap_s)
            found = bool(phrase.notes or phrase.hits)
            if len(sound.samples) < look_samples or (found and phrase.start - sound.start >= gap_samples):
                break
            look_samples *= 2
        if not found:
            raise PhraseError("nothing was sung since listening began, so nothing is written; sing, then write again")
        return phrase


def run_daemon(settings: Settings, say: Say) -> None:
    """Listen to the microphone and answer Reaper until interrupted."""
    band = Band(settings, open_own_ears(settings), load_style(settings.genre))
    spool = Spool(spool_root(find_resource_path(reaper_folder(settings))), app=f"vocalmidi {__version__}")
    spool.prepare()
    with Microphone(settings.device or None) as microphone:
        writer = Writer(band, spool, microphone.sample_rate_hz, say)
        say(f"listening to {microphone.device.label}; in Reaper: Vocal MIDI: Write what I just sang. Stop with Ctrl-C")
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
    """Hear `blocks` to their end in this thread while another answers commands; a failure of either ends both."""
    ended = threading.Event()
    with ThreadPoolExecutor(1, "answers") as pool:
        answers = pool.submit(_answer_until, ended, writer, spool)
        try:
            for block in blocks:
                writer.hear(block)
                if answers.done():
                    break
        finally:
            ended.set()
        answers.result()


def _answer_until(ended: threading.Event, writer: Writer, spool: Spool) -> None:
    beaten_s = -BEAT_S
    try:
        while not ended.wait(POLL_S):
            if time.monotonic() - beaten_s >= BEAT_S:
                spool.beat()
                beaten_s = time.monotonic()
            writer.answer_commands()
    finally:
        spool.rest()
