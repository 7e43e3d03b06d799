"""A recording on disk as mono blocks.

In: a path to anything libsndfile reads (WAV, FLAC, OGG, MP3, AIFF and more; any bit depth and channel count).
Out: a `Recording` of facts, and from it blocks that went through the same ring as a device's. Memory does not grow with
length. It does not resample or normalise. Whatever is not usable sound is a `CaptureError` that says where.
"""

import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import soundfile
from native_ringbuf import Ring

from vocalmidi.capture.damage import complain_if_cut_off, complain_if_short
from vocalmidi.capture.rates import complain_if_unusable
from vocalmidi.capture.ring_reader import RingReader
from vocalmidi.errors import CaptureError
from vocalmidi.units import Seconds, samples_to_seconds
from vocalmidi.values import AudioBlock, Floats

MAX_RECORDING_HOURS = 4
"""The whole of a recording's frames are held at once: 4 h at 100 frames/s and 40 B a frame are 58 MB, of a budget of
500 MB with its copies. A longer file is hardly one take."""
BLOCK_SAMPLES = 16_384
"""A third of a second at 48 kHz: per-block costs vanish, memory stays small even with many channels."""
_UNKNOWN_LENGTH = 2**62
"""A FLAC from a pipe states length 0; libsndfile makes 2^63 - 1 of it and can't seek, as soundfile must."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The facts of a recording that can be read.

    path: where it is.
    sample_rate_hz: of the file.
    n_samples: frames, i.e. samples of one channel.
    channels: of the file; blocks are their mean.
    """

    path: Path
    sample_rate_hz: int
    n_samples: int
    channels: int

    @property
    def duration_s(self) -> Seconds:
        """Length in seconds."""
        return samples_to_seconds(self.n_samples, self.sample_rate_hz)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[AudioBlock]:
        """Read the recording from its start; every block but the last has `block_samples` samples.

        Raises CaptureError when it comes upon NaN or infinity, or the file ends before its stated length.
        """
        if block_samples < 1:
            raise ValueError(f"block_samples {block_samples} must be 1 or more")
        return self._blocks(block_samples)

    def _blocks(self, block_samples: int) -> Iterator[AudioBlock]:
        chunk_samples = max(block_samples, BLOCK_SAMPLES)
        ring = Ring(2 * chunk_samples)
        reader = RingReader(ring, self.sample_rate_hz, block_samples)
        for chunk in self._mono_chunks(chunk_samples):
            if not ring.write(chunk):
                raise AssertionError(f"a ring of {ring.capacity_samples} samples is full after {len(chunk)}")
            yield from reader.ready()
        yield from reader.rest()

    def _mono_chunks(self, chunk_samples: int) -> Iterator[Floats]:
        start = 0
        with _sound_file(self.path) as file, _read_errors(self.path):
            while len(chunk := _read(file, chunk_samples)):
                mono = _mono(chunk)
                if not np.isfinite(mono).all():
                    raise self._unusable(chunk, start)
                start += len(chunk)
                yield mono
        complain_if_short(self.path, file.format, start, self.n_samples, self.sample_rate_hz)

    def _unusable(self, chunk: Floats, start: int) -> CaptureError:
        frame, channel = np.argwhere(~np.isfinite(chunk))[0]
        second = samples_to_seconds(start + int(frame), self.sample_rate_hz)
        return CaptureError(
            f"{self.path}: the sample at {second:.3f} s in channel {channel + 1} is {chunk[frame, channel]}, "
            "which is no sound; repair or export the recording again"
        )


def open_recording(path: str | PathLike[str]) -> Recording:
    """Return the facts of the recording at `path`; raise CaptureError when it can't be used."""
    path = Path(path)
    _refuse_unreadable(path)
    with _sound_file(path) as file, _read_errors(path):
        complain_if_cut_off(path, file.extra_info)
        complain_if_unusable(file.samplerate, str(path), "export it at 44100 Hz")
        recording = Recording(path, file.samplerate, file.frames, file.channels)
    if recording.n_samples >= _UNKNOWN_LENGTH:
        raise CaptureError(f"{path}: the file does not say how long it is; export it again, or as a WAV")
    if recording.n_samples == 0:
        raise CaptureError(f"{path}: the recording has no samples; record or export it again")
    if recording.duration_s > MAX_RECORDING_HOURS * 3600:
        raise CaptureError(
            f"{path}: the recording lasts {recording.duration_s / 3600:.1f} h, at most {MAX_RECORDING_HOURS} h can be "
            "taken at once; cut it into pieces"
        )
    return recording


def _refuse_unreadable(path: Path) -> None:
    """Raise a CaptureError for what is wrong before any byte is sound."""
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise CaptureError(f"{path}: this is a folder; name a recording in it")
        if not stat.S_ISREG(facts.st_mode):  # opening a named pipe would wait for its other end
            raise CaptureError(f"{path}: this is not an ordinary file; save the sound to one first")
        if facts.st_size == 0:
            raise CaptureError(f"{path}: the file is empty; record or export it again")
        path.open("rb").close()
    except FileNotFoundError:
        raise CaptureError(f"{path}: there is no such file; check the name and the folder") from None
    except PermissionError:
        raise CaptureError(f"{path}: you may not read this file; change its permissions") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        raise CaptureError(f"{str(path)!r}: the file can't be read ({error}); check the name and the disk") from None


class _ForwardOnly(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no types
    """A file read from its start to its end.

    soundfile seeks to where it already is after each read; in an MP3 that drops the decoder's bit reservoir, which is
    heard as a gap of some milliseconds a block.
    """

    def seekable(self) -> bool:
        """Return False, so that nothing seeks."""
        return False


@contextmanager
def _sound_file(path: Path) -> Generator[soundfile.SoundFile]:
    try:
        file = _ForwardOnly(path)
    # TypeError: soundfile takes a .raw or .vox for headerless samples and asks for their format.
    except (soundfile.LibsndfileError, TypeError) as error:
        reason = getattr(error, "error_string", "it has no header").rstrip(".")
        raise CaptureError(
            f"{path}: this is not a recording that can be read ({reason}); WAV, FLAC, OGG, MP3 and AIFF can"
        ) from None
    with file:
        yield file


@contextmanager
def _read_errors(path: Path) -> Generator[None]:
    try:
        yield
    except soundfile.LibsndfileError as error:
        raise CaptureError(
            f"{path}: the recording is damaged or cut off ({error.error_string.rstrip('.')}); copy or export it again"
        ) from None


def _read(file: soundfile.SoundFile, samples: int) -> Floats:
    return np.asarray(file.read(samples, dtype="float32", always_2d=True), dtype=np.float32)


def _mono(chunk: Floats) -> Floats:
    """Return the mean of the channels: (n, channels) → (n,); not finite where any channel is not."""
    if chunk.shape[1] == 1:
        return np.ascontiguousarray(chunk[:, 0])
    # In float64 samples near the largest float32 do not add up to infinity. Column by column is seven times as fast as
    # numpy's mean over so short an axis.
    total = chunk[:, 0].astype(np.float64)
    with np.errstate(invalid="ignore"):  # infinity and its opposite: NaN is what we want to see
        for channel in range(1, chunk.shape[1]):
            total += chunk[:, channel]
    return np.asarray(total / chunk.shape[1], dtype=np.float32)
