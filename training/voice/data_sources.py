"""Which recorded voices may train shipped weights, under which licence, and which are kept for validation.

In: the folder `voices` of the shared sets. Out: `Speaker`s, each a few files of one voice, and the table for the model
card. Does not read sound. Left out: `utau_kawaiineko` (its permission is one informal sentence; see its README).
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of voices: its licence, whom to name, and what one speaker is in it: folder, file or prefix."""

    folder: str
    licence: str
    credit: str
    unit: str


SOURCES = (
    Source("makam", "CC BY 4.0", "MTG-UPF, G. Dzhambazov: Turkish makam a cappella", "folder"),
    Source("librispeech10", "CC BY 4.0", "LibriSpeech, Vassil Panayotov 2014", "folder"),
    Source("nabucasa", "CC0", "Nabu Casa voice datasets", "file"),
    # Its speakers are unlabelled, its clips are mostly by one each: a clip is a voice, and all of them train.
    Source("picovoice", "Apache-2.0", "Picovoice speech-to-intent and wake-word benchmarks", "file"),
    Source("precise", "public domain", "Mycroft Precise community data", "folder"),
    Source("cmu_arctic", "CMU, BSD-like", "CMU ARCTIC", "prefix"),
    Source("utau_erithacus", "CC BY 4.0", "Erithacus UTAU, Erithacus Project", "folder"),
    Source("utau_yuki", "public domain", "UTAU-Yuki, voice by Adios", "folder"),
    Source("utau_dorodoro", "own words: free use, commercial too, credit", "dorodoro, voice Cerenothoa", "folder"),
    Source("utau_scottpoid", "own terms: commercial use and editing free, attribution", "SCOTTPOID by Scott", "folder"),
)
VALIDATION = frozenset(
    {
        "cmu_arctic-axb",
        "librispeech10-1998",
        "librispeech10-3005",
        "makam-goekhan",
        "makam-safiye",
        "nabucasa-bg_BG_dimitar",
        "nabucasa-hu_HU_imre",
        "nabucasa-pl_PL_gosia",
        "nabucasa-pt_BR_faber",
    }
)
"""Speakers never trained on: men and women, sung and spoken. Chosen by hand so that every kind of source is there;
picovoice and precise may hold one person under two names, so both train whole."""


OTHER_MATERIAL = """\
- Melodies: pop909 (MIT), openscore_lieder (CC0), openewld (public-domain scores), ryans_mammoth (a book of 1883, typed
  in by volunteers, by way of music21), bach_chorales (public domain); {essen}nottingham (GPL-3.0) and what
  exclude.json lists are left out.
- Noise: Google Speech Commands (CC BY 4.0; not dude_miaowing), Mycroft Precise backgrounds (public domain).
- Rooms: web-audio-samples (Apache-2.0), OpenAIR by ToobAmp (CC BY 4.0) and quantumVerb (CC BY 3.0; the three CC BY-SA
  rooms are left out), rir_clap (CC0, validation only), and computed boxes.
"""
"""For the model card: what else the sound was made from."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice: a name, its source, its files, and `train` or `valid`."""

    name: str
    source: Source
    files: tuple[Path, ...]
    side: str


def speakers(voices: Path) -> list[Speaker]:
    """Return every speaker of every source, by name."""
    found = []
    for source in SOURCES:
        groups: dict[str, list[Path]] = {}
        for path in sorted((voices / source.folder).rglob("*.flac")):
            groups.setdefault(_speaker_key(path, voices / source.folder, source.unit), []).append(path)
        for key, files in groups.items():
            name = f"{source.folder}-{key}"
            found.append(Speaker(name, source, tuple(files), "valid" if name in VALIDATION else "train"))
    return sorted(found, key=lambda s: s.name)


def _speaker_key(path: Path, root: Path, unit: str) -> str:
    inner = path.relative_to(root)
    if unit == "file":
        return "-".join(inner.with_suffix("").parts).replace(".", "_")
    if unit == "prefix":
        return path.stem.split("_")[0]
    return inner.parts[0] if len(inner.parts) > 1 else "all"


def licence_table(voices: Path, *, research: bool = False) -> str:
    """Return the sources as a Markdown table: folder, voices that train, voices that validate, licence, credit."""
    lines = ["|source|voices to train|to validate|licence|credit|", "|-|-|-|-|-|"]
    everyone = speakers(voices)
    for source in SOURCES:
        mine = [s.side for s in everyone if s.source == source]
        row = (source.folder, str(mine.count("train")), str(mine.count("valid")), source.licence, source.credit)
        lines.append("|" + "|".join(row) + "|")
    essen = "essen (non-commercial use); " if research else "essen (non-commercial use), "
    return "\n".join([*lines, "", OTHER_MATERIAL.rstrip().format(essen=essen)])
