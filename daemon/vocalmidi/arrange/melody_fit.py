"""Keys for the notes of an answer: as near as can be to what is wanted, over the chords, and closing on the tonic.

In: notes at the keys wanted. Out: one key each. The cheapest path by Viterbi: near the wanted key, the same way up or
down, chord tones where the metre is strong, no wide leaps, the last note on the tonic.
"""

from vocalmidi.arrange.melody_ground import Ground
from vocalmidi.arrange.plan import in_threes
from vocalmidi.values import Note

OCTAVE = 12
SPREAD = 2
"""Semitones that an answer may go beyond the sung range: a tone."""
AWAY_COST = 0.5
"""A semitone from the key wanted; all other costs are told against two of these."""
STRONG_COST, BEAT_COST, WEAK_COST = 2.5, 0.8, 0.2
"""Of a note outside the chord: on a strong beat or held for one, on another beat, between beats."""
RUB_COST = 1.0
"""Besides, of a note a semitone above a tone of the chord, on a beat."""
STILL_COST, TURNED_COST, MOVED_COST = 2.0, 3.0, 1.5
"""Of standing still where the line should move, of going the other way, and of moving where it should stand."""
WIDE = 7
WIDE_COST = 0.5
"""For each semitone of a leap beyond a fifth."""
CLOSE_COST = 0.4
"""For each semitone of the leap to the last note beyond a tone: a line closes by step."""


def answer_range(notes: list[Note]) -> range:
    """Return the keys that an answer may use: those sung and a tone beyond, at least an octave."""
    low, high = min(note.pitch_midi for note in notes) - SPREAD, max(note.pitch_midi for note in notes) + SPREAD
    spare = max(0, OCTAVE - (high - low))
    return range(max(0, low - (spare + 1) // 2), min(127, high + (spare + 1) // 2) + 1)


def fitted_keys(wanted: list[Note], ground: Ground, keys: range) -> list[int]:
    """Return the key of each note."""
    if not wanted:
        return []
    wanted_keys = _in_range([note.pitch_midi for note in wanted], keys)
    states = [_candidates(note, ground, keys) for note in wanted[:-1]] + [_closing(wanted, ground, keys)]
    costs = {key: _own_cost(wanted[0], wanted_keys[0], key, ground) for key in states[0]}
    came_from = list[dict[int, int]]()
    for index in range(1, len(wanted)):
        move, last = wanted_keys[index] - wanted_keys[index - 1], index == len(wanted) - 1
        steps = dict[int, int]()
        reached = dict[int, float]()
        for key in states[index]:
            before = min(costs, key=lambda old: (costs[old] + _move_cost(key - old, move, last=last), old))
            steps[key] = before
            own = _own_cost(wanted[index], wanted_keys[index], key, ground)
            reached[key] = costs[before] + _move_cost(key - before, move, last=last) + own
        costs = reached
        came_from.append(steps)
    path = [min(costs, key=lambda key: (costs[key], key))]
    for steps in reversed(came_from):
        path.append(steps[path[-1]])
    return path[::-1]


def _in_range(wanted: list[int], keys: range) -> list[int]:
    """Return the keys wanted, all moved by the octaves that bring most of them within the range."""
    outside = {move: sum(key + OCTAVE * move not in keys for key in wanted) for move in (0, -1, 1, -2, 2)}
    move = min(outside, key=lambda move: (outside[move], abs(move)))
    return [key + OCTAVE * move for key in wanted]


def _candidates(note: Note, ground: Ground, keys: range) -> list[int]:
    scale = ground.scale_at(note.start_qn)
    return [key for key in keys if key % OCTAVE in scale]


def _closing(wanted: list[Note], ground: Ground, keys: range) -> list[int]:
    """Return the keys to end on: the tonic if the last chord has it, else that chord.

    A lone note that is on the tonic already goes elsewhere in the chord: else it would be no answer.
    """
    last = wanted[-1]
    tones = ground.tones_at(last.start_qn)
    goal = {ground.key.tonic} & tones or tones
    if len(wanted) == 1:
        goal = tones - {last.pitch_midi % OCTAVE} or tones
    return [key for key in keys if key % OCTAVE in goal]


def _own_cost(note: Note, wanted: int, key: int, ground: Ground) -> float:
    cost = AWAY_COST * abs(key - wanted)
    tones = ground.tones_at(note.start_qn)
    if key % OCTAVE in tones:
        return cost
    if not ground.is_beat(note.start_qn):
        return cost + WEAK_COST
    rub = RUB_COST if (key - 1) % OCTAVE in tones else 0.0
    return cost + rub + (STRONG_COST if _is_strong(note, ground) else BEAT_COST)


def _is_strong(note: Note, ground: Ground) -> bool:
    """Return whether a note on a beat is on the first of a bar or of half of one, or held for more than a beat."""
    bar_qn = ground.meter.bar_qn
    beats = ground.meter.beats // 3 if in_threes(ground.meter) else ground.meter.beats
    strong_qn = bar_qn / 2.0 if beats % 2 == 0 else bar_qn
    places = note.start_qn / strong_qn
    return abs(places - round(places)) * strong_qn < ground.beat_qn / 4.0 or note.length_qn > ground.beat_qn


def _move_cost(move: int, wanted: int, *, last: bool) -> float:
    cost = WIDE_COST * max(0, abs(move) - WIDE)
    if last:
        return cost + CLOSE_COST * max(0, abs(move) - 2)
    if wanted == 0:
        return cost + (MOVED_COST if move else 0.0)
    if move == 0:
        return cost + STILL_COST
    return cost + (TURNED_COST if (move > 0) != (wanted > 0) else 0.0)
