"""Write the encoder's examples: `python -m training.timbre.data_takes --out FOLDER [--takes N] [--no-research]`.

In: the shared sets and espeak-ng. Out: FOLDER/{train,valid}/NNNN.npz, each TAKES_A_FILE takes: the sound round every
event (16 bit, at 16 kHz, with room to move the onset), the classes it may be, its take and its number within the kit;
and FOLDER/SOURCES.md for the card. A file depends on its number and the seed alone; those that are there are kept.
"""

import argparse
from pathlib import Path

import numpy as np

from training.timbre.data_performances import COMPUTED, Stock, Take, stock, take
from training.timbre.sounds import CLASSES
from training.voice.data_sources import OTHER_MATERIAL, licence_table
from vocalmidi.frames.patches import AHEAD, BEHIND

TAKES_A_FILE = 50
MARGIN = 96
"""6 ms on either side, for onsets that the detector misplaces."""
SCALE = 32767.0


def cut(take: Take) -> tuple[np.ndarray, np.ndarray]:
    """Return (n, MARGIN + BEHIND + AHEAD + MARGIN) int16 sound round each event and (n, len(CLASSES)) classes."""
    before, after = BEHIND + MARGIN, AHEAD + MARGIN
    padded = np.pad(take.audio, (before, after))
    sounds = np.stack([padded[e.onset : e.onset + before + after] for e in take.events])
    classes = np.array([[k in e.sound.labels for k in range(len(CLASSES))] for e in take.events])
    return np.round(np.clip(sounds, -1.0, 1.0) * SCALE).astype(np.int16), classes


def write_file(path: Path, stock_: Stock, first: int, seed: int) -> None:
    """Write the takes from that number on."""
    sounds, classes, of_take, member, source = [], [], [], [], []
    for number in range(first, first + TAKES_A_FILE):
        made = take(stock_, number, seed)
        own_sounds, own_classes = cut(made)
        sounds.append(own_sounds)
        classes.append(own_classes)
        of_take += [number] * len(made.events)
        member += [event.member for event in made.events]
        source += [event.sound.source for event in made.events]
    held = {"sound": np.concatenate(sounds), "classes": np.concatenate(classes), "source": np.array(source)}
    with path.with_suffix(".part").open("wb") as out:
        np.savez(out, **held, take=np.array(of_take, np.int32), member=np.array(member, np.int16))
    path.with_suffix(".part").replace(path)


RESEARCH = """\
- Beatbox recorded for research, no licence stated: hmc_beatbox (10 takes of five performers, github
  Blurrway/Beatboxing-Decomposition) and mitrank_oneshots (42 one-shots, github mitrank/Beatboxing-Drum-Kit).
- Singing recorded by phones, published for research, no licence stated: ssvd2, the training part
  of `data_ssvd.split`, as what is no hit."""
NO_RESEARCH = "- No set without a stated licence: hmc_beatbox, mitrank_oneshots, ssvd2 were left out (`--no-research`)."


def sources(shared: Path, *, research: bool) -> str:
    """Return what the examples are made of, for the card."""
    voices = licence_table(shared / "voices").removesuffix(OTHER_MATERIAL.rstrip()).partition("- Melodies")[0].rstrip()
    places = "\n".join(OTHER_MATERIAL.splitlines()[3:])
    computed = (
        f"- Computed mouths and hands: {COMPUTED['train']} sounds of `data_mouth`; consonants of the UTAU voicebanks\n"
        "  cut before their vowels, and of espeak-ng 1.51 (GPL-3.0 program, its output used)."
    )
    return "\n".join([voices, "", computed, RESEARCH if research else NO_RESEARCH, places, ""])


def main() -> None:
    """Read the command line and write what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"), help="its folder data")
    parser.add_argument("--takes", type=int, default=2000)
    parser.add_argument("--valid", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-research", action="store_true", help="leave out the sets that state no licence")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    text = sources(given.shared, research=not given.no_research)
    (given.out / "SOURCES.md").write_text(text, encoding="utf-8")
    for side, count in (("valid", given.valid), ("train", given.takes)):
        folder = given.out / side
        folder.mkdir(exist_ok=True)
        wanted = {n: folder / f"{n:05d}.npz" for n in range(0, count, TAKES_A_FILE)}
        if all(path.exists() for path in wanted.values()):
            continue
        held = stock(given.shared, side, research=not given.no_research)
        for number, path in wanted.items():
            if not path.exists():
                write_file(path, held, number, given.seed)
                print(path, flush=True)


if __name__ == "__main__":
    main()
