"""Hits as drum notes: a key of the General MIDI kit, or the one that the user gave a sound of his own.

In: live hits and their revisions. Out: note-ons at once, note-offs when so much time has passed by the events. A
revision that names another drum plays that one as well; one that only tells a louder stroke changes nothing, since what
was struck can't be struck harder.
"""

from dataclasses import dataclass

from vocalmidi.live.keys import Keys
from vocalmidi.units import seconds_to_samples
from vocalmidi.values import HitEvent, HitLabel, HitRevision, LiveHit

LENGTH_S = 0.1
"""A drum's key stays down so long: samplers that heed note-offs need about that much, the others none."""
MOST = 16
"""Keys down at once; more hits than that in `LENGTH_S` are none."""
FIRST_HOLDER = 2
GM_KEYS = {
    HitLabel.KICK: 36,
    HitLabel.SNARE: 38,
    HitLabel.HIHAT_CLOSED: 42,
    HitLabel.HIHAT_OPEN: 46,
    HitLabel.OTHER: 39,
}
"""The General MIDI percussion map (RP-003); a sound like none of the four claps its hands."""


@dataclass(slots=True)
class _Struck:
    holder: int
    key: int
    due: int


class Drums:
    """The drum keys that are down."""

    def __init__(self, keys: Keys, sample_rate_hz: int) -> None:
        self._keys = keys
        self._length = seconds_to_samples(LENGTH_S, sample_rate_hz)
        self._struck: dict[int, _Struck] = {}
        self._holder = FIRST_HOLDER

    def strike(self, said: LiveHit | HitRevision, channel: int, out: list[bytes]) -> None:
        """Play a hit, or the other drum that a hit turned out to be."""
        key, before = key_of(said.hit), self._struck.get(said.hit_id)
        if isinstance(said, HitRevision) and (before is None or before.key == key):
            return
        if before is not None:
            self._lift(said.hit_id, out)
        if len(self._struck) >= MOST:
            self._lift(next(iter(self._struck)), out)
        self._holder += 1
        self._struck[said.hit_id] = _Struck(self._holder, key, said.decided + self._length)
        self._keys.press(self._holder, channel, key, said.hit.velocity, out)

    def until(self, now: int, out: list[bytes]) -> None:
        """Lift the keys that have been down for long enough."""
        if self._struck:
            for hit_id in [hit_id for hit_id, struck in self._struck.items() if struck.due <= now]:
                self._lift(hit_id, out)

    def forget(self) -> None:
        """Hold nothing any more; whoever asks lifts the keys."""
        self._struck.clear()

    def _lift(self, hit_id: int, out: list[bytes]) -> None:
        self._keys.release(self._struck.pop(hit_id).holder, out)


def key_of(hit: HitEvent) -> int:
    """Return the key that a hit plays."""
    return hit.trigger.pitch_midi if hit.trigger else GM_KEYS[hit.label]
