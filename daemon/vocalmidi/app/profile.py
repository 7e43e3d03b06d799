"""The user's voice profile as a job: learn a sound, clear one, and know the sounds in what is heard.

Comes in: settings, words, and sound from a file or the microphone. Goes out: the profile's file, written whole, and
values. Any control can call `learn_trigger` and `clear_trigger`; they take values and know no command line.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vocalmidi.arrange import DRUM_KEYS
from vocalmidi.config import Settings, profile_file
from vocalmidi.errors import CaptureError, ProfileError
from vocalmidi.frames import SingleSound, SoundDescriber, single_sounds
from vocalmidi.inference import Model
from vocalmidi.profile import (
    AGES_S,
    DEFAULT_NAMES,
    NO_HABITS,
    Example,
    HeardSound,
    Lesson,
    Recogniser,
    VoiceProfile,
    check_name,
    examples_among,
    is_clipped,
    learn,
    read_profile,
    reembedded,
    write_profile,
)
from vocalmidi.units import SampleIndex, samples_to_seconds
from vocalmidi.values import AudioBlock, Floats, Frames

LONGEST_LESSON_S = 60.0
"""Ten examples with seconds between; a longer recording is a take, not a lesson."""
CLIPPED_FOR_S = 0.16
"""As long as a sound is looked at."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """What is to be learnt.

    pitch_midi: the key it plays; None: the one it has, or a free one.
    most_examples: so many are taken, the first; None: as many as can be used.
    allow_clipped: also from examples too loud for the microphone.
    """

    name: str
    pitch_midi: int | None = None
    most_examples: int | None = None
    allow_clipped: bool = False


def profile_place(settings: Settings) -> Path:
    """Return the file of the profile that is used; raise ProfileError where none is wanted."""
    path = profile_file(settings)
    if path is None:
        raise ProfileError("no voice profile is used (none); name a file with --profile FILE")
    return path


def open_profile(settings: Settings, model: Model) -> VoiceProfile:
    """Return the profile in use, described by this encoder; an empty one where the user has none yet.

    Raises:
        ProfileError: it is damaged or newer, or a file was named that is not there.
    """
    path = profile_file(settings)
    if path is None or (not settings.voice_profile and not path.exists()):
        return VoiceProfile(model.card.sha256)
    return _described_by(model, read_profile(path))


def own_profile(settings: Settings, model: Model) -> VoiceProfile:
    """Return the profile as its file has it now, to be changed; an empty one where there is no file yet.

    Raises:
        ProfileError: none is used, or it is damaged or newer.
    """
    path = profile_place(settings)
    return _described_by(model, read_profile(path)) if path.exists() else VoiceProfile(model.card.sha256)


def with_own_sounds(frames: Frames, recogniser: Recogniser) -> Frames:
    """Return the frames with the user's own sounds known in them."""
    if not frames.strikes or not recogniser.knows_any:
        return frames
    return replace(frames, strikes=tuple(recogniser.known(strike) for strike in frames.strikes))


def learn_trigger(teaching: Teaching, blocks: Iterable[AudioBlock], settings: Settings, model: Model) -> Lesson:
    """Learn a sound from the examples heard in these blocks, and write the profile.

    Raises:
        ProfileError: it can't be learnt, or the profile can't be read or written; the file is as it was then.
    """
    # Who teaches a name that is none, or a profile that can't be read, hears of it before he makes a sound.
    check_name(teaching.name)
    own_profile(settings, model)
    heard = examples_among(hear_sounds(_not_too_long(blocks), model))[: teaching.most_examples]
    return learn_heard(teaching, heard, settings, model)


def learn_heard(teaching: Teaching, heard: Sequence[HeardSound], settings: Settings, model: Model) -> Lesson:
    """Learn a sound from these examples, and write the profile; raise as `learn_trigger`."""
    path = profile_place(settings)
    name = check_name(teaching.name)
    profile = own_profile(settings, model)
    pitch_midi = teaching.pitch_midi
    if pitch_midi is None and name not in profile.names and name not in DEFAULT_NAMES:
        pitch_midi = DRUM_KEYS.get(name)
    lesson = learn(profile, name, pitch_midi, heard, allow_clipped=teaching.allow_clipped)
    write_profile(path, lesson.profile)
    return lesson


def clear_trigger(name: str, settings: Settings) -> VoiceProfile:
    """Forget one sound, write the profile and return it; raise ProfileError where no such sound is taught."""
    path = profile_place(settings)
    profile, name = read_profile(path), check_name(name)
    if name not in profile.names:
        known = ", ".join(profile.names) or "nothing yet"
        raise ProfileError(f"{path}: no sound is taught as {name}; taught: {known}")
    left = profile.without(name)
    write_profile(path, left)
    return left


def clear_all(settings: Settings) -> VoiceProfile:
    """Forget every sound and what was learnt from edits, write the empty profile and return it."""
    path = profile_place(settings)
    left = replace(read_profile(path), taught=(), habits=NO_HABITS)
    write_profile(path, left)
    return left


def clear_edits(settings: Settings) -> VoiceProfile:
    """Forget what was learnt from edits, write the profile and return it."""
    path = profile_place(settings)
    left = replace(read_profile(path), habits=NO_HABITS)
    write_profile(path, left)
    return left


def taught_sounds(settings: Settings) -> VoiceProfile | None:
    """Return the profile as its file has it, None where there is no file yet."""
    path = profile_place(settings)
    return read_profile(path) if path.exists() else None


def hear_sounds(blocks: Iterable[AudioBlock], model: Model) -> list[HeardSound]:
    """Return every sound that begins in a recording, described."""
    taken = list(blocks)
    if not taken:
        return []
    rate_hz = taken[0].sample_rate_hz
    samples = np.concatenate([block.samples for block in taken])
    return [_heard(each, samples, rate_hz) for each in single_sounds(taken, SoundDescriber(model, AGES_S))]


def first_seconds(blocks: Iterable[AudioBlock], seconds: float) -> Iterator[AudioBlock]:
    """Yield the blocks of so many seconds and end; raise CaptureError where sound was lost between two of them."""
    due = stop = SampleIndex(0)
    for n, block in enumerate(blocks):
        if n == 0:
            due, stop = block.start, SampleIndex(block.start + round(seconds * block.sample_rate_hz))
        if block.start != due:
            raise CaptureError("sound was lost, the computer was too busy; close other programs and try again")
        due = SampleIndex(block.start + len(block.samples))
        yield block
        if due >= stop:
            return


def _not_too_long(blocks: Iterable[AudioBlock]) -> Iterator[AudioBlock]:
    heard = 0
    for block in blocks:
        heard += len(block.samples)
        if heard > LONGEST_LESSON_S * block.sample_rate_hz:
            raise ProfileError(
                f"the recording is longer than {LONGEST_LESSON_S:.0f} s; a lesson is one sound made 3 to 10 times, "
                "with half a second between: cut it down to that"
            )
        yield block


def _heard(sound: SingleSound, samples: Floats, rate_hz: int) -> HeardSound:
    said = sound.description
    stop = sound.onset + round(CLIPPED_FOR_S * rate_hz)
    return HeardSound(
        samples_to_seconds(sound.onset, rate_hz),
        sound.level_db,
        is_clipped(samples[sound.onset : stop]),
        Example(sound.sound, said.embedding, said.label_share, said.hit_share, said.spectrum),
    )


def _described_by(model: Model, profile: VoiceProfile) -> VoiceProfile:
    """Return the profile with its examples described by this encoder, anew where it was another one."""
    if profile.encoder == model.card.sha256:
        return profile
    describer = SoundDescriber(model, AGES_S)

    def again(example: Example) -> Example:
        said = describer.describe(example.sound)
        return Example(example.sound, said.embedding, said.label_share, said.hit_share, said.spectrum)

    return reembedded(profile, model.card.sha256, again)
