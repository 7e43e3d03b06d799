"""Which key each symbol of a bass row becomes: a line that knows where it was and where it goes.

Walking follows the usual teaching (root on the first beat, chord tones on strong beats, steps between them towards the
next root, a semitone or scale step before it). The line stays in the register of the style and near where it was. Where
a chord stands on another tone than its root, that tone is what `R` and `8` play, and `3 5 7` are the chord's own.
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
WIDEST_STRONG_STEP = 7
"""Semitones: within a fifth there is always a chord tone, even of a power chord."""
OTHER_SIDE = 0.25
"""How often an approach comes from the far side of its goal."""
OCTAVE = 12
NEAR, AWAY = 2, 7
"""Semitones: a line this near to its goal has time for a turn, about a fifth up or down, before it comes back."""
PASSING_COST = 1.0
"""Of a walking note outside the chord, in semitones of detour; on a strong beat there is none."""
TURNING_COST = 2.0
"""Of going back to the note before the last, in semitones of detour: a line that rocks does not walk."""
SAME = "="
"""The key played last, again."""
WALKS_IN_BY_STEP = 0.5
"""How often a walking step before a change of chord approaches it; else it is a tone of the chord on the way there."""
CHROMATIC = 0.5
"""How often an approach is by a semitone outside the key rather than by scale; as often as not in walking bass."""


@dataclass(slots=True)
class BassLine:
    """The state of a line: its chords, key, register, freedom (0–1) and dice, and where it is.

    last, before, root: the keys of the last note, the one before it and the last bass note.
    aim: the key that the line leads to, where it does.
    """

    chords: tuple[Chord, ...]
    key: Key
    register: Span
    freedom: float
    dice: Dice
    last: int | None = None
    before: int | None = None
    root: int = 0
    aim: int | None = None

    def next_key(self, symbol: str, index: int, following: int, strong: bool) -> int:
        """Return the key for a symbol during chord `index`, the next note being on chord `following`; remember it."""
        chord, aim, self.aim = self.chords[index], self.aim, None
        if symbol == "R" or self.last is None:
            led_to = aim is not None and aim % OCTAVE == chord.bass
            key = self.root = aim if led_to and aim is not None else self._nearest(chord.bass, self._home())
        elif symbol == SAME:
            key = self.last if (self.last - chord.root) % OCTAVE in QUALITIES[chord.quality] else self.root
        elif symbol == "8":
            key = self._in_register(self.root + OCTAVE)
        elif symbol in PLACES:
            intervals = QUALITIES[chord.quality]
            tone = chord.root + intervals[min(PLACES[symbol], len(intervals) - 1)]
            key = self._in_register(self.root + (tone - self.root) % OCTAVE)
        elif following != index:
            self.aim = self._nearest(self.chords[following].bass, float(self.last))
            near = abs(self.aim - self.last) <= WIDEST_STEP
            approaches = not strong and (symbol == "a" or (near and self.dice.share() < WALKS_IN_BY_STEP))
            key = self._approach(self.aim) if approaches else self._walk(chord, self.aim, strong)
        else:
            key = self._walk(chord, self._goal(index), strong)
        self.before, self.last = self.last, key
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
        """Return a step to the target, never standing still, most of the time from the side where the line is."""
        last = target if self.last is None else self.last
        side = 1 if (last > target) != (self.dice.share() < OTHER_SIDE) else -1
        chromatic = self.dice.share() < CHROMATIC + (1.0 - CHROMATIC) * self.freedom
        scale = self._scale()
        keys = [target + side * step for step in (1, 2, 3) if chromatic or (target + side * step) % OCTAVE in scale]
        # Beside a target that is foreign to the key the scale may have nothing but where the line stands.
        key = next(key for key in (*keys, target + side, target + 2 * side) if key != last)
        return key if self.register.low <= key <= self.register.high else 2 * target - key

    def _scale(self) -> frozenset[int]:
        return frozenset((self.key.tonic + step) % OCTAVE for step in SCALES[self.key.mode])

    def _walk(self, chord: Chord, target: int, strong: bool) -> int:
        last = target if self.last is None else self.last
        tones = {(chord.root + interval) % OCTAVE for interval in QUALITIES[chord.quality]}
        open_to = tones if strong else tones | self._scale()
        reach = WIDEST_STRONG_STEP if strong else WIDEST_STEP
        costs = list[tuple[float, int]]()
        for key in range(max(self.register.low, last - reach), min(self.register.high, last + reach) + 1):
            # What the line leads to is not played before its time.
            if key not in (last, self.aim) and key % OCTAVE in open_to:
                detour = abs(target - key) * 0.5 + abs(key - last) * 0.5
                cost = detour + (0.0 if key % OCTAVE in tones else PASSING_COST) + 2.0 * self.dice.share()
                cost += TURNING_COST if key == self.before else 0.0
                costs.append((cost, key))
        return min(costs, default=(0.0, last))[1]
