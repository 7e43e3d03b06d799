"""The bytes are read back by a parser written here from the specification, not by the library that wrote them."""

import struct
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.errors import SmfError
from vocalmidi.smf import smf_bytes, write_smf
from vocalmidi.values import Arrangement, BendPointQn, Key, Meter, Note, Part, PartName


@dataclass
class Track:
    name: str
    events: list  # (tick, status, data1, data2)
    metas: list  # (tick, type, bytes)


def read_smf(content):
    """Parse a type-1 file: header, then per track absolute ticks, channel events and meta events."""
    assert content[:4] == b"MThd"
    length, kind, n_tracks, division = struct.unpack(">IHHH", content[4:14])
    assert (length, kind) == (6, 1)
    at, tracks = 14, []
    for _ in range(n_tracks):
        assert content[at : at + 4] == b"MTrk"
        (size,) = struct.unpack(">I", content[at + 4 : at + 8])
        tracks.append(read_track(content[at + 8 : at + 8 + size]))
        at += 8 + size
    assert at == len(content)
    return division, tracks


def read_track(chunk):
    at, tick, status, events, metas = 0, 0, None, [], []

    def variable():
        nonlocal at
        value = 0
        while True:
            byte = chunk[at]
            at += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    while at < len(chunk):
        tick += variable()
        if chunk[at] == 0xFF:
            kind = chunk[at + 1]
            at += 2
            size = variable()
            metas.append((tick, kind, chunk[at : at + size]))
            at += size
            continue
        if chunk[at] & 0x80:
            status = chunk[at]
            at += 1
        two = status & 0xF0 not in (0xC0, 0xD0)
        events.append((tick, status, chunk[at], chunk[at + 1] if two else 0))
        at += 2 if two else 1
    assert metas[-1][1] == 0x2F
    name = next((m[2].decode() for m in metas if m[1] == 0x03), "")
    return Track(name, events, metas)


def notes_of(track):
    sounding, notes = {}, []
    for tick, status, key, velocity in track.events:
        if status & 0xF0 == 0x90 and velocity:
            assert key not in sounding, "a key struck again before it was released"
            sounding[key] = (tick, velocity)
        elif status & 0xF0 == 0x80 or (status & 0xF0 == 0x90 and not velocity):
            start, struck = sounding.pop(key)
            notes.append((start, tick, key, struck))
    assert not sounding, "a note that never ends"
    return sorted(notes)


def arrangement(*parts, length_qn=12.0):
    return Arrangement("pop", 1, 100.0, Meter(3, 4), Key(9, "minor", 0.9), length_qn, (), parts)


MELODY = Part(PartName.MELODY, 0, 73, (Note(0.0, 1.0, 69, 80), Note(1.0, 0.5, 71, 90), Note(1.5, 1 / 3, 72, 70)))


def test_tempo_metre_and_key_are_in_the_first_track():
    division, tracks = read_smf(smf_bytes(arrangement(MELODY)))
    assert division == 960
    metas = {kind: body for _, kind, body in tracks[0].metas}
    assert int.from_bytes(metas[0x51], "big") == 600_000  # 100 quarter notes a minute
    assert list(metas[0x58]) == [3, 2, 24, 8]  # 3/4, a click a quarter, 8 32nds a quarter
    assert list(metas[0x59]) == [0, 1]  # no accidentals, minor


def test_a_part_becomes_a_named_track_with_its_program_and_notes():
    _, tracks = read_smf(smf_bytes(arrangement(MELODY)))
    assert [track.name for track in tracks] == ["Vocal MIDI", "Melody"]
    assert (0, 0xC0, 73, 0) in tracks[1].events
    assert notes_of(tracks[1]) == [(0, 960, 69, 80), (960, 1440, 71, 90), (1440, 1760, 72, 70)]


def test_every_track_lasts_as_long_as_the_arrangement():
    _, tracks = read_smf(smf_bytes(arrangement(MELODY)))
    assert [track.metas[-1][0] for track in tracks] == [12 * 960] * 2


def test_a_repeated_key_is_released_before_it_is_struck_again():
    part = Part(PartName.MELODY, 0, 0, (Note(0.0, 1.0, 60, 80), Note(1.0, 1.0, 60, 80)))
    _, tracks = read_smf(smf_bytes(arrangement(part)))
    assert notes_of(tracks[1]) == [(0, 960, 60, 80), (960, 1920, 60, 80)]


def test_a_bend_sets_its_range_first_and_rests_where_the_note_ends():
    bent = Note(0.0, 1.0, 60, 80, (BendPointQn(0.0, -100.0), BendPointQn(0.5, 50.0)))
    _, tracks = read_smf(smf_bytes(arrangement(Part(PartName.MELODY, 0, 0, (bent,)))))
    controls = [(c, v) for _, status, c, v in tracks[1].events if status == 0xB0]
    assert controls[:3] == [(101, 0), (100, 0), (6, 12)]
    wheel = [(tick, ((high << 7 | low) - 8192) / 8191 * 1200) for tick, s, low, high in tracks[1].events if s == 0xE0]
    # A file holds each value until the next, so the line between two points goes in steps of 10 ms.
    assert [tick for tick, _ in wheel] == [*range(0, 481, 16), 960]
    assert [cents for _, cents in wheel] == pytest.approx([*np.linspace(-100.0, 50.0, 31), 0.0], abs=0.2)


@given(
    st.lists(st.tuples(st.floats(0, 60), st.floats(0.001, 4), st.integers(0, 127), st.integers(1, 127)), max_size=30)
)
def test_every_note_is_read_back_to_the_tick(rows):
    rows = sorted({(start, pitch): (start, length, pitch, v) for start, length, pitch, v in rows}.values())
    free_at, notes = {}, []
    for start, length, pitch, velocity in rows:
        if round(start * 960) >= free_at.get(pitch, 0):
            notes.append(Note(start, length, pitch, velocity))
            free_at[pitch] = max(round(start * 960) + 1, round((start + length) * 960))
    part = Part(PartName.CHORDS, 1, 0, tuple(sorted(notes, key=lambda n: (n.start_qn, n.pitch_midi))))
    _, tracks = read_smf(smf_bytes(arrangement(part, length_qn=64.0)))
    starts = [round(n.start_qn * 960) for n in part.notes]
    stops = [round((n.start_qn + n.length_qn) * 960) for n in part.notes]
    wanted = [
        (at, max(at + 1, to), n.pitch_midi, n.velocity) for at, to, n in zip(starts, stops, part.notes, strict=True)
    ]
    assert notes_of(tracks[1]) == sorted(wanted)


def test_the_same_arrangement_gives_the_same_bytes():
    assert smf_bytes(arrangement(MELODY)) == smf_bytes(arrangement(MELODY))


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path):
    with pytest.raises(SmfError, match=r"missing/a\.mid: can't write .* choose another place"):
        write_smf(arrangement(MELODY), tmp_path / "missing" / "a.mid")
