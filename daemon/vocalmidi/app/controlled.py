"""The program as a controller has it: orders to the session and to errands, the session as published state.

Comes in: orders of the control room, in its thread. Goes out: changed sessions, errands, messages. Nothing here waits:
what needs Reaper or the models is an errand, and what it came to is news.
"""

from collections import deque
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from vocalmidi.app.choices import parse_parts
from vocalmidi.app.errands import Errands
from vocalmidi.app.meter import SILENCE, Meter
from vocalmidi.app.session import LISTENING, OFF, ON, Session, changed, with_choice
from vocalmidi.app.sitting import Sitting
from vocalmidi.control import BUSY, LEVEL, PITCH, PITCH_NAME, Action, Message, Order, entries
from vocalmidi.errors import ConfigError
from vocalmidi.values import PART_NAMES, PartName

MOST_NEWS = 1024
"""Live notes and hits that nobody has fetched; the oldest go."""
_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


class _Seen(NamedTuple):
    """What the published state is made of."""

    session: Session
    is_busy: bool
    locked: frozenset[PartName]


class Controlled:
    """`control.Program`, of this daemon."""

    def __init__(
        self, sitting: Sitting, errands: Errands, meter: Callable[[], Meter], is_writing: Callable[[], bool]
    ) -> None:
        """Change `sitting`, ask `errands`, show `meter`; is_writing: whether a phrase is being worked on."""
        self._sitting = sitting
        self._errands = errands
        self._meter = meter
        self._is_writing = is_writing
        self._live: deque[Message] = deque(maxlen=MOST_NEWS)
        self._seen: _Seen | None = None
        self._state: tuple[Message, ...] = ()

    def obey(self, order: Order) -> None:
        """Change the session at once, or leave an errand; raise VocalMidiError where it can't be."""
        match order.action:
            case Action.LISTEN:
                word = ON if order.values[0] else OFF
                self._sitting.change(lambda session: changed(session, f"{LISTENING}={word}"))
            case Action.SET:
                value = order.values[0]
                self._sitting.change(lambda session: with_choice(session, order.subject, value))
            case Action.ENABLE:
                self._sitting.change(lambda session: _with_part(session, order.subject, is_on=bool(order.values[0])))
            case _:
                self._errands.ask(order)

    def state(self) -> tuple[Message, ...]:
        """Return the session, message by message; the same object while nothing changed."""
        seen = _Seen(self._sitting.now, self._errands.is_busy or self._is_writing(), self._errands.locked)
        if seen != self._seen:
            before = {message.address: message for message in self._state}
            now = _states(seen)
            # What holds still is the same object: two thousand times a second only what changed is looked at.
            kept = (before.get(address) for address in now)
            self._state = tuple(
                old if old is not None and old.arguments[0] == value else Message(address, (value,))
                for (address, value), old in zip(now.items(), kept, strict=True)
            )
            self._seen = seen
        return self._state

    def meters(self) -> tuple[Message, ...]:
        """Return level and pitch."""
        seen = self._meter() if self._sitting.now.listening else SILENCE
        pitch = 0.0 if seen.pitch_midi is None else round(seen.pitch_midi, 2)
        return (
            Message(LEVEL, (round(seen.level_db, 1),)),
            Message(PITCH, (pitch,)),
            Message(PITCH_NAME, (pitch_words(seen.pitch_midi),)),
        )

    def news(self) -> list[Message]:
        """Return what happened since the last call."""
        told = self._errands.news()
        while self._live:
            told.append(self._live.popleft())
        return told

    def happened(self, message: Message) -> None:
        """Tell subscribers of a live note or hit; from any thread, and at once."""
        self._live.append(message)


@cache
def _stated() -> tuple[tuple[str, Action, str], ...]:
    """Return address, action and subject of all that has a state."""
    return tuple((entry.address, entry.action, entry.subject) for entry in entries() if entry.has_state)


def _states(seen: _Seen) -> dict[str, str | float | bool]:
    """Return the state of each address."""
    settings = seen.session.settings
    enabled = parse_parts(settings.parts)
    states: dict[str, str | float | bool] = {}
    for address, action, subject in _stated():
        match action:
            case Action.LISTEN:
                states[address] = seen.session.listening
            case Action.ENABLE:
                states[address] = subject in enabled
            case Action.LOCK:
                states[address] = subject in seen.locked
            case _:
                states[address] = _shown(subject, getattr(settings, subject))
    states[BUSY] = seen.is_busy
    return states


def _shown(name: str, value: str | int) -> str | float:
    """Return a setting as it is echoed: a tempo that is known is a number, though the settings have words."""
    return float(value) if name == "tempo" and value != "auto" else value


def _with_part(session: Session, part: str, *, is_on: bool) -> Session:
    """Return a session in which a part is arranged, or not."""
    here = set(parse_parts(session.settings.parts))
    parts = [name for name in PART_NAMES if (is_on if name == part else name in here)]
    if not parts:
        raise ConfigError(f"{part} is the only part that is arranged; enable another one first")
    if parts == list(parse_parts(session.settings.parts)):
        return session
    return with_choice(session, "parts", "all" if parts == list(PART_NAMES) else ",".join(parts))


def pitch_words(pitch_midi: float | None) -> str:
    """Return a pitch as a singer reads it: the nearest note, and the cents beside it; C4 is 60."""
    if pitch_midi is None:
        return "-"
    key = round(pitch_midi)
    return f"{_NAMES[key % 12]}{key // 12 - 1} {round((pitch_midi - key) * 100):+d}"
