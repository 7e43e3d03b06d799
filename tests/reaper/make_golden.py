"""Write the golden spool files anew: .venv/bin/python tests/reaper/make_golden.py (only after a change of VERSION)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from reaper.test_codec import GOLDEN, MESSAGES
from reaper.test_codec_changes import MESSAGES as CHANGES
from reaper.test_codec_curves import MESSAGES as CURVES
from vocalmidi.reaper import encode

for kind, message in (MESSAGES | CHANGES | CURVES).items():
    (GOLDEN / f"{kind}.txt").write_bytes(encode(message))
