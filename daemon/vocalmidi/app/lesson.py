"""Sounds of the user's own, learnt while the daemon listens: what is heard in the next seconds is the lesson.

Comes in: a name, and the history of sound. Goes out: the voice profile's file, and ears that know the sound, which the
daemon hears with from then on. One thread; learning takes a second of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from vocalmidi.app.ears import Ears
from vocalmidi.app.profile import Teaching, clear_trigger, learn_trigger
from vocalmidi.capture import History
from vocalmidi.config import Settings
from vocalmidi.errors import ProfileError
from vocalmidi.profile import check_name
from vocalmidi.units import SampleIndex, seconds_to_samples

LESSON_S = 10.0
"""Ten sounds with a second between; as long as `profile learn --seconds 10` in the documents."""


class Listener(Protocol):
    """Who hears."""

    @property
    def ears(self) -> Ears:
        """What it hears with."""
        ...

    @property
    def history(self) -> History:
        """What it heard."""
        ...

    def hear_with(self, ears: Ears) -> None:
        """Hear with others from now on."""
        ...


@dataclass(frozen=True, slots=True)
class _Begun:
    teaching: Teaching
    span: range


class Lessons:
    """The lesson that goes on, if any."""

    def __init__(self, listener: Listener, settings: Settings, is_listening: Callable[[], bool]) -> None:
        """Teach `listener`; the profile is the one that the settings name."""
        self._listener = listener
        self._settings = settings
        self._is_listening = is_listening
        self._begun: _Begun | None = None

    @property
    def is_learning(self) -> bool:
        """Whether a lesson goes on."""
        return self._begun is not None

    def begin(self, name: str, pitch_midi: int | None) -> None:
        """Take what is heard from now on as examples; raise ProfileError where that can't be."""
        check_name(name)
        if not self._is_listening():
            raise ProfileError(f"{name} can't be learnt while nothing is listened to; switch listening on first")
        if self._begun is not None:
            raise ProfileError(f"{self._begun.teaching.name} is being learnt; wait until that is done")
        history = self._listener.history
        start = history.available.stop
        stop = start + int(seconds_to_samples(LESSON_S, history.sample_rate_hz))
        self._begun = _Begun(Teaching(name, pitch_midi), range(start, stop))

    def turn(self) -> tuple[str, ...]:
        """Learn once enough was heard; return what was, in words, () before that.

        Raises:
            ProfileError, CaptureError: it can't be learnt from that; the profile is as it was.
        """
        begun, history = self._begun, self._listener.history
        if begun is None or history.available.stop < begun.span.stop:
            return ()
        self._begun = None
        block = history.span(SampleIndex(begun.span.start), SampleIndex(begun.span.stop))
        ears = self._listener.ears
        lesson = learn_trigger(begun.teaching, [block], self._settings, ears.timbre)
        self._listener.hear_with(replace(ears, profile=lesson.profile))
        left = "".join(f"; {reason}" for reason in lesson.left_out)
        return (f"learnt {lesson.taught.name} from {len(lesson.taught.examples)} examples{left}",)

    def clear(self, name: str) -> str:
        """Forget a sound and return that in words; raise ProfileError where there is none."""
        left = clear_trigger(name, self._settings)
        self._listener.hear_with(replace(self._listener.ears, profile=left))
        return f"forgot {name}"
