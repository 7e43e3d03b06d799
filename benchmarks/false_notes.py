"""Notes where nobody sings: ten minutes of room, breath and keyboard, and speech.

    python -m benchmarks.false_notes [--minutes 10] [--speech-minutes 5] [--seed 1] [--json OUT.json]

In: the parts of the shared noises that training never reads, the recorded voices that it never trains on (speech, as
recorded), and breaths and key clicks computed here. Everything has a microphone's level: the room at -55 dBFS, breath
peaks near -30, keys near -25, speech at -26 dBFS RMS, each ± 6 dB, over the room. A seed, so the same sound each time.
Out: notes found by the considered pass and by the live one with and without its gate, in all and a minute, with the
place of each note in the quiet part. Wanted: none in the quiet part, at most 2 a minute in speech with the gate.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from training.voice.data_conditions import read_places
from training.voice.data_sources import speakers

from vocalmidi.app.ears import open_ears
from vocalmidi.app.simulate import open_live_path, simulate
from vocalmidi.capture import open_recording
from vocalmidi.config import load_settings
from vocalmidi.events import transcribe
from vocalmidi.frames import analyse

Array = npt.NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[1]
RATE_HZ = 16_000
ROOM_DBFS, BREATH_DBFS, KEY_DBFS, SPEECH_DBFS = -55.0, -30.0, -25.0, -26.0
"""RMS of the room and of speech, peaks of breaths and keys: a laptop on a desk at the gain that suits a voice."""
SPREAD_DB = 6.0
PIECE_S = 60.0
"""Sound is made and heard a minute at a time: one recorded room each."""


def gain(dbfs: float, rng: np.random.Generator) -> float:
    """Return a factor for about that level."""
    return float(10 ** ((dbfs + rng.uniform(-SPREAD_DB, SPREAD_DB)) / 20))


def room(noises: dict[str, Array], seconds: float, rng: np.random.Generator) -> Array:
    """Return recorded noise, mirrored at its end rather than repeated, and the hiss of the microphone."""
    count = int(seconds * RATE_HZ)
    source = noises[sorted(noises)[rng.integers(len(noises))]]
    there_and_back = np.concatenate([source, source[::-1]])
    noise = np.resize(np.roll(there_and_back, -int(rng.integers(len(there_and_back)))), count)
    noise = noise / (np.sqrt(np.mean(noise**2)) + 1e-12) * gain(ROOM_DBFS, rng)
    return np.asarray(noise + rng.standard_normal(count) * 10 ** (-75 / 20))


def breath(rng: np.random.Generator) -> Array:
    """Return one breath: noise shaped by two broad resonances that wander, swelling and fading, peak 1."""
    count = int(rng.uniform(0.3, 1.5) * RATE_HZ)
    frequency = np.fft.rfftfreq(count, 1 / RATE_HZ)
    shape = sum(
        1 / (1 + ((frequency - centre) / width) ** 2)
        for centre, width in ((rng.uniform(500, 1100), 300.0), (rng.uniform(1500, 3000), 700.0))
    )
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) * shape, count)
    swell = np.sin(np.pi * np.arange(count) / count) ** rng.uniform(0.8, 2.0)
    return np.asarray(noise * swell / np.abs(noise * swell).max())


def key(rng: np.random.Generator) -> Array:
    """Return one key of a keyboard: a click down and a softer one up, each a few damped resonances, peak 1."""
    sound = np.zeros(int(0.2 * RATE_HZ))
    for start_s, loud in ((0.0, 1.0), (rng.uniform(0.06, 0.12), rng.uniform(0.2, 0.6))):
        time_s = np.arange(int(0.05 * RATE_HZ)) / RATE_HZ
        click = rng.standard_normal(len(time_s)) * np.exp(-time_s / 0.002)
        for hz in rng.uniform((250, 900, 2200), (600, 2000, 5000)):
            click += (
                rng.uniform(0.2, 0.8) * np.sin(2 * np.pi * hz * time_s) * np.exp(-time_s / rng.uniform(0.002, 0.01))
            )
        first = int(start_s * RATE_HZ)
        sound[first : first + len(click)] += loud * click / np.abs(click).max()
    return sound / np.abs(sound).max()


def quiet_minute(noises: dict[str, Array], kind: int, rng: np.random.Generator) -> Array:
    """Return a minute of room alone, room and breath, room and keys, or all."""
    sound = room(noises, PIECE_S, rng)
    for wanted, one, dbfs, pause_s in ((kind & 1, breath, BREATH_DBFS, 2.0), (kind & 2, key, KEY_DBFS, 0.2)):
        now_s = rng.uniform(0.2, 2.0)
        while wanted and now_s < PIECE_S - 2.0:
            made = one(rng) * gain(dbfs, rng)
            first = int(now_s * RATE_HZ)
            sound[first : first + len(made)] += made
            now_s += len(made) / RATE_HZ + rng.exponential(pause_s)
    return sound


def speech_minute(files: list[Path], noises: dict[str, Array], rng: np.random.Generator) -> Array:
    """Return a minute of one speaker in a room."""
    parts, total = [], 0
    while total < PIECE_S * RATE_HZ:
        audio, rate_hz = soundfile.read(files[rng.integers(len(files))], dtype="float64", always_2d=True)
        spoken = soxr.resample(audio.mean(axis=1), rate_hz, RATE_HZ)
        parts += [spoken, np.zeros(int(rng.uniform(0.1, 0.8) * RATE_HZ))]
        total += len(parts[-2]) + len(parts[-1])
    sound = np.concatenate(parts)[: int(PIECE_S * RATE_HZ)]
    loud = sound[np.abs(sound) > 0.02 * np.abs(sound).max()]
    return np.asarray(sound / np.sqrt(np.mean(loud**2)) * gain(SPEECH_DBFS, rng) + room(noises, PIECE_S, rng))


@dataclass(frozen=True, slots=True)
class Listener:
    """A way of listening, and what gives the onsets of the notes it finds in a file, in seconds."""

    name: str
    onsets_s: Callable[[Path], list[float]]


def listeners() -> list[Listener]:
    """Return the considered pass, and the live one with its gate and without."""
    ears = open_ears("cpu")

    def considered(path: Path) -> list[float]:
        events = transcribe(analyse(open_recording(path).blocks(), ears.voice, timbre=ears.timbre))
        return [note.onset / events.sample_rate_hz for note in events.notes]

    def live(*, gate: bool) -> Callable[[Path], list[float]]:
        path_of_sound = open_live_path(replace(load_settings(), provider="cpu", gate=gate))

        def listen(path: Path) -> list[float]:
            take = simulate(open_recording(path), path_of_sound, None)
            return [note.on.onset / take.sample_rate_hz for note in take.notes]

        return listen

    return [
        Listener("considered", considered),
        Listener("live, gate", live(gate=True)),
        Listener("live, no gate", live(gate=False)),
    ]


def main() -> None:
    """Make the sound, listen, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--speech-minutes", type=int, default=9, help="one speaker each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    noises = read_places(given.shared / "data", "valid").noises
    kept = [s for s in speakers(given.shared / "data/voices") if s.side == "valid" and s.source.folder != "makam"]
    minutes: list[tuple[str, Array]] = []
    for number in range(given.minutes):
        rng = np.random.default_rng([given.seed, number])
        minutes.append(
            (("room", "breath", "keys", "breath and keys")[number % 4], quiet_minute(noises, number % 4, rng))
        )
    for number in range(given.speech_minutes):
        speaker = kept[number % len(kept)]
        rng = np.random.default_rng([given.seed, 1000 + number])
        minutes.append((f"speech {speaker.name}", speech_minute(list(speaker.files), noises, rng)))
    figures = {listener.name: count(listener, minutes) for listener in listeners()}
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n")


def count(listener: Listener, minutes: list[tuple[str, Array]]) -> dict[str, float]:
    """Print and return what a way of listening finds."""
    found: dict[str, list[int]] = {"quiet": [], "speech": []}
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, sound) in enumerate(minutes):
            path = Path(folder) / f"{number}.flac"
            soundfile.write(path, np.clip(sound, -1.0, 1.0), RATE_HZ, subtype="PCM_16")
            onsets_s = listener.onsets_s(path)
            spoken = kind.startswith("speech")
            found["speech" if spoken else "quiet"].append(len(onsets_s))
            if onsets_s:
                where = "" if spoken else " at " + " ".join(f"{onset:.2f}" for onset in onsets_s) + " s"
                print(f"  {listener.name}: minute {number}, {kind}: {len(onsets_s)} notes{where}", flush=True)
    rate = float(np.mean(found["speech"])) if found["speech"] else 0.0
    quiet = sum(found["quiet"])
    print(
        f"{listener.name}: {quiet} notes in {len(found['quiet'])} minutes of room, breath and keys;"
        f" {rate:.1f} a minute in {len(found['speech'])} minutes of speech",
        flush=True,
    )
    return {"quiet": quiet, "speech_a_minute": rate}


if __name__ == "__main__":
    main()
