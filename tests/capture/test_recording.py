"""Recordings of every usual kind come in whole; whatever is not usable sound is refused in one clear line."""

import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from vocalmidi.capture import MAX_RECORDING_HOURS, Recording, open_recording
from vocalmidi.errors import CaptureError

RATE_HZ = 44_100


def sine(seconds: float = 0.5, rate_hz: int = RATE_HZ, channels: int = 1) -> np.ndarray:
    """(n, channels): 440 Hz, half scale, each channel a little softer than the one before."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return np.outer(0.5 * np.sin(2 * np.pi * 440 * time_s), 1 - np.arange(channels) / (2 * channels))


def whole(recording: Recording, **arguments: int) -> np.ndarray:
    return np.concatenate([block.samples for block in recording.blocks(**arguments)])


def refusal(path: Path | str) -> str:
    """Return the one line with which opening or reading `path` ends."""
    with pytest.raises(CaptureError) as caught:
        for _ in open_recording(path).blocks():
            pass
    message = str(caught.value)
    assert "\n" not in message
    assert Path(path).name in message
    return message


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 44_100, 48_000, 96_000, 192_000])
def test_every_rate_from_telephone_to_studio_is_taken(tmp_path, rate_hz):
    sound = sine(2.0, rate_hz=rate_hz)
    soundfile.write(tmp_path / "a.wav", sound, rate_hz, subtype="FLOAT")
    recording = open_recording(tmp_path / "a.wav")
    assert (recording.sample_rate_hz, recording.n_samples, recording.channels) == (rate_hz, 2 * rate_hz, 1)
    assert recording.duration_s == 2.0
    assert np.array_equal(whole(recording), sound[:, 0].astype(np.float32))


@pytest.mark.parametrize(
    ("name", "subtype", "tolerance"),
    [
        ("a.wav", "PCM_U8", 2**-7),
        ("a.wav", "PCM_16", 2**-15),
        ("a.wav", "PCM_24", 2**-23),
        ("a.wav", "PCM_32", 2**-23),  # float32 keeps 24 bits
        ("a.wav", "FLOAT", 2**-23),
        ("a.wav", "DOUBLE", 2**-23),
        ("a.flac", "PCM_24", 2**-23),
        ("a.aiff", "PCM_16", 2**-15),
    ],
)
def test_every_depth_keeps_its_precision(tmp_path, name, subtype, tolerance):
    soundfile.write(tmp_path / name, sine(), RATE_HZ, subtype=subtype)
    assert whole(open_recording(tmp_path / name)) == pytest.approx(sine()[:, 0], abs=tolerance)


@pytest.mark.parametrize("name", ["a.ogg", "a.mp3"])
def test_lossy_formats_come_in_with_their_length_and_pitch(tmp_path, name):
    soundfile.write(tmp_path / name, sine(2.0), RATE_HZ)
    recording = open_recording(tmp_path / name)
    samples = whole(recording)
    assert len(samples) == recording.n_samples
    assert recording.duration_s == pytest.approx(2.0, abs=0.06)  # an MP3 frame or two of padding
    assert np.argmax(np.abs(np.fft.rfft(samples[:RATE_HZ]))) == 440


@pytest.mark.parametrize("channels", [1, 2, 3, 8])
def test_channels_become_their_mean(tmp_path, channels):
    sound = sine(channels=channels)
    soundfile.write(tmp_path / "a.wav", sound, RATE_HZ, subtype="FLOAT")
    recording = open_recording(tmp_path / "a.wav")
    assert recording.channels == channels
    assert whole(recording) == pytest.approx(sound.mean(axis=1), abs=1e-7)


@given(n=st.integers(1, 70_000), block_samples=st.integers(1, 40_000))
@settings(max_examples=40, deadline=None)
def test_blocks_of_any_size_are_full_consecutive_and_lose_nothing(tmp_path_factory, n, block_samples):
    block_samples = max(block_samples, n // 500)  # single samples would only make the test slow
    path = tmp_path_factory.getbasetemp() / "counting.wav"
    soundfile.write(path, np.arange(n, dtype=np.float32), RATE_HZ, subtype="FLOAT")
    blocks = list(open_recording(path).blocks(block_samples))
    assert [block.start for block in blocks] == list(range(0, n, block_samples))
    assert {len(block.samples) for block in blocks[:-1]} <= {block_samples}
    assert np.array_equal(np.concatenate([block.samples for block in blocks]), np.arange(n))
    assert all(block.adc_time_s is None for block in blocks)


def test_a_recording_can_be_read_again(tmp_path):
    soundfile.write(tmp_path / "a.wav", sine(), RATE_HZ)
    recording = open_recording(str(tmp_path / "a.wav"))
    assert np.array_equal(whole(recording), whole(recording, block_samples=100))


def test_memory_stays_flat_for_three_hours(tmp_path):
    """The file is a hole of 350 MB on disk: three hours of 16-bit stereo silence at 8 kHz."""
    n = 3 * 3600 * 8000
    with (tmp_path / "long.wav").open("wb") as file:
        file.write(wav_header(n * 4, rate_hz=8000, channels=2))
        file.truncate(44 + n * 4)
    code = (
        "import resource, sys; from vocalmidi.capture import open_recording\n"
        "unit = 1024 if sys.platform == 'linux' else 2**20\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit\n"
        "blocks = open_recording(sys.argv[1]).blocks(); next(blocks); before = peak()\n"
        "print(sum(len(block.samples) for block in blocks), peak() - before)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "long.wav"], check=True, capture_output=True, text=True
    )
    n_read, more_mib = map(int, ran.stdout.split())
    assert n_read == n - 16_384
    assert more_mib < 16


def wav_header(data_bytes: int, *, rate_hz: int = RATE_HZ, channels: int = 1) -> bytes:
    """A WAV header of 16-bit samples that states `data_bytes` of them, true or not."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate_hz, rate_hz * 2 * channels, 2 * channels, 16)
    riff = struct.pack("<4sI4s", b"RIFF", min(data_bytes + 36, 2**32 - 1), b"WAVE")
    return riff + form + struct.pack("<4sI", b"data", data_bytes)


@pytest.mark.parametrize("stated", [2**32 - 1, 2**31 - 1, 2**31, 2**32 - 37])
def test_a_wav_from_a_pipe_with_no_true_length_is_whole(tmp_path, stated):
    (tmp_path / "a.wav").write_bytes(wav_header(stated) + np.arange(1000, dtype="<i2").tobytes())
    recording = open_recording(tmp_path / "a.wav")
    assert recording.n_samples == 1000
    assert np.array_equal(whole(recording) * 2**15, np.arange(1000))


def test_a_flac_that_does_not_say_its_length_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.flac", sine(), RATE_HZ)
    sound = bytearray((tmp_path / "a.flac").read_bytes())
    sound[21] &= 0xF0  # STREAMINFO: 36 bits of total samples, 0 means unknown
    sound[22:26] = bytes(4)
    (tmp_path / "a.flac").write_bytes(sound)
    assert "does not say how long" in refusal(tmp_path / "a.flac")


def test_a_missing_file_a_folder_and_an_empty_file_are_named(tmp_path):
    (tmp_path / "empty.wav").touch()
    assert "no such file" in refusal(tmp_path / "missing.wav")
    assert "folder" in refusal(tmp_path)
    assert "empty" in refusal(tmp_path / "empty.wav")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", b"hello, world\n" * 100), ("a.wav", os.urandom(5000)), ("a.raw", b"\0" * 500), ("a.mp3", b"ID3" * 9)],
)
def test_what_is_not_audio_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert "not a recording that can be read" in refusal(tmp_path / name)


def test_a_header_without_samples_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(0), RATE_HZ)
    assert "no samples" in refusal(tmp_path / "a.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
def test_a_named_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "a.wav")
    assert "not an ordinary file" in refusal(tmp_path / "a.wav")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows keeps rights otherwise")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", sine(), RATE_HZ)
    (tmp_path / "a.wav").chmod(0)
    user = os.geteuid()
    if user == 0:  # root may read everything
        os.seteuid(65_534)
    try:
        assert "may not read" in refusal(tmp_path / "a.wav")
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("rate_hz", [4_000, 7_999, 192_001, 384_000])
def test_a_rate_outside_the_range_is_refused_with_the_range(tmp_path, rate_hz):
    soundfile.write(tmp_path / "a.wav", sine(rate_hz=rate_hz), rate_hz)
    message = refusal(tmp_path / "a.wav")
    assert f"{rate_hz} Hz" in message
    assert "8000 to 192000 Hz" in message


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_no_number_is_told_with_second_and_channel(tmp_path, bad):
    sound = sine(3.0, channels=2)
    sound[2 * RATE_HZ + 441, 1] = bad
    soundfile.write(tmp_path / "a.wav", sound, RATE_HZ, subtype="FLOAT")
    message = refusal(tmp_path / "a.wav")
    assert f"at 2.010 s in channel 2 is {bad}" in message


def test_opposite_infinities_do_not_cancel_out(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.array([[0.0, 0.0], [-np.inf, np.inf]]), RATE_HZ, subtype="FLOAT")
    assert "in channel 1 is -inf" in refusal(tmp_path / "a.wav")


def test_the_largest_floats_do_not_add_up_to_infinity(tmp_path):
    largest = float(np.finfo(np.float32).max)
    soundfile.write(tmp_path / "a.wav", np.full((100, 2), largest, np.float32), RATE_HZ, subtype="FLOAT")
    assert (whole(open_recording(tmp_path / "a.wav")) == np.float32(largest)).all()


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3", "a.aiff", "a.w64", "a.au", "a.caf"])
def test_a_file_that_was_cut_off_is_refused(tmp_path, name):
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (RATE_HZ * 4, 2))
    soundfile.write(tmp_path / name, noise, RATE_HZ)
    sound = (tmp_path / name).read_bytes()
    assert len(whole(open_recording(tmp_path / name))) > 0
    (tmp_path / name).write_bytes(sound[: len(sound) * 6 // 10])
    message = refusal(tmp_path / name)
    assert "cut off" in message or "malformed" in message


def test_a_recording_longer_than_the_limit_is_refused(tmp_path):
    n = (MAX_RECORDING_HOURS * 3600 + 1) * 8000
    with (tmp_path / "long.wav").open("wb") as file:
        file.write(wav_header(n * 2, rate_hz=8000))
        file.truncate(44 + n * 2)
    assert f"at most {MAX_RECORDING_HOURS} h" in refusal(tmp_path / "long.wav")


@pytest.mark.parametrize("block_samples", [0, -5])
def test_an_impossible_block_is_refused_at_once(tmp_path, block_samples):
    soundfile.write(tmp_path / "a.wav", sine(), RATE_HZ)
    with pytest.raises(ValueError, match="must be 1 or more"):
        open_recording(tmp_path / "a.wav").blocks(block_samples)


@pytest.mark.parametrize(
    ("suffix", "subtype"),
    [("wav", "PCM_16"), ("flac", "PCM_16"), ("aiff", "PCM_16"), ("ogg", "VORBIS"), ("mp3", "MPEG_LAYER_III")],
)
def test_blocks_are_the_recording_as_it_is_read_at_once(tmp_path, suffix, subtype):
    path = tmp_path / f"tone.{suffix}"
    soundfile.write(path, 0.3 * np.sin(np.arange(100_000) * 0.03), 44100, subtype=subtype)
    whole, _ = soundfile.read(path, dtype="float32")
    blocks = np.concatenate([block.samples for block in open_recording(path).blocks(1000)])
    np.testing.assert_array_equal(blocks, whole)
