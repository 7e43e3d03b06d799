"""Learning a sound from a few examples, or saying why it can't be learnt and what to do.

In: a profile, a name, a key, and the `HeardSound`s of a recording. Out: a `Lesson`: the profile with the sound in it,
and what was left out. An example unlike the others is left out and named; too few, clipped or all unlike is refused,
and so is a sound that can't be told from another one of the profile: one of the two would never be heard again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vocalmidi.errors import ProfileError
from vocalmidi.profile.hearing import HeardSound
from vocalmidi.profile.neighbourhood import apart_from_others, prototype
from vocalmidi.profile.voice_profile import AGES_S, DEFAULT_NAMES, Example, Taught, VoiceProfile
from vocalmidi.values import Floats, HitLabel

FEWEST_EXAMPLES, MOST_EXAMPLES = 3, 10
MOST_TAUGHT = 24
"""More are neither remembered by a player nor told apart by the encoder."""
OWN_KEYS = range(60, 82)
"""Keys for sounds of the user's own that name none: the General MIDI percussion above the drum kit."""
MOST_UNLIKE = 0.95
"""Median distance of an example from the prototype of the others at which they are no one sound; chance gives 1.2."""
OUTLIER = 1.8
"""An example this much further from the others than their median, and beyond `OUTLIER_LEAST`, is left out."""
OUTLIER_LEAST = 0.5
MOST_MISTAKEN = 0.3
"""Share of the examples of two sounds that may be nearer to the other sound than to their own."""
SAME = 0.8
"""Prototypes nearer than this to each other, in spreads of their examples, are one sound made on two occasions."""
_NAME = re.compile(r"[^\W\d_][\w-]{0,31}")
_SETTLED = len(AGES_S) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What was learnt.

    profile: with the sound in it.
    taught: the sound.
    left_out: what was not used and why, a sentence each.
    """

    profile: VoiceProfile
    taught: Taught
    left_out: tuple[str, ...]


def check_name(name: str) -> str:
    """Return a name as it is kept; raise ProfileError where it can't be one."""
    kept = name.strip().casefold()
    if kept in {"hihat", "hi-hat", "hat"}:
        raise ProfileError(f"name {name!r} may mean two sounds; teach hihat_closed or hihat_open")
    if kept == HitLabel.OTHER.value or not _NAME.fullmatch(kept):
        raise ProfileError(
            f"name {name[:40]!r} can't be taught; choose up to 32 letters, digits, - or _, beginning with a letter, "
            f"for example clap, or one of {', '.join(DEFAULT_NAMES)}"
        )
    return kept


def choose_key(profile: VoiceProfile, name: str, pitch_midi: int | None) -> int | None:
    """Return the key a sound will play: the one asked for, the one it had, or a free one.

    Raises:
        ProfileError: the key is outside 0–127.
    """
    if pitch_midi is not None:
        if not 0 <= pitch_midi <= 127:
            raise ProfileError(f"pitch {pitch_midi} of {name} is outside 0 to 127; 36 is a kick, 39 a hand clap")
        return pitch_midi
    before = next((each for each in profile.taught if each.name == name), None)
    if before is not None or name in DEFAULT_NAMES:
        return before.pitch_midi if before else None
    used = {each.pitch_midi for each in profile.taught}
    return next((key for key in OWN_KEYS if key not in used), OWN_KEYS[-1])


def learn(
    profile: VoiceProfile,
    name: str,
    pitch_midi: int | None,
    heard: Sequence[HeardSound],
    *,
    allow_clipped: bool = False,
) -> Lesson:
    """Return the profile with a sound taught from what was heard, in the place of what had its name before.

    allow_clipped: learn from examples that are too loud for the microphone, for who always sounds like that.

    Raises:
        ProfileError: it can't be learnt; the message says why and what to do.
    """
    name = check_name(name)
    pitch_midi = choose_key(profile, name, pitch_midi)
    others = profile.without(name)
    if len(others.taught) >= MOST_TAUGHT:
        raise ProfileError(f"{MOST_TAUGHT} sounds are taught already; clear one before {name} is taught")
    left_out = list[str]()
    usable = _enough(name, heard)
    if not allow_clipped:
        usable = _not_clipped(name, usable, left_out)
    if len(usable) > MOST_EXAMPLES:
        left_out.append(f"{len(usable) - MOST_EXAMPLES} examples after the first {MOST_EXAMPLES} are not needed")
        usable = usable[:MOST_EXAMPLES]
    alike = _alike(name, usable, left_out)
    taught = Taught(name, pitch_midi, tuple(each.example for each in alike))
    _refuse_same(taught, others)
    return Lesson(profile.with_taught(taught), taught, tuple(left_out))


def _enough(name: str, heard: Sequence[HeardSound]) -> list[HeardSound]:
    """Return the sounds; raise ProfileError where too few are heard."""
    if not heard:
        raise ProfileError(
            f"no sound is heard, so {name} is not learnt; make it {FEWEST_EXAMPLES} to {MOST_EXAMPLES} times, near "
            "the microphone, with half a second between"
        )
    if len(heard) < FEWEST_EXAMPLES:
        only = "only one example" if len(heard) == 1 else f"only {len(heard)} examples"
        raise ProfileError(
            f"{only} of {name} can be heard; make the sound {FEWEST_EXAMPLES} to {MOST_EXAMPLES} times, with half a "
            "second between"
        )
    return list(heard)


def _not_clipped(name: str, heard: list[HeardSound], left_out: list[str]) -> list[HeardSound]:
    """Return the sounds that are not clipped; raise ProfileError where too few are left."""
    clean = [each for each in heard if not each.is_clipped]
    clipped = len(heard) - len(clean)
    if len(clean) < FEWEST_EXAMPLES:
        raise ProfileError(
            f"{clipped} of {len(heard)} examples of {name} are clipped; turn the microphone's gain down or move "
            "away from it and make the sound again (--allow-clipped learns it all the same)"
        )
    if clipped:
        left_out.append(f"clipped and left out: {_places([each for each in heard if each.is_clipped])}")
    return clean


def _alike(name: str, heard: list[HeardSound], left_out: list[str]) -> list[HeardSound]:
    """Return the sounds without those unlike the others; raise ProfileError where there is no common sound."""
    kept = list(heard)
    outliers = list[HeardSound]()
    while len(kept) > FEWEST_EXAMPLES:
        away = apart_from_others(_settled([each.example for each in kept]))
        worst = int(away.argmax())
        if away[worst] <= max(OUTLIER_LEAST, OUTLIER * float(np.median(np.delete(away, worst)))):
            break
        outliers.append(kept.pop(worst))
    outliers.sort(key=lambda each: each.onset_s)
    unlike = float(np.median(apart_from_others(_settled([each.example for each in kept]))))
    if unlike > MOST_UNLIKE or len(outliers) > len(heard) // 2:
        raise ProfileError(
            f"the {len(heard)} examples of {name} are too unlike each other to be one sound; make the same sound "
            "each time, and nothing else"
        )
    if outliers:
        left_out.append(f"unlike the others and left out: {_places(outliers)}")
    return kept


def _refuse_same(taught: Taught, others: VoiceProfile) -> None:
    """Raise ProfileError where the examples of two sounds are taken for each other too often."""
    new = _settled(taught.examples)
    for other in others.taught:
        if _are_same(new, _settled(other.examples)):
            raise ProfileError(
                f"{taught.name} sounds like {other.name}, which is taught already; choose another sound, or clear "
                f"{other.name} first"
            )


def _are_same(new: Floats, old: Floats) -> bool:
    """Return whether two sounds lie in one place, or too many examples of each are nearer to the other."""
    prototypes = prototype(new), prototype(old)
    within = apart_from_others(new), apart_from_others(old)
    between = np.linalg.norm(new - prototypes[1], axis=1), np.linalg.norm(old - prototypes[0], axis=1)
    mistaken = sum(int((stranger < own).sum()) for stranger, own in zip(between, within, strict=True))
    spread = float(np.sqrt((np.concatenate(within) ** 2).mean()))
    apart = float(np.linalg.norm(prototypes[0] - prototypes[1]))
    return apart < SAME * spread or mistaken > MOST_MISTAKEN * (len(new) + len(old))


def _settled(examples: Sequence[Example]) -> Floats:
    return np.stack([each.embedding[_SETTLED] for each in examples])


def _places(sounds: Sequence[HeardSound]) -> str:
    return (
        "the example"
        + ("s" if len(sounds) > 1 else "")
        + " at "
        + ", ".join(f"{each.onset_s:.1f} s" for each in sounds)
    )
