"""What a keyboard says to the singer, and that nothing that comes in is ever an error."""

import random

from vocalmidi.live import HeardKeys
from vocalmidi.live.messages import control, note_off, note_on


def test_held_keys_are_the_tones():
    keys = HeardKeys()
    for message in (note_on(0, 60, 9), note_on(0, 64, 9), note_on(1, 76, 9)):
        assert not keys.hear(message)
    assert keys.tones == {0, 4}
    keys.hear(note_off(0, 64))
    assert keys.tones == {0, 4}  # its octave is held on another channel
    keys.hear(bytes((0x91, 76, 0)))  # a note-on without velocity is a note-off
    assert keys.tones == {0}


def test_all_notes_off_is_panic_and_lets_go_of_the_channels_keys():
    keys = HeardKeys()
    keys.hear(note_on(0, 60, 9))
    assert keys.hear(control(0, 123, 0))
    assert keys.tones == frozenset()


def test_a_hundred_thousand_inputs_raise_nothing_and_hold_no_more_than_there_are_keys():
    draw = random.Random(8)
    keys = HeardKeys()
    for _ in range(100_000):
        message = bytes(draw.randrange(256) for _ in range(draw.choice((0, 1, 2, 3, 3, 3, 4, 9))))
        assert keys.hear(message) in (True, False)
        assert all(0 <= tone < 12 for tone in keys.tones)
    assert len(keys._held) <= 16 * 128
