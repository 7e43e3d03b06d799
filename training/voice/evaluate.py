"""Score a model: `python -m training.voice.evaluate --model CKPT [--tune] [--sets ...]`.

Sets: those of `evaluation_sets.py`. Prints mir_eval's COn, COnP, COnPOff at 50 ms, COnP at 100 ms, and for exact truth
raw pitch accuracy and voicing false alarms (voiced: probability at least VOICED, as in the product), each by condition.
`--tune` looks for better decoder numbers on the sets given.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from training.voice.data_ssvd import Clip
from training.voice.decode import Posteriors, Settings, decode, frame_pitch_midi, posteriors
from training.voice.evaluation_sets import clips_of
from training.voice.model_voice import Config
from training.voice.model_voice_live import LiveConfig, LiveModel, at_delay
from training.voice.scores import NoteScores, PitchScores, mean_scores, note_scores, pitch_scores
from training.voice.train_voice import model_of
from vocalmidi.frames.features import (
    CONSIDERED,
    LIVE,
    FrameSpectra,
    followed_reference_db,
    phrase_levels,
    phrase_reference_db,
    picture,
)
from vocalmidi.frames.heads import DELAYS, F0_DELAY, Heads

Floats = npt.NDArray[np.float32]
VOICED = 0.5
"""Probability from which a frame counts as voiced: even odds, as in `vocalmidi.frames`."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A clip and what the model says of it."""

    clip: Clip
    condition: str
    heads: Posteriors


def load(path: Path, delay: int) -> Callable[[Floats], Floats]:
    """Return a function from sound (n,) to logits (frames, OUTPUTS); `delay` says which heads of a live model."""
    held = torch.load(path, map_location="cpu")
    live = "layers" not in held["config"]
    model = model_of(LiveConfig(**held["config"]) if live else Config(**held["config"]))
    model.load_state_dict(held["mean"])
    model.eval()
    spectra = FrameSpectra(LIVE if live else CONSIDERED)

    def run(audio: Floats) -> Floats:
        levels = phrase_levels(audio, spectra)
        reference = followed_reference_db(levels.frames_db) if live else phrase_reference_db(levels.frames_db)
        shown = torch.from_numpy(picture(levels, reference))[None]
        with torch.no_grad():
            if not isinstance(model, LiveModel):
                return np.asarray(model(shown)[0].numpy())
            out = model(*model.from_nothing(shown))[0]
        heads = at_delay(out, DELAYS.index(delay))[0].numpy()
        block = Heads.F0.start
        early = np.concatenate([heads[delay:, :block], heads[-1:, :block].repeat(delay, axis=0)])
        pitch = np.concatenate([heads[F0_DELAY:, block:], heads[-1:, block:].repeat(F0_DELAY, axis=0)])
        return np.concatenate([early, pitch], axis=1)

    return run


def found_in(one: Heard, settings: Settings) -> npt.NDArray[np.float64]:
    """Return the notes that the decoder finds, (m, 3) onset_s, offset_s, pitch_midi."""
    notes = decode(one.heads, settings)
    return np.column_stack([notes.intervals, notes.pitch_midi])


def mean_of(group: list[Heard], settings: Settings) -> NoteScores:
    """Return the mean scores over clips."""
    return mean_scores(note_scores(one.clip.notes.astype(np.float64), found_in(one, settings)) for one in group)


def pitch_of(group: list[Heard]) -> PitchScores:
    """Return how right the pitch of the frames is, voiced as the product has it."""
    each = [pitch_scores(one.clip.f0_hz, frame_pitch_midi(one.heads), one.heads.voicing >= VOICED) for one in group]
    return sum(each, PitchScores())


def tune(heard: dict[str, list[Heard]], settings: Settings, rounds: int) -> Settings:
    """Return better decoder numbers: a random walk that keeps what improves the mean over sets."""

    def worth(s: Settings) -> float:
        total = 0.0
        for group in heard.values():
            mean = mean_of(group, s)
            total += mean.conp + mean.conpoff + 0.5 * mean.con + 0.5 * mean.conp100
        return total / len(heard)

    rng = np.random.default_rng(0)
    best = worth(settings)
    names = ("begin", "end", "inside", "skipped", "one_pitch", "bonus")
    for _ in range(rounds):
        name = names[rng.integers(len(names))]
        now = getattr(settings, name)
        tried = now + rng.normal() * 0.7 if name == "bonus" else now * float(np.exp(rng.normal() * 0.4))
        other = replace(settings, **{name: round(float(tried), 3)})
        value = worth(other)
        if value > best:
            best, settings = value, other
            print(f"{best:.4f} {name} {now} -> {getattr(other, name)}", flush=True)
    return settings


def main() -> None:
    """Read the command line, score each set, print a line for each condition."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sets", nargs="+", default=["ssvd"])
    parser.add_argument("--most", type=int, default=1000, help="clips a set at most")
    parser.add_argument("--tune", type=int, default=0, help="rounds")
    parser.add_argument("--delay", type=int, default=2, choices=DELAYS, help="frames, of a live model")
    parser.add_argument("--settings", type=json.loads, default={})
    given = parser.parse_args()
    torch.set_num_threads(1)
    run, settings = load(given.model, given.delay), Settings(**given.settings)
    heard = {
        name: [
            Heard(clip, tags, posteriors(run(clip.audio))) for clip, tags in clips_of(name, given.shared)[: given.most]
        ]
        for name in given.sets
    }
    if given.tune:
        settings = tune(heard, settings, given.tune)
        print(json.dumps(asdict(settings)))
    for name, group in heard.items():
        for share in (0.0, 0.5, 1.0) if not given.tune else (settings.label_share,):
            chosen = replace(settings, label_share=share)
            report(f"{name} label_share {share}", group, chosen)
            conditions = sorted({one.condition for one in group})
            for condition in conditions if 1 < len(conditions) <= 24 else ():  # more is no table
                report(f"  {condition}", [one for one in group if one.condition == condition], chosen)


def report(name: str, group: list[Heard], settings: Settings) -> None:
    """Print one line of scores."""
    print(f"{name} ({len(group)}): {mean_of(group, settings)} {pitch_of(group)}", flush=True)


if __name__ == "__main__":
    main()
