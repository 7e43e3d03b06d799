"""The drums by name: keys of the General MIDI percussion map (RP-003), and which of them play one role in a groove."""

from enum import StrEnum

from vocalmidi.values import HitLabel

DRUM_KEYS = {
    "kick_low": 35,
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "snare_electric": 40,
    "tom_floor_low": 41,
    "hat": 42,
    "tom_floor": 43,
    "hat_pedal": 44,
    "tom_low": 45,
    "hat_open": 46,
    "tom_mid": 47,
    "tom_high_mid": 48,
    "crash": 49,
    "tom_high": 50,
    "ride": 51,
    "china": 52,
    "ride_bell": 53,
    "tambourine": 54,
    "cowbell": 56,
    "crash_2": 57,
    "bongo_high": 60,
    "bongo_low": 61,
    "conga_mute": 62,
    "conga_high": 63,
    "conga_low": 64,
    "agogo_high": 67,
    "agogo_low": 68,
    "shaker": 70,
    "claves": 75,
    "wood_high": 76,
    "wood_low": 77,
    "triangle": 81,
}


class Role(StrEnum):
    """What a drum does in a groove; a beatboxed role replaces the genre's."""

    KICK = "kick"
    SNARE = "snare"
    TIME = "time"
    COLOUR = "colour"


_ROLES = {
    Role.KICK: ("kick_low", "kick"),
    Role.SNARE: ("rim", "snare", "clap", "snare_electric"),
    Role.TIME: ("hat", "hat_pedal", "hat_open", "ride", "ride_bell"),
}
ROLE_OF_KEY = {DRUM_KEYS[name]: role for role, names in _ROLES.items() for name in names}
"""Roles of the keys that have one; all others are colour."""
HIT_KEYS = {
    HitLabel.KICK: DRUM_KEYS["kick"],
    HitLabel.SNARE: DRUM_KEYS["snare"],
    HitLabel.HIHAT_CLOSED: DRUM_KEYS["hat"],
    HitLabel.HIHAT_OPEN: DRUM_KEYS["hat_open"],
}
"""What the beatboxed classes sound on; `HitLabel.OTHER` is each style's own choice."""
CRASH_KEY = DRUM_KEYS["crash"]


def role_of(key: int) -> Role:
    """Return the role of a drum key."""
    return ROLE_OF_KEY.get(key, Role.COLOUR)
