"""The jobs of the command line, from path to written files.

Comes in: paths and settings. Goes out: files, each whole or not at all, and the value the summary is made from.
Everything that can be refused is refused before the first sample is read, and everything is computed before the first
file is written.
"""

import json
import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from vocalmidi.app.choices import parse_key, parse_meter, parse_parts, parse_tempo
from vocalmidi.app.convert import Conversion, Progress, hear_file, make_music, make_silence
from vocalmidi.app.report import conversion_json, conversion_text, live_json, transcription_json
from vocalmidi.arrange import Style, load_style
from vocalmidi.config import Settings
from vocalmidi.errors import CaptureError, ConfigError, SmfError
from vocalmidi.files import write_whole
from vocalmidi.inference import open_model
from vocalmidi.plot import draw_piano_roll
from vocalmidi.reaper import arrangement_file_bytes
from vocalmidi.smf import write_smf
from vocalmidi.values import PartName

__all__ = ["Targets", "conversion_json", "conversion_text", "convert", "demo_voice", "live_json", "transcription_json"]

VOICE_MODEL = "swift_f0"


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
    voice: Path, targets: Targets, settings: Settings, parts: str, allow_silence: bool, progress: Progress | None
) -> Conversion:
    """Convert a recording and write its files.

    Raises:
        VocalMidiError: with the room's own class; nothing has been written then, or one whole file less than asked for
            when a disk fills up between two files.
    """
    style, names = check_music(settings, parts)
    for path in targets.written:
        check_writable(path)
    events = hear_file(voice, open_model(VOICE_MODEL, settings.provider), progress)
    if events.notes or events.hits:
        conversion = make_music(events, settings, style, names)
    elif allow_silence:
        conversion = make_silence(events, settings, style, names)
    else:
        raise CaptureError(
            f"{voice}: no note and no hit is heard, so nothing is written; sing closer to the microphone,"
            " or add --allow-silence for empty parts"
        )
    _write(conversion, targets, settings)
    return conversion


def check_music(settings: Settings, parts: str) -> tuple[Style, tuple[PartName, ...]]:
    """Return the style and the parts that were asked for, having checked every musical setting."""
    parse_tempo(settings.tempo), parse_key(settings.key), parse_meter(settings.meter)
    if not 0 <= settings.seed < 2**32:
        raise ConfigError(f"seed {settings.seed} is outside 0 to {2**32 - 1}")
    return load_style(settings.genre), parse_parts(parts)


def check_writable(path: Path) -> None:
    """Raise where writing `path` must fail, before any work is done."""
    if path.is_dir():
        raise SmfError(f"{path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise SmfError(f"{path}: the folder {path.parent} does not exist; make it or choose another")
    if not os.access(path.parent, os.W_OK):
        raise SmfError(f"{path}: the folder {path.parent} is not writable; choose another with -o")


def write_json(content: dict[str, object], path: Path) -> None:
    """Write a result as JSON, whole or not at all."""
    try:
        write_whole(path, (json.dumps(content, indent=1) + "\n").encode())
    except OSError as error:
        raise CaptureError(f"{path}: can't write the result ({error.strerror}); choose another --out-dir") from error
