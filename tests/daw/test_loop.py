"""Case 6 of docs/DAW_TESTING.md: sung to a loop, the passes are one item, each pass a take or a lane of its own."""

import numpy as np
import pytest

from app.studio import RATE, quiet
from synth import SungNote, sing

FIRST = [(0.02, 60), (0.52, 62), (1.02, 64), (1.52, 65)]
OTHER = [(0.02, 60), (0.52, 62), (1.02, 67), (1.52, 65)]


def bar(tune):
    """Return two seconds, a bar at 120, in which this is sung."""
    notes = [SungNote(at, 0.42, pitch) for at, pitch in tune]
    return np.pad(sing(notes, RATE).samples, (0, 2 * RATE))[: 2 * RATE]


def looped(studio):
    studio.user("project.play_state, project.play_s, project.repeats, project.loop = 1, 4.0, 1, { 4.0, 6.0 }")
    studio.play(np.concatenate([bar(FIRST), bar(OTHER), bar(FIRST), quiet(0.7)]))
    studio.write()
    assert studio.told == []
    assert len(studio.reaper.undo_titles()) == 1


def pitches(studio, take):
    return [note.pitch for note in studio.reaper.fake.notes_of_take(take).values()]


def test_what_the_passes_agree_on_plays_and_each_pass_is_a_take_behind_it(open_studio):
    studio = open_studio()
    looped(studio)
    (item,) = studio.reaper.items("Melody")
    assert (item.start_s, item.end_s) == pytest.approx((4.0, 6.0), abs=0.01)
    assert pitches(studio, item.take) == [pitch for _, pitch in FIRST]
    takes = [pitches(studio, take) for take in item.takes.values()]
    assert takes[1:] == [[pitch for _, pitch in tune] for tune in (FIRST, OTHER, FIRST)]


def test_or_an_item_in_a_lane_of_its_own(open_studio):
    studio = open_studio(passes="lanes")
    looped(studio)
    items = sorted(studio.reaper.items("Melody"), key=lambda item: item.lane or 0)
    assert [item.lane or 0 for item in items] == [0, 1, 2, 3]
    assert [pitches(studio, item.take) for item in items[1:]] == [
        [pitch for _, pitch in tune] for tune in (FIRST, OTHER, FIRST)
    ]
    (track,) = [t for t in studio.reaper.project.tracks.values() if t.strings.P_NAME == "Melody"]
    api = studio.reaper.fake.api
    assert [api.GetMediaTrackInfo_Value(track, f"C_LANEPLAYS:{lane}") for lane in range(4)] == [1, 0, 0, 0]


def test_undo_takes_all_passes_away_at_once(open_studio):
    studio = open_studio()
    before = studio.reaper.state()
    looped(studio)
    studio.reaper.fake.undo(studio.reaper.project)
    assert studio.reaper.state() == before
