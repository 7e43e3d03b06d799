"""Live notes and hits as controllers are told of them, whether or not a port plays them.

Comes in: what is said of live sound, in the live thread. Goes out: `/vocalmidi/note` and `/vocalmidi/hit`, while
anybody is subscribed. A note is the one that was sung: what octave, scale and bend make of it is the port's.
"""

from typing import Protocol

from vocalmidi.app.live_sound import Said
from vocalmidi.control import HIT, NOTE, Message
from vocalmidi.values import HitEvent, HitRevision, LiveHit, NoteOff, NoteOn, NoteRevision


class Told(Protocol):
    """Who passes it on."""

    @property
    def is_heard(self) -> bool:
        """Whether anybody is subscribed."""
        ...

    def happened(self, message: Message) -> None:
        """Pass something on, at once and without waiting."""
        ...


class LiveNews:
    """What sounds, as it was told: one note, and the hit that may still turn out to be another."""

    def __init__(self) -> None:
        self.to: Told | None = None
        self._note: NoteOn | None = None
        self._key = 0
        self._hit = (-1, "")

    @property
    def is_heard(self) -> bool:
        """Whether it goes to anybody."""
        return self.to is not None and self.to.is_heard

    def hear(self, said: Said) -> None:
        """Tell of what was said, where it is a note or a hit."""
        match said:
            case NoteOn() if self.is_heard:
                self.quiet()
                self._begin(said, said.pitch_midi)
            case NoteRevision() if self._note is not None and said.note_id == self._note.note_id:
                if _key(said.pitch_midi) != self._key:
                    on = self._note
                    self.quiet()
                    self._begin(on, said.pitch_midi)
            case NoteOff() if self._note is not None and said.note_id == self._note.note_id:
                self.quiet()
            case LiveHit() | HitRevision() if self.is_heard:
                self._strike(said.hit_id, said.hit)
            case _:
                pass

    def quiet(self) -> None:
        """Tell that nothing sounds any more."""
        if self._note is not None:
            self._note = None
            self._tell(Message(NOTE, (self._key, 0)))

    def _begin(self, on: NoteOn, pitch_midi: float) -> None:
        self._note, self._key = on, _key(pitch_midi)
        self._tell(Message(NOTE, (self._key, on.velocity)))

    def _strike(self, hit_id: int, hit: HitEvent) -> None:
        name = hit.trigger.name if hit.trigger else str(hit.label)
        if (hit_id, name) != self._hit:
            self._hit = hit_id, name
            self._tell(Message(HIT, (name, hit.velocity)))

    def _tell(self, message: Message) -> None:
        if self.to is not None:
            self.to.happened(message)


def _key(pitch_midi: float) -> int:
    return min(max(round(pitch_midi), 0), 127)
