"""The panel's window by itself: what is drawn where, in which colours, and what keys and the mouse do."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from lua.panel_picture import DARK, LIGHT, docs_picture, opened, picture, sung
from lua.panel_window import SHOW, PanelWindow
from lua.signatures import ROOT, SCRIPTS
from reaper.in_memory import InMemoryReaper
from vocalmidi.reaper import Heartbeat, decode

SIZES = [(300, 520), (240, 480), (420, 400), (400, 300), (612, 220), (1000, 900), (1400, 220)]
CONTROLS = 20


@pytest.fixture(params=["lua53", "lua54"])
def panel(tmp_path, request):
    made = opened(tmp_path, DARK, 1, (300, 520), lua=request.param)
    yield made
    made.reaper.check()


def boxes(panel):
    """Return the boxes of all controls at the window's size, from the view itself."""
    view = panel.reaper.lua.eval(
        "function(lib, w, h) local state = lib('panel_state').new() "
        "return lib('panel_view').picture(state.shown, lib('panel_theme').now(), w, h).boxes end"
    )
    load = panel.reaper.lua.eval(f"dofile({str(SCRIPTS / 'lib' / 'load.lua')!r})({str(SCRIPTS)!r})")
    return lambda w, h: {each.id: each.box for each in view(load, w, h).values()}


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_control_lies_inside_and_over_no_other(panel, size):
    found = boxes(panel)(*size)
    assert len(found) == CONTROLS
    for name, box in found.items():
        assert box.x >= 0, name
        assert box.y >= 0, name
        assert box.x + box.w <= size[0], name
        assert box.y + box.h <= size[1], name
    placed = list(found.values())
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            apart = one.x + one.w <= other.x or other.x + other.w <= one.x
            assert apart or one.y + one.h <= other.y or other.y + other.h <= one.y


@pytest.mark.parametrize("points", [1, 1.5, 2])
def test_on_a_fine_screen_all_is_larger_by_as_much(tmp_path, points):
    panel = opened(tmp_path, DARK, points, (300, 520))
    assert (panel.gfx.w, panel.gfx.h) == (300 * points, 520 * points)
    texts = {op["text"]: op for op in panel.drawn() if op["kind"] == "text"}
    assert texts["Connected"]["size"] == pytest.approx(13 * points, abs=0.5)
    # The words "Connected" begin 22 points from the left.
    assert texts["Connected"]["x"] == pytest.approx(22 * points, abs=1)
    panel.click(*panel.place_of("+4 bars"))
    assert panel.reaper.fake.api.GetExtState("vocalmidi", "said") != ""
    panel.reaper.check()


def test_moved_to_a_fine_screen_it_is_drawn_anew(panel):
    panel.gfx.ext_retina = 2
    panel.resize(600, 1040)
    assert panel.place_of("Mood")[1] == pytest.approx(2 * 232, abs=20)


colours = st.tuples(*[st.floats(0, 1)] * 3)


@given(ground=colours, text=colours)
@example(ground=(0.2734375, 0.513671875, 0.28125), text=(0.0, 0.0, 0.0))  # as far from black as from white
def test_all_that_is_written_can_be_read_in_any_theme(theme, ground, text):
    of, contrast, as_lua = theme
    made = of(as_lua(ground), as_lua(text))
    for words in ("text", "dim", "accent", "warn"):
        for under in ("ground", "button", "lane"):
            assert contrast(made[words], made[under]) >= 4.5, (words, under)


@pytest.fixture(scope="module")
def theme(tmp_path_factory):
    host = InMemoryReaper(tmp_path_factory.mktemp("reaper"))
    lib = host.lib("panel_theme")
    return lib.of, lib.contrast, lambda colour: host.lua.table_from(list(colour))


def test_the_panel_is_light_in_a_light_theme_and_follows_a_change(tmp_path):
    panel = opened(tmp_path, LIGHT, 1, (300, 520))
    assert np.asarray(picture(panel)).mean() > 170
    fake = panel.reaper.fake
    fake.theme.col_main_bg2, fake.theme.col_main_text2 = DARK
    panel.reaper.turn(20)
    assert np.asarray(picture(panel)).mean() < 90


def test_in_a_reaper_without_theme_colours_it_opens_all_the_same(tmp_path):
    reaper = InMemoryReaper(tmp_path, removed=["GetThemeColor", "set_action_options"])
    reaper.start()
    panel = PanelWindow(reaper)
    panel.open()
    assert "Melody" in panel.words()
    reaper.check()


def test_without_a_bridge_it_says_what_to_do(tmp_path):
    panel = PanelWindow(InMemoryReaper(tmp_path))
    panel.reaper.spool()
    panel.open()
    assert any("Start bridge" in word or word.startswith("No bridge") for word in panel.words())
    panel.reaper.check()


@pytest.mark.parametrize("left", [b"", b"VOCALMIDI 3 status abcdef-01\n", bytes(range(256)) * 40])
def test_a_broken_status_is_a_daemon_that_is_not_there(panel, left):
    (panel.reaper.root / "daemon.status").write_bytes(left)
    panel.reaper.turn(6)
    assert any(word.startswith("No daemon") for word in panel.words())
    assert {"Genre", "–"} <= set(panel.words())


def test_a_status_that_is_old_is_a_daemon_that_is_not_there(panel):
    assert "Connected" in panel.words()
    panel.reaper.turn(30 * 7)
    assert any(word.startswith("No daemon") for word in panel.words())


def spoken(panel):
    said = []
    panel.reaper.fake.extensions.osara_outputMessage = said.append
    return said


def test_the_tab_key_goes_through_all_controls_and_a_screen_reader_is_told_each(panel):
    said = spoken(panel)
    panel.key(*["tab"] * CONTROLS)
    assert len(set(said)) == CONTROLS
    assert said[:2] == ["Record phrase: off", "Write what I just sang"]
    assert said[-1] == "Listen: on"
    assert "Genre: pop" in said
    assert "Lock Drums: on" in said
    assert "Roll Drums again, not available" in said
    panel.gfx.mouse_cap = 8
    panel.key("tab")
    assert said[-1] == "All notes off"


def test_the_focus_is_seen(panel):
    before = picture(panel)
    panel.key("tab")
    panel.reaper.turn(3)
    changed = np.asarray(picture(panel)).astype(int) - np.asarray(before).astype(int)
    assert np.abs(changed).sum() > 0


def sent(panel):
    """Return what the bridge told the daemon, by name and change."""
    return [(command.name.value, command.wish.change) for command in panel.reaper.spool().take_commands()]


def test_the_arrow_keys_turn_the_control_that_has_the_focus(panel):
    panel.reaper.spool().beat()
    panel.key("tab", "tab", "tab", "right")
    panel.reaper.turn(2)
    assert sent(panel) == [("set", "genre=next")]
    panel.key("left")
    panel.reaper.turn(2)
    assert sent(panel) == [("set", "genre=previous")]
    panel.key("down", "right")
    panel.reaper.turn(2)
    assert sent(panel) == [("set", "mood=next")]


def test_a_click_gives_the_focus_and_a_click_beside_all_does_nothing(panel):
    panel.reaper.spool().beat()
    panel.click(*panel.place_of("Seed"))
    panel.reaper.turn(2)
    assert sent(panel) == [("set", "seed=next")]
    panel.click(1, 1)
    panel.reaper.turn(2)
    assert sent(panel) == []


def test_a_button_that_is_held_acts_once(panel):
    panel.reaper.spool().beat()
    panel.gfx.mouse_x, panel.gfx.mouse_y = panel.place_of("Seed")
    panel.gfx.mouse_cap = 1
    panel.reaper.turn(30)
    assert len(sent(panel)) == 1


def test_the_lease_is_renewed_while_it_is_open_and_gone_with_it(panel):
    lease = panel.reaper.root / "panel.lease"
    first = decode(lease.read_bytes())
    assert isinstance(first, Heartbeat)
    panel.reaper.turn(60)
    assert decode(lease.read_bytes()).time_s >= first.time_s + 1
    panel.key("escape")
    assert not lease.exists()
    assert not panel.window.is_open


def test_its_action_is_lit_while_it_is_open_and_run_again_ends_it(panel):
    toggles = panel.reaper.fake.toggles
    assert toggles[SHOW] == 1
    panel.reaper.fake.end_script(str(SCRIPTS / "actions" / f"Vocal MIDI_{SHOW}.lua"))
    assert toggles[SHOW] == 0
    assert not panel.window.is_open


def test_closed_and_opened_it_is_where_it_was_docked_or_not(panel):
    panel.window.choice = 1
    panel.click(5, 5, button=2)
    assert panel.window.menus[1] == "Dock|Close"
    assert panel.window.dock == 1
    panel.resize(700, 230)
    panel.key("escape")
    panel.window.choice = 0
    panel.open()
    assert (panel.gfx.w, panel.gfx.h, panel.window.dock) == (700, 230, 1)
    panel.window.choice = 2
    panel.click(5, 5, button=2)
    assert panel.window.menus[2] == "!Dock|Close"
    assert not panel.window.is_open


def test_ten_pictures_a_second_are_drawn_and_no_more(panel):
    calls, frames = panel.reaper.fake.call_count, panel.window.frames
    panel.reaper.turn(300)
    assert 90 <= panel.window.frames - frames <= 101
    # Bridge and panel together, twelve a turn; half of it is what the bridge asks by itself.
    assert panel.reaper.fake.call_count - calls < 3600


def test_a_phrase_of_one_note_and_one_of_many_are_drawn_inside_the_roll(panel):
    spool = panel.reaper.spool()
    for notes in ((), sung(panel.reaper).notes[:1], sung(panel.reaper).notes * 20):
        spool.show(sung(panel.reaper, notes=notes))
        panel.reaper.turn(4)
        assert all(op["x"] >= 0 for op in panel.drawn() if op["kind"] == "rect")
        assert all(op["x"] + op["w"] <= 301 for op in panel.drawn() if op["kind"] == "rect")


def test_the_picture_in_the_docs_is_of_this_panel(tmp_path):
    # Made by: .venv/bin/python tests/lua/panel_picture.py docs/panel.png
    made = docs_picture(tmp_path)
    kept = Image.open(ROOT / "docs" / "panel.png").convert("RGB")
    assert kept.size == made.size
    # Letters differ between versions of the library that draws them, by less than one level of 255 on the average.
    assert np.abs(np.asarray(kept).astype(int) - np.asarray(made).astype(int)).mean() < 1.0


def test_where_no_daemon_runs_it_offers_to_start_one(tmp_path):
    panel = opened(tmp_path, DARK, 1, (300, 520))
    panel.reaper.turn(30 * 8)
    panel.click(*panel.place_of("Start"))
    panel.reaper.turn(4)
    # These scripts lie in a checkout, where nobody has installed what starts it.
    (message,) = panel.reaper.fake.messages.values()
    assert message.startswith("This Reaper was not told how to start Vocal MIDI.")


def test_its_record_button_is_lit_while_a_phrase_is_recorded(tmp_path):
    panel = opened(tmp_path, DARK, 1, (300, 520))
    panel.reaper.spool().beat()
    panel.click(*panel.place_of("Record"))
    panel.reaper.turn(4)
    panel.reaper.spool().show(sung(panel.reaper))
    panel.reaper.turn(4)
    assert "● Record" in panel.words()
    assert sent(panel) == [("record", "")]
