"""Fit how a note's features tell its instrument: `python -m training.timbre.fit_instruments --out FILE [--check]`.

Takes imitations of `data_instruments.py`, heard as the product hears a recording (voice model, timbre encoder, notes),
and real singing of the training part of SSVD and of makam, which is lead: whoever sings a tune shall keep his melody.
Writes `vocalmidi.events.instrument_weights`, and prints how many notes and phrases are right at singers never heard,
and how often real singing that was not fitted would be routed elsewhere.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import torch
from torch.nn import functional

from training.timbre.data_instruments import ensemble, imitation
from training.voice.data_sources import speakers
from training.voice.data_ssvd import split
from training.voice.export_onnx import session
from vocalmidi.events import transcribe
from vocalmidi.events.instrument import chosen_of, note_features, shares_of
from vocalmidi.frames.considered import analyse
from vocalmidi.inference import Model, open_model, read_card
from vocalmidi.units import SampleIndex
from vocalmidi.values import INSTRUMENTS, AudioBlock, Events, Frames

Floats = npt.NDArray[np.float64]
LEAD = INSTRUMENTS.index("lead")
DECAY = 0.02
"""Of the weights: fifty numbers from some thousand notes."""
STEPS = 600
REAL = 3.0
"""Weight of a real take against an imitation: to lose a melody is worse than to miss an imitation."""
LONGEST_S = 25
"""Of a real recording."""


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """What one recording gave: the features of its notes, which instrument it is, whether people sang it."""

    features: Floats
    instrument: int
    real: bool


def heard(audio: npt.NDArray[np.float32], rate_hz: int, voice: Model, encoder: Model) -> tuple[Frames, Events]:
    """Return the frames of a recording and the notes in them."""
    frames = analyse([AudioBlock(SampleIndex(0), rate_hz, audio)], voice, timbre=encoder)
    return frames, transcribe(frames)


def phrase_of(
    audio: npt.NDArray[np.float32], rate_hz: int, models: tuple[Model, Model], about: tuple[int, bool]
) -> Phrase:
    """Return what the product hears of one recording."""
    frames, events = heard(audio, rate_hz, *models)
    return Phrase(note_features(events.notes, frames.strikes, frames), *about)


def imitations(shared: Path, cache: Path, side: str, count: int) -> list[tuple[npt.NDArray[np.float32], int]]:
    """Return so many imitations of each instrument."""
    singers, rng = ensemble(shared, cache, side), np.random.default_rng([7, side == "valid"])
    return [
        (one.audio, k) for _ in range(count) for k in range(len(INSTRUMENTS)) for one in [imitation(singers, k, rng)]
    ]


def singing(shared: Path, side: str) -> list[Path]:
    """Return recordings of real singing of one side."""
    folder = shared / "vocal" / "ssvd2"
    clips = [folder / f"{name}.flac" for name in split(folder)[side == "valid"]]
    makam = [s for s in speakers(shared / "voices") if s.source.folder == "makam" and s.side == side]
    return clips + [path for speaker in makam for path in speaker.files[:2]]


def fit(phrases: list[Phrase]) -> tuple[Floats, Floats, Floats, Floats]:
    """Return weights (5, n), bias (5,), means and spreads (n,) of a regression in which every phrase counts alike."""
    features = np.concatenate([p.features for p in phrases])
    labels = torch.from_numpy(np.concatenate([np.full(len(p.features), p.instrument) for p in phrases]))
    share = np.concatenate(
        [np.full(len(p.features), (REAL if p.real else 1.0) / max(1, len(p.features))) for p in phrases]
    )
    means, spreads = features.mean(axis=0), features.std(axis=0) + 1e-6
    shown = torch.from_numpy((features - means) / spreads).float()
    weight = torch.from_numpy(share / share.sum()).float()
    torch.manual_seed(0)
    regression = torch.nn.Linear(features.shape[1], len(INSTRUMENTS))
    optimiser = torch.optim.Adam(regression.parameters(), 0.03)
    for _ in range(STEPS):
        each = functional.cross_entropy(regression(shown), labels, reduction="none")
        loss = (each * weight).sum() + DECAY * regression.weight.pow(2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return regression.weight.detach().double().numpy(), regression.bias.detach().double().numpy(), means, spreads


def written(weights: Floats, bias: Floats, means: Floats, spreads: Floats) -> str:
    """Return the numbers as a module."""
    rows = ["    [" + ", ".join(f"{value:.3f}" for value in row) + "]," for row in weights]

    def line(name: str, values: Floats) -> str:
        return f"{name} = np.array([{', '.join(f'{value:.3f}' for value in values)}])"

    return "\n".join(
        [
            '"""How a note\'s features tell its instrument: written by `python -m training.timbre.fit_instruments`."""',
            "",
            "import numpy as np",
            "",
            line("MEANS", means),
            line("SPREADS", spreads),
            "WEIGHTS = np.array([",
            *rows,
            "])  # fmt: skip",
            '"""(INSTRUMENTS, features of `instrument.note_features`)."""',
            line("BIAS", bias),
            "",
        ]
    )


def report(phrases: list[Phrase]) -> str:
    """Return how many notes and phrases are right by the numbers in the package, and what real singing is."""
    lines, notes, table = [], [], np.zeros((len(INSTRUMENTS), len(INSTRUMENTS)), int)
    for phrase in (p for p in phrases if not p.real and len(p.features)):
        shares = np.stack([shares_of(row) for row in phrase.features])
        notes += (shares.argmax(axis=1) == phrase.instrument).tolist()
        table[phrase.instrument, INSTRUMENTS.index(chosen_of(shares, np.ones(len(shares))).instrument)] += 1
    lines.append(
        f"imitations: {np.mean(notes):.3f} of {len(notes)} notes, {np.trace(table) / table.sum():.3f} of phrases"
    )
    lines += [f"  {name:6} " + " ".join(f"{n:4d}" for n in row) for name, row in zip(INSTRUMENTS, table, strict=True)]
    real = [p for p in phrases if p.real and len(p.features)]
    choices = [chosen_of(np.stack([shares_of(row) for row in p.features]), np.ones(len(p.features))) for p in real]
    others = [f"{c.instrument} {c.share:.2f}" for c in choices if c.instrument != "lead"]
    lines.append(
        f"real singing: {len(choices) - len(others)} of {len(choices)} lead; others: {', '.join(others) or 'none'}"
    )
    return "\n".join(lines)


def main() -> None:
    """Read the command line, hear, fit, write, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path("out/vowels"))
    parser.add_argument("--out", type=Path, default=Path("daemon/vocalmidi/events/instrument_weights.py"))
    parser.add_argument("--count", type=int, default=40, help="imitations of each instrument to fit")
    parser.add_argument("--valid", type=int, default=20, help="and to measure with")
    parser.add_argument("--encoder", type=Path, help="an ONNX file that is not in the package yet")
    parser.add_argument("--only-measure", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(1)
    encoder = Model(read_card("timbre"), session(given.encoder)) if given.encoder else open_model("timbre", "cpu")
    models = open_model("voice_considered", "cpu"), encoder

    def phrases(side: str, count: int) -> list[Phrase]:
        made = [
            phrase_of(audio, 16_000, models, (k, False))
            for audio, k in imitations(given.shared, given.cache, side, count)
        ]
        for path in singing(given.shared, side):
            audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
            made.append(phrase_of(audio.mean(axis=1)[: LONGEST_S * rate], rate, models, (LEAD, True)))
        return made

    if not given.only_measure:
        given.out.write_text(written(*fit(phrases("train", given.count))), encoding="utf-8")
    print(report(phrases("valid", given.valid)))


if __name__ == "__main__":
    main()
