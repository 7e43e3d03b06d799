"""How genres are played: `python -m training.context.fit_feel --shared SHARED/data` writes `phrase/feel.npz`.

In: gmd's drum takes of the training split (official), played to a click by humans, and the melodies of pop909, whose
velocities are a pianist's. Out: for each genre, drum and twelfth of a beat in a 4/4 bar, how late it is played
against the mean of its take, in quarter notes, and how loud against that mean; for sung notes the loudness of pop909.
Means are shrunk to those of all genres, these to those of the place in the beat. Printed: how much of the variance of
the validation split they explain; in brackets, with the genre left out. Genres with fewer than FEWEST_BARS bars get no
entry: nothing is known of them.
"""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.context.data_context import genre_of
from training.context.scores import Floats, Score, read_scores
from vocalmidi.phrase.feel import FILE, PLACES, PLACES_QN
from vocalmidi.values import HIT_LABELS

HELD = 30.0
"""Strokes that the mean of a drum and place is held to that of its place in the beat with."""
HELD_GENRE = 1000.0
"""And a genre's to that of all: of 30, 100, 300, 1000, 3000 the best on the validation split."""
FEWEST_BARS = 100
"""Of a genre: fewer are one drummer's habit."""
BARS = 8
BAR_QN = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Strokes of many takes, (n,) each: genre and drum as indices, place in the bar, lateness (QN) and loudness."""

    genre: Floats
    drum: Floats
    place: Floats
    late_qn: Floats
    loud: Floats


def strokes(scores: Iterable[Score], genres: tuple[str, ...]) -> Strokes:
    """Return the strokes of takes in 4/4, against the mean of each take."""
    rows = list[Floats]()
    for score in scores:
        name = genre_of(score)
        if score.meter.bar_qn != BAR_QN or name not in genres:
            continue
        many = len(score.place_qn)
        rows.append(
            np.stack(
                [
                    np.full(many, genres.index(name)),
                    np.round(score.pitch_midi) if score.drums else np.full(many, len(HIT_LABELS)),
                    np.round(score.place_qn / PLACES_QN) % PLACES,
                    score.beside_qn - score.beside_qn.mean(),
                    score.velocity / score.velocity.mean(),
                ]
            )
        )
    return Strokes(*np.concatenate(rows, axis=1))


def fitted(found: Strokes, value: Floats, genres: int) -> Floats:
    """Return the shrunk means, (genres, drums, PLACES)."""
    drums = len(HIT_LABELS) + 1
    beat = PLACES // 4
    parent = np.full(beat, value.mean())
    parent = _means(found.place % beat, value, parent, HELD)
    of_drum = np.stack([np.tile(parent, 4)] * drums)
    of_drum = _means(found.drum * PLACES + found.place, value, of_drum.ravel(), HELD).reshape(drums, PLACES)
    every = np.stack([of_drum] * genres).ravel()
    cell = (found.genre * drums + found.drum) * PLACES + found.place
    return _means(cell, value, every, HELD_GENRE).reshape(genres, drums, PLACES)


def _means(cell: Floats, value: Floats, parent: Floats, held: float) -> Floats:
    index = cell.astype(np.intp)
    count, total = np.bincount(index, minlength=len(parent)), np.bincount(index, value, len(parent))
    return np.asarray((total + held * parent) / (count + held), np.float64)


def explained(found: Strokes, value: Floats, table: Floats) -> float:
    """Return the share of the variance that a table tells."""
    guess = table[found.genre.astype(int), found.drum.astype(int), found.place.astype(int)]
    return float(1.0 - np.mean((value - guess) ** 2) / np.var(value))


def known_genres(scores: list[Score]) -> tuple[str, ...]:
    """Return the genres with bars enough."""
    bars: dict[str, int] = {}
    for score in scores:
        name = genre_of(score)
        if name:
            bars[name] = bars.get(name, 0) + int(score.place_qn[-1] / BAR_QN) + 1
    return tuple(sorted(name for name, many in bars.items() if many >= FEWEST_BARS))


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds symbolic/")
    parser.add_argument("--out", type=Path, default=Path("daemon/vocalmidi/phrase") / FILE)
    given = parser.parse_args()

    def read(name: str, split: str) -> Iterator[Score]:
        return read_scores(given.shared / "symbolic", name, split, BARS)

    drums = list(read("gmd", "train"))
    genres = known_genres(drums)
    taken, checked = strokes(drums, genres), strokes(read("gmd", "valid"), genres)
    late, loud = (fitted(taken, value, len(genres)) for value in (taken.late_qn, taken.loud))
    print(f"{len(taken.place)} strokes of {', '.join(genres)}; of the variance of {len(checked.place)} others:")
    for name, value, mine, table in (
        ("lateness", checked.late_qn, taken.late_qn, late),
        ("loudness", checked.loud, taken.loud, loud),
    ):
        plain = np.stack([fitted(Strokes(taken.genre * 0, *_rest(taken)), mine, 1)[0]] * len(genres))
        print(f"  {name} {explained(checked, value, table):.3f} ({explained(checked, value, plain):.3f})")
    sung, sung_checked = (strokes(read("pop909", split), ("pop",)) for split in ("train", "valid"))
    melody = fitted(sung, sung.loud, 1)
    print(f"  loudness of melodies {explained(sung_checked, sung_checked.loud, melody):.3f}")
    loud[:, -1] = melody[0, -1]
    # Nobody's melodies are timed: they go with whoever keeps the time.
    hats = [index for index, label in enumerate(HIT_LABELS) if label.startswith("hihat")]
    late[:, -1] = late[:, hats].mean(axis=1)
    np.savez_compressed(
        given.out, genres=np.array(genres), late_qn=late.astype(np.float32), loud=loud.astype(np.float32)
    )
    print(f"{given.out}: written")


def _rest(found: Strokes) -> tuple[Floats, Floats, Floats, Floats]:
    return found.drum, found.place, found.late_qn, found.loud


if __name__ == "__main__":
    main()
