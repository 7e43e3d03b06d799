"""Write the voice model's training set: singing with exact truth, in many rooms.

    python -m training.voice.data_voice --out DIR --clips N --seed S [--valid M] [--shared DIR] [--cache DIR]
    python -m training.voice.data_voice --out DIR --valid-only --snr 20     the same singing at one level of noise

In: the shared voices, melodies, rooms and noises. Out: DIR/{train,valid}/NNNNN.npz with
    audio int16 (n,) mono 16 kHz; f0_hz float32 every 160 samples, 0 unpitched, -1 unknown (creak, speech);
    notes float32 (m, 3) onset_s, offset_s, pitch_midi; hits float32 (h, 2) time_s, class; tags str "key=value ...".
A clip depends on the seed, its side and its number alone, so a run goes on where it stopped. SSVD is not read here:
`train_voice` reads it by `data_ssvd` unless told otherwise, so this set is the same for both recipes.
"""

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from training.voice import data_conditions, data_contour, data_hits, data_melodies, data_score, data_singer
from training.voice.data_formants import formant_voice
from training.voice.data_sources import Speaker, licence_table, speakers
from training.voice.data_style import Mixture, draw_style, only_noise
from training.voice.data_voicebank import Voice, voice_of
from training.voice.data_world import FRAMES_PER_S, RATE_HZ, analyse

Floats = npt.NDArray[np.float64]
NEGATIVES = ("silence", "noise", "breath", "clicks", "speech", "hits")
NEGATIVE_SHARES = (0.06, 0.16, 0.14, 0.16, 0.34, 0.14)
"""Speech is the hardest to tell from singing, so it has most."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One clip as written; see the module's docstring."""

    audio: Floats
    f0_hz: npt.NDArray[np.float32]
    notes: Floats
    hits: Floats
    tags: str


@dataclass(frozen=True, slots=True, eq=False)
class Studio:
    """Everything one side is made from."""

    side: str
    voices: tuple[Voice, ...]
    spoken: tuple[Speaker, ...]
    melodies: dict[str, list[data_melodies.Line]]
    places: data_conditions.Places
    mixture: Mixture


def studio(shared: Path, cache: Path, side: str, mixture: Mixture, *, research: bool) -> Studio:
    """Return a side's material; the first call analyses every voice (about 80 s)."""
    mine = [s for s in speakers(shared / "data/voices") if s.side == side]
    voices = tuple(v for v in (voice_of(s, cache) for s in mine) if v)
    spoken = tuple(s for s in mine if s.source.folder != "makam" and not s.source.folder.startswith("utau"))
    melodies = data_melodies.read_melodies(shared / "data/symbolic", side, research=research)
    return Studio(side, voices, spoken, melodies, data_conditions.read_places(shared / "data", side), mixture)


def sample(house: Studio, seed: int, number: int) -> Sample:
    """Return one clip."""
    rng = np.random.default_rng([seed, number, house.side == "valid"])
    seconds = float(rng.uniform(*house.mixture.seconds))
    if rng.random() < house.mixture.negative:
        return _negative(house, seconds, rng)
    return _sung(house, seconds, rng)


def _sung(house: Studio, seconds: float, rng: np.random.Generator) -> Sample:
    voice, kind = _voice(house, rng)
    style = draw_style(rng, kind)
    if style.manner == "hum" and not voice.nasals:
        voice = formant_voice(kind, house.side, int(rng.integers(400)))
    frames = int(seconds * FRAMES_PER_S)
    notes: list[data_score.Planned] = []
    while len(notes) < 2:
        notes = data_score.plan(data_melodies.draw_line(house.melodies, rng), style, seconds, rng)
    curve = data_contour.curves(notes, style, frames, rng)
    whistled = kind != "male" and rng.random() < house.mixture.whistle / 0.6
    whistle = data_singer.whistle
    dry = whistle(notes, curve, rng) if whistled else data_singer.sing(voice, notes, curve, style, rng)
    loud = data_conditions.rms(dry) or 1.0
    hits = np.zeros((0, 2))
    if rng.random() < house.mixture.hits:
        free = rng.uniform(0.1, seconds - 0.4, int(rng.integers(2, 14))) if rng.random() < 0.3 else None
        beats, hits = data_hits.pattern(len(dry), rng, free)
        dry = dry + beats * loud * 10 ** (rng.uniform(-6, 10) / 20)
    sound, tags = data_conditions.recorded(dry, house.places, house.mixture.conditions, rng)
    manner = "whistle" if whistled else style.manner
    breathy = f"breathy={style.breathy_db:.0f}"
    head = [f"voice={voice.name}", f"kind={kind}", f"manner={manner}", breathy, f"tempo={style.tempo_qpm:.0f}"]
    return Sample(sound, curve.truth_f0_hz(), curve.notes, hits, " ".join(head + tags))


def _voice(house: Studio, rng: np.random.Generator) -> tuple[Voice, str]:
    """Return a voice, its source drawn by the mixture, and what it sings as."""
    if rng.random() < house.mixture.parametric:
        kind = ("male", "female", "child")[rng.integers(3)]
        return formant_voice(kind, house.side, int(rng.integers(400))), kind
    of = {name: [v for v in house.voices if v.name.startswith(name)] for name in house.mixture.sources}
    names = [name for name, found in of.items() if found]
    shares = np.array([house.mixture.sources[name] for name in names])
    choice = of[names[rng.choice(len(names), p=shares / shares.sum())]]
    voice = choice[rng.integers(len(choice))]
    if voice.median_midi < 51.5:
        return voice, "male" if rng.random() < 0.9 else "female"
    return voice, ("female", "child", "male")[rng.choice(3, p=[0.62, 0.3, 0.08])]


def _negative(house: Studio, seconds: float, rng: np.random.Generator) -> Sample:
    """Return a clip without a note."""
    kind = NEGATIVES[rng.choice(len(NEGATIVES), p=NEGATIVE_SHARES)]
    count = int(seconds * FRAMES_PER_S) * RATE_HZ // FRAMES_PER_S
    f0_hz, hits = np.zeros(count // 160 + (count % 160 > 0), np.float32), np.zeros((0, 2))
    tags: list[str] = []
    noise, _ = data_conditions.background(house.places, count, rng)
    floor = 10 ** (-rng.uniform(30, 70) / 20)
    if kind == "silence":
        sound = (
            np.zeros(count) if rng.random() < 0.3 else rng.standard_normal(count) * 10 ** (-rng.uniform(60, 85) / 20)
        )
    elif kind == "noise":
        sound = noise * 10 ** (-rng.uniform(20, 65) / 20)
    elif kind == "speech":
        sound, spoken_hz = _speech(house, count, rng)
        f0_hz[: len(spoken_hz)] = np.where(spoken_hz > 0, data_contour.UNKNOWN, 0)[: len(f0_hz)]
        sound, tags = data_conditions.recorded(sound, house.places, house.mixture.conditions, rng)
    else:
        if kind == "breath":
            sound = breath(count, rng)
        elif kind == "clicks":
            sound = data_hits.clicks(count, rng)
        else:
            sound, hits = data_hits.pattern(count, rng)
        sound, tags = data_conditions.recorded(sound + 1e-6 * noise, house.places, house.mixture.conditions, rng)
        sound = sound + noise * floor * np.abs(sound).max()
    return Sample(sound, f0_hz, np.zeros((0, 3)), hits, " ".join([f"negative={kind}", kind, *tags]))


def breath(count: int, rng: np.random.Generator) -> Floats:
    """Return breaths in and out: noise with a throat's broad resonances, swelling."""
    sound, at = np.zeros(count), int(rng.uniform(0.1, 1.0) * RATE_HZ)
    while at < count - RATE_HZ // 2:
        length = min(int(rng.uniform(0.25, 1.6) * RATE_HZ), count - at)
        hump = np.sin(np.pi * (np.arange(length) + 0.5) / length) ** rng.uniform(0.7, 2)
        low = rng.uniform(200, 900)
        sound[at : at + length] += (
            hump * data_hits.band_noise(length, low, low * rng.uniform(2.5, 8), rng) * rng.uniform(0.2, 1)
        )
        at += length + int(rng.uniform(0.2, 1.5) * RATE_HZ)
    return sound


def _speech(house: Studio, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return unmodified speech of one speaker with pauses, and its pitch every 10 ms."""
    speaker = house.spoken[rng.integers(len(house.spoken))]
    parts, total = [np.zeros(int(rng.uniform(0, 0.5) * RATE_HZ))], 0
    while total < count:
        audio, rate = soundfile.read(speaker.files[rng.integers(len(speaker.files))], dtype="float64", always_2d=True)
        spoken = soxr.resample(audio.mean(axis=1), rate, RATE_HZ)
        parts += [spoken, np.zeros(int(rng.uniform(0.1, 0.8) * RATE_HZ))]
        total += len(spoken)
    sound = np.concatenate(parts)
    start = int(rng.integers(max(1, len(sound) - count)))
    sound = sound[start : start + count]
    return sound, analyse(sound)[2][::2]


def write(path: Path, made: Sample) -> None:
    """Write one clip, whole or not at all."""
    audio = np.clip(np.round(made.audio * 32767), -32768, 32767).astype(np.int16)
    frames = -(-len(audio) // 160)
    f0_hz = np.pad(made.f0_hz, (0, max(0, frames - len(made.f0_hz))))[:frames]
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        np.savez(
            file,
            audio=audio,
            f0_hz=f0_hz,
            notes=made.notes.astype(np.float32),
            hits=made.hits.astype(np.float32),
            tags=np.array(made.tags),
        )
    os.replace(temporary, path)  # noqa: PTH105 atomic


def main() -> None:
    """Read the command line and write what is not there yet."""
    root = Path(__file__).resolve().parents[2]
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--clips", type=int, default=5000, help="clips to train on")
    asked.add_argument("--valid", type=int, default=200, help="clips of voices and songs never trained on")
    asked.add_argument("--valid-only", action="store_true", help="write the validation side alone")
    asked.add_argument("--snr", type=float, help="dB: every clip with noise at this level and no room or microphone")
    asked.add_argument("--research", action="store_true", help="sing melodies free for research alone as well (essen)")
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--shared", type=Path, default=Path(os.environ.get("VOCALMIDI_SHARED", root.parent / "shared")))
    asked.add_argument("--cache", type=Path, default=root / "out/voice_cache")
    given = asked.parse_args()
    mixture = Mixture() if given.snr is None else Mixture(conditions=only_noise(given.snr))
    for side, count in (("valid", given.valid), ("train", 0 if given.valid_only else given.clips)):
        folder = given.out / side
        folder.mkdir(parents=True, exist_ok=True)
        missing = [n for n in range(count) if not (folder / f"{n:05d}.npz").exists()]
        if missing:
            fill(folder, missing, studio(given.shared, given.cache, side, mixture, research=given.research), given.seed)
    table = licence_table(given.shared / "data/voices", research=given.research)
    (given.out / "SOURCES.md").write_text(table + "\n")


def fill(folder: Path, numbers: list[int], house: Studio, seed: int) -> None:
    """Write these clips, and how quickly from time to time."""
    began = time.monotonic()
    for done, number in enumerate(numbers, 1):
        write(folder / f"{number:05d}.npz", sample(house, seed, number))
        if done % 100 == 0:
            pace = done / (time.monotonic() - began)
            print(f"{house.side}: {done} of {len(numbers)}, {pace:.1f} a second", flush=True)


if __name__ == "__main__":
    main()
