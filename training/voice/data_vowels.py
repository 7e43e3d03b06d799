"""Syllables whose vowel is known: sung by UTAU voicebanks, said by espeak-ng, computed from formants.

In: the folder `voices` of the shared sets, the program espeak-ng. Out: `Spoken` syllables as WORLD envelopes, with the
frames where the vowel is held, named by speaker and side. A voicebank's file names and oto.ini lines give the vowel;
espeak-ng reads syllables in languages whose five letters are five vowels. It does not sing: `data_vowel_takes.py`
does, at any pitch. Kept in a cache folder.
"""

import pickle
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from training.voice.data_formants import resonances
from training.voice.data_sources import Source, Speaker, speakers
from training.voice.data_voicebank import cut
from training.voice.data_world import FRAME_S, RATE_HZ, analyse

Floats = npt.NDArray[np.float64]
VOWELS = "aeiou"
"""The order of `Heads.VOWELS`."""
KANA = {
    "a": "あかさたなはまやらわがざだばぱゃぁ", "i": "いきしちにひみりぎじぢびぴぃ",
    "u": "うくすつぬふむゆるぐずづぶぷゅぅ", "e": "えけせてねへめれげぜでべぺぇ",
    "o": "おこそとのほもよろをごぞどぼぽょぉ",
}  # fmt: skip
CONSONANTS = {
    "k": "かきくけこ", "g": "がぎぐげご", "s": "さすせそし", "z": "ざずぜぞじぢ", "t": "たてとちつ", "d": "だでど",
    "n": "なにぬねの", "h": "はひへほふ", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ", "m": "まみむめも", "y": "やゆよ",
    "r": "らりるれろ", "w": "わを",
}  # fmt: skip
ROMAN = ("sh", "ch", "ts", "k", "g", "s", "z", "j", "t", "d", "n", "h", "f", "b", "p", "m", "y", "r", "l", "w", "v")
NEVER_TRAINED = frozenset({"utau_yuki-all"})
"""The voicebank that validates. The voice models' trunk has heard all four, without their vowels."""
MEASURED_ONLY = "utau_kawaiineko"
"""Its permission is one informal sentence: nothing is taught with it, but it is a stranger to measure with."""
MORA_S = 0.34
"""In a string of syllables (one every half a second) the vowel ends by then, whether or not the next has a line."""
ENTRY_COMMAS = 5
SETTLED_S = 0.08
"""After the vowel begins the tongue still moves; what comes then is held."""
LONGEST_CORE_S = 0.5

LANGUAGES = ("it", "es", "fi", "eo", "sw", "hr", "cs", "id")
"""Five letters, five vowels."""
VARIANTS = {
    "train": ("m1", "m3", "m4", "m6", "f1", "f2", "f4", "Mario", "Andrea", "Hugo", "Pablo", "linda"),
    "valid": ("m7", "m2", "f5", "f3"),
}
TRIED_LANGUAGES = {"train": LANGUAGES[:6], "valid": LANGUAGES[6:]}
SYLLABLES = (
    "a", "e", "i", "o", "u", "la", "le", "li", "lo", "lu", "na", "ne", "no", "nu", "ma", "mo", "pa", "po", "ba", "bo",
    "bu", "da", "de", "di", "do", "du", "ta", "ti", "tu", "ga", "go", "dum", "bom", "bum", "dun", "din", "tin", "pin",
)  # fmt: skip
WORDS_A_MINUTE = "90"
"""Slow: the vowel is held for a fifth of a second."""

FORMANTS_HZ = {
    "a": ((680, 820), (1100, 1400), (2350, 2650)), "e": ((370, 540), (1750, 2300), (2450, 2800)),
    "i": ((250, 330), (2000, 2500), (2800, 3200)), "o": ((380, 540), (720, 1000), (2300, 2650)),
    "u": ((260, 350), (600, 1050), (2150, 2500)),
}  # fmt: skip
"""Men's, widely: Peterson and Barney (1952) and the continental vowels of Delattre (1965)."""
TRACT = (0.95, 1.4)
COMPUTED = {"train": 40, "valid": 12}


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A syllable.

    consonant, vowel: as spelt, "" where it begins with the vowel; `vowel` is an index of VOWELS.
    envelope: (t, BINS) log power every 5 ms, aperiodicity_db: (t,) at 3 kHz.
    voiced: the first pitched frame; core: frames [first, last) in which the vowel is held.
    coda: a nasal follows.
    """

    speaker: str
    side: str
    source: str
    consonant: str
    vowel: int
    envelope: npt.NDArray[np.float16]
    aperiodicity_db: Floats
    voiced: int
    core: tuple[int, int]
    coda: bool = False


def spoken(shared: Path, cache: Path) -> list[Spoken]:
    """Return every syllable of every source, of both sides."""
    path = cache / "syllables.pickle"
    if not path.exists():
        voices = shared / "voices"
        banks = [speaker for speaker in speakers(voices) if speaker.source.folder.startswith("utau")]
        stranger = Source(MEASURED_ONLY, "see its README", "", "folder")
        files = tuple(sorted((voices / MEASURED_ONLY).rglob("*.flac")))
        banks.append(Speaker(f"{MEASURED_ONLY}-all", stranger, files, "valid"))
        found = [one for speaker in banks for one in voicebank(speaker)] + list(espeak())
        cache.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(found))
    held: list[Spoken] = pickle.loads(path.read_bytes())  # noqa: S301 written by the lines above
    return held + [one for side, count in COMPUTED.items() for number in range(count) for one in computed(side, number)]


def voicebank(speaker: Speaker) -> Iterator[Spoken]:
    """Yield the syllables of an UTAU voicebank."""
    root = next(p for p in speaker.files[0].parents if (p / "index.tsv").exists())
    files = {path.stem: path for path in speaker.files}
    side = "valid" if speaker.name in NEVER_TRAINED else speaker.side
    for line in (root / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        stem, _, entries = line.split("\t")
        if stem not in files:
            continue
        envelope, aperiodicity, f0_hz = analyse(read(files[stem]))
        # A breath has no numbers.
        timed = sorted(_timed(entry) for entry in entries.split(" | ") if entry.count(",") == ENTRY_COMMAS)
        for number, (offset_s, vowel_s, alias) in enumerate(timed):
            spelt = spelling(alias)
            following = [later for later, _, _ in timed[number + 1 :] if later > vowel_s]
            last_s = vowel_s + MORA_S if len(timed) > 1 else 1e3
            stop = min(int(min(following[0] if following else 1e3, last_s) / FRAME_S), len(f0_hz))
            first = int(offset_s / FRAME_S)
            core = _held(f0_hz, int((vowel_s + SETTLED_S) / FRAME_S), stop)
            if spelt is None or core is None:
                continue
            span = slice(first, core[1])
            pitched = np.flatnonzero(f0_hz[span] > 0)
            yield Spoken(
                speaker.name, side, speaker.source.folder, spelt[0], VOWELS.index(spelt[1]), envelope[span],
                aperiodicity[span], int(pitched[0]) if len(pitched) else 0, (core[0] - first, core[1] - first),
            )  # fmt: skip


def _timed(entry: str) -> tuple[float, float, str]:
    """Return (start_s, vowel_s, alias) of an oto.ini line: offset, and preutterance after it."""
    alias, *numbers = entry.rpartition("=")[2].split(",")
    offset, _, _, preutterance, _ = (float(number) / 1000.0 for number in numbers)
    return offset, offset + preutterance, alias


def spelling(alias: str) -> tuple[str, str] | None:
    """Return (consonant, vowel) of an alias such as "- か", "a ちゅA3" or "shu"; None where it has no vowel."""
    word = alias.rsplit(maxsplit=1)[-1] if alias.split() else ""
    word = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in word).rstrip("ABCDEFG0123456789")
    if not word or "ん" in word or "囁" in alias:
        return None
    if word.isascii():
        consonant = next((roman for roman in ROMAN if word.startswith(roman)), "")
        return (consonant, word[-1]) if word[-1] in VOWELS else None
    vowel = next((vowel for vowel, kana in KANA.items() if word[-1] in kana), None)
    consonant = next((name for name, kana in CONSONANTS.items() if word[0] in kana), "")
    return None if vowel is None else (consonant, vowel)


def _held(f0_hz: Floats, first: int, stop: int) -> tuple[int, int] | None:
    """Return the pitched frames from `first` on, before `stop`; None where they are too few."""
    pitched = np.flatnonzero(f0_hz[first:stop] > 0)
    if len(pitched) < 0.04 / FRAME_S:
        return None
    begin = first + int(pitched[0])
    gap = np.flatnonzero(f0_hz[begin:stop] == 0)
    end = min(begin + int(gap[0]) if len(gap) else stop, begin + int(LONGEST_CORE_S / FRAME_S))
    # The last frames go over into what follows.
    end -= min(8, (end - begin) // 3)
    return (begin, end) if end - begin >= 0.04 / FRAME_S else None


def espeak() -> Iterator[Spoken]:
    """Yield SYLLABLES by espeak-ng's voices; raise FileNotFoundError where it is not installed."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise FileNotFoundError("espeak-ng is not installed: its syllables are part of the set (apt install espeak-ng)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        for side, variants in VARIANTS.items():
            for number, variant in enumerate(variants):
                for language in TRIED_LANGUAGES[side][number % 2 :: 2][:2]:
                    for said in SYLLABLES:
                        asked = [program, "-v", f"{language}+{variant}", "-s", WORDS_A_MINUTE, "-w", str(path), said]
                        subprocess.run(asked, check=True, capture_output=True)  # noqa: S603 a fixed program
                        one = _said(f"espeak-{variant}", side, said, read(path))
                        if one is not None:
                            yield one


def _said(speaker: str, side: str, said: str, audio: Floats) -> Spoken | None:
    """Return the one syllable of a recording; None where it can't be found."""
    envelope, aperiodicity, f0_hz = analyse(audio)
    voice = cut(speaker, side, envelope, aperiodicity, f0_hz, least_syllables=1)
    if voice is None:
        return None
    best = max(voice.syllables, key=lambda s: s.core_end - s.core)
    if best.core_end - best.core < 0.04 / FRAME_S:
        return None
    letter = next(c for c in said if c in VOWELS)
    onset = said.partition(letter)[0]
    span = slice(best.lead, best.core_end)
    core = (best.core - best.lead, best.core_end - best.lead)
    return Spoken(
        speaker, side, "espeak-ng", onset, VOWELS.index(letter), envelope[span], aperiodicity[span],
        best.voiced - best.lead, core, said[-1] in "mn",
    )  # fmt: skip


def computed(side: str, number: int) -> Iterator[Spoken]:
    """Yield the five vowels of a computed mouth."""
    rng = np.random.default_rng([number, side == "valid", 5])
    scale = rng.uniform(*TRACT)
    upper = np.array([3400, 4300, 5200, 6300, 7400]) * np.exp(rng.normal(0, 0.04, 5))
    widths = np.array([60, 80, 120, 160, 200, 250, 300, 350]) * np.exp(rng.normal(0.1, 0.25, 8))
    tilt_db = rng.uniform(-12, -4)
    octaves = np.log2(np.maximum(np.linspace(0, RATE_HZ / 2, 513), 150) / 150)
    for vowel, ranges in FORMANTS_HZ.items():
        begin, end = ([rng.uniform(*r) for r in ranges] for _ in range(2))
        frames = [
            resonances(np.concatenate([(1 - w) * np.array(begin) + w * np.array(end), upper]) * scale, widths)
            + tilt_db * np.log(10) / 10 * octaves
            for w in np.linspace(0, 0.4, 12)
        ]
        envelope = np.array(frames)
        envelope -= np.log(np.exp(envelope).sum(axis=1)).max()
        steady = np.full(len(envelope), rng.uniform(-30, -10))
        name = f"formants-{side}-{number}"
        yield Spoken(
            name, side, "computed", "", VOWELS.index(vowel), envelope.astype(np.float16), steady, 0, (0, len(envelope))
        )


def read(path: Path) -> Floats:
    """Return a file's sound at 16 kHz, mono."""
    audio, rate = soundfile.read(path, dtype="float64", always_2d=True)
    resampled: Floats = soxr.resample(audio.mean(axis=1), rate, RATE_HZ)
    return resampled
