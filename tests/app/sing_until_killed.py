"""Run by test_live_kill.py in a process of its own: plays live what is sung, then waits to be killed or told to end.

python sing_until_killed.py PORT_NAME STATE_FILE SECONDS   SECONDS of one long note; a line of input ends it
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

from synth import SungNote, sing
from vocalmidi.app import live_play, live_port
from vocalmidi.config import load_settings
from vocalmidi.values import AudioBlock

RATE, BLOCK = 48_000, 480


def main(port: str, state: Path, seconds: float) -> None:
    live_port.midi_open_file = lambda: state
    live_play.LATE_S = 60.0  # it is sung to as fast as it can hear
    settings = replace(load_settings(), provider="cpu", voice_profile="none", midi_port=port)
    samples = sing([SungNote(0.2, 5.0, 60)], sample_rate_hz=RATE).samples[: round(seconds * RATE)]
    with live_play.live_play(settings, RATE, say=print) as play:
        for start in range(0, len(samples) // BLOCK * BLOCK, BLOCK):
            play.heard(AudioBlock(start, RATE, samples[start : start + BLOCK]))
            time.sleep(BLOCK / RATE)
        sys.stdin.readline()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
