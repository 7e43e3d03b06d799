"""Score a model: `python -m training.voice.evaluate --model CKPT [--tune] [--sets ...]`.

Sets: those of `evaluation_sets.py`. Prints mir_eval's COn, COnP, COnPOff at 50 ms, COnP at 100 ms, and for exact truth
raw pitch accuracy and voicing false alarms (voiced: probability at least VOICED), each by condition.
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
from training.voice.evaluation_sets import clips_of
from training.voice.model_voice import Config
from training.voice.model_voice_live import LiveConfig, LiveModel, at_delay
from training.voice.scores import NoteScores, PitchScores, mean_scores, note_scores, pitch_scores
from training.voice.train_voice import model_of
from vocalmidi.events import ScoreSettings, TranscriptionSettings, transcribe
from vocalmidi.frames.features import (
    CONSIDERED,
    HOP,
    LIVE,
    RATE_HZ,
    FrameSpectra,
    followed_reference_db,
    phrase_levels,
    phrase_reference_db,
    picture,
)
from vocalmidi.frames.heads import DELAYS, F0_DELAY, Heads
from vocalmidi.frames.posteriors import read_heads
from vocalmidi.units import SampleIndex, Seconds
from vocalmidi.values import Frames

Floats = npt.NDArray[np.float32]
VOICED = 0.5
"""Probability from which a frame counts as voiced: even odds. The decoder weighs the probability itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A clip and what the model hears in it."""

    clip: Clip
    condition: str
    frames: Frames


def load(path: Path, delay: int) -> Callable[[Floats], Frames]:
    """Return a function from sound (n,) at 16 kHz to frames; `delay` says which heads of a live model."""
    held = torch.load(path, map_location="cpu")
    live = "layers" not in held["config"]
    model = model_of(LiveConfig(**held["config"]) if live else Config(**held["config"]))
    model.load_state_dict(held["mean"])
    model.eval()
    spectra = FrameSpectra(LIVE if live else CONSIDERED)

    def run(audio: Floats) -> Frames:
        levels = phrase_levels(audio, spectra)
        reference = followed_reference_db(levels.frames_db) if live else phrase_reference_db(levels.frames_db)
        shown = torch.from_numpy(picture(levels, reference))[None]
        with torch.no_grad():
            if not isinstance(model, LiveModel):
                return frames_of(np.asarray(model(shown)[0].numpy()), levels.frames_db)
            out = model(*model.from_nothing(shown))[0]
        heads = at_delay(out, DELAYS.index(delay))[0].numpy()
        block = Heads.F0.start
        early = np.concatenate([heads[delay:, :block], heads[-1:, :block].repeat(delay, axis=0)])
        pitch = np.concatenate([heads[F0_DELAY:, block:], heads[-1:, block:].repeat(F0_DELAY, axis=0)])
        return frames_of(np.concatenate([early, pitch], axis=1), levels.frames_db)

    return run


def frames_of(logits: Floats, level_db: Floats) -> Frames:
    """Return what (n, OUTPUTS) logits say, without hits: those are not judged here."""
    said = read_heads(logits)
    return Frames(
        SampleIndex(0),
        Seconds(HOP / RATE_HZ),
        RATE_HZ,
        said.f0_hz,
        said.voicing,
        level_db,
        said.onset,
        said.offset,
        said.active,
        said.candidate_midi,
        said.candidate_share,
        said.vowel,
    )


def found_in(frames: Frames, settings: ScoreSettings) -> npt.NDArray[np.float64]:
    """Return the notes that the product would write, (m, 3) onset_s, offset_s, pitch_midi."""
    notes = transcribe(frames, TranscriptionSettings(score=settings)).notes
    rows = [(note.onset / RATE_HZ, note.offset / RATE_HZ, note.pitch_midi) for note in notes]
    return np.array(rows, np.float64).reshape(-1, 3)


def mean_of(group: list[Heard], settings: ScoreSettings) -> NoteScores:
    """Return the mean scores over clips."""
    return mean_scores(note_scores(one.clip.notes.astype(np.float64), found_in(one.frames, settings)) for one in group)


def pitch_of(group: list[Heard]) -> PitchScores:
    """Return how right the pitch of the frames is."""
    heard = [(one.clip.f0_hz, one.frames.candidate_midi[:, 0], one.frames.voicing >= VOICED) for one in group]
    each = [pitch_scores(truth, pitch.astype(np.float64), voiced) for truth, pitch, voiced in heard]
    return sum(each, PitchScores())


def tune(heard: dict[str, list[Heard]], settings: ScoreSettings, rounds: int) -> ScoreSettings:
    """Return better decoder numbers: a random walk that keeps what improves the mean over sets."""

    def worth(s: ScoreSettings) -> float:
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
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    given = parser.parse_args()
    torch.set_num_threads(1)
    run, settings = load(given.model, given.delay), ScoreSettings(**given.settings)
    heard = {
        name: [Heard(clip, tags, run(clip.audio)) for clip, tags in clips_of(name, given.shared)[: given.most]]
        for name in given.sets
    }
    if given.tune:
        settings = tune(heard, settings, given.tune)
        print(json.dumps(asdict(settings)))
    lines = []
    for name, group in heard.items():
        shares = sorted({0.0, 0.5, 1.0, settings.syllable_share}) if not given.tune else (settings.syllable_share,)
        for share in shares:
            chosen = replace(settings, syllable_share=share)
            lines.append(report(f"{name} syllable_share {share}", group, chosen))
            conditions = sorted({one.condition for one in group})
            for condition in conditions if 1 < len(conditions) <= 24 else ():  # more is no table
                picked = [one for one in group if one.condition == condition]
                lines.append(report(f"  {name} {condition} syllable_share {share}", picked, chosen))
    if given.json:
        given.json.write_text(json.dumps(lines, indent=1) + "\n")


def report(name: str, group: list[Heard], settings: ScoreSettings) -> dict[str, str | float]:
    """Print and return one line of scores."""
    notes, pitch = mean_of(group, settings), pitch_of(group)
    print(f"{name} ({len(group)}): {notes} {pitch}", flush=True)
    frames = {"rpa": pitch.raw_pitch_accuracy, "false_alarms": pitch.false_alarms}
    return {"row": name.strip(), "clips": len(group), **asdict(notes), **frames}


if __name__ == "__main__":
    main()
