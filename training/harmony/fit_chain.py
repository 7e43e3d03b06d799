"""Count which chord follows which and what is sung over it: `python -m training.harmony.fit_chain --shared DATA`.

In: the training split of pop909 and openewld. Out: `daemon/vocalmidi/arrange/chord_chain.npz`, the `Chain` that
smooths and samples harmony and that is the baseline. Nothing is tuned here but what `chord_chain.LOUDNESS` says.
"""

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from training.harmony.data_harmony import HarmonySong, read_songs
from vocalmidi.arrange.chord_chain import Chain
from vocalmidi.arrange.chord_input import MINOR, NONE, PARTS

SETS = ("pop909", "openewld")
OUT = Path(__file__).resolve().parents[2] / "daemon/vocalmidi/arrange/chord_chain.npz"
SMOOTHING = 1.0
"""Added to every count: half bars."""
KEYED_SMOOTHING = 10.0
"""Half bars that what holds in any key counts as beside what was seen in a mode."""


def sung(song: HarmonySong) -> np.ndarray:
    """Return how much of each half bar every pitch class fills, (frames, 12)."""
    return song.features[:, : PARTS * 12].reshape(-1, PARTS, 12).mean(axis=1).astype(np.float64)


def fit(songs: Iterable[HarmonySong]) -> Chain:
    """Return what the songs do, each song counted whole."""
    tones, steps, silence = np.full((3, 12), SMOOTHING), np.full((2, 24), SMOOTHING), np.full((2, 2), SMOOTHING)
    # What no song of a mode does is taken from what they do in any key.
    keyed_tones, keyed_steps = np.zeros((2, 24, 12)), np.zeros((2, 24, 24))
    for song in songs:
        weights = sung(song)
        count_keyed(song, weights, keyed_tones, keyed_steps)
        for chord, row in zip(song.classes.tolist(), weights, strict=True):
            if chord == NONE:
                tones[2] += row.sum() / 12.0
            else:
                tones[chord // MINOR] += np.roll(row, -(chord % 12))
        for here, there in zip(song.classes[:-1].tolist(), song.classes[1:].tolist(), strict=True):
            silence[int(here == NONE), int(there == NONE)] += 1.0
            if NONE not in (here, there):
                steps[here // MINOR, (there // MINOR) * 12 + (there - here) % 12] += 1.0
    silence /= silence.sum(axis=1, keepdims=True)
    tones, steps = tones / tones.sum(axis=1, keepdims=True), steps / steps.sum(axis=1, keepdims=True)
    anywhere = np.stack([np.roll(tones[mode], root) for mode in (0, 1) for root in range(12)])
    onward = np.stack(
        [np.roll(steps[mode].reshape(2, 12), root, axis=1).ravel() for mode in (0, 1) for root in range(12)]
    )
    common = keyed_steps.sum(axis=1) + 1.0
    onward = onward * (common / common.sum(axis=1, keepdims=True))[:, None]
    onward /= onward.sum(axis=2, keepdims=True)
    keyed_tones, keyed_steps = keyed_tones + KEYED_SMOOTHING * anywhere, keyed_steps + KEYED_SMOOTHING * onward
    return Chain(
        np.log(tones),
        np.log(steps),
        np.log(np.array([silence[0, 1], silence[1, 1], silence[1, 0]])),
        np.log(keyed_tones / keyed_tones.sum(axis=2, keepdims=True)),
        np.log(keyed_steps / keyed_steps.sum(axis=2, keepdims=True)),
    )


def count_keyed(song: HarmonySong, weights: np.ndarray, tones: np.ndarray, steps: np.ndarray) -> None:
    """Add what a song does above its tonic."""
    if song.tune.tonic is None:
        return
    mode, tonic = int(song.tune.minor), song.tune.tonic
    above = np.where(song.classes == NONE, NONE, song.classes // 12 * 12 + (song.classes - tonic) % 12)
    for chord, row in zip(above.tolist(), np.roll(weights, -tonic, axis=1), strict=True):
        if chord != NONE:
            tones[mode, chord] += row
    for here, there in zip(above[:-1].tolist(), above[1:].tolist(), strict=True):
        if NONE not in (here, there):
            steps[mode, here, there] += 1.0


def main() -> None:
    """Read the command line, count and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds symbolic/")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    chain = fit(song for name in SETS for song in read_songs(given.shared / "symbolic", name, "train"))
    np.savez(given.out, **asdict(chain))
    print(f"{given.out}: written")


if __name__ == "__main__":
    main()
