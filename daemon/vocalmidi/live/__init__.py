"""Live events to MIDI, at once: what is played may be wrong, what is written later is the considered version."""

from vocalmidi.live.file import USUAL_TEMPO_QPM, Sent, live_file_bytes
from vocalmidi.live.heard_keys import HeardKeys
from vocalmidi.live.open_notes import LeftOpen, forget, left_open, panic, quieted, remember
from vocalmidi.live.player import Player
from vocalmidi.live.playing import ALL_TONES, ChordAt, Playable, Playing, VoiceAt
from vocalmidi.live.port import NoPort, Port, RtInlet, open_inlet, open_port, port_names
from vocalmidi.live.tuning import snapped
from vocalmidi.live.voice import voice_of

__all__ = [
    "ALL_TONES",
    "USUAL_TEMPO_QPM",
    "ChordAt",
    "HeardKeys",
    "LeftOpen",
    "NoPort",
    "Playable",
    "Player",
    "Playing",
    "Port",
    "RtInlet",
    "Sent",
    "VoiceAt",
    "forget",
    "left_open",
    "live_file_bytes",
    "open_inlet",
    "open_port",
    "panic",
    "port_names",
    "quieted",
    "remember",
    "snapped",
    "voice_of",
]
