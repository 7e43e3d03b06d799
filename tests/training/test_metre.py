"""What the metre network is taught: the right reading of a phrase, marked where it is and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from needs import libraries

libraries("zstandard", "torch")

import torch
from training.context.performances import Manner
from training.context.scores import Score
from training.metre.count_rhythms import GRIDS, snapped
from training.metre.data_metre import cropped, examples, looped, meant_of
from training.metre.train_metre import MetreModel, Settings, gather, losses, save, train

from vocalmidi.phrase.metre import METRES, bar_lines, network, whole_row
from vocalmidi.phrase.metre_input import metre_rows
from vocalmidi.phrase.rhythms import COMPOUND, SIMPLE, TICKS, rhythms
from vocalmidi.values import Meter

STEADY = Manner(jitter_s=0.01, drift=0.01)


def score(meter=None, bars=8, upbeat_qn=0.0, seed=0):
    """Return a melody with long notes on its bar lines and shorter ones between."""
    meter = meter or Meter(4, 4)
    rng = np.random.default_rng(seed)
    bar = np.array([0, 1.5, 2, 2.5]) if meter.unit == 8 else np.array([0, 1, 1.5, *range(2, meter.beats)])
    place_qn = np.concatenate([bar + number * meter.bar_qn for number in range(bars)])
    place_qn = place_qn[place_qn >= upbeat_qn]
    many = len(place_qn)
    return Score(
        "tune", "test", place_qn, np.append(np.diff(place_qn), 1.0), 60.0 + rng.integers(0, 7, many),
        np.full(many, 90.0), np.zeros(many), drums=False, meter=meter, tempo_qpm=96.0,
    )  # fmt: skip


def example(one, seed=1):
    return next(examples([one], STEADY, np.random.default_rng(seed), rhythms()))


@pytest.mark.parametrize("meter", [Meter(4, 4), Meter(3, 4), Meter(6, 8)])
@pytest.mark.parametrize("upbeat_qn", [0.0, 1.5])
def test_the_marked_phase_puts_the_first_sound_where_it_was_written(meter, upbeat_qn):
    one = score(meter, upbeat_qn=upbeat_qn)
    made = example(one)
    marked = [(track, truth) for track, truth in zip(made.readings, made.right, strict=True) if truth]
    assert len(marked) == 1
    track, truth = marked[0]
    form, phase = next(iter(truth.items()))
    assert form.meter == meter
    place_beats = (track.ticks[0] + phase * form.unit_ticks) / TICKS % form.beats
    written = one.place_qn[0] / form.beat_qn % form.beats
    assert (place_beats - written + 0.5) % 1 - 0.5 == pytest.approx(0, abs=0.26)
    assert 60 / track.period_s == pytest.approx(96 / form.beat_qn, rel=0.04)


def test_metres_of_other_units_are_taken_as_those_with_their_bars():
    alike = ((Meter(2, 2), Meter(4, 4), 96), (Meter(3, 2), Meter(3, 4), 48), (Meter(6, 4), Meter(6, 8), 32))
    for written, heard, tempo in alike:
        meant = meant_of(replace(score(), meter=written), 96.0)
        assert meant.form.meter == heard
        assert meant.tempo_bpm == pytest.approx(tempo)
    assert meant_of(replace(score(), meter=Meter(5, 4)), 96.0) is None


def test_loops_say_the_same_bars_again_and_beginnings_differ_in_length():
    rng = np.random.default_rng(3)
    loop = looped(score(), 2, rng)
    bar = loop.place_qn < 8
    again = (loop.place_qn >= 8) & (loop.place_qn < 16)
    assert loop.place_qn[again] - 8 == pytest.approx(loop.place_qn[bar])
    assert (loop.pitch_midi[again] == loop.pitch_midi[bar]).all()
    lengths = {len(cropped(score(bars=16), rng).place_qn) for _ in range(20)}
    assert len(lengths) > 5


def test_places_are_those_of_the_division():
    assert snapped(np.array([0.0, 0.26, 0.34, 0.49, 0.98]), SIMPLE).tolist() == [0, 3, 4, 6, 12]
    assert snapped(np.array([0.32, 0.5, 1.66]), COMPOUND).tolist() == [4, 6, 20]
    assert all(0 in grid for grid in GRIDS.values())


def test_the_network_learns_and_is_the_same_in_numpy(tmp_path, monkeypatch):
    torch.manual_seed(0)
    few = [example(score(meter, seed=n, upbeat_qn=n % 3), n) for n in range(6) for meter in (Meter(4, 4), Meter(3, 4))]
    settings = replace(Settings(), epochs=8, batch=4, hidden=(16,), dropout=0.0)
    phrases = gather(iter(few), settings.readings)
    everyone = np.arange(int(phrases.phrase.max()) + 1)
    before = float(losses(MetreModel(settings), phrases, everyone).mean().detach())
    model = train(phrases, phrases, settings)
    assert float(losses(model, phrases, everyone).mean().detach()) < 0.7 * before
    save(tmp_path / "metre.npz", rhythms(), model)
    network.cache_clear()
    monkeypatch.setattr("vocalmidi.phrase.metre.resources.files", lambda _: tmp_path)
    try:
        track = few[0].readings[0]
        placed = network().places(metre_rows(few[0].moments, track.ticks, track.division))
        form = next(form for form in METRES if form.division == track.division)
        ours = bar_lines(placed, track.ticks, form) + float(whole_row(track, form) @ network().whole)
        rows = torch.from_numpy(metre_rows(few[0].moments, track.ticks, track.division))
        theirs = model(rows).detach().numpy()[:, form.first : form.first + form.phases]
        place = track.ticks // form.unit_ticks
        total = [theirs[np.arange(len(place)), (place + phase) % form.phases].sum() for phase in range(form.phases)]
        whole = float(model.whole.weight[0].detach().numpy() @ whole_row(track, form))
        wanted = np.array(total) / np.sqrt(len(place)) + whole
        assert ours == pytest.approx(wanted, abs=0.05)  # stored in half precision
    finally:
        network.cache_clear()
