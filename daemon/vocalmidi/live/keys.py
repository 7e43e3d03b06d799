"""Which keys are down, on which channel, and for whom: never one down twice, never one up that was not down.

In: who presses and releases. Out: note-ons and note-offs, appended to a list. Whoever presses a key that another holds
takes it over: it is struck anew, and the other's release no longer moves it.
"""

from vocalmidi.live.messages import note_off, note_on


class Keys:
    """The keys of all channels."""

    def __init__(self) -> None:
        self._holder: dict[tuple[int, int], int] = {}

    @property
    def down(self) -> frozenset[tuple[int, int]]:
        """Channel and key of all that are down."""
        return frozenset(self._holder)

    def press(self, holder: int, channel: int, key: int, velocity: int, out: list[bytes]) -> None:
        """Strike a key for a holder."""
        if (channel, key) in self._holder:
            out.append(note_off(channel, key))
        self._holder[channel, key] = holder
        out.append(note_on(channel, key, velocity))

    def release(self, holder: int, out: list[bytes]) -> None:
        """Let go of all that a holder still holds."""
        for place in [place for place, who in self._holder.items() if who == holder]:
            del self._holder[place]
            out.append(note_off(*place))

    def release_all(self, out: list[bytes]) -> None:
        """Let go of everything."""
        out += [note_off(*place) for place in self._holder]
        self._holder.clear()
