"""Score a model: `python -m training.voice.evaluate --model CKPT [--tune] [--sets ...]`.

Sets: `ssvd` (development clips, never trained on; pitch truth measured on the recording), `ssvd-train`, any folder of
.npz in the synthetic form, and any of FLAC as `make_eval` writes them. Prints mir_eval's COn, COnP, COnPOff at 50 ms,
COnP at 100 ms, and for exact truth raw pitch accuracy and voicing false alarms, each by condition. `--tune` looks for
better decoder numbers on the sets given.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import mir_eval
import numpy as np
import numpy.typing as npt
import soundfile
import torch

from training.voice.data_batches import read_synthetic
from training.voice.data_ssvd import Clip, read_clip, split
from training.voice.decode import Notes, Posteriors, Settings, decode, frame_pitch_midi, posteriors
from training.voice.model_voice import Config
from training.voice.model_voice_live import LiveConfig, LiveModel, at_delay
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


def clips_of(name: str, shared: Path) -> list[tuple[Clip, str]]:
    """Return the clips of a set with their conditions."""
    folder = shared / "vocal" / "ssvd2"
    if name in ("ssvd", "ssvd-train"):
        return [(read_clip(folder, clip), "ssvd") for clip in split(folder)[name == "ssvd"]]
    if recordings := sorted(Path(name).glob("*.flac")):
        return [(read_recording(path), path.stem.rpartition("_")[2]) for path in recordings]
    found = []
    for path in sorted(Path(name).glob("*.npz")):
        with np.load(path) as held:
            tags = str(held["tags"]) if "tags" in held else ""
        found.append((read_synthetic(path), condition_of(tags)))
    return found


def read_recording(path: Path) -> Clip:
    """Return a FLAC with its `.notes.csv` and `.f0.npy` beside it, as `make_eval` writes them."""
    audio, _ = soundfile.read(path, dtype="float32")
    notes = np.loadtxt(path.with_suffix(".notes.csv"), delimiter=",", skiprows=1, ndmin=2, usecols=(0, 1, 2))
    f0_hz = np.load(path.with_suffix(".f0.npy")).astype(np.float32)
    return Clip(path.stem, audio, f0_hz, notes.astype(np.float32), None, labelled=False)


def condition_of(tags: str) -> str:
    """Return the table's row of a clip: its own condition where it names one, else by worst of room, noise, nothing."""
    words = dict(word.split("=", 1) for word in tags.split() if "=" in word)
    if "negative" in words or "condition" in words or not words:
        return words.get("condition", f"no notes: {words['negative']}" if "negative" in words else tags)
    hummed = "hummed " if words.get("manner") == "hum" else ""
    snr = float(words.get("snr", "99").removesuffix("dB"))
    noise = "below 15 dB" if snr < 15 else "below 30 dB" if snr < 30 else "quiet"  # rows of a table
    return f"{hummed}{'room, ' if 'room' in words else ''}{noise}"


def mean_scores(pairs: list[tuple[Clip, Notes]]) -> dict[str, float]:
    """Return the mean F1 over clips; a clip without notes counts 1 if none were found, else 0."""
    rows = [scores(clip.notes.astype(np.float64), notes) for clip, notes in pairs]
    return {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}


def scores(truth: npt.NDArray[np.float64], notes: Notes) -> dict[str, float]:
    """Return one clip's F1 by mir_eval."""
    wanted = {
        "COn": (0.05, None, False),
        "COnP": (0.05, None, True),
        "COnPOff": (0.05, 0.2, True),
        "COnP100": (0.1, None, True),
    }
    if not len(truth) or not len(notes.pitch_midi):
        return dict.fromkeys(wanted, float(len(truth) == len(notes.pitch_midi)))
    found = {}
    hz, guess_hz = (440.0 * 2.0 ** ((p - 69.0) / 12.0) for p in (truth[:, 2], notes.pitch_midi))
    for name, (tolerance, offset, pitched) in wanted.items():
        found[name] = mir_eval.transcription.precision_recall_f1_overlap(
            truth[:, :2],
            hz,
            notes.intervals,
            guess_hz,
            onset_tolerance=tolerance,
            pitch_tolerance=50.0 if pitched else 1e6,
            offset_ratio=offset,
        )[2]
    return found


def pitch_scores(heard: list[Heard]) -> tuple[float, float]:
    """Return raw pitch accuracy within 50 cents and voicing false alarms, over frames whose truth is known."""
    right = pitched = alarms = silent = 0
    for one in heard:
        n = min(len(one.clip.f0_hz), len(one.heads.voicing))
        f0_hz, voicing = one.clip.f0_hz[:n], one.heads.voicing[:n]
        sung = f0_hz > 0.0
        midi = 69.0 + 12.0 * np.log2(f0_hz[sung] / 440.0)
        right += int((np.abs(frame_pitch_midi(one.heads)[:n][sung] - midi) < 0.5).sum())
        pitched += int(sung.sum())
        alarms += int((voicing[f0_hz == 0.0] > 0.5).sum())
        silent += int((f0_hz == 0.0).sum())
    return right / max(1, pitched), alarms / max(1, silent)


def tune(heard: dict[str, list[Heard]], settings: Settings, rounds: int) -> Settings:
    """Return better decoder numbers: a random walk that keeps what improves the mean over sets."""

    def worth(s: Settings) -> float:
        total = 0.0
        for group in heard.values():
            mean = mean_scores([(one.clip, decode(one.heads, s)) for one in group])
            total += mean["COnP"] + mean["COnPOff"] + 0.5 * mean["COn"] + 0.5 * mean["COnP100"]
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
            notes = [(one.clip, decode(one.heads, chosen)) for one in group]
            report(f"{name} label_share {share}", group, notes)
            conditions = sorted({one.condition for one in group})
            for condition in conditions if 1 < len(conditions) <= 24 else ():  # more is no table
                picked = [k for k, one in enumerate(group) if one.condition == condition]
                report(f"  {condition}", [group[k] for k in picked], [notes[k] for k in picked])


def report(name: str, group: list[Heard], notes: list[tuple[Clip, Notes]]) -> None:
    """Print one line of scores."""
    means = " ".join(f"{key} {value:.3f}" for key, value in mean_scores(notes).items())
    accuracy, alarms = pitch_scores(group)
    print(f"{name} ({len(group)}): {means} RPA {accuracy:.3f} false alarms {alarms:.3f}", flush=True)


if __name__ == "__main__":
    main()
