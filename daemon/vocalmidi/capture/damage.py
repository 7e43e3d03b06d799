"""Tells a recording that was cut off from a whole one, as far as its format says how long it should be.

In: libsndfile's log of the header, and how many samples came out. Out: a `CaptureError`, or nothing. A cut is refused
and not skipped over: half a song is not what was meant. MP3 and OGG streams without a length can't be told.
"""

import re
from pathlib import Path

from vocalmidi.errors import CaptureError
from vocalmidi.units import samples_to_seconds

_STATED = re.compile(r"^\s*(?:data|SSND|riff|Data Size)\s*:\s*(\d+) \(should be (\d+)\)", re.MULTILINE)
"""libsndfile's words when a chunk of sound (WAV, AIFF, W64, AU) is longer in its header than in the file."""
_OPEN_END = "lacks an end-of-stream"
"""libsndfile's words for an OGG file whose last page is not marked as the last."""
_STREAMED_BYTES = (2**31, 2**32)
"""Writing to a pipe, programs state a length just at or below one of these (ffmpeg 0xFFFFFFFF, arecord 0x80000000)."""
_STREAMED_NEAR_BYTES = 2**16
"""How far below: room for a header, which some of them subtract."""
_SLACK_BYTES = 64
"""Some programs count padding or a trailing chunk in; so few bytes are no lost sound."""
_MP3_TOLERANCE = 0.01
"""An MP3 without a length in its header is only estimated by libsndfile from its bit rate."""


def complain_if_cut_off(path: Path, header_log: str) -> None:
    """Raise CaptureError when the header speaks of more sound than the file holds."""
    for stated, present in _STATED.findall(header_log):
        if not _is_open_end(int(stated)) and int(stated) - int(present) > _SLACK_BYTES:
            missing = 1.0 - int(present) / int(stated)
            raise CaptureError(f"{path}: the file is cut off, {missing:.0%} of its sound is missing; copy it again")
    if _OPEN_END in header_log:
        raise CaptureError(f"{path}: the file is cut off, its last part is missing; copy it again")


def complain_if_short(path: Path, file_format: str, n_read: int, n_stated: int, sample_rate_hz: int) -> None:
    """Raise CaptureError when fewer samples came out than the header stated."""
    tolerance = n_stated * _MP3_TOLERANCE if file_format in {"MP3", "MPEG"} else 0
    if n_read < n_stated - tolerance:
        raise CaptureError(
            f"{path}: the file is cut off after {samples_to_seconds(n_read, sample_rate_hz):.1f} s of "
            f"{samples_to_seconds(n_stated, sample_rate_hz):.1f} s; copy it again"
        )


def _is_open_end(stated_bytes: int) -> bool:
    return any(0 <= limit - stated_bytes <= _STREAMED_NEAR_BYTES for limit in _STREAMED_BYTES)
