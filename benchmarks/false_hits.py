"""Hits where nobody drums: sung clips and speech as they were recorded.

    python -m benchmarks.false_hits [--every 4] [--json OUT.json]

In: SSVD's good clips and the recorded speakers of `voices/` (the timbre encoder trains on some of both; what it never
hears is counted apart). Out: hits a minute found by the considered pass and by the live one.
Wanted: at most 1 a minute where it is sung, at most 2 where it is spoken.
"""

import argparse
import csv
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from training.voice.data_ssvd import split

from vocalmidi.app.convert import hear_file
from vocalmidi.app.ears import open_ears
from vocalmidi.app.simulate import open_live_path, simulate
from vocalmidi.capture import open_recording
from vocalmidi.config import load_settings

ROOT = Path(__file__).resolve().parents[1]
SPEAKERS = ("librispeech10", "picovoice", "nabucasa")
SOUNDS = (".flac", ".wav", ".ogg", ".mp3")
MOST = {"sung": 1.0, "spoken": 2.0}
"""Hits a minute that are borne."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording without hits: `kind` is sung or spoken; whether the encoder may have been trained on it."""

    path: Path
    kind: str
    trained_on: bool


@dataclass(frozen=True, slots=True)
class Count:
    """Hits found by one way of listening in the clips of one kind."""

    system: str
    kind: str
    minutes: float
    hits: int

    @property
    def a_minute(self) -> float:
        """Return hits a minute."""
        return self.hits / self.minutes if self.minutes else 0.0


def sung(shared: Path) -> Iterator[Clip]:
    """Yield the clips of SSVD that are good to use."""
    folder = shared / "data" / "vocal" / "ssvd2"
    trained = set(split(folder)[0])
    with (folder / "clips.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if row["flag"] == "ok":
                yield Clip(folder / f"{row['clip']}.flac", "sung", row["clip"] in trained)


def spoken(shared: Path) -> Iterator[Clip]:
    """Yield the speakers; their side of the encoder's training is not told apart, all of them count as trained on."""
    for name in SPEAKERS:
        folder = shared / "data" / "voices" / name
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in SOUNDS:
                yield Clip(path, "spoken", trained_on=True)


def listeners() -> dict[str, Callable[[Path], int]]:
    """Return what counts the hits of a file, by name."""
    ears = open_ears("cpu")
    path_of_sound = open_live_path(replace(load_settings(), provider="cpu"))
    return {
        "considered": lambda path: len(hear_file(path, ears).hits),
        "live": lambda path: len(simulate(open_recording(path), path_of_sound, None).hits),
    }


def counted(clips: list[Clip]) -> list[Count]:
    """Return the counts of each system in each kind of clip."""
    counts: dict[tuple[str, str], tuple[float, int]] = {}
    systems = listeners()
    for clip in clips:
        minutes = open_recording(clip.path).duration_s / 60.0
        kinds = [clip.kind] if clip.trained_on else [clip.kind, f"{clip.kind}, never trained on"]
        for name, listen in systems.items():
            hits = listen(clip.path)
            for kind in kinds:
                before = counts.get((name, kind), (0.0, 0))
                counts[name, kind] = (before[0] + minutes, before[1] + hits)
    return [Count(name, kind, *numbers) for (name, kind), numbers in sorted(counts.items())]


def main() -> None:
    """Read the command line, listen, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--every", type=int, default=1, help="only every so manieth clip, to be quicker")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    clips = [clip for found in (list(sung(given.shared)), list(spoken(given.shared))) for clip in found[:: given.every]]
    counts = counted(clips)
    for count in counts:
        most = MOST[count.kind.split(",")[0]]
        verdict = "" if count.a_minute <= most else f"  over the {most:.0f} that are borne"
        print(
            f"{count.system:10} {count.kind:24} {count.minutes:5.1f} min  {count.hits:4d} hits"
            f"  {count.a_minute:5.2f} a minute{verdict}"
        )
    if given.json:
        given.json.write_text(json.dumps([asdict(count) for count in counts], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
