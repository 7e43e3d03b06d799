"""The count of what two hearings share."""

from benchmarks.rolling_hearing import found


def test_each_is_found_once_and_only_near_and_of_its_kind():
    wanted = [(1.0, 60.0), (1.02, 60.0), (2.0, 62.0), (3.0, 64.0)]
    assert found(wanted, wanted, 0.05) == 4
    assert found(wanted, [(1.01, 60.3)], 0.05) == 1
    assert found(wanted, [(2.0, 60.0), (3.1, 64.0)], 0.05) == 0
