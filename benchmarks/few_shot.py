"""Teach a beatboxer's own sounds from the first seconds of each clip and score the rest with the project's referee.

In: beatboxset1 of the shared data (X.flac beside X.perc.csv) and the referee, `eval/score_voice.py`. Out: what was
taught of each clip, and the referee's line: F of onsets and of kick, snare, hi-hat within 25 ms, on what follows the
last example. The first `--examples` annotated hits of each class are taught as `vocalmidi profile learn` would teach
them (odd ones are left out; one clip is recorded far too loud, hence with --allow-clipped); then the clip is heard as
`vocalmidi transcribe` (or `simulate`) hears it.

    python benchmarks/few_shot.py                   # considered, 8 examples a class
    python benchmarks/few_shot.py --live
    python benchmarks/few_shot.py --default         # the same spans with the default triggers
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vocalmidi.app.ears import Ears, open_ears
from vocalmidi.app.profile import hear_sounds
from vocalmidi.app.report import Json, live_json, transcription_json
from vocalmidi.app.simulate import LivePath, open_live_path, simulate
from vocalmidi.capture import Recording, open_recording
from vocalmidi.config import load_settings
from vocalmidi.errors import ProfileError
from vocalmidi.profile import HeardSound, VoiceProfile, learn

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
REACH_S = 0.025
"""As far as the referee looks for a hit, an example may be from its annotation."""
CLASSES = {"kick": "kick", "snare": "snare", "hihat_closed": "hihat"}
"""Names taught, and how the annotation's names of each class begin; all hats are one class to the referee."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """One line of an annotation."""

    onset_s: float
    label: str


@dataclass(frozen=True, slots=True)
class Ear:
    """What hears: considered, and the live path where that is scored."""

    ears: Ears
    live: LivePath | None

    def hear(self, recording: Recording, profile: VoiceProfile) -> Json:
        """Return what is heard in a recording as the command line would write it."""
        if self.live:
            return live_json(simulate(recording, replace(self.live, profile=profile), None))
        return transcription_json(replace(self.ears, profile=profile).hear(recording.blocks()))


def read_annotation(path: Path) -> list[Annotated]:
    """Return the lines of an annotation, in order."""
    with path.open(encoding="utf-8") as file:
        return [Annotated(float(row["onset_s"]), row["label"]) for row in csv.DictReader(file)]


def first_of_each(annotated: list[Annotated], count: int) -> dict[str, list[Annotated]]:
    """Return the first so many hits of each class by the name that they teach."""
    return {
        name: [each for each in annotated if each.label.startswith(begins)][:count] for name, begins in CLASSES.items()
    }


def teach(lessons: dict[str, list[Annotated]], sounds: list[HeardSound], encoder: str) -> tuple[VoiceProfile, str]:
    """Return the profile of what the lessons teach, and in words what came of each."""
    profile, words = VoiceProfile(encoder), list[str]()
    for name, examples in lessons.items():
        near = [min(sounds, key=lambda sound: abs(sound.onset_s - each.onset_s)) for each in examples]
        heard = [s for s, each in zip(near, examples, strict=True) if abs(s.onset_s - each.onset_s) <= REACH_S]
        try:
            lesson = learn(profile, name, None, heard, allow_clipped=True)
        except ProfileError as error:
            words.append(str(error))
            continue
        profile = lesson.profile
        words.append(f"{name} {len(lesson.taught.examples)} of {len(examples)}")
    return profile, ", ".join(words)


def referee(set_dir: Path, est_dir: Path) -> str:
    """Return what the referee prints."""
    command = [sys.executable, str(SHARED / "eval" / "score_voice.py"), str(set_dir), str(est_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.strip() or done.stdout.strip())
    return done.stdout.strip()


def write_rest(folder: Path, stem: str, annotated: list[Annotated], table: Json, after_s: float) -> None:
    """Write what follows a moment, annotated and heard, where the referee looks for it."""
    (folder / f"{stem}.flac").touch()
    rows = [f"{each.onset_s},{each.label}" for each in annotated if each.onset_s > after_s]
    (folder / f"{stem}.perc.csv").write_text("\n".join(["onset_s,label", *rows, ""]), encoding="utf-8")
    hits = [hit for hit in table["hits"] if hit["onset_s"] > after_s]
    (folder / f"{stem}.json").write_text(json.dumps({"notes": [], "hits": hits}), encoding="utf-8")


def main() -> None:
    """Read the command line, teach and score every clip."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=8, help="of each class, 3 to 10")
    parser.add_argument("--default", action="store_true", help="teach nothing, score the same spans")
    parser.add_argument("--live", action="store_true", help="score the live path instead")
    chosen = parser.parse_args()
    settings = replace(load_settings(), provider="cpu", voice_profile="none")
    live = open_live_path(settings) if chosen.live else None
    ear = Ear(open_ears("cpu"), live)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for clip in sorted((SHARED / "data" / "vocal" / "beatboxset1").glob("*.flac")):
            recording, annotated = open_recording(clip), read_annotation(clip.with_suffix(".perc.csv"))
            lessons = first_of_each(annotated, chosen.examples)
            after_s = float(np.max([each.onset_s for lesson in lessons.values() for each in lesson])) + 2 * REACH_S
            sounds = [] if chosen.default else hear_sounds(recording.blocks(), ear.ears.timbre)
            profile, words = teach({} if chosen.default else lessons, sounds, ear.ears.timbre.card.sha256)
            write_rest(folder, clip.stem, annotated, ear.hear(recording, profile), after_s)
            print(f"{clip.stem}: after {after_s:.1f} s; taught {words or 'nothing'}")
        print(referee(folder, folder))


if __name__ == "__main__":
    main()
