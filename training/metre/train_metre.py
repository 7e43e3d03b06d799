"""Teach the metre network and write `metre.npz`: which tempo, metre and bar line a sung or beatboxed phrase has.

    python -m training.metre.train_metre [--shared ../shared] [--out daemon/vocalmidi/phrase/metre.npz]

In: the training splits of pop909, openewld, essen, openscore_lieder, ryans_mammoth, bach_chorales and gmd, performed by
`training.context.performances`. Out: the tables of `count_rhythms.py` and the network's weights. The loss is that of
one softmax over every reading, metre and bar line of a phrase; phrases whose right reading was not found teach nothing.
A quarter of an hour on one core, 1 GB; afterwards `benchmarks/tempo_accuracy.py` should say what docs/TEMPO.md says.
"""

import argparse
import hashlib
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import cycle, islice, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from training.context.performances import LIVELY, PLAIN, Manner
from training.context.scores import Score, read_scores
from training.metre.count_rhythms import count_rhythms
from training.metre.data_metre import Example, cropped, examples, looped
from vocalmidi.phrase.metre import GLOBALS, METRES, OUTPUTS, place_index, whole_row
from vocalmidi.phrase.metre_input import FEATURES, metre_rows
from vocalmidi.phrase.rhythms import Rhythms

ROOT = Path(__file__).resolve().parents[2]
PHASES = max(form.phases for form in METRES)
LONGEST_BARS = 16
LOOPED_SHARE, LOOP_BARS = 0.2, (1, 2, 4)
"""Of the phrases are loops: what a groove box's user sings, and hardly any song of the sets is."""
SLOTS = 3
"""Metres of one division at most: lines of bar lines that a reading has."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every number of a training run."""

    phrases: tuple[tuple[str, int], ...] = (
        ("pop909", 2400),  # songs first, as in count_rhythms
        ("openewld", 1200),  # each one and a half times
        ("essen", 2000),
        ("openscore_lieder", 700),
        ("ryans_mammoth", 400),
        ("bach_chorales", 150),
        ("gmd", 1400),
    )
    readings: int = 5  # of a phrase; the right one is hardly ever beyond
    hidden: tuple[int, ...] = (48, 32)  # larger ones learn the songs by heart
    dropout: float = 0.25
    epochs: int = 12  # the loss on the validation split is flat from the tenth on
    batch: int = 32  # phrases
    rate: float = 4e-3
    decay: float = 1e-3
    seed: int = 5


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """Phrases as arrays: rows of moments; readings with their moments, bar lines, and the phrase they belong to.

    rows: (moments, FEATURES) float16. columns: (moments, SLOTS, PHASES) of the network's output, OUTPUTS for none.
    first: (readings + 1,) where each reading's moments begin. phrase: (readings,).
    whole: (readings, SLOTS, GLOBALS). right: (readings, SLOTS, PHASES) bool. possible: (readings, SLOTS, PHASES) bool.
    """

    rows: npt.NDArray[np.float16]
    columns: npt.NDArray[np.int8]
    first: npt.NDArray[np.int64]
    phrase: npt.NDArray[np.int64]
    whole: npt.NDArray[np.float32]
    right: npt.NDArray[np.bool_]
    possible: npt.NDArray[np.bool_]


def gather(found: Iterator[Example], readings: int) -> Phrases:
    """Return examples as arrays, without those that hold no right reading."""
    rows, columns, phrase = list[npt.NDArray[np.float16]](), list[npt.NDArray[np.int8]](), list[int]()
    whole, right, possible = (
        list[npt.NDArray[np.float32]](),
        list[npt.NDArray[np.bool_]](),
        list[npt.NDArray[np.bool_]](),
    )
    for number, example in enumerate(each for each in found if any(each.right[:readings])):
        for track, truth in list(zip(example.readings, example.right, strict=True))[:readings]:
            forms = [form for form in METRES if form.division == track.division]
            column = np.full((len(track.ticks), SLOTS, PHASES), OUTPUTS, np.int8)
            table = np.zeros((SLOTS, GLOBALS), np.float32)
            marks, there = np.zeros((SLOTS, PHASES), bool), np.zeros((SLOTS, PHASES), bool)
            for slot, form in enumerate(forms):
                column[:, slot, : form.phases] = place_index(track.ticks, form)
                table[slot] = whole_row(track, form)
                there[slot, : form.phases] = True
                if form in truth:
                    marks[slot, truth[form]] = True
            rows.append(metre_rows(example.moments, track.ticks, track.division).astype(np.float16))
            columns.append(column)
            phrase.append(number)
            whole.append(table)
            right.append(marks)
            possible.append(there)
    first = np.concatenate([[0], np.cumsum([len(each) for each in rows])])
    return Phrases(
        np.concatenate(rows),
        np.concatenate(columns),
        first,
        np.array(phrase),
        np.stack(whole),
        np.stack(right),
        np.stack(possible),
    )


class MetreModel(nn.Module):
    """The network of `phrase/metre.py`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        widths = (FEATURES, *settings.hidden, OUTPUTS)
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))
        self.dropout = nn.Dropout(settings.dropout)
        self.whole = nn.Linear(GLOBALS, 1, bias=False)
        nn.init.zeros_(self.whole.weight)
        nn.init.normal_(self.layers[-1].weight, std=0.01)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return (moments, OUTPUTS + 1); the last column is 0, for places that a metre doesn't have."""
        for layer in self.layers[:-1]:
            rows = self.dropout(torch.relu(layer(rows)))
        return nn.functional.pad(self.layers[-1](rows), (0, 1))


def losses(model: MetreModel, phrases: Phrases, chosen: npt.NDArray[np.int64]) -> torch.Tensor:
    """Return the loss of each of the chosen phrases."""
    readings = np.flatnonzero(np.isin(phrases.phrase, chosen))
    spans = [np.arange(phrases.first[each], phrases.first[each + 1]) for each in readings]
    moments = np.concatenate(spans)
    owner = torch.from_numpy(np.repeat(np.arange(len(readings)), [len(span) for span in spans]))
    placed = model(torch.from_numpy(phrases.rows[moments].astype(np.float32)))
    columns = torch.from_numpy(phrases.columns[moments].astype(np.int64)).flatten(1)
    score = torch.zeros(len(readings), SLOTS * PHASES).index_add(0, owner, placed.gather(1, columns))
    lengths = torch.from_numpy(np.diff(phrases.first)[readings]).to(score.dtype)
    score = (score / lengths.sqrt()[:, None]).view(-1, SLOTS, PHASES) + model.whole(
        torch.from_numpy(phrases.whole[readings])
    )
    score = score.masked_fill(~torch.from_numpy(phrases.possible[readings]), -1e9).flatten(1)
    right = score.masked_fill(~torch.from_numpy(phrases.right[readings]).flatten(1), -1e9)
    # Readings of one phrase lie together: padded to the same number, they are one softmax.
    _, counts = np.unique(phrases.phrase[readings], return_counts=True)
    split = counts.tolist()
    pad = nn.utils.rnn.pad_sequence
    every = pad(score.split(split), batch_first=True, padding_value=-1e9).flatten(1).logsumexp(1)
    true = pad(right.split(split), batch_first=True, padding_value=-1e9).flatten(1).logsumexp(1)
    return every - true


def train(phrases: Phrases, watched: Phrases, settings: Settings) -> MetreModel:
    """Return a trained model; says the losses of each epoch."""
    torch.manual_seed(settings.seed)
    model, rng = MetreModel(settings), np.random.default_rng(settings.seed)
    optimiser = torch.optim.AdamW(model.parameters(), settings.rate, weight_decay=settings.decay)
    count = int(phrases.phrase.max()) + 1
    steps = settings.epochs * (1 + (count - 1) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, total_steps=steps)
    for epoch in range(settings.epochs):
        model.train()
        total, order = 0.0, rng.permutation(count)
        for start in range(0, count, settings.batch):
            loss = losses(model, phrases, order[start : start + settings.batch]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * min(settings.batch, count - start)
        model.eval()
        with torch.no_grad():
            seen = float(losses(model, watched, np.arange(int(watched.phrase.max()) + 1)).mean())
        print(f"epoch {epoch + 1}: loss {total / count:.3f}, validation {seen:.3f}", flush=True)
    return model


def performed(symbolic: Path, split: str, share: float, settings: Settings, tables: Rhythms) -> Iterator[Example]:
    """Yield examples of all sets, of all lengths, timed more or less well."""
    for name, most in settings.phrases:
        chance, rng = random.Random(f"{name} {split}"), np.random.default_rng(settings.seed)  # noqa: S311 - repeatable
        scores = list(read_scores(symbolic, name, split, bars=LONGEST_BARS))
        chance.shuffle(scores)
        for number, score in enumerate(islice(cycle(scores), round(most * share))):
            yield from examples([_phrase(score, rng)], _manner(number, rng), rng, tables)


def _phrase(score: Score, rng: np.random.Generator) -> Score:
    """Return the beginning of a score, or now and then a few bars of it again and again."""
    if rng.random() < LOOPED_SHARE:
        loop = looped(score, int(rng.choice(LOOP_BARS)), rng)
        if loop is not None:
            return loop
    return cropped(score, rng)


def _manner(number: int, rng: np.random.Generator) -> Manner:
    """Return a singer: every third as in the figures, the others better, steadier or livelier."""
    if number % 3 == 0:
        return PLAIN
    base = LIVELY if number % 3 == 1 else PLAIN
    return replace(base, jitter_s=rng.uniform(0.008, 0.035), drift=rng.uniform(0.0, 0.05))


def save(path: Path, tables: Rhythms, model: MetreModel) -> None:
    """Write tables and weights; half precision moves no score by more than a hundredth."""
    arrays = {f"weight{n}": layer.weight.T for n, layer in enumerate(model.layers)}
    arrays |= {f"bias{n}": layer.bias for n, layer in enumerate(model.layers)}
    arrays["whole"] = model.whole.weight[0]
    stored = {name: array.detach().numpy().astype(np.float16) for name, array in arrays.items()}
    kept = {"first": tables.first, "notes": tables.notes, "hits": tables.hits}
    np.savez_compressed(path, **stored, **{name: table.astype(np.float16) for name, table in kept.items()})


def main() -> None:
    """Make phrases, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=ROOT / "daemon/vocalmidi/phrase/metre.npz")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    settings, symbolic = Settings(), arguments.shared / "data/symbolic"
    tables = count_rhythms(symbolic)
    phrases = gather(performed(symbolic, "train", 1.0, settings, tables), settings.readings)
    watched = gather(performed(symbolic, "valid", 0.1, settings, tables), settings.readings)
    print(f"{phrases.phrase.max() + 1} phrases, {len(phrases.rows)} rows", flush=True)
    save(arguments.out, tables, train(phrases, watched, settings))
    print(asdict(settings), hashlib.sha256(arguments.out.read_bytes()).hexdigest()[:12])


if __name__ == "__main__":
    main()
