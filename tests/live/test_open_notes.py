"""What a killed run leaves behind for the next one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.errors import MidiError
from vocalmidi.live import LeftOpen, forget, left_open, remember


def test_what_is_open_is_remembered_until_it_is_closed(tmp_path):
    path = tmp_path / "state" / "midi_open.json"
    assert left_open(path) is None
    remember(path, LeftOpen("virtual", (0, 9)))
    assert left_open(path) == LeftOpen("virtual", (0, 9))
    forget(path)
    forget(path)
    assert left_open(path) is None


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(lambda x: json.dumps(x).encode()))
def test_a_damaged_note_means_every_channel(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("state") / "midi_open.json"
    path.write_bytes(content)
    assert left_open(path) == LeftOpen("", tuple(range(16)))


def test_a_place_that_cannot_be_written_is_an_error_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MidiError, match="make its folder writable"):
        remember(tmp_path / "file" / "midi_open.json", LeftOpen("x", ()))
