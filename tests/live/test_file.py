"""Live MIDI as a file, read by mido."""

import io

import mido
import pytest

from vocalmidi.live import Sent, live_file_bytes
from vocalmidi.live.messages import note_off, note_on


@pytest.mark.parametrize("tempo_qpm", [90.0, 120.0])
def test_messages_lie_at_the_time_they_were_decided(tempo_qpm):
    sent = [Sent(4800, note_on(0, 60, 90)), Sent(30_000, note_off(0, 60))]
    read = mido.MidiFile(file=io.BytesIO(live_file_bytes(sent, 48_000, tempo_qpm)))
    assert read.type == 0
    now_s, heard = 0.0, []
    for message in read:
        now_s += message.time
        if not message.is_meta:
            heard.append((message.type, now_s))
    assert heard == [("note_on", pytest.approx(0.1, abs=0.001)), ("note_off", pytest.approx(0.625, abs=0.001))]
