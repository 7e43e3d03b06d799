"""Case 2 of docs/DAW_TESTING.md: nothing keeps the user waiting, and a late microphone is made good."""

from dataclasses import replace

import numpy as np
import pytest

from app.studio import RATE, quiet
from app.test_calibrate import clapping
from reaper.music import small_request
from synth import SungNote, sing
from vocalmidi.reaper import ReceiptStatus
from vocalmidi.values import Note, Part, PartName

MANY = 10_000
DELAY_S = 0.043


def test_an_action_is_with_the_daemon_one_turn_later(open_studio):
    studio = open_studio()
    studio.spool.beat()
    studio.reaper.action("Write what I just sang")
    studio.reaper.turn(1)
    assert len(studio.spool.take_commands()) == 1


def test_a_phrase_is_in_the_project_two_turns_after_the_daemon_had_it_ready(open_studio):
    studio = open_studio()
    request = small_request()
    studio.spool.post(request)
    studio.reaper.turn(2)
    assert studio.reaper.item_count() == 4
    assert studio.spool.receipt(request.request_id, 0.0).status is ReceiptStatus.OK


def test_so_are_ten_thousand_notes_as_one_undo_point(open_studio):
    studio = open_studio()
    parts = tuple(
        Part(name, channel, 0, tuple(Note(step / 4, 0.2, 36 + step % 48, 90) for step in range(MANY // 2)))
        for name, channel in ((PartName.MELODY, 0), (PartName.BASS, 2))
    )
    request = small_request()
    studio.spool.post(replace(request, arrangement=replace(request.arrangement, parts=parts, length_qn=MANY / 8)))
    studio.reaper.turn(2)
    api = studio.reaper.fake.api
    counts = [api.MIDI_CountEvts(item.take)[1] for item in studio.reaper.all_items()]
    assert counts == [MANY // 2, MANY // 2]
    assert len(studio.reaper.undo_titles()) == 1


def test_claps_take_the_microphones_delay_off_what_is_sung(open_studio):
    studio = open_studio(quantise=0)
    studio.writer._keep = lambda _: None
    studio.user("project.play_state = 1")
    studio.play(clapping(DELAY_S, 45))
    studio.act("Calibrate by the claps just heard")
    assert studio.told == []
    # On each beat from bar 100 on, by a singer who hears the project and is heard later by the delay.
    studio.user("project.play_s = 198.0")
    beats = [SungNote(0.5 + 0.5 * step + DELAY_S, 0.4, pitch) for step, pitch in enumerate((60, 62, 64, 65, 67, 65))]
    studio.play(np.concatenate([sing(beats, RATE).samples, quiet(1.0)]))
    studio.write()
    starts_s = [note.start_qn / 2 for note in studio.reaper.notes("Melody")]
    late_s = np.array(starts_s) - [198.5 + 0.5 * step for step in range(len(beats))]
    assert abs(np.median(late_s)) < 0.02
    assert starts_s == pytest.approx([198.5 + 0.5 * step for step in range(len(beats))], abs=0.04)
