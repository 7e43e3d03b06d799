"""Fit the key profiles of `vocalmidi.phrase.key` and print them.

In: training splits of pop909 (MIT) and bach_chorales (public domain), cut as in `phrase_accuracy.py`; of each phrase
also a random beginning, so that the probabilities are honest for short takes too. Each set counts by the root of its
size. Out: 12 major and 12 minor weights on square roots of duration shares (semitones above the tonic), the bias of
minor, and the log-loss in nats. Method: logistic regression with the weights tied over the twelve transpositions,
maximum likelihood with a small L2 term, by L-BFGS (needs scipy, a development dependency).

    python benchmarks/fit_key_profiles.py
"""

import argparse
import os
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
from phrase_accuracy import Cut, cuts
from scipy.optimize import minimize

from vocalmidi.phrase.key import KeyEvidence, key_features

Array = npt.NDArray[np.float64]
SETS = {"pop909": 2000, "bach_chorales": 600}
L2 = 1e-4


def examples(shared: Path) -> tuple[Array, npt.NDArray[np.intp], Array]:
    """Return features (n, 12) counted from C, true keys (n,) as 0–23, and weights that sum to one."""
    rows, keys, weights = list[Array](), list[int](), list[float]()
    for name, most in SETS.items():
        chance = random.Random(0)  # noqa: S311 - repeatable choices, not secrets
        path = shared / "data" / "symbolic" / name / "data.jsonl.zst"
        chosen = [cut for cut in cuts(path, "train", most, chance) if cut.key]
        for cut in chosen:
            for count in (len(cut.notes), chance.randint(1, len(cut.notes))):
                rows.append(key_features(evidence(cut, count)))
                keys.append(cut.key[0] + 12 * (cut.key[1] == "minor"))
                weights.append(len(chosen) ** -0.5)
    return np.array(rows), np.array(keys), np.array(weights) / sum(weights)


def evidence(cut: Cut, count: int) -> KeyEvidence:
    """Return the first notes of a phrase."""
    return KeyEvidence(
        tuple(pitch for _, _, pitch in cut.notes[:count]), tuple(long for _, long, _ in cut.notes[:count])
    )


def loss_and_slope(
    parameters: Array, rotated: Array, keys: npt.NDArray[np.intp], weights: Array
) -> tuple[float, Array]:
    """Return the penalised log-loss and its gradient; rotated: (n, 12 tonics, 12 degrees)."""
    profiles, bias = parameters[:-1].reshape(2, 12), parameters[-1]
    score = np.concatenate([rotated @ profiles[0], rotated @ profiles[1] + bias], axis=1)
    share = np.exp(score - score.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    which = np.arange(len(keys))
    loss = -float(weights @ np.log(share[which, keys])) + L2 * float(parameters @ parameters)
    share[which, keys] -= 1.0
    share *= weights[:, np.newaxis]
    slopes = [np.einsum("nt,ntd->d", half, rotated) for half in (share[:, :12], share[:, 12:])]
    return loss, np.append(np.concatenate(slopes), share[:, 12:].sum()) + 2.0 * L2 * parameters


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = Path(__file__).resolve().parents[1].parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("VOCALMIDI_SHARED", beside)))
    rows, keys, weights = examples(parser.parse_args().shared)
    rotated = np.stack([np.roll(rows, -tonic, axis=1) for tonic in range(12)], axis=1)
    fit = minimize(loss_and_slope, np.zeros(25), (rotated, keys, weights), jac=True, method="L-BFGS-B")
    major, minor = fit.x[:12] - fit.x[:24].mean(), fit.x[12:24] - fit.x[:24].mean()
    print("MAJOR =", tuple(np.round(major, 2).tolist()))
    print("MINOR =", tuple(np.round(minor, 2).tolist()))
    print("MINOR_BIAS =", round(float(fit.x[24]), 2), " log-loss", round(fit.fun, 3))


if __name__ == "__main__":
    main()
