import pytest

from vocalmidi.phrase import KeyEvidence, estimate_key

MAJOR, MINOR = (0, 2, 4, 5, 7, 5, 4, 2, 4, 0, 7, 0), (0, 2, 3, 5, 7, 8, 7, 5, 3, 2, 7, 0)


def key_of(steps, tonic):
    evidence = KeyEvidence(tuple(60 + tonic + step for step in steps), (1.0,) * (len(steps) - 1) + (2.0,))
    return estimate_key(evidence)


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize(("steps", "mode"), [(MAJOR, "major"), (MINOR, "minor")])
def test_a_tune_in_any_key_is_told(tonic, steps, mode):
    key = key_of(steps, tonic)
    assert (key.tonic, key.mode) == (tonic, mode)
    assert key.probability > 0.5


def test_few_notes_are_believed_less_than_many():
    assert key_of(MAJOR[:2], 0).probability < key_of(MAJOR, 0).probability


def test_octaves_do_not_matter():
    low = KeyEvidence((48, 52, 55, 60), (1, 1, 1, 2))
    high = KeyEvidence((72, 64, 79, 84), (1, 1, 1, 2))
    assert estimate_key(low) == estimate_key(high)


def test_without_notes_every_key_is_as_likely():
    assert estimate_key(KeyEvidence((), ())).probability == pytest.approx(1 / 24)
