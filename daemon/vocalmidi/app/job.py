"""The jobs of the command line, from path to written files.

Comes in: paths and settings. Goes out: files, each whole or not at all, and the value the summary is made from.
Everything that can be refused is refused before the first sample is read, and everything is computed before the first
file is written.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from vocalmidi import __version__
from vocalmidi.app.convert import Conversion, Progress, hear_file, make_music, make_silence
from vocalmidi.app.ears import open_own_ears
from vocalmidi.app.live_harmony import open_live_harmony
from vocalmidi.app.reading import project_hint
from vocalmidi.app.report import Json, conversion_json, conversion_text, live_json, transcription_json
from vocalmidi.app.simulate import open_live_path
from vocalmidi.app.simulate import simulate as play_live
from vocalmidi.app.wishes import check_music
from vocalmidi.arrange import open_networks
from vocalmidi.capture import open_recording
from vocalmidi.config import Settings
from vocalmidi.errors import CaptureError, ConfigError, ReaperError, SmfError
from vocalmidi.files import write_whole
from vocalmidi.plot import draw_piano_roll
from vocalmidi.reaper import arrangement_file_bytes
from vocalmidi.smf import read_notes, write_smf

__all__ = [
    "Targets",
    "conversion_json",
    "conversion_text",
    "convert",
    "demo_voice",
    "live_json",
    "pass_files",
    "transcription_json",
]


@dataclass(frozen=True, slots=True)
class Targets:
    """The files that a conversion writes: the .mid always, a picture and a file for Reaper where asked for."""

    mid: Path
    picture: Path | None = None
    reaper: Path | None = None

    @property
    def written(self) -> tuple[Path, ...]:
        """Return the files asked for, in the order they are written."""
        return tuple(path for path in (self.mid, self.picture, self.reaper) if path is not None)


def demo_voice() -> Path:
    """Return the bundled recording."""
    return Path(str(resources.files("vocalmidi").joinpath("demo", "demo_voice.flac")))


def convert(
    voice: Path,
    targets: Targets,
    settings: Settings,
    *,
    key_from: Path | None = None,
    allow_silence: bool,
    progress: Progress | None,
) -> Conversion:
    """Convert a recording and write its files; the notes of the .mid at `key_from` tell its key too.

    Raises:
        VocalMidiError: with the room's own class; nothing has been written then, or one whole file less than asked for
            when a disk fills up between two files.
    """
    style, names = check_music(settings)
    check_targets(voice, targets)
    hints = (project_hint(read_notes(key_from)),) if key_from else ()
    ears, networks = open_own_ears(settings), open_networks(settings.provider)
    events = hear_file(voice, ears, progress)
    if events.notes or events.hits:
        conversion = make_music(events, settings, style, ears.context, networks=networks, hints=hints)
    elif allow_silence:
        conversion = make_silence(events, settings, style, names)
    else:
        raise CaptureError(
            f"{voice}: no note and no hit is heard, so nothing is written; sing closer to the microphone,"
            " or add --allow-silence for empty parts"
        )
    _write(conversion, targets)
    return conversion


def pass_files(mid: Path, count: int) -> tuple[Path, ...]:
    """Return where the passes of a loop are written, beside the .mid of what they agree on."""
    return tuple(mid.with_name(f"{mid.stem}.pass{number + 1}.mid") for number in range(count))


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one recording: its JSON table and the line a person reads."""

    table: Json
    line: str


def transcribe(
    voices: tuple[Path, ...], settings: Settings, out_dir: Path | None, progress: Progress | None
) -> Iterator[Result]:
    """Transcribe recordings one after the other, each written to `out_dir` as soon as it is done."""
    ears = open_own_ears(settings)
    make_folder(out_dir)
    for number, voice in enumerate(voices):
        events = hear_file(voice, ears, _share(progress, number, len(voices)))
        heard = f"{voice.name}: {len(events.notes)} notes, {len(events.hits)} hits"
        yield _delivered(transcription_json(events), heard, voice, out_dir)


def simulate(
    voices: tuple[Path, ...], settings: Settings, out_dir: Path | None, speed: float | None
) -> Iterator[Result]:
    """Play recordings through the live path, each result written to `out_dir` as soon as it is done."""
    path, harmony = open_live_path(settings), open_live_harmony(settings)
    make_folder(out_dir)
    for voice in voices:
        take = play_live(open_recording(voice), path, speed, harmony=harmony)
        heard = f"{voice.name}: {len(take.notes)} live notes, {len(take.hits)} live hits"
        yield _delivered(live_json(take), heard, voice, out_dir)


def _delivered(table: Json, heard: str, voice: Path, out_dir: Path | None) -> Result:
    if out_dir is None:
        return Result(table, heard)
    target = out_dir / f"{voice.stem}.json"
    try:
        write_whole(target, (json.dumps(table, indent=1) + "\n").encode())
    except OSError as error:
        raise CaptureError(f"{target}: can't write the result ({error.strerror}); choose another --out-dir") from error
    return Result(table, f"{heard} → {target}")


def _share(progress: Progress | None, number: int, count: int) -> Progress | None:
    return None if progress is None else lambda done: progress((number + done) / count)


def make_folder(out_dir: Path | None) -> None:
    """Make the folder for results where it is missing."""
    if out_dir is None:
        return
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CaptureError(f"{out_dir}: can't make the folder ({error.strerror}); choose another --out-dir") from error


def check_targets(voice: Path, targets: Targets) -> None:
    """Raise where writing must fail or would overwrite the recording or another result, before any work is done."""
    places = [path.resolve() for path in targets.written]
    for path in targets.written:
        check_writable(path)
        if path.resolve() == voice.resolve():
            raise ConfigError(f"{path}: is the recording itself; choose another place for the result")
        if places.count(path.resolve()) > 1:
            raise ConfigError(f"{path}: is named for two results; choose a place for each")


def check_writable(path: Path) -> None:
    """Raise where writing `path` must fail, before any work is done."""
    if path.is_dir():
        raise SmfError(f"{path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise SmfError(f"{path}: the folder {path.parent} does not exist; make it or choose another")
    if not os.access(path.parent, os.W_OK):
        raise SmfError(f"{path}: the folder {path.parent} is not writable; choose another with -o")


def _write(conversion: Conversion, targets: Targets) -> None:
    """Write the picture and Reaper's file first, so that a .mid in place means that the job is done."""
    arrangement = conversion.arrangement
    if targets.picture is not None:
        draw_piano_roll(arrangement, targets.picture)
    if targets.reaper is not None:
        _write_for_reaper(arrangement_file_bytes(arrangement, _origin(conversion)), targets.reaper)
    for made, path in zip(conversion.passes, pass_files(targets.mid, len(conversion.passes)), strict=True):
        write_smf(made, path)
    write_smf(arrangement, targets.mid)


def _origin(conversion: Conversion) -> str:
    heard = conversion.events
    return f"{len(heard.notes)} notes and {len(heard.hits)} hits sung, vocalmidi {__version__}"


def _write_for_reaper(content: bytes, path: Path) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise ReaperError(
            f"{path}: can't write the file for Reaper ({error.strerror}); choose another place"
        ) from error
