"""The panel, the bridge, the actions and the daemon together: what is pressed is done, what is done is seen."""

import time

import numpy as np
import pytest

from app.studio import BLOCK, RATE, TUNE, Studio, quiet
from app.test_remaking import changed, takes
from lua.panel_window import PanelWindow
from reaper.test_bridge_remake import deselect, transpose
from synth import SungNote, sing
from vocalmidi.app.ears import open_ears
from vocalmidi.app.serving import serve
from vocalmidi.arrange import style_names
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import Status, decode
from vocalmidi.values import AudioBlock

PITCHES = [note.pitch_midi for note in TUNE]


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    made = Studio(tmp_path, ears)
    yield made
    made.reaper.check()


@pytest.fixture
def written(studio):
    """A studio in which the tune was sung at bar 3 and written; nothing is selected."""
    studio.write_tune()
    deselect(studio.reaper)
    return studio


@pytest.fixture
def panel(studio):
    return PanelWindow(studio.reaper)


def status(studio) -> Status:
    shown = decode((studio.reaper.root / "daemon.status").read_bytes())
    assert isinstance(shown, Status)
    return shown


def choice(studio, name):
    return next(each.value for each in status(studio).choices if each.name == name)


def press(studio, panel, word):
    """Click on the words of a button, and let the daemon answer."""
    panel.click(*panel.place_of(word))
    studio.answer()


def panel_set(studio, change):
    """Send a change of settings, as a control of the panel does."""
    studio.reaper.fake.api.SetExtState("vocalmidi", "wishes", f"set\n{change}\n", False)
    studio.answer()


def focus(studio, panel, start):
    """Press Tab until a screen reader is told a control whose words begin so."""
    heard = spoken(studio)
    for _ in range(40):
        panel.key("tab")
        if heard and heard[-1].startswith(start):
            return
    raise AssertionError(f"{start} is not among {heard}")


def spoken(studio):
    """Let a screen reader be there; return what it is given, which grows."""
    said = []
    studio.reaper.fake.extensions.osara_outputMessage = said.append
    return said


SETTING_ACTIONS = [
    ("Next genre", "genre", "rnb"),
    ("Previous genre", "genre", "jazz"),
    ("New seed", "seed", "2"),
    ("Scale lock", "scale_lock", "diatonic"),
    ("Bend mode", "bend", "wheel"),
]


@pytest.mark.parametrize(("action", "name", "value"), SETTING_ACTIONS, ids=[each[0] for each in SETTING_ACTIONS])
def test_an_action_changes_the_session_and_says_so(studio, action, name, value):
    studio.act(action)
    assert choice(studio, name) == value
    assert studio.told == []
    assert studio.reaper.fake.console[1] == f"!SHOW:Vocal MIDI: {name.replace('_', ' ')}: {value}\n"


def test_bends_and_levels_of_the_next_phrase_go_as_the_actions_say(studio):
    for action, said in (("Bend mode", "bend: wheel"), ("Bend mode", "bend: mpe"), ("Expression", "expression: cc11")):
        studio.act(action)
        assert list(studio.reaper.fake.console.values())[-1] == f"!SHOW:Vocal MIDI: {said}\n"
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.write()
    notes = studio.reaper.notes("Melody")
    assert {note.channel for note in notes} == set(range(1, 1 + len(notes)))
    packed = studio.reaper.fake.midi_text(studio.reaper.items("Melody")[0].take)
    assert " b00b" in packed  # controller 11 on the zone's own channel


def test_the_next_phrase_is_written_in_the_genre_chosen(studio):
    studio.act("Next genre")
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.write()
    assert studio.reaper.undo_titles() == ["Vocal MIDI: insert arrangement (rnb)"]


def test_the_same_phrase_written_with_other_settings_is_written_anew(written):
    written.write()
    assert "already inserted" in written.said[-1]
    before = written.melody()
    count = len(written.reaper.items("Melody"))
    panel_set(written, "octave=next")
    written.write()
    assert len(written.reaper.items("Melody")) == count + 1
    assert sorted(pitch for _, pitch in written.melody()) == sorted(
        [pitch for _, pitch in before] + [pitch + 12 for _, pitch in before]
    )
    panel_set(written, "octave=previous")
    written.write()
    assert "already inserted" in written.said[-1]


def test_a_picture_that_can_not_be_replaced_is_shown_at_the_next_turn(studio):
    show, failures = studio.spool.show, []

    def fail_once(shown):
        if not failures:
            failures.append(shown)
            raise ReaperError("somebody reads it")
        show(shown)

    studio.spool.show = fail_once
    studio.act("Next genre")
    assert len(failures) == 1
    assert choice(studio, "genre") == "rnb"


def test_another_seed_writes_other_drums_of_the_same_tune(tmp_path, written, ears):
    (tmp_path / "other").mkdir()
    other = Studio(tmp_path / "other", ears)
    other.act("New seed")
    other.user("project.play_state, project.play_s = 1, 4.0")
    other.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    other.write()
    assert "Drums" in changed(takes(written), takes(other))
    assert other.melody() == written.melody()


def test_the_scale_lock_puts_the_next_phrase_on_the_scale(studio):
    # C major, with one C sharp in passing.
    pitches = (60, 64, 67, 72, 67, 61, 62, 64, 60, 67, 64, 60)
    tune = [SungNote(0.25 + 0.5 * n, 0.42, pitch) for n, pitch in enumerate(pitches)]
    studio.act("Scale lock")
    studio.play(np.concatenate([sing(tune, RATE).samples, quiet(1.0)]))
    studio.write()
    assert 61 not in [pitch for _, pitch in studio.melody()]


def test_while_it_does_not_listen_nothing_is_kept_and_the_action_s_button_shows_it(studio):
    studio.turns(40)
    toggles = studio.reaper.fake.toggles
    assert toggles["Start or stop listening"] == 1
    studio.act("Start or stop listening")
    studio.turns(40)
    assert toggles["Start or stop listening"] == 0
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.write()
    assert "nothing was sung" in studio.told[-1]
    studio.act("Start or stop listening")
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.write()
    assert [pitch for _, pitch in studio.melody()] == PITCHES
    studio.turns(40)
    assert toggles["Start or stop listening"] == 1


def test_while_it_does_not_listen_nothing_is_followed_once_all_before_is_heard(studio):
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.act("Start or stop listening")
    studio.play(np.zeros(3 * RATE, np.float32))
    behind_s = studio.writer.memory.hearing.behind_s
    studio.play(np.zeros(3 * RATE, np.float32))
    assert studio.writer.memory.hearing.behind_s == pytest.approx(behind_s + 3.0)
    studio.write()
    assert [pitch for _, pitch in studio.melody()] == PITCHES


def test_the_scale_lock_s_button_is_lit_while_it_is_on_and_dark_when_the_daemon_is_gone(studio):
    toggles = studio.reaper.fake.toggles
    studio.act("Scale lock")
    studio.turns(40)
    assert (toggles["Scale lock"], toggles["Start or stop listening"]) == (1, 1)
    studio.spool.rest()
    studio.turns(40)
    assert (toggles["Scale lock"], toggles["Start or stop listening"]) == (0, 0)


@pytest.mark.parametrize(("action", "semitones"), [("Octave up", 12), ("Octave down", -12)])
def test_the_written_phrase_goes_an_octave_and_all_else_stays(written, action, semitones):
    before = takes(written)
    written.act(action)
    assert written.told == []
    assert [pitch for _, pitch in written.melody()] == [pitch + semitones for pitch in PITCHES]
    assert changed(before, takes(written)) == {"Melody"}
    back = {"Octave up": "Octave down", "Octave down": "Octave up"}[action]
    written.act(back)
    assert takes(written) == before
    assert len(written.reaper.undo_titles()) == 3


def test_an_edited_melody_is_not_moved_by_an_octave(written):
    transpose(written.reaper, "Melody", PITCHES[0])
    before = takes(written)
    written.act("Octave up")
    assert "Melody was edited by hand" in written.told[-1]
    assert takes(written) == before


@pytest.mark.parametrize("bars", [4, 8])
def test_the_written_phrase_goes_on_for_so_many_bars(written, bars):
    last = written.reaper.notes("Drums")[-1].start_qn
    written.act(f"Continue {bars} bars")
    assert written.told == []
    more_qn = written.reaper.notes("Drums")[-1].start_qn - last
    assert more_qn == pytest.approx(4 * bars, abs=4)


def test_nothing_written_is_nothing_to_continue(studio):
    studio.act("Continue 4 bars")
    assert "Select an item that Vocal MIDI wrote" in studio.told[-1]


@pytest.mark.parametrize("part", ["chords", "bass", "drums"])
def test_a_part_of_the_newest_arrangement_is_rolled_and_locked_by_actions_of_its_own(written, part):
    before = takes(written)
    written.act(f"Roll {part} again")
    assert changed(before, takes(written)) == {part.title()}
    written.act(f"Lock or unlock {part}")
    once = takes(written)
    written.act(f"Roll {part} again")
    assert f"{part.title()} is locked" in written.told[-1]
    assert takes(written) == once
    written.act(f"Lock or unlock {part}")
    written.act(f"Roll {part} again")
    assert changed(once, takes(written)) == {part.title()}


def test_the_melody_as_sung_can_be_locked_but_not_rolled(written):
    written.act("Roll melody again")
    assert "is what was sung" in written.told[-1]
    written.act("Lock or unlock melody")
    written.act("Octave up")
    assert "Melody is locked" in written.told[-1]


def test_three_strengths_have_actions_of_their_own(written):
    written.reaper.items("Melody")[0].selected = True
    meant = written.melody()
    written.act("Quantise 0 percent")
    sung = [note.start_qn for note in written.reaper.notes("Melody")]
    written.act("Quantise 50 percent")
    half = [note.start_qn for note in written.reaper.notes("Melody")]
    written.act("Quantise 100 percent")
    assert written.melody() == meant
    assert any(one != other for one, other in zip(sung, half, strict=True))
    ends = [(start, stop) for start, (stop, _) in zip(sung, meant, strict=True)]
    assert half == pytest.approx([(start + stop) / 2 for start, stop in ends], abs=0.01)
    assert len(written.reaper.undo_titles()) == 4


def test_all_notes_off_needs_no_daemon(studio):
    studio.spool.rest()
    studio.reaper.action("All notes off")
    studio.turns(3)
    assert list(studio.reaper.fake.commands.values()) == [40345]


def test_the_genre_menu_lists_all_and_the_chosen_one_holds(studio):
    studio.writer.show()
    studio.reaper.fake.window.choice = style_names().index("jazz") + 1
    studio.act("Genre menu")
    assert choice(studio, "genre") == "jazz"
    assert studio.reaper.fake.window.menus[1] == "|".join(
        ("!" if name == "pop" else "") + name.replace("_", " ") for name in style_names()
    )
    assert not studio.reaper.fake.window.is_open


def test_the_genre_menu_says_when_no_daemon_runs(studio):
    studio.spool.rest()
    studio.reaper.action("Genre menu")
    assert "Vocal MIDI is not running" in studio.told[-1]


def test_results_are_spoken_where_a_screen_reader_is(studio):
    said = spoken(studio)
    studio.act("Next genre")
    assert said == ["genre: rnb"]
    studio.act("Continue 4 bars")
    assert said[-1].startswith("Select an item")


def test_the_status_is_written_ten_times_a_second_while_the_panel_is_open_and_else_not(studio, panel):
    written = []
    show = studio.spool.show
    studio.spool.show = lambda shown: (written.append(studio.reaper.now()), show(shown))
    studio.play(quiet(3.0))
    assert written == []
    panel.open()
    studio.play(quiet(3.0))
    assert 24 <= len(written) <= 31
    panel.key("escape")
    studio.play(quiet(1.0))
    count = len(written)
    studio.play(quiet(2.0))
    assert len(written) == count


def test_the_daemon_s_own_loop_shows_how_it_stands(studio):
    shown = studio.reaper.root / "daemon.status"
    shown.unlink()
    studio.act("Next genre")  # so that there is news
    shown.unlink()
    studio.reaper.action("Next genre")
    studio.turns(3)
    seen = []

    def blocks():
        for number in range(200):
            if shown.exists() and choice(studio, "genre") == "rock":
                seen.append(number)
                return
            time.sleep(0.02)
            yield AudioBlock(number * BLOCK, RATE, quiet(BLOCK / RATE))

    serve(blocks(), studio.writer, studio.spool)
    assert seen
    assert not shown.exists()


def test_the_panel_shows_level_pitch_key_and_phrase(studio, panel):
    panel.open()
    tune = sing(TUNE, RATE).samples
    studio.play(tune[: int(0.5 * RATE)])  # in the middle of the first note, a C4
    shown = status(studio)
    assert shown.pitch_midi == pytest.approx(60, abs=0.5)
    assert -40 < shown.level_db < 0
    studio.turns(4)
    assert any(word.startswith("C4 ") for word in panel.words())
    studio.play(np.concatenate([tune[int(0.5 * RATE) :], quiet(1.0)]))
    studio.turns(4)
    assert [note.pitch_midi for note in status(studio).notes] == PITCHES
    assert {"Connected", "C major", "Listen"} <= {word.removeprefix("● ") for word in panel.words()}
    assert status(studio).pitch_midi is None


def test_every_button_of_the_panel_does_what_it_says(written, panel):
    panel.open()
    written.answer()
    before = takes(written)
    panel.wheel(*panel.place_of("Genre"), -120)
    written.answer()
    assert choice(written, "genre") == "rnb"
    panel.wheel(*panel.place_of("Octave"), -120)
    written.answer()
    assert choice(written, "octave") == "1"
    press(written, panel, "Seed")
    assert choice(written, "seed") == "2"
    press(written, panel, "All notes off")
    assert list(written.reaper.fake.commands.values()) == [40345]
    assert takes(written) == before
    press(written, panel, "+4 bars")
    assert changed(before, takes(written)) >= {"Drums", "Bass"}
    press(written, panel, "● Listen")
    assert not status(written).listening
    assert written.told == []


def test_parts_are_rolled_and_locked_on_the_panel_by_the_keyboard(written, panel):
    panel.open()
    written.answer()
    before = takes(written)
    focus(written, panel, "Roll Drums again")
    panel.key("enter")
    written.answer()
    assert written.told == []
    assert changed(before, takes(written)) == {"Drums"}
    focus(written, panel, "Lock Drums: off")
    panel.key("space")
    written.answer()
    assert written.reaper.items("Drums")[0].take.strings.P_NAME.endswith("(locked)")
    written.turns(20)
    said = spoken(written)
    panel.key("tab")
    assert said == ["Roll Drums again, not available"]
    once = takes(written)
    panel.key("enter")
    written.answer()
    assert takes(written) == once


def test_the_selected_arrangement_is_meant_where_one_is(written):
    first = takes(written)
    written.user("project.play_state, project.cursor_s = 0, 40.0")
    written.play(np.concatenate([quiet(2.0), sing(TUNE, RATE).samples, quiet(1.0)]))
    written.write()
    deselect(written.reaper)
    assert len(written.reaper.items("Drums")) == 2
    second = takes(written)
    written.act("Octave up")
    moved = takes(written)["Melody"]
    assert moved[0] == first["Melody"][0]
    assert moved[1] != second["Melody"][1]
    written.reaper.items("Melody")[0].selected = True
    written.act("Octave up")
    assert takes(written)["Melody"][0] != first["Melody"][0]
    assert takes(written)["Melody"][1] == moved[1]


def test_a_menu_on_the_panel_sets_the_mood(studio, panel):
    panel.open()
    studio.answer()
    studio.turns(3)
    studio.reaper.fake.window.choice = 2
    before = choice(studio, "mood")
    press(studio, panel, "Mood")
    assert choice(studio, "mood") != before
