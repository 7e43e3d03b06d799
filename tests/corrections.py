"""Phrases as a user left them: what he moved, shifted and deleted, as verdicts."""

from vocalmidi.profile import Verdict
from vocalmidi.values import PartName


def name(number):
    return f"{number:012x}"


def note(phrase, index, pitch, *, octaves=0, late_s=None, is_moved=False, sure=0.95, is_gone=False):
    heard = pitch, octaves, late_s, is_moved, sure
    return Verdict(name(phrase), index, PartName.MELODY, "note", *heard, is_gone)


def hit(phrase, index, **said):
    late_s, is_moved = said.get("late_s"), said.get("is_moved", False)
    sure, is_gone = said.get("sure", 0.9), said.get("is_gone", False)
    return Verdict(name(phrase), index, PartName.DRUMS, "hit", None, 0, late_s, is_moved, sure, is_gone)


def phrase(number, pitches, **said):
    """Return the verdicts on a phrase of these pitches, to all of which the same happened."""
    return [note(number, index, pitch, **said) for index, pitch in enumerate(pitches)]
