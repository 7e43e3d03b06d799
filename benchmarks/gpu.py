"""What a device is worth: each network on the CPU and there, alone and several inputs at once.

    python -m benchmarks.gpu [--provider cuda] [--json OUT.json]

Out, for each network: ms of a run at p50 and p99 on either side, at the pace of live hops (10 ms) for the live ones,
one after the other for the considered one; the largest difference of any output from the CPU's, and what `auto`
chooses. For the considered one also how many seconds of sound a second, in batches of 1 to 16. Where the device is not
to be had it says why, and shows the CPU alone. Quote only the same run's ratios.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from vocalmidi.errors import FramesError
from vocalmidi.frames import FOLLOWED_LENGTHS, LIVE_LENGTHS
from vocalmidi.inference import Model, open_model

RUNS = 200
HOP_S = 0.01
BATCHES = (1, 2, 4, 8, 16)
FRAMES = 3600
FRAMES_A_S = 100
NETWORKS = {
    "voice_live": (LIVE_LENGTHS, HOP_S),
    "timbre": ({"n": 1}, HOP_S),
    "voice_considered": (FOLLOWED_LENGTHS, 0.0),
}


def inputs_of(model: Model, lengths: dict[str, int]) -> dict[str, np.ndarray]:
    drawn = np.random.default_rng(0)
    return {
        name: drawn.random([each if isinstance(each, int) else lengths[each] for each in shape], np.float32)
        for name, shape in model.input_shapes.items()
    }


def timed(model: Model, lengths: dict[str, int], rest_s: float, runs: int) -> dict[str, float]:
    run, times_ms = model.bound(**inputs_of(model, lengths)), list[float]()
    for _ in range(runs):
        time.sleep(rest_s)
        began_s = time.perf_counter()
        run.run()
        times_ms.append(1000.0 * (time.perf_counter() - began_s))
    settled = times_ms[runs // 10 :]
    return {f"p{q}_ms": round(float(np.percentile(settled, q)), 3) for q in (50, 99)}


def throughput(model: Model, seconds: float = 1.0) -> dict[int, float]:
    """Return seconds of sound a second, by how many takes are given at once."""
    found: dict[int, float] = {}
    for batch in BATCHES:
        run = model.bound(**inputs_of(model, {"takes": batch, "frames": FRAMES}))
        run.run()
        began_s, runs = time.perf_counter(), 0
        while time.perf_counter() - began_s < seconds:
            run.run()
            runs += 1
        found[batch] = round(runs * batch * FRAMES / FRAMES_A_S / (time.perf_counter() - began_s), 1)
    return found


def difference(device: Model, cpu: Model, lengths: dict[str, int]) -> float:
    given = inputs_of(cpu, lengths)
    run = device.bound(**given)
    run.run()
    wanted = cpu.run(**given)
    return max(float(np.abs(run.outputs[name] - wanted[name]).max()) for name in wanted)


def measured(name: str, provider: str, runs: int) -> dict[str, Any]:
    lengths, rest_s = NETWORKS[name]
    cpu = open_model(name, "cpu")
    report: dict[str, Any] = {"cpu": timed(cpu, lengths, rest_s, runs)}
    models = {"cpu": cpu}
    try:
        device = open_model(name, provider, lengths, is_live=rest_s > 0)
    except FramesError as error:
        report["left_out"] = str(error)
    else:
        report[provider] = timed(device, lengths, rest_s, runs)
        report["difference"] = difference(device, cpu, lengths)
        report["cuda_graph"] = device.has_graphs
        report["auto"] = open_model(name, "auto", lengths, is_live=rest_s > 0).placement.words
        models[provider] = device
    if "takes" in lengths:
        report["sound_s_a_s"] = {where: throughput(model) for where, model in models.items()}
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provider", choices=("cuda", "coreml", "directml"), default="cuda")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    reports = {name: measured(name, asked.provider, asked.runs) for name in NETWORKS}
    for name, report in reports.items():
        print(name)
        for key, value in report.items():
            numbers = value.items() if isinstance(value, dict) else [("", value)]
            print(f"  {key:12} " + "  ".join(f"{each} {number}".strip() for each, number in numbers))
    if asked.json:
        asked.json.write_text(json.dumps(reports, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
