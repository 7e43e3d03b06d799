"""How often a sound that nobody taught is left without a name, and a taught one keeps its own.

    python -m benchmarks.rejection [--users 24] [--json OUT.json]

In: computed mouths of `training.timbre.data_mouth` that trained nothing (another seed). Each user teaches a kick, a
snare and a hat by 8 plays, as `vocalmidi profile learn` would, then plays each 6 times more, and five other sounds
(claps, clicks, kisses, pops ...) as often. Out: the share of taught sounds that keep their name, and of the others that
are called `other`. These are sounds that differ; what resembles a kick, a mouth's other kick, is `few_shot`'s matter.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from training.timbre.data_mouth import Made, made
from training.timbre.sounds import HAT_CLOSED, KICK, OTHER, SNARE

from vocalmidi.app.ears import open_ears
from vocalmidi.app.profile import hear_sounds
from vocalmidi.inference import Model
from vocalmidi.profile import AGES_S, HeardSound, Recogniser, VoiceProfile, learn
from vocalmidi.units import SampleIndex
from vocalmidi.values import HIT_LABELS, INSTRUMENTS, AudioBlock, HitLabel, Strike

RATE_HZ = 16_000
SEED, MOUTHS = 99, 900
"""Training draws from seed 1."""
KIT = {"kick": KICK, "snare": SNARE, "hihat_closed": HAT_CLOSED}
TAUGHT, ASKED, STRANGERS = 8, 6, 5
APART_S, NEAR_S = 0.45, 0.03


@dataclass(frozen=True, slots=True)
class Answers:
    """How many plays of taught sounds and of others were heard, and of how many the answer was right."""

    taught: int
    named: int
    strangers: int
    rejected: int


def take(sound: Made, plays: int, rng: np.random.Generator) -> tuple[np.ndarray, list[float]]:
    """Return plays of a sound, as loud as they come, over a little noise; and when each begins, in seconds."""
    audio = 1e-3 * rng.standard_normal(int(RATE_HZ * (0.5 + APART_S * plays)))
    onsets_s = [0.3 + APART_S * number for number in range(plays)]
    for onset_s in onsets_s:
        heard = sound.play(rng)
        own = heard.audio[: heard.onset + int(0.9 * APART_S * RATE_HZ)] * 10.0 ** (rng.uniform(-12.0, -4.0) / 20.0)
        first = round(onset_s * RATE_HZ) - heard.onset
        own = own[max(0, -first) :]
        audio[max(0, first) : max(0, first) + len(own)] += own
    return audio.astype(np.float32), onsets_s


def heard_plays(sound: Made, plays: int, rng: np.random.Generator, timbre: Model) -> list[HeardSound]:
    """Return what is heard of each play, where it is heard."""
    audio, onsets_s = take(sound, plays, rng)
    found = hear_sounds([AudioBlock(SampleIndex(0), RATE_HZ, audio)], timbre)
    near = [[one for one in found if abs(one.onset_s - onset_s) < NEAR_S] for onset_s in onsets_s]
    return [one[0] for one in near if one]


def label_of(sound: HeardSound, number: int, profile: VoiceProfile) -> HitLabel:
    """Return what a profile takes a sound for, heard whole."""
    strikes = [strike_at(sound, age, number) for age in range(len(AGES_S))]
    recogniser = Recogniser(profile)
    known = [recogniser.known(strike) for strike in strikes][-1]
    return HIT_LABELS[int(known.label_share.argmax())]


def strike_at(sound: HeardSound, age: int, number: int) -> Strike:
    """Return a heard sound as a strike of an age."""
    said, instruments = sound.example, np.full(len(INSTRUMENTS), 1.0 / len(INSTRUMENTS), np.float32)
    onset = SampleIndex(number)
    return Strike(
        onset, said.label_share[age], float(said.hit_share[age]), said.embedding[age], instruments,
        said.spectrum[age], sound.level_db, 20.0, AGES_S[age], onset,
    )  # fmt: skip


def answers_of(user: int, pool: dict[int, list[Made]], timbre: Model) -> Answers:
    """Return how one user's sounds are answered."""
    rng = np.random.default_rng(user)
    kit = {name: pool[label][int(rng.integers(len(pool[label])))] for name, label in KIT.items()}
    others = [pool[OTHER][number] for number in rng.choice(len(pool[OTHER]), STRANGERS, replace=False).tolist()]
    profile = VoiceProfile(timbre.card.sha256)
    for name, sound in kit.items():
        profile = learn(profile, name, None, heard_plays(sound, TAUGHT, rng, timbre)).profile
    named = [
        label_of(play, 0, profile).value == name
        for name, sound in kit.items()
        for play in heard_plays(sound, ASKED, rng, timbre)
    ]
    rejected = [
        label_of(play, 0, profile) is HitLabel.OTHER
        for sound in others
        for play in heard_plays(sound, ASKED, rng, timbre)
    ]
    return Answers(len(named), sum(named), len(rejected), sum(rejected))


def total(answers: Sequence[Answers]) -> Answers:
    """Return the sums."""
    return Answers(*(sum(column) for column in zip(*(asdict(each).values() for each in answers), strict=True)))


def main() -> None:
    """Teach, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=24)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    timbre = open_ears("cpu").timbre
    mouths = [made(number, SEED) for number in range(MOUTHS)]
    pool = {label: [one for one in mouths if one.labels == {label}] for label in (*KIT.values(), OTHER)}
    found = total([answers_of(user, pool, timbre) for user in range(given.users)])
    print(f"taught sounds that keep their name: {found.named} of {found.taught} ({found.named / found.taught:.3f})")
    print(f"others left without one: {found.rejected} of {found.strangers} ({found.rejected / found.strangers:.3f})")
    if given.json:
        given.json.write_text(json.dumps(asdict(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
