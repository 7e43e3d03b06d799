"""Roman numerals against a harmony textbook."""

import pytest

from vocalmidi.arrange.qualities import Degree, parse_numeral


@pytest.mark.parametrize(
    ("numeral", "mode", "root", "tones"),
    [
        ("I", "major", 0, (0, 4, 7)),
        ("vi", "major", 9, (9, 0, 4)),
        ("V7", "major", 7, (7, 11, 2, 5)),
        ("ii7", "major", 2, (2, 5, 9, 0)),
        ("bVII", "major", 10, (10, 2, 5)),
        ("IVmaj7", "major", 5, (5, 9, 0, 4)),
        ("VI", "minor", 8, (8, 0, 3)),
        ("VII", "minor", 10, (10, 2, 5)),
        ("iihdim7", "minor", 2, (2, 5, 8, 0)),
        ("#viidim", "minor", 11, (11, 2, 5)),
        ("Vsus4", "major", 7, (7, 0, 2)),
    ],
)
def test_numerals_mean_what_the_textbook_says(numeral, mode, root, tones):
    degree = parse_numeral(numeral, mode)
    assert (degree.root, degree.tones) == (root, tones)
    assert isinstance(degree, Degree)


@pytest.mark.parametrize("wrong", ["", "H", "iI", "viiii", "I13", "imaj7", "Idim", "5", "##I"])
def test_what_is_no_numeral_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must be one of|is not a Roman numeral"):
        parse_numeral(wrong, "major")
