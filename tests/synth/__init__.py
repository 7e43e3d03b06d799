"""A test singer and beatboxer whose truth is exact, because it is what they were made from; numpy only.

`from synth import SungNote, Voice, sing, BeatboxHit, beatbox, ...` in any test. Everything is a pure function of its
arguments and a seed. Not a musical instrument: it is as human as a tracker needs to be fooled by, no more.
"""

from synth.beatboxer import Beatboxed, BeatboxHit, beatbox
from synth.score import Sung, SungNote, TrueNote, Voice, scale_notes
from synth.shapes import Consonant, Shape, VoiceKind, formants_hz
from synth.singer import sing, speech_like
from synth.sound import add_noise, at_level, clip, mix, reverb, room_noise, silence

__all__ = [
    "BeatboxHit",
    "Beatboxed",
    "Consonant",
    "Shape",
    "Sung",
    "SungNote",
    "TrueNote",
    "Voice",
    "VoiceKind",
    "add_noise",
    "at_level",
    "beatbox",
    "clip",
    "formants_hz",
    "mix",
    "reverb",
    "room_noise",
    "scale_notes",
    "silence",
    "sing",
    "speech_like",
]
