"""The C ring between the audio callback and Python; ring.h and capture_callback.h are its manual."""

from native_ringbuf._capture import CaptureClock, CaptureState, CaptureStatistics
from native_ringbuf._ring import Ring

__all__ = ["CaptureClock", "CaptureState", "CaptureStatistics", "Ring"]
