"""Every action, run in every state, ends in words: spoken where a screen reader's extension is, printed or shown in any
case; and every action is described in docs/REAPER.md.
"""

import numpy as np
import pytest

from app.studio import RATE, TUNE, Studio, quiet
from lua.signatures import ROOT, SCRIPTS
from reaper.in_memory import InMemoryReaper
from reaper.test_bridge_strength import select
from synth import sing
from vocalmidi.app.ears import open_ears

ACTIONS = sorted(path.stem.removeprefix("Vocal MIDI_") for path in (SCRIPTS / "actions").glob("*.lua"))
TYPED = {
    "Write last bars": "4",
    "Change genre and mood": "jazz,dark,70,",
    "Quantise strength": "50",
    "Teach trigger": "clap,39",
}
"""What the user types into the dialogs that some ask with; without an answer they end as the user has ended them."""
LONG_TURNS = 45
"""The self-test measures for a second."""


def listen(reaper):
    """Let a screen reader be there; return what it says, as it comes."""
    spoken = reaper.lua.eval("{}")
    add = "function(fake, list) fake.extensions.osara_outputMessage = function(text) list[#list + 1] = text end end"
    reaper.lua.eval(add)(reaper.fake, spoken)
    return spoken


def start(reaper, action, folder):
    """Run an action as a user who answers its dialog."""
    reaper.fake.typed = TYPED.get(action)
    reaper.fake.window.choice = 2
    reaper.fake.chosen_file = str(folder / "song.vocalmidi")
    reaper.action(action)


def assert_words(reaper, spoken, action):
    words = list(spoken.values())
    assert words, action
    assert all(text.strip() for text in words), action
    # What is spoken is also there to be read.
    written = "\n".join([*reaper.fake.console.values(), *reaper.fake.messages.values()])
    assert any(text in written for text in words) or reaper.fake.window.is_open, action
    assert list(reaper.fake.script_errors.values()) == [], action
    assert list(reaper.fake.violations.values()) == [], action


@pytest.mark.parametrize("action", ACTIONS)
def test_without_a_bridge_it_ends_in_words(tmp_path, action):
    reaper = InMemoryReaper(tmp_path)
    reaper.spool()
    spoken = listen(reaper)
    start(reaper, action, tmp_path)
    reaper.turn(LONG_TURNS)
    assert_words(reaper, spoken, action)


@pytest.mark.parametrize("action", ACTIONS)
def test_without_a_daemon_it_ends_in_words(tmp_path, action):
    reaper = InMemoryReaper(tmp_path)
    reaper.start()
    spoken = listen(reaper)
    start(reaper, action, tmp_path)
    reaper.turn(LONG_TURNS)
    assert_words(reaper, spoken, action)


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


def answered(studio, action, folder):
    spoken = listen(studio.reaper)
    start(studio.reaper, action, folder)
    studio.answer()
    studio.turns(LONG_TURNS)
    assert_words(studio.reaper, spoken, action)


@pytest.mark.parametrize("action", ACTIONS)
def test_with_nothing_sung_and_nothing_selected_it_ends_in_words(tmp_path, ears, action):
    answered(Studio(tmp_path, ears), action, tmp_path)


@pytest.mark.parametrize("action", ACTIONS)
def test_with_an_arrangement_selected_it_ends_in_words(tmp_path, ears, action):
    studio = Studio(tmp_path, ears)
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.write()
    select(studio.reaper, "Drums")
    answered(studio, action, tmp_path)


def documented(row):
    """Return the actions that a row of the table names: "Roll melody again, … bass" is two that differ in a word."""
    first, *others = [name.strip() for name in row.split("|")[1].replace("Vocal MIDI:", "").split(",")]
    yield first
    for other in others:
        if not other.startswith("…"):
            yield other
        for action in ACTIONS if other.startswith("…") else ():
            pairs = [(a, b) for a, b in zip(action.split(), first.split(), strict=False) if a != b]
            is_like = len(action.split()) == len(first.split()) and len(pairs) == 1
            if is_like and pairs[0][0] == other.removeprefix("…").split()[0]:
                yield action


def test_every_action_has_its_row_in_the_document():
    text = (ROOT / "docs" / "REAPER.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if row.startswith("| Vocal MIDI")]
    assert sorted(action for row in rows for action in documented(row)) == ACTIONS
