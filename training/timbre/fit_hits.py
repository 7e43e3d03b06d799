"""Fit by what evidence a strike is a hit: `python -m training.timbre.fit_hits [--shared DIR]`.

In: the shipped encoder; beatboxset1 and hmc_beatbox, whose annotated events are hits, SSVD and recorded speakers, where
nothing is. Out: a line for each age of `vocalmidi.events.hit_settings`, to be written there by hand, and how F and the
false hits a minute depend on the probability that is asked for (strikes judged alone: nothing is kept apart). Logistic
regression with a little ridge; five numbers from some 8,000 strikes, so that no recording is learnt by heart.
"""

import argparse
import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np
import numpy.typing as npt

from training.timbre.data_recorded import annotated
from vocalmidi.capture import open_recording
from vocalmidi.events.drumming import MOST_RISE_DB, Company, TakeSoFar, companies, log_odds, wake_of
from vocalmidi.events.hit_settings import LIVE_AGES, TakeSettings
from vocalmidi.frames.encoder import TimbreEncoder
from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.patches import AFTER, ROW
from vocalmidi.frames.resampling import Resampler
from vocalmidi.frames.rises import STEP, room_power
from vocalmidi.frames.strikes import StrikeStream
from vocalmidi.inference import open_model
from vocalmidi.units import SampleIndex
from vocalmidi.values import Strike

Array = npt.NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[2]
DRUMMED, SPOKEN = ("beatboxset1", "hmc_beatbox"), ("librispeech10", "picovoice", "nabucasa")
NEAR_S = 0.025
ROUNDS, RIDGE = 60, 0.01
ROWS = (*(round(age.age_s * RATE_HZ / ROW) for age in LIVE_AGES), AFTER)
"""Ages in rows of a patch: the live ones, then the considered one."""


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """One recording: strikes[age][n], as heard at each of ROWS; which of them are hits."""

    name: str
    minutes: float
    events: list[float]
    strikes: list[list[Strike]]
    is_hit: npt.NDArray[np.bool_]


def recordings(shared: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name of its set and the path of each recording."""
    vocal = shared / "data" / "vocal"
    for name in DRUMMED:
        yield from ((name, path) for path in sorted((vocal / name).glob("*.flac")))
    with (vocal / "ssvd2" / "clips.csv").open(encoding="utf-8", newline="") as table:
        good = [row["clip"] for row in csv.DictReader(table) if row["flag"] == "ok"]
    yield from (("sung", vocal / "ssvd2" / f"{clip}.flac") for clip in good)
    for name in SPOKEN:
        files = sorted((shared / "data" / "voices" / name).rglob("*"))
        yield from (("spoken", path) for path in files if path.is_file() and path.suffix in (".flac", ".wav", ".ogg"))


def heard_strikes(path: Path, encoder: TimbreEncoder) -> list[list[Strike]]:
    """Return the strikes of a recording at each of ROWS, in samples at 16 kHz."""
    recording = open_recording(path)
    resampler = Resampler(recording.sample_rate_hz)
    sound = np.concatenate([*(resampler.push(block.samples) for block in recording.blocks()), resampler.finish()])
    whole = len(sound) // STEP * STEP
    stream = StrikeStream(encoder, ROWS, room_power(sound[:RATE_HZ]))
    parts = [stream.push(sound[first : min(first + RATE_HZ, whole)]) for first in range(0, whole, RATE_HZ)]
    heard = [one for part in [*parts, stream.finish(sound[whole:])] for one in part]
    strikes = [one.strike(SampleIndex(max(0, one.onset)), SampleIndex(max(0, one.stop))) for one in heard]
    by_age = [[strike for strike in strikes if round(strike.age_s * RATE_HZ / ROW) == rows] for rows in ROWS]
    whole_ones = {strike.onset for strike in by_age[-1]}
    return [sorted((s for s in each if s.onset in whole_ones), key=lambda strike: strike.onset) for each in by_age]


def take_of(name: str, path: Path, encoder: TimbreEncoder) -> Take:
    """Return one recording, heard and matched with its annotation."""
    strikes = heard_strikes(path, encoder)
    onsets_s = np.array([strike.onset / RATE_HZ for strike in strikes[-1]])
    events = sorted(onset_s for onset_s, _ in annotated(path)) if name in DRUMMED else []
    is_hit = np.zeros(len(onsets_s), bool)
    if events and len(onsets_s):
        is_hit[[found for _, found in mir_eval.util.match_events(np.array(events), onsets_s, NEAR_S)]] = True
    return Take(name, open_recording(path).duration_s / 60.0, events, strikes, is_hit)


def evidence_in(take: Take, age: int) -> Array:
    """Return (n, 5) what there is for and against each strike: timbre, take, rise, wake, 1."""
    strikes = take.strikes[age]
    onsets_s = np.array([strike.onset / RATE_HZ for strike in strikes])
    beside = companies(strikes, onsets_s, TakeSettings()) if age == len(ROWS) - 1 else live_companies(take, age)
    rows = [
        (log_odds(s.hit_share), np.log(c.drummed), min(s.rise_db, MOST_RISE_DB), c.wake, 1.0)
        for s, c in zip(strikes, beside, strict=True)
    ]
    return np.array(rows, np.float64).reshape(-1, 5)


def live_companies(take: Take, age: int) -> list[Company]:
    """Return the company of each strike by what has been judged at that moment."""
    judged, oldest, found = 0, take.strikes[len(ROWS) - 2], list[Company]()
    so_far = TakeSoFar(TakeSettings())
    before: Strike | None = None
    for strike in take.strikes[age]:
        onset_s, now_s = strike.onset / RATE_HZ, strike.heard / RATE_HZ
        while judged < len(oldest) and oldest[judged].heard / RATE_HZ <= now_s and oldest[judged].onset < strike.onset:
            so_far.judge(oldest[judged], oldest[judged].onset / RATE_HZ)
            judged += 1
        wake = wake_of(before, strike, onset_s - before.onset / RATE_HZ) if before else 0.0
        found.append(Company(so_far.drummed(now_s), wake))
        before = strike
    return found


def fitted(evidence: Array, is_hit: npt.NDArray[np.bool_]) -> Array:
    """Return the (5,) weights of a logistic regression."""
    weights = np.zeros(evidence.shape[1])
    for _ in range(ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-evidence @ weights))
        slope = evidence.T @ (is_hit - chance) - RIDGE * weights
        bow = (evidence * (chance * (1.0 - chance))[:, None]).T @ evidence + RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(bow, slope)
    return weights


def line(takes: list[Take], chances: list[Array], least: float) -> str:
    """Return the onset F of each drummed set and the false hits a minute of the others where so much is asked for."""
    words = [f"  at {least:.2f}:"]
    for name in (*DRUMMED, "sung", "spoken"):
        own = [(take, chance) for take, chance in zip(takes, chances, strict=True) if take.name == name]
        if name in DRUMMED:
            scores = [_onset_f(take, chance >= least) for take, chance in own]
            words.append(f"{name} F {np.mean(scores):.3f}")
        else:
            false = sum(int((chance >= least).sum()) for _, chance in own)
            words.append(f"{name} {false / max(1e-9, sum(take.minutes for take, _ in own)):.2f} a minute")
    return "  ".join(words)


def _onset_f(take: Take, said: npt.NDArray[np.bool_]) -> float:
    found = np.array([strike.onset / RATE_HZ for strike in take.strikes[-1]])[said]
    return float(mir_eval.onset.f_measure(np.array(take.events), found, window=NEAR_S)[0]) if len(found) else 0.0


def main() -> None:
    """Listen, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    given = parser.parse_args()
    encoder = TimbreEncoder(open_model("timbre", "cpu"))
    takes = [take_of(name, path, encoder) for name, path in recordings(given.shared)]
    is_hit = np.concatenate([take.is_hit for take in takes])
    for age, rows in enumerate(ROWS):
        evidence = [evidence_in(take, age) for take in takes]
        weights = np.round(fitted(np.concatenate(evidence), is_hit), 3)
        names = ("timbre", "take", "rise", "wake", "bias")
        numbers = ", ".join(f"{name}={weight:g}" for name, weight in zip(names, weights.tolist(), strict=True))
        print(f"{'considered' if rows == AFTER else f'{4 * rows} ms'}: Evidence({numbers})")
        chances = [1.0 / (1.0 + np.exp(-each @ weights)) for each in evidence]
        for least in (0.4, 0.5, 0.6, 0.7, 0.8):
            print(line(takes, chances, least))


if __name__ == "__main__":
    main()
