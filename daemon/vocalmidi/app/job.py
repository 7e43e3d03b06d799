"""The jobs of the command line, from path to written files.

Comes in: paths and settings. Goes out: files, each whole or not at all, and the value the summary is made from.
Everything that can be refused is refused before the first sample is read, and everything is computed before the first
file is written.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from vocalmidi.app.choices import parse_seeds, seeds_text
from vocalmidi.app.convert import Conversion, Progress, hear, hear_file, make_music, make_silence, provenance
from vocalmidi.app.earlier_file import recipe, rework
from vocalmidi.app.ears import open_own_ears
from vocalmidi.app.hearing import cut
from vocalmidi.app.keeping import NOTHING, Earlier, until_new
from vocalmidi.app.live_harmony import open_live_harmony
from vocalmidi.app.live_playing import MidiTake, playing_of
from vocalmidi.app.origin import Making, heard_in, making_of
from vocalmidi.app.reading import project_hint
from vocalmidi.app.report import Json, conversion_json, conversion_text, live_json, transcription_json
from vocalmidi.app.simulate import open_live_path
from vocalmidi.app.simulate import simulate as play_live
from vocalmidi.app.source import Source, source_text
from vocalmidi.app.wishes import check_music
from vocalmidi.arrange import open_networks
from vocalmidi.capture import Recording, open_recording
from vocalmidi.config import Settings
from vocalmidi.errors import CaptureError, ConfigError, ReaperError, SmfError
from vocalmidi.files import write_whole
from vocalmidi.plot import draw_piano_roll
from vocalmidi.reaper import arrangement_file_bytes
from vocalmidi.smf import read_notes, write_smf
from vocalmidi.units import SampleIndex, samples_to_seconds, seconds_to_samples
from vocalmidi.values import Part, PartName

__all__ = [
    "Beside",
    "Targets",
    "conversion_json",
    "conversion_text",
    "convert",
    "demo_voice",
    "live_json",
    "pass_files",
    "rework",
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


MAX_SPAN_S = 1e6
"""Far beyond the longest recording that is read."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a conversion goes by beside the voice and the settings.

    key_from: a .mid whose notes tell the key, too.
    earlier: what stays of an earlier result; before: its parts of which other notes are wished for.
    span_s: the part of the recording that is meant, None for all. allow_silence: empty parts where nothing is heard.
    """

    key_from: Path | None = None
    earlier: Earlier = NOTHING
    before: Mapping[PartName, Part] = field(default_factory=dict[PartName, Part])
    span_s: tuple[float, float] | None = None
    allow_silence: bool = False


ALONE = Beside()


def demo_voice() -> Path:
    """Return the bundled recording."""
    return Path(str(resources.files("vocalmidi").joinpath("demo", "demo_voice.flac")))


def convert(
    voice: Path,
    targets: Targets,
    settings: Settings,
    beside: Beside = ALONE,
    progress: Progress | None = None,
) -> Conversion:
    """Convert a recording and write its files.

    Raises:
        VocalMidiError: with the room's own class; nothing has been written then, or one whole file less than asked for
            when a disk fills up between two files.
    """
    style, names = check_music(settings)
    check_targets(voice, targets)
    hints = (project_hint(read_notes(beside.key_from)),) if beside.key_from else ()
    recording = open_recording(voice)
    span = _samples(beside.span_s, recording)
    ears, networks = open_own_ears(settings), open_networks(settings.provider)
    # All of it is heard, so that what lies in the span sounds as it does among the rest.
    events = cut(hear(recording, ears, progress), *span)
    if events.notes or events.hits:

        def made(seeds: Mapping[PartName, int]) -> Conversion:
            chosen = replace(settings, reseed=seeds_text(seeds))
            return make_music(
                events, chosen, style, ears.context, networks=networks, hints=hints, earlier=beside.earlier
            )

        seeds = parse_seeds(settings.reseed, settings.seed)
        rolled = until_new(made, lambda each: each.arrangement.parts, seeds, beside.before)
        settings, conversion = replace(settings, reseed=seeds_text(rolled.seeds)), rolled.made
    elif beside.allow_silence:
        conversion = make_silence(events, settings, style, names)
    else:
        where = f"{voice}: no note and no hit is heard" + (" in that span" if beside.span_s else "")
        raise CaptureError(
            f"{where}, so nothing is written; sing closer to the microphone, or add --allow-silence for empty parts"
        )
    # What the items in Reaper remember; nothing else asks for it.
    heard = heard_in(recording, *span, voice.name) if targets.reaper else None
    _write(conversion, targets, settings, making_of(heard, ears, networks))
    return conversion


def _samples(span_s: tuple[float, float] | None, recording: Recording) -> tuple[SampleIndex, SampleIndex]:
    """Return the samples of a span; all where none is named."""
    if span_s is None:
        return SampleIndex(0), SampleIndex(recording.n_samples)
    start, stop = (seconds_to_samples(min(at, MAX_SPAN_S), recording.sample_rate_hz) for at in span_s)
    if not 0 <= start < min(stop, recording.n_samples):
        length_s = samples_to_seconds(recording.n_samples, recording.sample_rate_hz)
        raise ConfigError(
            f"from {span_s[0]:g} s to {span_s[1]:g} s is no span of a recording of {length_s:.1f} s; name an earlier"
            " start or a later end"
        )
    return start, SampleIndex(min(stop, recording.n_samples))


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
    voices: tuple[Path, ...],
    settings: Settings,
    out_dir: Path | None,
    speed: float | None,
    midi_out: Path | None = None,
) -> Iterator[Result]:
    """Play recordings through the live path, each result written to `out_dir` as soon as it is done.

    midi_out: where the live MIDI of the one recording is written.
    """
    if midi_out is not None:
        check_writable(midi_out)
        playing_of(settings)
    path, harmony = open_live_path(settings), open_live_harmony(settings)
    make_folder(out_dir)
    for voice in voices:
        recording = open_recording(voice)
        midi = None if midi_out is None else MidiTake(settings, recording.sample_rate_hz)
        take = play_live(recording, path, speed, harmony=harmony, on_said=None if midi is None else midi.play)
        if midi is not None and midi_out is not None:
            _write_midi(midi.file_bytes(), midi_out)
        heard = f"{voice.name}: {len(take.notes)} live notes, {len(take.hits)} live hits"
        yield _delivered(live_json(take), heard, voice, out_dir)


def _write_midi(content: bytes, path: Path) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise SmfError(f"{path}: can't write the MIDI file ({error.strerror}); choose another place") from error


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


def _write(conversion: Conversion, targets: Targets, settings: Settings, making: Making) -> None:
    """Write the picture and Reaper's file first, so that a .mid in place means that the job is done."""
    arrangement, music = conversion.arrangement, recipe(settings)
    if targets.picture is not None:
        draw_piano_roll(arrangement, targets.picture)
    if targets.reaper is not None:
        content = arrangement_file_bytes(
            arrangement,
            provenance(conversion.events, settings, conversion.models),
            source=_source(conversion, settings, making),
        )
        _write_for_reaper(content, targets.reaper)
    for made, path in zip(conversion.passes, pass_files(targets.mid, len(conversion.passes)), strict=True):
        write_smf(made, path, music)
    write_smf(arrangement, targets.mid, music)


def _source(conversion: Conversion, settings: Settings, making: Making) -> str:
    """Return what items made of the file keep; the notes lie where they were drawn to already."""
    if conversion.phrase is None:
        return ""
    drawn = replace(settings, quantise=100)
    chords = conversion.arrangement.chords
    return source_text(Source(conversion.phrase, conversion.instrument, drawn, chords, conversion.earlier, making))


def _write_for_reaper(content: bytes, path: Path) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise ReaperError(
            f"{path}: can't write the file for Reaper ({error.strerror}); choose another place"
        ) from error
