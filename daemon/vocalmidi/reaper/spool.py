"""The spool folder: how requests reach the bridge inside Reaper, and its receipts and commands come back.

Writing is temp file, fsync, rename; taking is rename (docs/SPOOL.md). One daemon and one bridge share a folder.
It never waits for Reaper unless asked (`receipt`) nor decides what a command means. The clock is given, for tests.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.bridge_wish import BridgeWish
from vocalmidi.reaper.codec import decode, encode
from vocalmidi.reaper.disk import make_folder, put_file, put_picture
from vocalmidi.reaper.lines import MAX_BYTES, check_id
from vocalmidi.reaper.messages import BridgeCommand, Heartbeat, InsertRequest, ReceiptStatus, WriteReceipt
from vocalmidi.reaper.parts import PartsReport
from vocalmidi.reaper.reports import ProjectMap, TransportReport
from vocalmidi.reaper.status import Status
from vocalmidi.units import Seconds

SPOOL_FOLDERS = ("inbox", "processing", "done", "failed", "results", "commands", "audio", "wishes")
REQUEST_SUFFIX, RECEIPT_SUFFIX = ".vocalmidi", ".receipt"
AUDIO_SUFFIX = ".wav"
COMMAND_SUFFIX, ANSWER_SUFFIX = ".command", ".answer"
WISH_SUFFIX = ".wish"
BRIDGE_TRANSPORT, BRIDGE_MAP, BRIDGE_PARTS = "bridge.transport", "bridge.project_map", "bridge.parts"
BRIDGE_HEARTBEAT, DAEMON_HEARTBEAT = "bridge.heartbeat", "daemon.heartbeat"
DAEMON_STATUS, PANEL_LEASE = "daemon.status", "panel.lease"
UNFINISHED = ".*.tmp"
"""What `files.write_whole` writes before it renames."""

STALE_S = 5.0
"""Both sides beat once a second and Lua's clock counts whole seconds; more is a dialog, a render or the end."""
LEASE_S = 3.0
"""A panel renews its lease once a second; longer is an open dialog, or its end."""
POLL_S = 0.02
"""Shorter than the bridge's own 0.1 s, so waiting adds nothing a user could notice."""
KEPT_FILES = 100
"""Finished requests kept for a look back, in each folder."""

_log = logging.getLogger(__name__)


class Clock(Protocol):
    """What `Spool` needs of time."""

    def now(self) -> float:
        """Return seconds since 1970."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The computer's clock; both sides of the spool are on one machine and share it."""

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class BridgeState:
    """What is known of the bridge: alive, its Reaper version, seconds since its last sign (None: never any), its id."""

    is_alive: bool
    app: str
    silent_s: Seconds | None
    owner_id: str = ""


class Spool:
    """One spool folder, seen from the daemon."""

    def __init__(self, root: Path, clock: Clock | None = None, app: str = "vocalmidi") -> None:
        """Use the folder `root` (usually RESOURCE/Data/vocalmidi); `app` is the name in our heartbeat."""
        self.root = root
        self._clock = clock or SystemClock()
        self._app = app
        self._owner_id = str(uuid.uuid4())
        self._report = self._parts = b""  # as they were read last

    def prepare(self) -> None:
        """Make the folders that are missing, and all of them private; raise ReaperError when that fails.

        What a daemon that was killed had not finished writing is removed: no other one writes here.
        """
        for folder in (self.root, *(self.root / name for name in SPOOL_FOLDERS)):
            make_folder(folder, private=True)
            for path in folder.glob(UNFINISHED):
                path.unlink(missing_ok=True)

    def post(self, request: InsertRequest, wav: bytes = b"") -> None:
        """Hand a request to the bridge; raise ReaperError, with nothing posted, when it isn't alive or the disk full.

        wav: the file of the request's audio take, where it has one.
        Posting the same request again is safe: what is already in the project is not inserted twice.
        """
        if bool(wav) != (request.audio is not None):
            raise ValueError("a request with an audio take needs its file, and one without needs none")
        self._require_bridge()
        for folder in ("done", "failed", "results", "audio"):
            self._forget_old(folder)
        if wav:
            put_file(self.root / "audio" / f"{request.request_id}{AUDIO_SUFFIX}", wav, private=True)
        with suppress(FileNotFoundError):
            self._receipt_path(request.request_id).unlink()
        put_file(self.root / "inbox" / f"{request.request_id}{REQUEST_SUFFIX}", encode(request), private=True)

    def receipt(self, request_id: str, timeout_s: float) -> WriteReceipt:
        """Wait for and take the bridge's answer; after `timeout_s` take the request back and raise ReaperError."""
        check_id(request_id)
        deadline = self._clock.now() + timeout_s
        while True:
            answer = self._take_receipt(request_id)
            if answer is not None:
                return answer
            if self._clock.now() >= deadline:
                raise self._late(request_id, timeout_s)
            self._clock.sleep(POLL_S)

    def take_commands(self) -> tuple[BridgeCommand, ...]:
        """Return and remove what the user asked for inside Reaper since the last call, oldest first.

        A file that is no command, or that nobody took for `STALE_S`, goes to failed/ with the reason beside it.
        """
        commands = [c for path in self._files("commands", COMMAND_SUFFIX) if (c := self._take_command(path))]
        return tuple(sorted(commands, key=lambda c: (c.sent_s, c.command_id)))

    def answer(self, command: BridgeCommand, status: ReceiptStatus, message: str) -> None:
        """Tell the user inside Reaper, in one line, what became of a command."""
        self._forget_old("commands")
        receipt = WriteReceipt(command.command_id, status, message)
        put_file(self.root / "commands" / f"{command.command_id}{ANSWER_SUFFIX}", encode(receipt), private=True)

    def wish(self, wish: BridgeWish) -> None:
        """Pass a controller's wish on to the bridge; raise ReaperError when it isn't alive."""
        self._require_bridge()
        self._forget_old("wishes")
        put_file(self.root / "wishes" / f"{wish.wish_id}{WISH_SUFFIX}", encode(wish), private=True)

    def take_wish_answer(self, wish_id: str) -> WriteReceipt | None:
        """Return and remove what the bridge says of a wish, None before that; raise ReaperError if it can't be read."""
        path = self.root / "wishes" / f"{wish_id}{ANSWER_SUFFIX}"
        try:
            answer = decode(_read_bounded(path))
        except FileNotFoundError:
            return None
        path.unlink(missing_ok=True)
        if not isinstance(answer, WriteReceipt) or answer.request_id != wish_id:
            raise ReaperError(f"{path.name} does not answer that wish; look into Reaper")
        return answer

    def drop_wish(self, wish_id: str) -> bool:
        """Take a wish back; return whether nobody had taken it."""
        try:
            (self.root / "wishes" / f"{wish_id}{WISH_SUFFIX}").unlink()
        except FileNotFoundError:
            return False
        return True

    def beat(self) -> None:
        """Leave the daemon's sign of life; call it once a second."""
        beat = Heartbeat(self._owner_id, Seconds(self._clock.now()), self._app)
        put_file(self.root / DAEMON_HEARTBEAT, encode(beat), private=True)

    def rest(self) -> None:
        """Take the daemon's sign of life away, at a regular end."""
        (self.root / DAEMON_HEARTBEAT).unlink(missing_ok=True)
        (self.root / DAEMON_STATUS).unlink(missing_ok=True)

    @property
    def owner_id(self) -> str:
        """The id of this daemon, as in its heartbeat."""
        return self._owner_id

    def now(self) -> Seconds:
        """Return seconds since 1970."""
        return Seconds(self._clock.now())

    def show(self, status: Status) -> None:
        """Leave a picture of how the daemon stands, in place of the one before."""
        put_picture(self.root / DAEMON_STATUS, encode(status))

    def panel_is_open(self) -> bool:
        """Return whether somebody looks at the panel inside Reaper."""
        lease = self._read_beat(PANEL_LEASE)
        return lease is not None and abs(self._clock.now() - lease.time_s) <= LEASE_S

    def bridge_state(self) -> BridgeState:
        """Return whether the bridge inside Reaper is alive."""
        beat = self._read_beat(BRIDGE_HEARTBEAT)
        if beat is None:
            return BridgeState(is_alive=False, app="", silent_s=None)
        silent_s = max(0.0, self._clock.now() - beat.time_s)
        return BridgeState(silent_s <= STALE_S, beat.app, Seconds(silent_s), beat.owner_id)

    def take_report(self) -> TransportReport | None:
        """Return what the bridge has told of the transport since the last call, None when nothing; never raises."""
        path = self.root / BRIDGE_TRANSPORT
        with suppress(OSError, ReaperError):
            content, written_s = _read_bounded(path), path.stat().st_mtime
            if content != self._report:
                self._report = content
                report = decode(content)
                # What a bridge that is gone left behind says nothing of now.
                if isinstance(report, TransportReport) and self._clock.now() - written_s <= STALE_S:
                    return report
        return None

    def project_map(self) -> ProjectMap | None:
        """Return the newest tempo and metre of the project that is open, None before the bridge told any."""
        with suppress(OSError, ReaperError):
            known = decode(_read_bounded(self.root / BRIDGE_MAP))
            return known if isinstance(known, ProjectMap) else None
        return None

    def take_parts(self) -> PartsReport | None:
        """Return what the bridge has told of locks since the last call, None when nothing; never raises."""
        with suppress(OSError, ReaperError):
            content = _read_bounded(self.root / BRIDGE_PARTS)
            if content != self._parts:
                self._parts = content
                report = decode(content)
                return report if isinstance(report, PartsReport) else None
        return None

    def _read_beat(self, name: str) -> Heartbeat | None:
        with suppress(OSError, ReaperError):
            beat = decode(_read_bounded(self.root / name))
            return beat if isinstance(beat, Heartbeat) else None
        return None

    def _require_bridge(self) -> None:
        if not (self.root / "inbox").is_dir():
            raise ReaperError(f"no spool folder at {self.root}; run `vocalmidi reaper install`, then restart Reaper")
        state = self.bridge_state()
        if state.silent_s is None:
            raise ReaperError(
                f"the bridge has left no sign of life in {self.root}; start Reaper, then its action "
                "'Vocal MIDI: Start bridge'"
            )
        if not state.is_alive:
            raise ReaperError(
                f"the bridge in Reaper has been silent for {state.silent_s:.0f} s; close an open dialog, wait for a "
                "render to end, or run its action 'Vocal MIDI: Start bridge'"
            )

    def _receipt_path(self, request_id: str) -> Path:
        return self.root / "results" / f"{request_id}{RECEIPT_SUFFIX}"

    def _take_receipt(self, request_id: str) -> WriteReceipt | None:
        path = self._receipt_path(request_id)
        try:
            content = _read_bounded(path)
        except FileNotFoundError:
            return None
        answer = decode(content)
        if not isinstance(answer, WriteReceipt) or answer.request_id != request_id:
            raise ReaperError(f"{path} does not answer request {request_id}; look into Reaper before posting again")
        path.unlink(missing_ok=True)
        self._drop_audio(request_id)
        return answer

    def _drop_audio(self, request_id: str) -> None:
        """Remove the sound of a request that is done with; what was inserted is in the project's own folder."""
        (self.root / "audio" / f"{request_id}{AUDIO_SUFFIX}").unlink(missing_ok=True)

    def _late(self, request_id: str, timeout_s: float) -> ReaperError:
        """Take the request out of the inbox if it still lies there, and return the error that tells what is known."""
        name = f"{request_id}{REQUEST_SUFFIX}"
        try:
            self._fail(self.root / "inbox" / name, f"taken back by the daemon after {timeout_s:g} s")
        except FileNotFoundError:
            return ReaperError(
                f"Reaper took request {request_id} but has not answered in {timeout_s:g} s; it may be in the project "
                "or still come; posting the same request again is safe"
            )
        self._drop_audio(request_id)
        return ReaperError(
            f"Reaper did not take request {request_id} within {timeout_s:g} s, it was taken back; close an open "
            "dialog or wait for a render to end, then post it again"
        )

    def _take_command(self, path: Path) -> BridgeCommand | None:
        try:
            command = self._read_command(path)
        except ReaperError as error:
            _log.warning("%s", error)
            with suppress(FileNotFoundError):
                self._fail(path, str(error))
            return None
        path.unlink()
        return command

    def _read_command(self, path: Path) -> BridgeCommand:
        command = decode(_read_bounded(path))
        if not isinstance(command, BridgeCommand) or command.command_id != path.stem:
            raise ReaperError(f"{path.name} is not the command it is called after; send it again")
        if abs(self._clock.now() - command.sent_s) > STALE_S:
            raise ReaperError(f"command {path.stem} is too old to be meant now; give it again in Reaper")
        return command

    def _fail(self, path: Path, reason: str) -> None:
        """Move a file to failed/ and write the reason beside it."""
        path.replace(self.root / "failed" / path.name)
        put_file(self.root / "failed" / f"{path.name}.reason.txt", f"{reason}\n".encode(), private=True)

    def _files(self, folder: str, suffix: str) -> Iterator[Path]:
        try:
            paths = sorted((self.root / folder).iterdir())
        except FileNotFoundError:
            return
        yield from (path for path in paths if path.suffix == suffix)

    def _forget_old(self, folder: str) -> None:
        paths = sorted((self.root / folder).glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in paths[KEPT_FILES:]:
            path.unlink(missing_ok=True)


def _read_bounded(path: Path) -> bytes:
    """Return a file's bytes, one more than allowed at most, so that an endless file can't fill the memory."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
