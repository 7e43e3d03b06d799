"""Consonants alone: of the UTAU voicebanks, cut before their vowels, and of espeak-ng.

In: the voices' folders with their `index.tsv` (oto.ini: where a syllable starts and how long until its vowel), or the
program espeak-ng. Out: `Recorded` sounds named by speaker and phoneme, with what a drummer may mean by it. Burst and
vowel are found in the sound near where the oto line says, for such lines are set by hand and by 10 ms and more.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy.signal import butter, sosfilt

from training.timbre.sounds import HAT_CLOSED, HAT_OPEN, KICK, OTHER, SNARE, Floats, Heard, Recorded
from training.voice.data_sources import Speaker
from training.voice.data_world import RATE_HZ

MEANT = {
    "p": {KICK}, "b": {KICK}, "t": {HAT_CLOSED}, "ts": {HAT_CLOSED, HAT_OPEN}, "ch": {HAT_CLOSED, SNARE},
    "k": {SNARE}, "g": {KICK, SNARE, OTHER}, "d": {KICK, HAT_CLOSED, OTHER}, "s": {HAT_CLOSED, HAT_OPEN},
    "sh": {SNARE, HAT_OPEN}, "f": {SNARE, HAT_OPEN, OTHER}, "z": {HAT_OPEN, OTHER}, "j": {SNARE, OTHER},
    "pf": {SNARE}, "psh": {SNARE}, "ksh": {SNARE}, "tss": {HAT_OPEN}, "ps": {SNARE, HAT_OPEN},
}  # fmt: skip
"""What a consonant on its own may stand for: /p t k/ and their affricates are every beatboxer's first three sounds."""
VOICED = frozenset({"b", "d", "g", "z", "j"})
VOICED_TAIL_S = 0.03
"""Of a voiced consonant the first two or three pulses belong to it."""
KANA = {
    "k": "かきくけこ", "g": "がぎぐげご", "s": "さすせそ", "sh": "し", "z": "ざずぜぞ", "j": "じぢ", "t": "たてと",
    "ch": "ち", "ts": "つ", "d": "だでど", "f": "ふ", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
ROMAN = ("sh", "ch", "ts", "k", "g", "s", "z", "j", "t", "d", "f", "b", "p")
"""The longer first: "shu" is no "s"."""
SEARCH_S = 0.2
STEP_S = 0.006
"""Energy this long before and after a place tells a burst; shorter sees single pulses of creak."""
LEAST_STEP_DB = 9.0
SPAN_S = (0.005, 0.25)
FADE_S = 0.006
LEAD_S = 0.003

ESPEAK_PHONEMES = {
    "p": "p", "b": "b", "t": "t", "k": "k", "g": "g", "d": "d", "ts": "ts", "tS": "ch", "pf": "pf", "pS": "psh",
    "kS": "ksh", "ps": "ps", "tss": "tss", "s": "s", "S": "sh", "f": "f",
}  # fmt: skip
ESPEAK_VOICES = ("de+m1", "de+m3", "de+m7", "de+f2", "de+f4", "de+croak", "ja+m2", "ja+f1")
ESPEAK_SPEEDS = (200, 400)
"""Words a minute; slower ones leave gaps within a cluster."""


def voicebank_consonants(speaker: Speaker) -> Iterator[Recorded]:
    """Yield the consonants of an UTAU voicebank."""
    root = next(p for p in speaker.files[0].parents if (p / "index.tsv").exists())
    files = {path.stem: path for path in speaker.files}
    for line in (root / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        stem, _, entries = line.split("\t")
        if stem not in files:
            continue
        audio = read(files[stem])
        for entry in entries.split(" | "):
            alias, *numbers = entry.rpartition("=")[2].split(",")
            phoneme = phoneme_of(alias)
            if phoneme is None:
                continue
            vowel = round((float(numbers[0]) + float(numbers[3])) / 1000.0 * RATE_HZ)
            heard = consonant(audio, vowel, phoneme in VOICED)
            if heard is not None:
                name = f"{speaker.name} {phoneme}"
                yield Recorded(name, frozenset(MEANT[phoneme]), speaker.source.folder, heard)


def read(path: Path) -> Floats:
    """Return a file's sound at 16 kHz, mono."""
    audio, rate = soundfile.read(path, dtype="float64", always_2d=True)
    resampled: Floats = soxr.resample(audio.mean(axis=1), rate, RATE_HZ)
    return resampled


def phoneme_of(alias: str) -> str | None:
    """Return the consonant of an alias such as "- か", "a ちゅA3" or "shu"; None where it has none of MEANT."""
    syllable = alias.rsplit(maxsplit=1)[-1] if alias.split() else ""
    # Katakana lie 0x60 above hiragana.
    first = chr(ord(syllable[0]) - 0x60) if syllable and "ァ" <= syllable[0] <= "ヶ" else syllable[:1]
    for phoneme, kana in KANA.items():
        if first and first in kana:
            return phoneme
    return next((roman for roman in ROMAN if syllable.startswith(roman)), None)


def consonant(audio: Floats, vowel: int, voiced: bool) -> Heard | None:
    """Return what sounds before the vowel near that sample, from its burst on; None where no burst is to be found."""
    hop = RATE_HZ // 500
    low = sosfilt(butter(2, [80.0, 600.0], "bandpass", fs=RATE_HZ, output="sos"), audio)
    first = max(0, vowel - int(SEARCH_S * RATE_HZ))
    levels = np.array([np.mean(low[at : at + 4 * hop] ** 2) for at in range(first, min(len(low), vowel + 2400), hop)])
    here = (vowel - first) // hop
    if len(levels) < here + 60:
        return None
    quiet = np.flatnonzero(levels[: here + 15] < np.median(levels[here + 25 : here + 60]) * 10.0**-1.2)
    if not len(quiet):
        return None
    begins = first + (int(quiet[-1]) + 2) * hop
    onset, step_db = burst(audio, first, begins)
    stop = begins + (int(VOICED_TAIL_S * RATE_HZ) if voiced else 0)
    if step_db < LEAST_STEP_DB or not SPAN_S[0] <= (stop - onset) / RATE_HZ <= SPAN_S[1]:
        return None
    return cut_out(audio, onset, stop)


def burst(audio: Floats, first: int, stop: int) -> tuple[int, float]:
    """Return where between two samples the differenced sound steps up most, and by how many dB."""
    span = int(STEP_S * RATE_HZ)
    energy = np.concatenate([[0.0], np.cumsum(np.diff(audio, prepend=0.0) ** 2)])
    places = np.arange(max(span, first), max(span + 1, min(stop, len(audio) - span)))
    floor = 1e-7 * span + 1e-5 * energy[-1] / len(audio) * span
    before, after = energy[places] - energy[places - span], energy[places + span] - energy[places]
    step = (after + floor) / (before + floor)
    best = np.flatnonzero(step >= 0.8 * step.max())[-1]
    return int(places[best]), float(10.0 * np.log10(step[best]))


def cut_out(audio: Floats, onset: int, stop: int) -> Heard:
    """Return audio[onset:stop] with a few ms before it and a fade at its end, of peak 1."""
    lead = min(onset, int(LEAD_S * RATE_HZ))
    cut = audio[onset - lead : stop].copy()
    fade = min(int(FADE_S * RATE_HZ), len(cut) // 2)
    cut[len(cut) - fade :] *= np.linspace(1.0, 0.0, fade)
    cut[:lead] *= np.linspace(0.0, 1.0, lead)
    return Heard(cut / (np.abs(cut).max() + 1e-9), lead)


def espeak_consonants() -> Iterator[Recorded]:
    """Yield consonants as espeak-ng's voices say them alone; raise FileNotFoundError where it is not installed."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise FileNotFoundError("espeak-ng is not installed; its consonants are part of the set: apt install espeak-ng")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        for voice in ESPEAK_VOICES:
            for speed in ESPEAK_SPEEDS:
                for said, phoneme in ESPEAK_PHONEMES.items():
                    asked = [program, "-v", voice, "-s", str(speed), "-w", str(path), f"[[{said}]]"]
                    subprocess.run(asked, check=True, capture_output=True)  # noqa: S603 a fixed program
                    audio = read(path)
                    loud = np.flatnonzero(np.abs(audio) > 0.02 * np.abs(audio).max() + 1e-6)
                    if len(loud):
                        heard = cut_out(audio, int(loud[0]), int(loud[-1]) + 1)
                        yield Recorded(f"espeak {voice} {phoneme}", frozenset(MEANT[phoneme]), "espeak-ng", heard)
