"""Write evaluation sets that nothing trains on: espeak-ng syllables and hums, sung by WORLD on exact contours.

    python -m training.voice.make_eval --out DIR --hum-out DIR2 [--rooms DIR] [--seed S]

Out: X.flac (16 kHz), X.notes.csv (onset_s, offset_s, midi_pitch) and X.f0.npy (Hz every 10 ms, 0 unpitched), as
score_voice.py reads them. Sung: 12 takes of 10 s (male, female, child), each clean, at 20 and 10 dB of noise, and in a
room. Hummed: 12 takes, clean. It shares no code with the training data and no voice, melody or room: other syllables
(formant synthesis), other envelopes of attack, joins measured on the sound itself.
Truth: onset where the voiced sound begins (a voiced consonant's start); in a glide half-way; where l, m or n joins two
notes the sound's lowest level between them. A note ends where its sound has fallen 26 dB or where the next begins.
"""

import argparse
import csv
import os
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pyworld asks setuptools for its own version, which setuptools deprecates
    import pyworld

Floats = npt.NDArray[np.float64]
RATE_HZ, PERIOD_MS = 22_050, 2.0
STEP_S = PERIOD_MS / 1000
SECONDS = 10.0
JOINED = ("la", "ma", "na", "li", "mo", "nu", "lu", "mi", "ne")
BROKEN = ("ta", "sa", "da", "pu", "fo", "go", "ki", "se")
PHONEMES = {"a": "A:", "i": "i:", "o": "O:", "u": "u:", "e": "E"}
SINGERS = {  # espeak-ng variants, formant factor, lowest and highest pitch
    "male": (("en-us+m1", "en-us+m3", "en-gb+m5", "en-gb+m7"), 1.0, 43, 64),
    "female": (("en-us+f1", "en-gb+f2", "en-us+f3", "en-gb+f5"), 1.0, 56, 76),
    "child": (("en-us+f2", "en-us+f4", "en-gb+f1", "en-gb+f3"), 1.18, 60, 83),
}
CONDITIONS = ("clean", "20db", "10db", "reverb")
LONGEST_CONSONANT = 40
"""Frames: 80 ms of l, m or n before the vowel, as in singing; espeak-ng speaks them longer."""
ROOMS = ("seminar_room_clap", "st_margaret_s_church")
"""Kept out of training by `data_conditions`."""


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A syllable as spoken: log envelope (t, bins), its vowel at 0 dB, aperiodicity (t, bins), and three frames.

    voiced: where voicing begins; opened: where the vowel has come; middle: the vowel's.
    """

    envelope: Floats
    noise: Floats
    voiced: int
    opened: int
    middle: int


@dataclass(frozen=True, slots=True)
class Note:
    """To sing: times are of the voiced sound; link: start, glide, voiced or broken (from the note before)."""

    onset_s: float
    offset_s: float
    pitch: float
    link: str
    syllable: str


def speak(voice: str, syllable: str) -> Spoken:
    """Return a syllable of espeak-ng, analysed."""
    text = f"[[{syllable[0]}'{PHONEMES[syllable[1]]}]]" if syllable != "m" else "[['A:mmA:]]"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", "110", "-w", str(path), text], check=True)  # noqa: S603, S607
        sound, rate = soundfile.read(path, dtype="float64")
    sound = np.asarray(soxr.resample(sound, rate, RATE_HZ), np.float64)
    sound = sound + 1e-5 * np.random.default_rng(1).standard_normal(len(sound))
    f0_hz, times = pyworld.harvest(sound, RATE_HZ, f0_floor=60, f0_ceil=500, frame_period=PERIOD_MS)
    envelope = np.log(pyworld.cheaptrick(sound, f0_hz, times, RATE_HZ) + 1e-14)
    noise = pyworld.d4c(sound, f0_hz, times, RATE_HZ)
    loud = np.log(np.exp(envelope).sum(axis=1))
    sounding = np.flatnonzero((f0_hz > 0) & (loud > loud.max() - 6))  # 26 dB: loud is in nepers of power
    first, last = int(sounding[0]), int(sounding[-1])
    if syllable == "m":
        # The most closed moment between two open vowels: least sound above 900 Hz, but still loud enough to be a voice.
        voiced = np.flatnonzero((f0_hz > 0) & (loud > loud.max() - 25 * np.log(10) / 10))
        high = np.log(np.exp(envelope[:, round(1800 / RATE_HZ * (envelope.shape[1] - 1)) :]).sum(axis=1))
        closed = int(voiced[np.argmin((high - loud)[voiced])])
        lips = 8 * np.log2(np.maximum(np.linspace(0, RATE_HZ / 2, envelope.shape[1]) / 400, 1)) * np.log(10) / 10
        return Spoken(envelope - loud[closed] - lips, noise, closed, closed, closed)
    middle = first + (last - first) * 6 // 10
    opened = int(np.flatnonzero((loud > loud[middle] - 0.8) & (np.arange(len(loud)) >= first))[0])
    envelope -= loud[middle]
    # Spoken closures can be 30 dB down: sung ones are not, and what nobody hears can be no truth.
    quiet = np.clip(-3.2 - (loud - loud[middle]), 0, None) * (np.arange(len(loud)) >= first)
    return Spoken(envelope + quiet[:, None], noise, max(first, opened - LONGEST_CONSONANT), opened, max(opened, middle))


def compose(low: int, high: int, rng: np.random.Generator, hummed: bool) -> list[Note]:
    """Return a random walk with repeats, leaps, short notes and rests."""
    now, pitch = 0.3, float(rng.integers(low + 4, high - 4))
    notes: list[Note] = []
    while now < SECONDS - 1.2:
        length = float(
            rng.choice([rng.uniform(0.1, 0.2), rng.uniform(0.2, 0.4), rng.uniform(0.4, 1.0)], p=[0.25, 0.42, 0.33])
        )
        link = (
            str(rng.choice(["glide", "repeat", "voiced", "broken", "start"], p=[0.27, 0.2, 0.17, 0.2, 0.16]))
            if notes
            else "start"
        )
        if hummed and link == "broken":
            link = "repeat"
        if link != "repeat":
            step = float(rng.choice([-7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7]))
            pitch = pitch + step if low <= pitch + step <= high else pitch - step
        if link == "start" and notes:
            now += float(rng.uniform(0.08, 0.5))
        elif link == "broken":
            now += float(rng.uniform(0.06, 0.14))
        joined = {"repeat": "voiced"}.get(link, link)
        syllables = BROKEN if link == "broken" or (link == "start" and rng.random() < 0.4) else JOINED
        notes.append(Note(now, now + length, pitch, joined, "m" if hummed else str(rng.choice(syllables))))
        now += length
    return notes


def contour(notes: list[Note], steps: int, rng: np.random.Generator) -> tuple[Floats, list[float]]:
    """Return f0 in Hz, 0 between notes, and the pitch each note has at rest: tuned, gliding, scooped, with vibrato."""
    midi, at = np.full(steps, np.nan), np.arange(steps) * STEP_S
    tuned = [n.pitch + float(rng.normal(0, 0.12)) for n in notes]
    rate, depth = rng.uniform(4.5, 6.5), rng.uniform(0, 0.9) * (rng.random() < 0.7)
    for k, note in enumerate(notes):
        inside = (at >= note.onset_s - 1e-9) & (at < note.offset_s - 1e-9)
        since, left = at[inside] - note.onset_s, note.offset_s - at[inside]
        swing = (
            depth * np.clip((since - 0.2) / 0.2, 0, 1) * np.clip(left / 0.08, 0, 1) * np.sin(2 * np.pi * rate * since)
        )
        midi[inside] = tuned[k] + swing
        if note.link == "start" and rng.random() < 0.3:
            midi[inside] -= rng.uniform(0.5, 3) * np.exp(-since / rng.uniform(0.015, 0.05))
    for k in range(1, len(notes)):
        if notes[k].link in ("glide", "voiced"):
            widest = 0.9 * min(notes[k].offset_s - notes[k].onset_s, notes[k - 1].offset_s - notes[k - 1].onset_s)
            half = min(rng.uniform(0.03, 0.13), widest) / 2
            near = np.abs(at - notes[k].onset_s) < half
            place = (at[near] - notes[k].onset_s) / half
            slide = 1 / (1 + np.exp(-5 * place))
            midi[near] += (1 - slide) * (tuned[k - 1]) + slide * tuned[k] - np.where(place < 0, tuned[k - 1], tuned[k])
    midi += 0.05 * np.sin(2 * np.pi * 0.4 * at + rng.uniform(0, 6)) + 0.02 * rng.standard_normal(steps)
    return np.nan_to_num(440 * 2 ** ((midi - 69) / 12)), tuned


def path_of(note: Note, spoken: Spoken) -> list[tuple[int, int]]:
    """Return (step, syllable's frame): consonant before or in the note at its spoken pace, then the vowel held."""
    first, last = round(note.onset_s / STEP_S), round(note.offset_s / STEP_S)
    rows = []
    if note.link in ("start", "broken") and note.syllable in BROKEN:
        lead = min(spoken.voiced, 50)
        rows += [(first - lead + i, spoken.voiced - lead + i) for i in range(lead)]
    begin = spoken.voiced if note.link != "glide" else spoken.middle
    for step in range(first, last):
        gone = step - first
        late = max(0, begin + gone - spoken.opened) if begin < spoken.middle else gone
        frame = min(begin + gone, spoken.opened) if begin < spoken.middle else begin
        # The vowel is walked through slowly and held.
        frame = min(frame + late // 4, spoken.middle)
        rows.append((step, frame))
    return rows


def take(
    voice: str, factor: float, notes: list[Note], rng: np.random.Generator, hummed: bool
) -> tuple[Floats, Floats, list[list[float]]]:
    """Return sound at RATE_HZ, f0 every STEP_S and rows of truth."""
    steps = round(SECONDS / STEP_S)
    f0_hz, tuned = contour(notes, steps, rng)
    bank = {s: speak(voice, s) for s in sorted({n.syllable for n in notes})}
    bins = next(iter(bank.values())).envelope.shape[1]
    envelope, noise = np.full((steps, bins), -30.0), np.ones((steps, bins))
    held = next(iter(bank.values()))
    for k, note in enumerate(notes):
        spoken = bank[note.syllable]
        held = held if note.link == "glide" and k else spoken  # a glide stays on its vowel
        for step, frame in path_of(note, held):
            if 0 <= step < steps and (f0_hz[step] == 0 or frame >= held.voiced):
                envelope[step], noise[step] = (
                    held.envelope[min(frame, len(held.envelope) - 1)],
                    held.noise[min(frame, len(held.noise) - 1)],
                )
    envelope = smooth(envelope)
    gain = level(notes, steps, rng, hummed)
    if factor != 1.0:
        place = np.clip(np.arange(bins) / factor, 0, bins - 1)
        envelope = np.stack([np.interp(place, np.arange(bins), row) for row in envelope])
    noise = np.where(f0_hz[:, None] > 0, np.minimum(noise, np.linspace(0.02, 0.5, bins)), noise)
    power = np.exp(envelope + gain[:, None] * np.log(10) / 10)
    sound = pyworld.synthesize(f0_hz, np.ascontiguousarray(power), np.ascontiguousarray(noise), RATE_HZ, PERIOD_MS)
    heard_db = 10 * np.log10(power.sum(axis=1) + 1e-12)
    return sound, f0_hz, truth(notes, tuned, f0_hz, heard_db)


def smooth(envelope: Floats) -> Floats:
    """Return the envelopes with 14 ms between one mouth shape and the next."""
    padded = np.pad(envelope, ((3, 3), (0, 0)), mode="edge")
    total: Floats = sum((padded[k : k + len(envelope)] for k in range(7)), np.zeros_like(envelope)) / 7
    return total


def level(notes: list[Note], steps: int, rng: np.random.Generator, hummed: bool) -> Floats:
    """Return dB: attacks of 10 to 50 ms, releases of 20 to 90, accents, a dip at a join."""
    gain, at = np.zeros(steps), np.arange(steps) * STEP_S
    for k, note in enumerate(notes):
        inside = (at >= note.onset_s) & (at < note.offset_s)
        gain[inside] += rng.uniform(-5, 0)
        if note.link == "voiced":
            width = rng.uniform(0.015, 0.03)
            gain -= (
                rng.uniform(5, 12)
                * (1.6 if hummed else 1.0)
                * np.exp(-0.5 * ((at - note.onset_s - (0 if hummed else 0.03)) / width) ** 2)
            )
        if note.link in ("start", "broken"):
            rise = min(rng.uniform(0.01, 0.05), 0.3 * (note.offset_s - note.onset_s))
            gain[inside] += 20 * np.log10(np.clip((at[inside] - note.onset_s) / rise, 0.02, 1))
        if k + 1 == len(notes) or notes[k + 1].link in ("start", "broken"):
            fall = min(rng.uniform(0.02, 0.09), 0.35 * (note.offset_s - note.onset_s))
            gain[inside] += 20 * np.log10(np.clip((note.offset_s - at[inside]) / fall, 0.01, 1))
    return gain


def truth(notes: list[Note], tuned: list[float], f0_hz: Floats, heard_db: Floats) -> list[list[float]]:
    """Return onset_s, offset_s, midi_pitch; at joins by l, m, n the onset is measured: the lowest level near there."""
    rows: list[list[float]] = []
    kernel = np.ones(9) / 9
    calm = np.convolve(heard_db, kernel, mode="same")
    for k, note in enumerate(notes):
        a, b = round(note.onset_s / STEP_S), round(note.offset_s / STEP_S)
        loud = heard_db[a:b].max()
        inside = np.flatnonzero((heard_db[a:b] > loud - 26) & (f0_hz[a:b] > 0)) + a
        onset, offset = inside[0] * STEP_S, (inside[-1] + 1) * STEP_S
        if note.link == "voiced":
            near = slice(a - 20, min(a + 45, b))
            onset = (near.start + int(np.argmin(calm[near]))) * STEP_S
        if note.link in ("voiced", "glide") and rows:
            onset = onset if note.link == "voiced" else note.onset_s
            rows[-1][1] = onset
        rows.append([onset, offset, tuned[k]])
    return rows


def surround(sound: Floats, condition: str, rooms: list[Floats], rng: np.random.Generator) -> Floats:
    """Return the sound at 16 kHz in its condition."""
    if condition == "reverb":
        room = rooms[rng.integers(len(rooms))]
        sound = _convolve(sound, room)
    elif condition != "clean":
        spectrum = np.fft.rfft(rng.standard_normal(len(sound)))
        pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.fft.rfftfreq(len(sound), 1 / 16_000), 40)), len(sound))
        active = sound[np.abs(sound) > 0.02 * np.abs(sound).max()]
        sound = sound + pink * np.sqrt(np.mean(active**2) / np.mean(pink**2)) * 10 ** (-float(condition[:2]) / 20)
    return sound * 0.5 / np.abs(sound).max()


def _convolve(sound: Floats, room: Floats) -> Floats:
    size = 1 << (len(sound) + len(room)).bit_length()
    wet: Floats = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)[: len(sound)]
    return wet


def read_room(path: Path) -> Floats:
    """Return a room's answer at 16 kHz from its direct sound on."""
    room, rate = soundfile.read(path, dtype="float64")
    room = soxr.resample(room, rate, 16_000)
    cut: Floats = room[int(np.argmax(np.abs(room))) :]
    return cut / np.abs(cut[0])


def save(folder: Path, name: str, sound: Floats, f0_hz: Floats, rows: list[list[float]]) -> None:
    """Write the sound and its truth."""
    folder.mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / f"{name}.flac", sound, 16_000, subtype="PCM_16")
    np.save(folder / f"{name}.f0.npy", f0_hz[:: round(0.01 / STEP_S)].astype(np.float32))
    with (folder / f"{name}.notes.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["onset_s", "offset_s", "midi_pitch"])
        table.writerows([[f"{a:.4f}", f"{b:.4f}", f"{p:.3f}"] for a, b, p in rows])


def main() -> None:
    """Write both sets."""
    home = Path(__file__).resolve().parents[3]
    shared = Path(os.environ.get("VOCALMIDI_SHARED", home / "shared"))
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--hum-out", type=Path, required=True)
    asked.add_argument("--rooms", type=Path, default=shared / "data/rooms")
    asked.add_argument("--seed", type=int, default=2026)
    given = asked.parse_args()
    rooms = [read_room(given.rooms / f"{name}.flac") for name in ROOMS]
    for kind_number, (kind, (voices, factor, low, high)) in enumerate(SINGERS.items()):
        for number, voice in enumerate(voices):
            for hummed in (False, True):
                rng = np.random.default_rng([given.seed, kind_number, number, hummed])
                notes = compose(low, high - (5 if hummed else 0), rng, hummed)
                sound, f0_hz, rows = take(voice, factor, notes, rng, hummed)
                sound = soxr.resample(sound, RATE_HZ, 16_000)[: int(SECONDS * 16_000)]
                for condition in ("clean",) if hummed else CONDITIONS:
                    folder = given.hum_out if hummed else given.out
                    save(folder, f"{kind}{number}_{condition}", surround(sound, condition, rooms, rng), f0_hz, rows)


if __name__ == "__main__":
    main()
