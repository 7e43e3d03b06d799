"""The daemon and the real scripts together: an item is rebuilt from what it remembers, also a year later."""

import json
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from app.studio import RATE, TUNE, Studio, quiet
from app.test_remaking import act, takes
from reaper.test_bridge_remake import AGAIN, CHANGE, ROLL, TRACKS, transpose
from synth import sing
from vocalmidi import __version__
from vocalmidi.app.ears import open_ears
from vocalmidi.app.origin import ModelMark
from vocalmidi.app.source import read_source, source_text
from vocalmidi.config import load_settings

REBUILD = "Rebuild this item"
SOURCE = "P_EXT:vocalmidi_source"


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    made = Studio(tmp_path, ears)
    made.write_tune()
    yield made
    made.reaper.check()


def later(folder, ears, studio):
    """Return the studio with its project saved and opened again, and another daemon, that has heard nothing."""
    folder.mkdir()
    other = Studio(folder, ears)
    studio.reaper.die(studio.reaper.fake.saved(studio.reaper.project))
    studio.reaper.start()
    studio.writer, studio.said = other.writer, other.said
    studio.writer._spool = studio.spool
    return studio


def remember(studio, name, change):
    """Change what an item remembers, as another version would have written it."""
    item = studio.reaper.items(name)[0]
    item.strings[SOURCE] = source_text(change(read_source(item.strings[SOURCE], load_settings())))


def test_every_part_is_rebuilt_byte_for_byte_in_its_place_without_the_voice(tmp_path, ears, studio):
    act(studio, ROLL, "Drums")
    studio.reaper.fake.typed = "jazz,dark,,"
    act(studio, CHANGE, "Chords")
    before, guids = takes(studio), [studio.reaper.items(name)[0].guid for name in TRACKS]
    later(tmp_path / "later", ears, studio)
    act(studio, REBUILD, *TRACKS)
    assert studio.told == []
    assert takes(studio) == before
    assert [studio.reaper.items(name)[0].guid for name in TRACKS] == guids
    assert studio.said[-1].endswith("Bass is as it was written; Drums is as it was written")
    assert studio.reaper.undo_titles() == ["Vocal MIDI: rebuild Melody, Chords, Bass, Drums"]


@pytest.mark.parametrize("bend_as", ["wheel", "mpe", "cc20"])
def test_bends_and_levels_are_rebuilt_byte_for_byte_whatever_the_settings_are_by_now(tmp_path, ears, bend_as):
    studio = Studio(tmp_path, ears, bend="true", bend_as=bend_as, expression="cc11", octave=1, quantise=60)
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.write()
    before = takes(studio)
    later(tmp_path / "plain", ears, studio)
    act(studio, REBUILD, *TRACKS)
    assert (studio.told, takes(studio)) == ([], before)
    assert "Melody is as it was written" in studio.said[-1]
    studio.reaper.check()


def test_only_what_is_selected_is_rebuilt_and_beside_what_was_edited(studio):
    before = takes(studio)
    transpose(studio.reaper, "Bass", studio.reaper.notes("Bass")[0].pitch)
    edited = takes(studio)["Bass"]
    act(studio, REBUILD, "Bass")
    assert studio.told == []
    assert takes(studio) == {**before, "Bass": [*edited, *before["Bass"]]}
    assert "stays, the new one is in a lane beside it; Bass is as it was written" in studio.said[-1]


def test_a_melody_that_was_edited_is_rebuilt_as_it_was_sung(studio):
    before = takes(studio)["Melody"]
    transpose(studio.reaper, "Melody", 60)
    act(studio, ROLL, "Melody")
    assert "is what was sung" in studio.told[-1]
    act(studio, REBUILD, "Melody")
    assert takes(studio)["Melody"][1:] == before


def test_an_item_that_was_moved_is_rebuilt_where_it_belongs(studio):
    start_s = studio.reaper.items("Drums")[0].start_s
    studio.user("fake.move(project.tracks[4].items[1], 2)")
    act(studio, REBUILD, "Drums")
    assert studio.told == []
    moved, new = studio.reaper.items("Drums")
    assert (moved.start_s, new.start_s) == (pytest.approx(start_s + 1.0), pytest.approx(start_s))


def test_an_item_knows_the_sound_that_was_heard_and_the_models_that_heard_and_arranged_it(studio, ears):
    making = read_source(studio.reaper.items("Bass")[0].strings[SOURCE], load_settings()).making
    history = studio.hearing.history
    assert making.heard.sample_rate_hz == RATE
    assert 0 < making.heard.stop - making.heard.start <= history.available.stop
    samples = history.span(making.heard.start, making.heard.stop).samples
    assert making.heard.sha256 == sha256(np.asarray(samples, "<f4").tobytes()).hexdigest()
    wanted = {(model.card.name, model.card.sha256) for model in (ears.voice, ears.timbre, ears.context)}
    assert {(mark.name, mark.sha256) for mark in making.ears} == wanted
    assert making.version


def test_a_rebuild_by_other_models_says_which_and_remembers_these(studio):
    old = ModelMark("drums", "0123456789abcdef" * 4)
    remember(studio, "Drums", lambda source: replace(source, making=replace(source.making, band=(old,))))
    act(studio, REBUILD, "Drums")
    assert studio.said[-1].endswith("; made with drums none, then 01234567")
    assert read_source(studio.reaper.items("Drums")[0].strings[SOURCE], load_settings()).making.band == ()
    act(studio, REBUILD, "Drums")
    assert "made with" not in studio.said[-1]


def test_the_same_again_by_another_version_says_so_too(studio):
    remember(studio, "Melody", lambda source: replace(source, making=replace(source.making, version="0.0.1")))
    act(studio, AGAIN, "Melody")
    assert f"made with vocalmidi {__version__}, then 0.0.1" in studio.said[-1]


def test_an_item_of_before_that_was_kept_is_rebuilt_all_the_same(studio):
    before = takes(studio)
    item = studio.reaper.items("Bass")[0]
    table = json.loads(item.strings[SOURCE])
    del table["making"]
    item.strings[SOURCE] = json.dumps(table, separators=(",", ":"))
    act(studio, REBUILD, "Bass")
    assert (studio.told, takes(studio)) == ([], before)
    assert "made with" not in studio.said[-1]


def test_an_item_that_remembers_nothing_is_told(studio):
    studio.user("project.tracks[3].items[1].strings['P_EXT:vocalmidi_source'] = nil")
    before = studio.reaper.state()
    act(studio, REBUILD, "Bass")
    assert "does not remember what was sung" in studio.told[-1]
    assert studio.reaper.state() == before


def test_rebuilding_locked_items_is_refused_in_words(studio):
    studio.user("project.tracks[3].items[1].lock = 1")
    act(studio, REBUILD, "Bass")
    assert "Bass is locked" in studio.told[-1]


@pytest.mark.parametrize("kept", ["lanes", "takes"])
def test_the_passes_of_a_loop_are_lanes_or_takes_as_the_settings_say(tmp_path, ears, kept):
    studio = Studio(tmp_path, ears, passes=kept)
    # The loop is the tune's length, two bars of 4/4 at 120.
    studio.user("project.repeats, project.loop, project.play_state, project.play_s = 1, { 4.0, 8.0 }, 1, 4.0")
    once = sing(TUNE, RATE).samples
    once = np.concatenate([once, quiet(4.5)])[: 4 * RATE]
    studio.play(np.concatenate([once, once, once, quiet(1.0)]))
    studio.write()
    assert studio.told == []
    items = studio.reaper.items("Melody")
    if kept == "lanes":
        assert len(items) >= 3
        assert [len(item.takes) for item in items] == [1] * len(items)
        assert len({item.lane for item in items}) == len(items)
    else:
        assert len(items) == 1
        assert len(items[0].takes) >= 3
    studio.reaper.check()
