"""Bytes, read by mido, an implementation of its own."""

import mido

from vocalmidi.live import messages, panic
from vocalmidi.live.messages import KEYS


def read(content):
    return [mido.Message.from_bytes(message) for message in content]


def test_channel_messages_are_what_mido_reads():
    assert read([messages.note_on(2, 60, 99)])[0] == mido.Message("note_on", channel=2, note=60, velocity=99)
    assert read([messages.note_off(15, 0)])[0] == mido.Message("note_off", channel=15, note=0, velocity=64)
    assert read([messages.pressure(1, 7)])[0] == mido.Message("aftertouch", channel=1, value=7)
    assert read([messages.wheel(3, 8192)])[0] == mido.Message("pitchwheel", channel=3, pitch=0)
    assert read([messages.wheel(3, 0)])[0].pitch == -8192


def test_a_bend_range_names_its_parameter_and_then_none():
    pairs = [(m.control, m.value) for m in read(messages.bend_range(0, 12))]
    assert pairs == [(101, 0), (100, 0), (6, 12), (38, 0), (101, 127), (100, 127)]


def test_panic_lifts_every_key_of_the_channels():
    heard = read(panic((0, 9)))
    lifted = {(m.channel, m.note) for m in heard if m.type == "note_off"}
    assert lifted == {(channel, key) for channel in (0, 9) for key in KEYS}
    assert {(m.channel, m.control) for m in heard if m.is_cc()} >= {(0, 123), (0, 120), (9, 123), (9, 64)}
