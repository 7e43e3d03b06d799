"""How much of everything: density, complexity and mood of a wish as numbers around what the genre has written."""

from vocalmidi.arrange.wish import AS_WRITTEN, Wish

ENERGY_DENSITY = 0.25
"""Density that a mood's full energy is worth: half of what the wish itself can add."""
SHORTEST_SHARE = 0.5
"""What is left of a note at a legato of −1: the staccato of notation."""


def fullness(wish: Wish) -> float:
    """Return how many strokes are wished for, the mood's energy with it: −1 the fewest, 0 as written, 1 the most."""
    density = wish.density + ENERGY_DENSITY * wish.mood.energy
    return max(-1.0, min(1.0, (density - AS_WRITTEN) / AS_WRITTEN))


def freedom(wish: Wish) -> float:
    """Return the complexity wished for: −1 the plainest, 0 as written, 1 the freest."""
    return (wish.complexity - AS_WRITTEN) / AS_WRITTEN


def sounding_stop(start_qn: float, stop_qn: float, next_qn: float, legato: float) -> float:
    """Return where a note ends that is held towards the next or cut short; legato: −1 to 1, 0 as written."""
    if legato >= 0.0:
        return stop_qn + legato * max(0.0, next_qn - stop_qn)
    return start_qn + (stop_qn - start_qn) * (1.0 + legato * (1.0 - SHORTEST_SHARE))
