"""Average the weights of two trainings: `python -m training.voice.average_weights --first A --second B --out CKPT`.

The second must have begun from the first. What it has learnt too well of its crops, the first has not: the average
knows strangers better than either (model soups, Wortsman et al., ICML 2022). Leaves the second checkpoint with the
averaged running mean, which is what is exported and taught on, and the share that made it.
"""

import argparse
from pathlib import Path

import torch

SHARE = 0.6
"""Of the second."""


def average(first: Path, second: Path, share: float) -> dict[str, object]:
    """Return the second checkpoint with the averaged weights; raise ValueError where the two differ in size."""
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"share {share} of the second training is outside 0–1")
    before, after = (torch.load(path, map_location="cpu") for path in (first, second))
    if before["config"] != after["config"]:
        raise ValueError(f"{first} and {second} hold models of different sizes")
    mean = {name: before["mean"][name].lerp(weight, share) for name, weight in after["mean"].items()}
    return after | {"mean": mean, "averaged": {"recipe": before["recipe"], "steps": before["step"], "share": share}}


def main() -> None:
    """Read the command line and write the average."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=Path, required=True)
    parser.add_argument("--second", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=float, default=SHARE)
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(average(given.first, given.second, given.share), given.out)


if __name__ == "__main__":
    main()
