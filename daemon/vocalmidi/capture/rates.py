"""The sample rates that sound can come in at; the same for a recording and a device.

In: a rate and what has it. Out: a `CaptureError`, or nothing.
"""

from vocalmidi.errors import CaptureError

MIN_SAMPLE_RATE_HZ = 8_000
"""Telephone; below it the upper partials that tell a hi-hat from a breath are gone."""
MAX_SAMPLE_RATE_HZ = 192_000
"""The highest rate of ordinary audio interfaces."""


def complain_if_unusable(sample_rate_hz: int, where: str, advice: str) -> None:
    """Raise CaptureError, naming `where` and ending in `advice`, when the rate is outside the range."""
    if not MIN_SAMPLE_RATE_HZ <= sample_rate_hz <= MAX_SAMPLE_RATE_HZ:
        raise CaptureError(
            f"{where}: the sample rate is {sample_rate_hz} Hz, {MIN_SAMPLE_RATE_HZ} to {MAX_SAMPLE_RATE_HZ} Hz can be "
            f"used; {advice}"
        )
