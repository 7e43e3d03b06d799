"""Frames in, notes and hits out: considered over a whole recording, or live and at once."""

from vocalmidi.events.controls import ControlSettings, ControlWatch
from vocalmidi.events.hit_settings import HitSettings, LiveHitSettings, TakeSettings
from vocalmidi.events.instrument import choose_instrument
from vocalmidi.events.live import LiveDecoder
from vocalmidi.events.settings import LiveSettings, Policy, ScoreSettings, TranscriptionSettings
from vocalmidi.events.transcription import transcribe

__all__ = [
    "ControlSettings",
    "ControlWatch",
    "HitSettings",
    "LiveDecoder",
    "LiveHitSettings",
    "LiveSettings",
    "Policy",
    "ScoreSettings",
    "TakeSettings",
    "TranscriptionSettings",
    "choose_instrument",
    "transcribe",
]
