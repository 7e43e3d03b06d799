"""Teaching a sound from inside Reaper: the examples that were heard last, before the user said so.

Comes in: what he typed, and the history of sound. Goes out: a `Lesson`, kept in the profile's file. Only what was heard
before the action was started counts: keys and mouse are heard by the microphone, too. How a sound is learnt, and what
is refused, is `profile.learning`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vocalmidi.app.profile import Teaching, hear_sounds, learn_heard
from vocalmidi.app.session import pairs
from vocalmidi.arrange import DRUM_KEYS
from vocalmidi.capture import History
from vocalmidi.config import Settings
from vocalmidi.errors import ProfileError
from vocalmidi.inference import Model
from vocalmidi.profile import MOST_EXAMPLES, HeardSound, Lesson, examples_among
from vocalmidi.units import SampleIndex, Seconds, seconds_to_samples

LOOK_S = 40.0
"""Ten examples with three seconds between, and time to find the action."""
APART_S = 3.0
"""Between two examples of one lesson; what was heard before a longer gap is not of it."""
CLICK_S = 0.2
"""A key or a button sounds so long before its action begins, the sound card's delay among it."""
MOST_AGO_S = 600
"""Longer is no answer to the dialog, but a clock that was set."""
FAINT_DB = -60.0
"""Re a full-scale sine; the room between two examples does not join them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: a sound's name and key, and how long ago the action was started."""

    teaching: Teaching
    ago_s: Seconds


def asked(change: str) -> Asked:
    """Return what `name=pff, key=56, ago_ms=2500` asks for; raise ProfileError or ConfigError where that is nothing."""
    said = dict(pairs(change))
    if unknown := said.keys() - {"name", "key", "ago_ms"}:
        raise ProfileError(f"{min(unknown)!r} is nothing that can be taught; type a name and a drum key")
    if "name" not in said:
        raise ProfileError("the sound needs a name, for example clap, or kick to teach your own kick")
    return Asked(Teaching(said["name"], _key(said.get("key", ""))), _ago_s(said.get("ago_ms", "0")))


def teach_last_sounds(change: str, history: History, settings: Settings, model: Model) -> Lesson:
    """Learn a sound from the examples that were heard last; raise as `asked` and `learn_heard`."""
    wanted = asked(change)
    return learn_heard(wanted.teaching, _examples(history, wanted.ago_s, model), settings, model)


def in_words(lesson: Lesson) -> str:
    """Return what was learnt in one line."""
    sound = lesson.taught
    key = "its usual drum" if sound.pitch_midi is None else f"key {sound.pitch_midi}"
    return "; ".join((f"learnt {sound.name} from {len(sound.examples)} examples, plays {key}", *lesson.left_out))


def _examples(history: History, ago_s: Seconds, model: Model) -> list[HeardSound]:
    """Return the examples of the last lesson before a moment, the newest where there are more than are needed."""
    here, rate_hz = history.available, history.sample_rate_hz
    stop = here.stop - int(seconds_to_samples(ago_s + CLICK_S, rate_hz))
    start = max(here.start, stop - int(seconds_to_samples(LOOK_S, rate_hz)))
    if stop <= start:
        return []
    heard = hear_sounds([history.span(SampleIndex(start), SampleIndex(stop))], model)
    lesson = examples_among(_last_in_a_row([each for each in heard if each.level_db >= FAINT_DB]))
    # Once what is soft beside them is gone, those of another lesson may be left.
    return list(_last_in_a_row(lesson)[-MOST_EXAMPLES:])


def _last_in_a_row(sounds: Sequence[HeardSound]) -> Sequence[HeardSound]:
    gaps = [n for n in range(1, len(sounds)) if sounds[n].onset_s - sounds[n - 1].onset_s > APART_S]
    return sounds[gaps[-1] if gaps else 0 :]


def _key(word: str) -> int | None:
    """Return the key that was typed, as a number or a drum's name; None where none was."""
    if not word:
        return None
    if word.isascii() and word.isdigit() and int(word) <= 127:
        return int(word)
    if word.casefold() in DRUM_KEYS:
        return DRUM_KEYS[word.casefold()]
    raise ProfileError(f"drum key {word[:40]!r} is neither 0 to 127 nor a drum; there are {', '.join(DRUM_KEYS)}")


def _ago_s(word: str) -> Seconds:
    """Return how long ago the action was started."""
    if word.isascii() and word.isdigit() and int(word) <= 1000 * MOST_AGO_S:
        return Seconds(int(word) / 1000)
    raise ProfileError("it took too long to type the name; make the sound again, then teach it")
