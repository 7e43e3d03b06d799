"""Ten thousand damaged packets; `python tests/control/mutations.py` sends a million."""

from control.mutations import run


def test_no_damaged_packet_escapes_and_many_still_mean_something(tmp_path):
    tally = run(10_000, seed=7, folder=tmp_path)
    assert tally.packets == 10_000
    assert tally.errors > 3000  # most damage is found
    assert tally.told > tally.errors + 500  # and some packets live through it
