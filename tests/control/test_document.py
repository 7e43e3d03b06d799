"""docs/OSC.md is what the table says, and the commands around it work."""

import pytest
from click.testing import CliRunner

from needs import ROOT
from vocalmidi.cli import vocalmidi
from vocalmidi.control import FEEDBACK, document, entries, figures_of
from vocalmidi.touchosc import faults

PAGE = ROOT / "docs" / "OSC.md"


def run(*words):
    return CliRunner().invoke(vocalmidi, [str(word) for word in words], catch_exceptions=False)


def test_the_page_is_what_the_table_says():
    """Written by `vocalmidi osc addresses -o docs/OSC.md`."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == document(figures_of(page))
    assert "| command |" in page
    assert figures_of(page).count("\n") >= 3


def test_every_address_is_in_it():
    page = document()
    assert all(f"`{each.address}`" in page for each in (*entries(), *FEEDBACK))


def test_the_command_writes_it_and_keeps_what_was_measured(tmp_path):
    page = tmp_path / "OSC.md"
    page.write_text(document("| a | b | c |\n"), encoding="utf-8")
    assert run("osc", "addresses", "-o", page).exit_code == 0
    assert page.read_text(encoding="utf-8") == document("| a | b | c |\n")
    assert run("osc", "addresses").output == document()


@pytest.mark.parametrize("device", ["tablet", "phone"])
def test_a_layout_is_exported_checked_and_drawn(tmp_path, device):
    layout, picture = tmp_path / "v.tosc", tmp_path / "v.png"
    assert "receive port 9011" in run("touchosc", "export", layout, "--device", device).output
    assert faults(layout.read_bytes()) == []
    assert "no fault" in run("touchosc", "check", layout).output
    assert run("touchosc", "draw", layout, picture).exit_code == 0
    assert picture.exists()
    layout.write_bytes(b"junk")
    assert run("touchosc", "check", layout).exit_code == 1
