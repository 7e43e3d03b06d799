"""The gallery as a user asks for it: one picture, every genre in every mood, and words that can't be obeyed."""

import json
import sys

import pytest
import soundfile
from PIL import Image

from synth import SungNote, sing
from vocalmidi.app.ears import open_ears
from vocalmidi.app.gallery import Showing, make_page, parse_showing
from vocalmidi.arrange import mood_names, open_networks, style_names
from vocalmidi.capture import open_recording
from vocalmidi.cli import main
from vocalmidi.config import load_settings
from vocalmidi.errors import CaptureError, ConfigError
from vocalmidi.values import Arrangement

RATE = 44100
TUNE = [SungNote(0.2 + 0.5 * step, 0.45, pitch) for step, pitch in enumerate((60, 62, 64, 65, 67, 67, 64, 60))]


@pytest.fixture(scope="module")
def voice(tmp_path_factory):
    path = tmp_path_factory.mktemp("voices") / "scale.wav"
    soundfile.write(path, sing(TUNE, sample_rate_hz=RATE).samples, RATE)
    return path


@pytest.fixture
def nobodys(tmp_path):
    path = tmp_path / "config.toml"
    path.touch()
    return load_settings(path)


def test_all_is_every_genre_and_mood_and_names_are_taken_as_people_write_them():
    assert parse_showing("all", "all") == Showing(style_names(), mood_names())
    assert parse_showing("Hip Hop, jazz,hip-hop", "chill") == Showing(("hip_hop", "jazz"), ("calm",))


@pytest.mark.parametrize(
    ("genres", "moods", "says"),
    [
        ("jaz", "all", "did you mean 'jazz'"),
        ("all", "hapy", "did you mean 'happy'"),
        (" , ", "all", "nothing is named"),
    ],
)
def test_an_unknown_name_is_answered_before_anything_is_heard(genres, moods, says):
    with pytest.raises(ConfigError, match=says):
        parse_showing(genres, moods)


def test_one_phrase_is_arranged_in_every_genre_and_mood(voice, nobodys):
    page = make_page(
        open_recording(voice), nobodys, Showing(style_names(), mood_names()), open_ears("cpu"), open_networks("cpu")
    )
    assert page.columns == ("Plain", "Happy", "Sad", "Calm", "Driving", "Dark")
    assert len(page.rows) == 10
    cells: list[Arrangement] = [cell for row in page.rows for cell in row.cells]
    assert {cell.genre for cell in cells} == set(style_names())
    assert len({repr(cell.parts[0].notes) for cell in cells}) == 1  # heard once: one melody
    assert len({repr(cell.parts[1:]) for cell in cells}) == 60


def test_a_voice_of_which_nothing_is_heard_is_named(tmp_path, nobodys):
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, [0.0] * RATE, RATE)
    with pytest.raises(CaptureError, match=r"silent\.wav: no note and no hit"):
        make_page(open_recording(silent), nobodys, Showing(("pop",), ("plain",)), open_ears("cpu"), None)


def command(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["vocalmidi", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        main()
    printed = capsys.readouterr()
    return stopped.value.code or 0, printed.out, printed.err


def test_the_command_draws_one_picture_of_several_voices(monkeypatch, capsys, voice, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    words = ("--genres", "jazz,trap", "--moods", "plain,dark", "-o", "sheet.png", "--json")
    status, out, err = command(monkeypatch, capsys, "gallery", voice, voice, *words)
    assert status == 0, err
    table = json.loads(out)
    assert table["arrangements"] == 8
    assert table["genres"] == ["jazz", "trap"]
    with Image.open("sheet.png") as image:
        assert image.width > 600
    for wrong, says in (((), "name recordings"), ((voice, "--genres", "polka"), "unknown genre")):
        status, _, err = command(monkeypatch, capsys, "gallery", *wrong)
        assert status == 2
        assert says in err
        assert err.count("\n") == 1
    status, _, err = command(monkeypatch, capsys, "gallery", voice, tmp_path / "none.wav")
    assert status == 1
    assert "none.wav" in err
    assert err.count("\n") == 1  # nothing was heard before that was found
    status, _, err = command(monkeypatch, capsys, "gallery", *[voice] * 13)
    assert status == 2
    assert "12 voices at most" in err
    status, _, err = command(monkeypatch, capsys, "gallery", voice, "-o", voice)
    assert status == 2
    assert "is a recording itself" in err
