"""What a MIDI keyboard says to the singer: the keys held are the tones that may be sung; panic ends all notes.

In: bytes from an input, whatever they are. Out: the pitch classes held, and whether panic was asked for. Everything
else is passed over. It raises nothing: bytes from outside are never an error.
"""

from vocalmidi.live.messages import CONTROL, NOTE_OFF, NOTE_ON, NOTES_OFF, SOUND_OFF

STATUS, HIGHEST = 0xF0, 0x7F
VOICE_MESSAGE = 3
"""Bytes of the messages that are heeded."""


class HeardKeys:
    """The keys that are held on a MIDI input, over all its channels."""

    def __init__(self) -> None:
        self._held: set[tuple[int, int]] = set()

    @property
    def tones(self) -> frozenset[int]:
        """Pitch classes of the keys held."""
        return frozenset(key % 12 for _, key in self._held)

    def hear(self, message: bytes) -> bool:
        """Take in a message; return whether it asks for panic."""
        if len(message) != VOICE_MESSAGE or max(message[1:]) > HIGHEST:
            return False
        kind, channel, (key, value) = message[0] & STATUS, message[0] & ~STATUS, message[1:]
        if kind == NOTE_ON and value:
            self._held.add((channel, key))
        elif kind in (NOTE_ON, NOTE_OFF):
            self._held.discard((channel, key))
        elif kind == CONTROL and key in (SOUND_OFF, NOTES_OFF):
            self._held = {held for held in self._held if held[0] != channel}
            return True
        return False
