"""How near to its beat a note is written that was sung on it: the time map, beside one look at the play position.

In: nothing; a simulated Reaper, singer and two sound cards (tests/transport/simulated_reaper.py), which the time map
knows nothing of. Out: a line for each thing that a transport or a machine can do, all of it on the same ill machine:
44.1 kHz, cards 400 ppm apart, 6 ms of latency that the drivers don't report, hiccups of 100 ms in one report of ten and
one block of 300. Milliseconds between note and beat, as median, 95th percentile and worst. "single look" is what was
done before: when the user asks, project time and the newest sample are taken to belong together, back to the beginning
of the phrase of eight seconds. "time map" is uncalibrated; "clapped", after as many claps as `vocalmidi calibrate` asks
for by somebody who is unsteady by 12 ms (67 or so); "click", after its 16 with the microphone at the loudspeaker.
`lost` are notes that were put nowhere, `left out` those within 0.1 s of a jump of which only two reports tell, or 0.3 s
of a moment in which the project stood still.

    python benchmarks/time_map.py [--seeds 5] [--json]
"""

import argparse
import json
import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from transport.rig import STEADY, can_be_told, clock_of, error_s, grid_of, sing_on_beats
from transport.simulated_reaper import Act, SimulatedReaper, Studio
from vocalmidi.app.calibrate import CLAPS
from vocalmidi.errors import TransportError
from vocalmidi.transport import ProjectClock, calibrate

LENGTH_S = 40.0
PHRASE_S = 8.0
BEATS_S = tuple(np.arange(0.0, 200.0, 0.5))
UNSTEADY_S = 0.012
ILL = Studio(
    sample_rate_hz=44_100, input_ppm=200.0, output_ppm=-200.0, input_error_s=0.003, output_error_s=0.003,
    play_block_s=1024 / 44_100, bridge_hiccup_share=0.1, stamp_hiccup_share=0.03, device_hiccup_share=0.003,
)  # fmt: skip
CHANGED = grid_of((0.0, 120.0), (10.0, 90.0), (20.0, 140.0), meters=((0.0, 4, 4), (20.0, 3, 4), (35.0, 6, 8)))
MARKERS = grid_of(*((0.08 * at, 90.0 + at * 7 % 61) for at in range(500)))
PLAY = (1.0, "play")
LOOP = (0.5, "loop", (2.0, 6.0))
SCENES: dict[str, tuple[Studio, list[tuple]]] = {
    "plays": (ILL, [PLAY]),
    "records": (ILL, [(1.0, "record")]),
    "loop of two bars": (ILL, [LOOP, PLAY]),
    "loop of one beat": (ILL, [(0.5, "loop", (2.0, 2.5)), PLAY]),
    "play rate 0.75, 1.25, 1.26": (ILL, [PLAY, (10.0, "rate", 0.75), (20.3, "rate", 1.25), (25.0, "rate", 1.26)]),
    "seeks, two without the cursor": (
        ILL,
        [PLAY, (10.1, "seek", 4.0), (20.5, "seek", 30.25), (25.0, "leap", 50.7), (30.0, "leap", 30.1)],
    ),
    "pause": (ILL, [PLAY, (10.0, "pause"), (12.02, "play")]),
    "stop, start elsewhere": (
        ILL,
        [PLAY, (10.0, "stop"), (15.0, "play"), (20.0, "stop"), (20.1, "seek", 8.0), (23.0, "play")],
    ),
    "tempo and metre changed": (ILL, [PLAY, (15.0, "grid", 1)]),
    "500 tempo markers": (ILL, [(0.5, "grid", 2), PLAY]),
    "another project": (ILL, [PLAY, (15.0, "project", "other"), (15.001, "seek", 3.0)]),
    "dialog of 6 s": (ILL, [PLAY, (15.0, "dialog", 6.0)]),
    "project stalls 100, 30 ms": (ILL, [PLAY, (10.0, "stall", 0.1), (25.0, "stall", 0.03)]),
    "input loses 100, 20 ms": (ILL, [PLAY, (15.0, "lose_input", 0.1), (25.0, "lose_input", 0.02)]),
    "48 kHz": (replace(ILL, sample_rate_hz=48_000), [LOOP, PLAY]),
    "drift the other way": (replace(ILL, input_ppm=-200.0, output_ppm=200.0), [LOOP, PLAY]),
    "blocks of 2048": (replace(ILL, play_block_s=2048 / 44_100), [LOOP, PLAY]),
    "macOS: stamps by wall clock": (replace(ILL, stamp="wall"), [LOOP, PLAY]),
    "stamps by an unknown clock": (replace(ILL, stamp="foreign"), [LOOP, PLAY]),
    "healthy machine": (Studio(), [LOOP, PLAY]),
}  # fmt: skip
GRIDS = (STEADY, CHANGED, MARKERS)
WAYS = ("single look", "time map", "clapped", "click")


@dataclass
class Row:
    """Errors of a scene, seconds, by way."""

    errors_s: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    lost: int = 0
    left_out: int = 0

    def figures(self) -> dict[str, object]:
        """Return what is printed, in milliseconds."""
        ways = {
            way: {
                name: round(float(1000 * value), 2)
                for name, value in zip(("median", "p95", "worst"), three, strict=True)
            }
            for way, errors in self.errors_s.items()
            for three in [np.percentile(np.abs(errors), [50, 95, 100])]
        }
        return {"notes": len(self.errors_s["time map"]), "lost": self.lost, "left_out": self.left_out, "error_ms": ways}


def single_look(reaper: SimulatedReaper) -> list[float]:
    """Return the errors of a phrase of eight seconds after another, each placed by one look at its end."""
    errors, rate_hz = [], reaper.studio.sample_rate_hz
    for asked_s in np.arange(PHRASE_S + 1.0, LENGTH_S, PHRASE_S):
        saw, heard = reaper.command_at(asked_s)
        if not saw.play_state & 1 or saw.play_state & 2:
            continue
        shift_s = saw.play_s - heard / rate_hz
        for beat_s in BEATS_S:
            sung = [at_s for at_s in reaper.moments(beat_s) if asked_s - PHRASE_S <= at_s < asked_s]
            samples = [reaper.sample_sung_at(at_s) for at_s in sung if can_be_told(reaper, at_s)]
            errors += [error_s(reaper, sample / rate_hz + shift_s - beat_s) for sample in samples]
    return errors


def shift_s(studio: Studio, unsteady_s: float, seed: int) -> float:
    """Return what a calibration on this hardware finds."""
    reaper = SimulatedReaper(studio, [Act(1.0, "play")], 80.0, seed + 100)
    clock = clock_of(reaper)
    rng = np.random.default_rng(seed)
    clicks = [at_s for beat_s in BEATS_S for at_s in reaper.moments(beat_s)]
    claps = [reaper.sample_sung_at(at_s + rng.normal(0.0, unsteady_s)) for at_s in clicks]
    pieces = clock.pieces(0, int(reaper.sample_sung_at(reaper.length_s - 0.2)))
    for count in range(CLAPS, len(claps)):
        with suppress(TransportError):
            return calibrate(claps[:count], pieces).shift_s
    raise ValueError(f"{len(claps)} claps were not enough")


def measure(studio: Studio, script: list[tuple], seeds: int) -> Row:
    row = Row()
    for seed in range(1, seeds + 1):
        reaper = SimulatedReaper(studio, [Act(*act) for act in script], LENGTH_S, seed)
        clock = clock_of(reaper, GRIDS)
        row.errors_s["single look"] += single_look(reaper)
        shifts = {"time map": 0.0, "clapped": shift_s(studio, UNSTEADY_S, seed), "click": shift_s(studio, 0.0002, seed)}
        for way, shift in shifts.items():
            add(row, way, reaper, clock, shift)
    return row


def add(row: Row, way: str, reaper: SimulatedReaper, clock: ProjectClock, shift: float) -> None:
    clock.shift_s = shift
    written = sing_on_beats(reaper, clock, BEATS_S)
    row.errors_s[way] += written.errors_s
    if way == "time map":
        row.lost += written.missing
        row.left_out += written.left_out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rows = {name: measure(studio, script, chosen.seeds) for name, (studio, script) in SCENES.items()}
    if chosen.json:
        print(
            json.dumps(
                {"version": 1, "seeds": chosen.seeds, "scenes": {name: row.figures() for name, row in rows.items()}}
            )
        )
        return
    print(f"{'ms: median / p95 / worst':30}" + "".join(f"{way:>25}" for way in WAYS) + "   notes lost left out")
    for name, row in rows.items():
        figures = row.figures()
        cells = ("{median:9.1f}{p95:8.1f}{worst:8.1f}".format(**figures["error_ms"][way]) for way in WAYS)
        print(f"{name:30}" + "".join(cells) + "{notes:8}{lost:5}{left_out:9}".format(**figures))


if __name__ == "__main__":
    main()
