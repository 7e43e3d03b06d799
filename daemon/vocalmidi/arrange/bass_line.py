"""Which key each symbol of a bass row becomes: a line that knows where it was and where it goes.

Walking follows the usual teaching (root on the first beat, steps and chord tones towards the next root, a semitone or
scale step before it). The line stays in the register of the style and near where it was.
"""

from dataclasses import dataclass

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.qualities import QUALITIES, SCALES
from vocalmidi.arrange.style import Span
from vocalmidi.values import Chord, Key

PLACES = {"3": 1, "5": 2, "7": 3}
"""Where the interval that a symbol names stands in a quality's intervals."""
HOME_PULL = 0.5
"""Share of the register's lower middle against the last key when a root looks for its octave."""
WIDEST_STEP = 4
"""Semitones of a walking step: up to a major third."""
NEAR, AWAY = 2, 7
"""Semitones: a line this near to its goal has time for a turn, about a fifth up or down, before it comes back."""
PASSING_COST = 1.0
"""Of a walking note outside the chord, in semitones of detour."""


@dataclass(slots=True)
class BassLine:
    """The state of a line: its chords, key, register and dice, and the last key played."""

    chords: tuple[Chord, ...]
    key: Key
    register: Span
    dice: Dice
    last: int | None = None
    root: int = 0

    def next_key(self, symbol: str, index: int, following: int) -> int:
        """Return the key for a symbol during chord `index`, the next note being on chord `following`; remember it."""
        chord = self.chords[index]
        if symbol == "R" or self.last is None:
            key = self.root = self._nearest(chord.bass, self._home())
        elif symbol == "8":
            key = self._in_register(self.root + 12)
        elif symbol in PLACES:
            intervals = QUALITIES[chord.quality]
            key = self._in_register(self.root + intervals[min(PLACES[symbol], len(intervals) - 1)])
        elif symbol == "a" and following != index:
            key = self._approach(self._nearest(self.chords[following].bass, float(self.last)))
        else:
            key = self._walk(chord, self._goal(index))
        self.last = key
        return key

    def _goal(self, index: int) -> int:
        """Return where a walking line heads: the next chord's root, or away from where it would stand still."""
        last = self.root if self.last is None else self.last
        goal = self._nearest(self.chords[min(index + 1, len(self.chords) - 1)].bass, float(last))
        if abs(goal - last) > NEAR:
            return goal
        rises = last + AWAY <= self.register.high and (last - AWAY < self.register.low or self.dice.share() < 0.5)
        return last + AWAY if rises else last - AWAY

    def _home(self) -> float:
        home = self.register.low + (self.register.high - self.register.low) / 3.0
        return home if self.last is None else HOME_PULL * home + (1.0 - HOME_PULL) * self.last

    def _nearest(self, pitch_class: int, to: float) -> int:
        low = self.register.low
        keys = range(low + (pitch_class - low) % 12, self.register.high + 1, 12)
        return min(keys, key=lambda key: (abs(key - to), key))

    def _in_register(self, key: int) -> int:
        while key > self.register.high:
            key -= 12
        return key + 12 * max(0, -((key - self.register.low) // 12))

    def _approach(self, target: int) -> int:
        below, above = target - 1, target + 1
        # From the side the line stands on, most of the time; both are heard in walking bass.
        from_above = (self.last or target) > target
        key = above if from_above != (self.dice.share() < 0.25) else below
        return key if self.register.low <= key <= self.register.high else 2 * target - key

    def _walk(self, chord: Chord, target: int) -> int:
        last = target if self.last is None else self.last
        tones = {(chord.root + interval) % 12 for interval in QUALITIES[chord.quality]}
        scale = {(self.key.tonic + step) % 12 for step in SCALES[self.key.mode]}
        costs = list[tuple[float, int]]()
        for key in range(max(self.register.low, last - WIDEST_STEP), min(self.register.high, last + WIDEST_STEP) + 1):
            if key != last and (key % 12 in tones or key % 12 in scale):
                detour = abs(target - key) * 0.5 + abs(key - last) * 0.5
                cost = detour + (0.0 if key % 12 in tones else PASSING_COST) + 2.0 * self.dice.share()
                costs.append((cost, key))
        return min(costs)[1]
