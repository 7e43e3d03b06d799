"""What the continuation network sees: a melody in sixteenths, step by step, as a listener remembers it.

In: the steps of a melody so far (a note begins, goes on, or ends). Out: for the step that comes next, `Seen`: a few
classes and numbers. Nothing in them tells the absolute pitch: all are relative to the last note, so that what was
learnt in one key holds in all. What may come back is offered as candidates: the steps one, two, four and eight bars
ago, as they were and moved to where the melody is now, and what followed the latest place that the last notes have been
heard at (the match model of file compressors, Mahoney 2005), again as it was and moved. How often each candidate was
right of late is told with it. The same code reads songs for the training and phrases in the package.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from math import log2

HOLD, OFF = -1, -2
"""Steps at which nothing changes, and at which silence begins; any other step is the MIDI number of a note's onset."""
WIDEST = 24
"""Semitones from one note to the next; wider leaps are folded by octaves (one of 30,000 steps)."""
MIDDLE = 2 + WIDEST
"""Class of the interval 0; 0 is HOLD and 1 is OFF."""
CLASSES = 2 + 2 * WIDEST + 1
NONE = CLASSES
"""The class of a candidate that there isn't."""
LAGS = (1, 2, 4, 8)
"""Bars."""
CANDIDATES = 8
"""Lags as they were (4), lags 1 and 2 moved (2), match as it was, match moved."""
PLACES = 64
"""Steps of the longest bar that are told apart."""
HYPER = 8
"""Bars of a large phrase: eight-bar periods, counted from the first bar."""
INDICES = 1 + CANDIDATES + 3
"""Classes seen: the last step, the candidates, the place in the bar, the bar's length, the bar in eight."""
FADING = (0.9, 0.98)
"""What a candidate's record keeps at each step: about ten and fifty steps."""
TONES_FADE = 0.98
"""What the fresher of the two tone records keeps at each step: three bars."""
NUMBERS = 24 + CANDIDATES * len(FADING) + 2 + 8
"""Tones of the whole and of late, records, lengths of the matches, and the plain numbers."""
START_MIDI = 67
"""What the first note is measured from: the middle of the melodies of pop909 and openewld."""
LONGEST = 32
"""Steps after which a match is as sure as it gets."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The metre in steps: of a bar, and whether its beats fall in threes."""

    bar_steps: int
    compound: bool


def class_of(step: int, reference: int) -> int:
    """Return the class of a step, seen from the last note."""
    if step < 0:
        return 0 if step == HOLD else 1
    apart = step - reference
    while apart > WIDEST:
        apart -= 12
    while apart < -WIDEST:
        apart += 12
    return MIDDLE + apart


def step_of(number: int, reference: int) -> int:
    """Return the step of a class, seen from the last note."""
    return (HOLD, OFF)[number] if number < 2 else reference + number - MIDDLE


class _Match:
    """Where the last notes were heard before, and what came next there; moved: in any transposition."""

    def __init__(self, *, moved: bool) -> None:
        self.moved = moved
        self.at = -1
        self.long = 0
        self.latest = dict[tuple[int, ...], int]()

    def copy(self) -> "_Match":
        """Return a match that goes its own way from here."""
        other = copy(self)
        other.latest = dict(self.latest)
        return other

    def follow(self, now: int, keys: list[tuple[int, ...]], *, right: bool) -> None:
        """Go on by a step; look anew where the match has ended."""
        if self.at >= 0 and right:
            self.at, self.long = self.at + 1, self.long + 1
        else:
            self.at, self.long = -1, 0
            for key in keys:
                if key in self.latest:
                    self.at = self.latest[key]
                    break
        for key in keys:
            self.latest[key] = now


class Reader:
    """A melody so far."""

    def __init__(self, beat: Beat) -> None:
        """Begin at a bar line."""
        self.beat = beat
        self.steps = list[int]()
        self.references = list[int]()
        """Of each step: the last note before it."""
        self.onsets = list[tuple[int, int]]()
        """Step and MIDI number of each note."""
        self.sounding = False
        self._tones, self._late = [0.0] * 12, [0.0] * 12
        self._records = [[0.0] * CANDIDATES for _ in FADING]
        self._matches = (_Match(moved=False), _Match(moved=True))
        self._offered = [NONE] * CANDIDATES
        self._low, self._high, self._sum = 127, 0, 0
        self._offer()

    def copy(self) -> "Reader":
        """Return a reader that goes its own way from here."""
        other = copy(self)
        other.steps, other.references, other.onsets = [*self.steps], [*self.references], [*self.onsets]
        other._records = [[*record] for record in self._records]  # noqa: SLF001 - of its own class
        other._tones, other._matches = [*self._tones], (self._matches[0].copy(), self._matches[1].copy())  # noqa: SLF001 - of its own class
        return other

    @property
    def reference(self) -> int:
        """Return the last note's MIDI number."""
        return self.onsets[-1][1] if self.onsets else START_MIDI

    def push(self, step: int) -> None:
        """Take the next step of the melody."""
        reference, now = self.reference, len(self.steps)
        true = class_of(step, reference)
        right = [offered == true for offered in self._offered]
        for record, keeps in zip(self._records, FADING, strict=True):
            for place, hit in enumerate(right):
                record[place] = keeps * record[place] + ((1.0 - keeps) if hit else 0.0)
        self.steps.append(step)
        self.references.append(reference)
        if step >= 0:
            self.onsets.append((now, step))
            self._low, self._high, self._sum = min(self._low, step), max(self._high, step), self._sum + step
        self.sounding = step >= 0 or (step == HOLD and self.sounding)
        self._late = [TONES_FADE * tone for tone in self._late]
        if self.sounding:
            self._tones[self.reference % 12] += 1.0
            self._late[self.reference % 12] += 1.0
        for place, match in enumerate(self._matches):
            keys = self._keys(now + 1, moved=match.moved)
            match.follow(now + 1, keys, right=right[CANDIDATES - 2 + place])
        self._offer()

    def _keys(self, now: int, *, moved: bool) -> list[tuple[int, ...]]:
        """Return what to know the present place by: the last three notes, else the last two."""
        keys = list[tuple[int, ...]]()
        for many in (3, 2):
            last = self.onsets[-many:]
            if len(last) == many:
                zero = last[-1][1] if moved else 0
                flat = [value for at, pitch in last for value in (now - at, pitch - zero)]
                keys.append((now % self.beat.bar_steps, int(self.sounding), *flat))
        return keys

    def _offer(self) -> None:
        """Say what may come next."""
        now = len(self.steps)
        lagged = [now - lag * self.beat.bar_steps for lag in LAGS]
        as_it_was = [*lagged, self._matches[0].at]
        moved = [*lagged[:2], self._matches[1].at]
        was = [class_of(self.steps[at], self.reference) if at >= 0 else NONE for at in as_it_was]
        on = [class_of(self.steps[at], self.references[at]) if at >= 0 else NONE for at in moved]
        self._offered = [*was[:4], *on[:2], was[4], on[2]]

    def indices(self) -> list[int]:
        """Return the classes seen before the next step, INDICES."""
        now, bar = len(self.steps), self.beat.bar_steps
        last = class_of(self.steps[-1], self.references[-1]) if self.steps else NONE
        place = min(now % bar, PLACES - 1)
        return [last, *self._offered, place, min(bar, PLACES), (now // bar) % HYPER]

    def numbers(self) -> list[float]:
        """Return the numbers seen before the next step, NUMBERS."""
        now, around = len(self.steps), self.reference % 12
        seen = list[float]()
        for tones in (self._tones, self._late):
            weight = 1.0 / max(sum(tones), 1.0)
            seen += [tone * weight for tone in (*tones[around:], *tones[:around])]
        seen += [value for record in self._records for value in record]
        seen += [min(match.long, LONGEST) / LONGEST for match in self._matches]
        since = now - self.onsets[-1][0] if self.onsets else now
        many = max(len(self.onsets), 1)
        around_midi = self.reference
        return [
            *seen,
            float(self.sounding),
            log2(1 + since) / 5.0,
            float(since == 1),
            (self._sum / many - around_midi) / 12.0 if self.onsets else 0.0,
            (self._low - around_midi) / 12.0 if self.onsets else 0.0,
            (self._high - around_midi) / 12.0 if self.onsets else 0.0,
            float(self.beat.compound),
            log2(1 + now / self.beat.bar_steps) / 5.0,
        ]


def steps_of(notes: Sequence[tuple[float, float, int]], steps_per_qn: float, count: int) -> list[int]:
    """Return a melody in steps: of two onsets in one step the first, each note until the next at the latest.

    notes: onset and length in quarter notes from a bar line, MIDI number, in order.
    """
    steps = [HOLD] * count
    silent_from = 0
    taken = -1
    for onset_qn, length_qn, pitch in notes:
        at = round(onset_qn * steps_per_qn)
        if at <= taken or at >= count:
            continue
        if taken >= 0 and silent_from < at:
            steps[silent_from] = OFF
        steps[at] = pitch
        taken = at
        silent_from = max(at + 1, round((onset_qn + length_qn) * steps_per_qn))
    if taken >= 0 and silent_from < count:
        steps[silent_from] = OFF
    return steps
