"""The program as a controller has it: orders to the session and to errands, the session as published state.

Comes in: orders of the control room, in its thread. Goes out: changed sessions, errands, messages. Nothing here waits:
what needs Reaper or the models is an errand, and what it came to is news.
"""

from collections import deque
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple, Protocol

from vocalmidi.app.choices import parse_parts
from vocalmidi.app.errands import Errands
from vocalmidi.app.meter import SILENCE, Meter
from vocalmidi.app.session import LISTENING, OFF, ON, Session, begun, changed, with_choices, with_live
from vocalmidi.app.sitting import Sitting
from vocalmidi.config import Settings, is_live
from vocalmidi.control import BUSY, LEVEL, PITCH, PITCH_NAME, Action, Message, Order, Value, entries
from vocalmidi.errors import ConfigError
from vocalmidi.values import PART_NAMES, PartName

MOST_NEWS = 1024
"""Live notes and hits that nobody has fetched; the oldest go."""
TOGETHER = {"bend": ("bend", "live_bend"), "octave": ("octave", "live_octave")}
"""What holds for what is written and for what is played live alike."""
_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


class Playing(Protocol):
    """Who plays live."""

    def change(self, settings: Settings) -> None:
        """Play by these settings from now on."""
        ...

    def silence(self) -> bool:
        """End all notes at once; return whether there is a port on which any could sound."""
        ...


class _Seen(NamedTuple):
    """What the published state is made of."""

    session: Session
    is_busy: bool
    locked: frozenset[PartName]


class Controlled:
    """`control.Program`, of this daemon.

    play: who plays live, if anybody does. woken: called when there is news of what sounds.
    is_heard: whether anybody is subscribed.
    """

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
        self._messages: dict[str, Message] = {}
        self.play: Playing | None = None
        self.woken: Callable[[], object] = _nobody_woken
        self.is_heard = False

    def obey(self, order: Order) -> None:
        """Change the session at once, or leave an errand; raise VocalMidiError where it can't be."""
        match order.action:
            case Action.LISTEN:
                word = ON if order.values[0] else OFF
                self._sitting.change(lambda session: changed(session, f"{LISTENING}={word}"))
            case Action.LIVE:
                self._sitting.change(lambda session: with_live(session, is_on=bool(order.values[0])))
            case Action.SET:
                self._set(TOGETHER.get(order.subject, (order.subject,)), order.values[0])
            case Action.ENABLE:
                self._sitting.change(lambda session: _with_part(session, order.subject, is_on=bool(order.values[0])))
            case Action.PANIC:
                self._errands.panic(is_quiet=self.play is not None and self.play.silence())
            case _:
                self._errands.ask(order)

    def _set(self, names: tuple[str, ...], value: Value) -> None:
        before, after = self._sitting.change(lambda session: with_choices(session, dict.fromkeys(names, value)))
        # What is heard at once is changed at once; what is written next is looked at when it is written.
        if before is not after and self.play is not None and any(map(is_live, names)):
            self.play.change(after.settings)

    def state(self) -> tuple[Message, ...]:
        """Return the session, message by message; the same object while nothing changed."""
        seen = self._now()
        if seen != self._seen:
            self._state = tuple(self._message(address, stated(seen)) for address, stated in _stated().items())
            self._seen = seen
        return self._state

    def holds(self, address: str) -> Message:
        """Return one message of the state."""
        return self._message(address, _stated()[address](self._now()))

    def _now(self) -> _Seen:
        return _Seen(self._sitting.now, self._errands.is_busy or self._is_writing(), self._errands.locked)

    def _message(self, address: str, value: Value) -> Message:
        """Return the message of a state: the very same while that holds, so that most need no second look."""
        message = self._messages.get(address)
        if message is None or message.arguments[0] != value:
            message = self._messages[address] = Message(address, (value,))
        return message

    def attend(self, *, is_heard: bool) -> None:
        """Know whether anybody is subscribed."""
        self.is_heard = is_heard

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
        self.woken()


def _nobody_woken() -> None:
    """Leave news until somebody looks."""


Stated = Callable[[_Seen], Value]


@cache
def _stated() -> dict[str, Stated]:
    """Return how the state of each address is read that has one."""
    read = {entry.address: _reader(entry.action, entry.subject) for entry in entries() if entry.has_state}
    read[BUSY] = lambda seen: seen.is_busy
    return read


def published(settings: Settings) -> dict[str, Value]:
    """Return what a daemon that begins with these settings tells who subscribes, by address."""
    seen = _Seen(begun(settings), is_busy=False, locked=frozenset())
    return {address: stated(seen) for address, stated in _stated().items()}


def _reader(action: Action, subject: str) -> Stated:
    match action:
        case Action.LISTEN:
            return lambda seen: seen.session.listening
        case Action.LIVE:
            return lambda seen: seen.session.live
        case Action.ENABLE:
            return lambda seen: subject in _enabled(seen.session.settings.parts)
        case Action.LOCK:
            return lambda seen: subject in seen.locked
        case _:
            return lambda seen: _shown(subject, getattr(seen.session.settings, subject))


_enabled = lru_cache(maxsize=32)(parse_parts)


def _shown(name: str, value: str | int) -> str | float:
    """Return a setting as it is echoed: a tempo or swing that is known is a number, though the settings have words."""
    return float(value) if name in ("tempo", "swing") and value != "auto" else value


def _with_part(session: Session, part: str, *, is_on: bool) -> Session:
    """Return a session in which a part is arranged, or not."""
    here = set(parse_parts(session.settings.parts))
    parts = [name for name in PART_NAMES if (is_on if name == part else name in here)]
    if not parts:
        raise ConfigError(f"{part} is the only part that is arranged; enable another one first")
    if parts == list(parse_parts(session.settings.parts)):
        return session
    return with_choices(session, {"parts": "all" if parts == list(PART_NAMES) else ",".join(parts)})


def pitch_words(pitch_midi: float | None) -> str:
    """Return a pitch as a singer reads it: the nearest note, and the cents beside it; C4 is 60."""
    if pitch_midi is None:
        return "-"
    key = round(pitch_midi)
    return f"{_NAMES[key % 12]}{key // 12 - 1} {round((pitch_midi - key) * 100):+d}"
