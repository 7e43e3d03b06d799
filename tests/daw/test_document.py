"""docs/DAW_TESTING.md and the tests of this folder are about the same cases."""

import re
from pathlib import Path

from needs import ROOT

TEXT = (ROOT / "docs" / "DAW_TESTING.md").read_text(encoding="utf-8")
CASES = ["hum", "latency", "genre", "tracks", "tempo", "loop", "persistence"]


def test_each_case_has_steps_what_is_right_and_a_test_that_tries_it():
    sections = re.findall(r"\n## \d\. (.*?)(?=\n## )", TEXT, re.DOTALL)
    assert len(sections) == len(CASES)
    for section, case in zip(sections, CASES, strict=True):
        assert re.search(r"\n1\. ", section), case
        assert "**Right is**:" in section, case
        assert f"Automatically: `tests/daw/test_{case}.py`" in section, case


def test_each_test_of_this_folder_is_of_a_case():
    files = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert files == {*CASES, "document"}
    for case in CASES:
        text = (Path(__file__).parent / f"test_{case}.py").read_text(encoding="utf-8")
        assert text.startswith(f'"""Case {CASES.index(case) + 1} of docs/DAW_TESTING.md: ')
