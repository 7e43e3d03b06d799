"""The picture is read back as pixels: colours in the places where the music must be."""

import itertools
import struct
import subprocess
import sys
import zlib

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from vocalmidi.errors import PlotError
from vocalmidi.plot import MAX_SHOWN_QN, draw_piano_roll
from vocalmidi.plot.figure import _figure
from vocalmidi.plot.lanes import COLOURS
from vocalmidi.plot.span import shown_span
from vocalmidi.values import Arrangement, BendPointQn, Chord, Key, Meter, Note, Part, PartName

LANE_X = 175  # pixels: right of the keyboards and row names, left of nothing that is music but the first half beat


def part(name, *notes):
    channel = 9 if name is PartName.DRUMS else list(PartName).index(name)
    return Part(name, channel, 0, tuple(sorted(notes, key=lambda n: (n.start_qn, n.pitch_midi))))


def arrangement(*parts, length_qn=8.0, chords=(), meter=None, genre="pop"):
    return Arrangement(genre, 1, 120.0, meter or Meter(), Key(0, "major", 0.9), length_qn, chords, parts)


def picture(made, folder):
    path = folder / "roll.png"
    draw_piano_roll(made, path)
    with Image.open(path) as image:
        assert image.size == (1600, 1000)
        return np.asarray(image.convert("RGB")).astype(float)


def inked(pixels, name):
    """Return where the pixels have a part's hue at any opacity: white plus some share of the colour."""
    hue = np.array([int(COLOURS[name][i : i + 2], 16) for i in (1, 3, 5)], float)
    away, direction = 255 - pixels, 255 - hue
    share = away @ direction / (direction @ direction)
    rest = np.linalg.norm(away - share[..., None] * direction, axis=-1)
    return (share > 0.2) & (rest < 14)


def tab(pixels, name):
    """Return where a part's tab, at the left edge below the title, has its colour."""
    return inked(pixels[100:], name)[:, 10:20]


def extent(mask, axis):
    """Return first and last index of rows (axis 1) or columns (axis 0) with at least six marked pixels."""
    marked = np.flatnonzero(mask.sum(axis=axis) >= 6)
    return marked[0], marked[-1]


def lane(mask):
    mask = mask.copy()
    mask[:, :150] = False
    return mask


def test_a_note_stands_where_its_time_says(tmp_path):
    whole = lane(inked(picture(arrangement(part(PartName.MELODY, Note(0, 8, 60, 127))), tmp_path), PartName.MELODY))
    left, right = extent(whole, 0)
    inner = lane(inked(picture(arrangement(part(PartName.MELODY, Note(2, 3, 60, 127))), tmp_path), PartName.MELODY))
    width = right - left
    assert extent(inner, 0) == pytest.approx((left + 2 / 8 * width, left + 5 / 8 * width), abs=3)


def test_higher_notes_stand_higher_and_octaves_twelve_rows_apart(tmp_path):
    notes = [Note(0, 1, 60, 127), Note(3, 1, 66, 127), Note(6, 1, 72, 127)]
    mask = lane(inked(picture(arrangement(part(PartName.CHORDS, *notes)), tmp_path), PartName.CHORDS))
    columns = [slice(200, 320), slice(720, 860), slice(1250, 1390)]
    middles = [np.mean(extent(mask[150:, c], 1)) for c in columns]
    assert middles[0] - middles[1] == pytest.approx(middles[1] - middles[2], abs=2)
    assert middles[0] - middles[2] > 300


def test_louder_is_stronger(tmp_path):
    notes = [Note(0, 2, 60, 20), Note(2, 2, 60, 70), Note(4, 2, 60, 127)]
    pixels = picture(arrangement(part(PartName.BASS, *notes)), tmp_path)
    rows = extent(lane(inked(pixels, PartName.BASS))[:, 950:1150], 1)
    row = int(np.mean(rows))
    paleness = [pixels[row, column].mean() for column in (300, 650, 1000)]
    assert paleness[0] > paleness[1] + 15 > paleness[2] + 30


def test_parts_stand_in_their_order_with_their_colours(tmp_path):
    made = arrangement(
        part(PartName.MELODY, Note(0, 1, 72, 100)),
        part(PartName.CHORDS, Note(0, 1, 60, 100)),
        part(PartName.BASS, Note(0, 1, 40, 100)),
        part(PartName.DRUMS, Note(0, 1, 36, 100)),
    )
    pixels = picture(made, tmp_path)
    spans = [extent(tab(pixels, name), 1) for name in PartName]
    for upper, lower in itertools.pairwise(spans):
        assert upper[1] < lower[0]
    assert spans[-1][1] < 870


def test_an_absent_part_leaves_its_room_to_the_others(tmp_path):
    both = picture(arrangement(part(PartName.MELODY), part(PartName.BASS)), tmp_path)
    alone = picture(arrangement(part(PartName.MELODY)), tmp_path)
    heights = [np.diff(extent(tab(p, PartName.MELODY), 1))[0] for p in (both, alone)]
    assert heights[1] > 1.5 * heights[0]
    assert not tab(alone, PartName.BASS).any()


def test_drums_have_a_row_each_kick_lowest(tmp_path):
    hits = [Note(0, 0.25, 36, 127), Note(2, 0.25, 38, 127), Note(4, 0.25, 42, 127)]
    mask = inked(picture(arrangement(part(PartName.DRUMS, *hits)), tmp_path), PartName.DRUMS)
    starts = [145, 145 + 356, 145 + 2 * 356]  # the lane is 1424 pixels wide
    rows = [np.mean(extent(mask[150:, x + 10 : x + 60], 1)) for x in starts]
    assert rows[0] > rows[1] + 100 > rows[2] + 200
    widths = [np.diff(extent(mask[:, x : x + 200], 0))[0] for x in starts]
    assert max(widths) < 60


def test_bars_are_ruled_as_the_metre_says(tmp_path):
    for meter, length_qn, bars in ((Meter(4, 4), 16.0, 4), (Meter(3, 4), 12.0, 4), (Meter(6, 8), 12.0, 4)):
        pixels = picture(arrangement(part(PartName.MELODY), length_qn=length_qn, meter=meter), tmp_path)
        row = pixels[200, 150:1590].mean(axis=1)  # a row between the keys' names
        lines = np.flatnonzero((row[1:-1] < 200) & (row[1:-1] <= row[:-2]) & (row[1:-1] <= row[2:]))
        separate = lines[np.insert(np.diff(lines) > 3, 0, True)]
        expected = 1424 / bars * np.arange(1, bars) + 157 - 150
        inner = [line for line in separate if 20 < line < 1420]
        assert inner == pytest.approx(list(expected), abs=4)


def test_chords_are_named_above_the_lanes(tmp_path):
    melody = part(PartName.MELODY, Note(0, 1, 60, 100))
    chords = (Chord(0.0, 4.0, 0, "maj", 0), Chord(4.0, 4.0, 9, "min7", 9))
    named = inked(picture(arrangement(melody, chords=chords), tmp_path), PartName.CHORDS)[90:140]
    bare = inked(picture(arrangement(melody), tmp_path), PartName.CHORDS)[90:140]
    assert not bare.any()
    # One letter in the middle of the first bar, three in the middle of the second.
    first, second = named[:, 157 : 157 + 712], named[:, 157 + 712 : 1581]
    assert np.mean(np.flatnonzero(first.any(axis=0))) == pytest.approx(356, abs=8)
    assert np.mean(np.flatnonzero(second.any(axis=0))) == pytest.approx(356, abs=12)
    assert np.ptp(np.flatnonzero(second.any(axis=0))) > 1.8 * np.ptp(np.flatnonzero(first.any(axis=0)))


def test_a_chord_that_goes_on_is_named_once():
    chords = tuple(Chord(float(i), 1.0, 0 if i < 6 else 5, "maj", 0 if i < 6 else 5) for i in range(8))
    figure = _figure(arrangement(part(PartName.MELODY), chords=chords))
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert [word for word in words if word in ("C", "F")] == ["C", "F"]


def test_the_sung_pitch_is_drawn_over_the_melody(tmp_path):
    bend = tuple(BendPointQn(0.1 * i, 300.0) for i in range(11))
    plain = picture(arrangement(part(PartName.MELODY, Note(2, 2, 60, 100))), tmp_path)
    bent = picture(arrangement(part(PartName.MELODY, Note(2, 2, 60, 100, bend))), tmp_path)
    changed = np.abs(plain - bent).sum(axis=2)[150:950, LANE_X:] > 100
    rows = np.flatnonzero(changed.any(axis=1))
    note_row = np.mean(extent(lane(inked(plain, PartName.MELODY)), 1)) - 150
    assert len(rows) <= 4
    assert rows.mean() < note_row - 100  # three semitones up


def test_the_title_tells_genre_key_tempo_metre_and_seed():
    figure = _figure(arrangement(part(PartName.MELODY), meter=Meter(3, 4), length_qn=9.0, genre="hip_hop"))
    words = " ".join(text.get_text() for text in figure.texts)
    for fact in ("Hip hop", "C major", "120 BPM", "3/4", "seed 1", "3 bars"):
        assert fact in words


def test_an_hour_is_shown_from_its_start_and_says_so(tmp_path):
    notes = [Note(float(i), 0.9, 60 + i % 12, 100) for i in range(7200)]
    long = arrangement(part(PartName.MELODY, *notes), length_qn=7200.0)
    assert "bars 1–32 of 1800" in [text.get_text() for text in _figure(long).texts]
    first = arrangement(part(PartName.MELODY, *notes[:128]), length_qn=128.0)
    same_lane = picture(long, tmp_path)[110:950, 160:] == picture(first, tmp_path)[110:950, 160:]
    assert same_lane.mean() > 0.999
    assert shown_span(long).end_qn == MAX_SHOWN_QN


def test_a_piece_that_ends_inside_a_bar_shows_the_bar():
    assert shown_span(arrangement(length_qn=9.0)).bars == 3
    assert shown_span(arrangement(length_qn=8.0 + 1e-9)).bars == 2
    assert shown_span(arrangement(length_qn=0.0)).bars == 1


def test_the_same_arrangement_gives_the_same_bytes_whatever_the_user_configured(tmp_path):
    made = arrangement(part(PartName.MELODY, Note(0, 1, 60, 100)), chords=(Chord(0.0, 4.0, 0, "maj", 0),))
    draw_piano_roll(made, tmp_path / "one.png")
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "savefig.dpi": 50, "font.family": "serif"}):
        draw_piano_roll(made, tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_the_file_names_no_time_and_no_software(tmp_path):
    draw_piano_roll(arrangement(part(PartName.BASS)), tmp_path / "roll.png")
    content, kinds, at = (tmp_path / "roll.png").read_bytes(), [], 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kinds.append(content[at + 4 : at + 8])
        assert struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(
            content[at + 4 : at + 8 + length]
        )
        at += 12 + length
    assert set(kinds) <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}


def test_a_missing_folder_is_told_in_one_line(tmp_path):
    with pytest.raises(PlotError, match=r"nowhere.*can't write the picture") as caught:
        draw_piano_roll(arrangement(part(PartName.BASS)), tmp_path / "nowhere" / "roll.png")
    assert "\n" not in str(caught.value)


def test_a_folder_in_the_way_is_told_and_nothing_is_left_behind(tmp_path):
    (tmp_path / "roll.png").mkdir()
    with pytest.raises(PlotError, match="can't write the picture"):
        draw_piano_roll(arrangement(part(PartName.BASS)), tmp_path / "roll.png")
    assert [path.name for path in tmp_path.iterdir()] == ["roll.png"]


def test_a_picture_that_is_there_is_replaced(tmp_path):
    (tmp_path / "roll.png").write_bytes(b"old")
    draw_piano_roll(arrangement(part(PartName.BASS)), tmp_path / "roll.png")
    assert (tmp_path / "roll.png").read_bytes().startswith(b"\x89PNG")


def test_matplotlib_is_loaded_only_to_draw():
    code = "import sys, vocalmidi.plot; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


NOTES = st.builds(
    Note, st.floats(0, 40), st.floats(0.01, 9), st.integers(0, 127), st.integers(1, 127)
)  # some begin after the end, some outlast it


@given(
    st.lists(st.sampled_from(PartName), unique=True),
    st.lists(NOTES, max_size=6),
    st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(7, 8), Meter(1, 32), Meter(32, 1)]),
    st.floats(0, 30),
)
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # half a second a picture is too slow to shrink with
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_arrangement_can_be_drawn(tmp_path, names, notes, meter, length_qn):
    parts = [part(name, *notes) for name in PartName if name in names]
    pixels = picture(arrangement(*parts, length_qn=length_qn, meter=meter), tmp_path)
    for name in PartName:
        assert tab(pixels, name).any() == (name in names)
