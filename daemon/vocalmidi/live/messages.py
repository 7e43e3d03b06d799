"""MIDI 1.0 messages as bytes.

In: channel 0–15 and numbers in MIDI's ranges. Out: one message, or the few that belong together. It keeps no state and
checks no range beyond what bytes allow: `Playing` and `Player` hold to them.
Source: MIDI 1.0 Detailed Specification 4.2; MIDI Polyphonic Expression 1.1 (RP-053).
"""

NOTE_OFF, NOTE_ON, CONTROL, PRESSURE, WHEEL = 0x80, 0x90, 0xB0, 0xD0, 0xE0
CHANNELS, KEYS = range(16), range(128)
RELEASE_VELOCITY = 64
"""Of every note-off: the value the specification gives to keyboards that don't sense it."""
CENTRE, TOP = 8192, 16383
"""The wheel at rest, and its highest position, 14 bits."""
EXPRESSION, SUSTAIN, SOUND_OFF, NOTES_OFF = 11, 64, 120, 123
PARAMETER_MSB, PARAMETER_LSB, DATA_MSB, DATA_LSB = 101, 100, 6, 38
BEND_RANGE_PARAMETER, MPE_PARAMETER, NO_PARAMETER = 0, 6, 127
"""Registered parameters 0 and 6, and the null one after which data entry changes nothing."""


def note_on(channel: int, key: int, velocity: int) -> bytes:
    """Return a note-on; velocity 1–127, since 0 is a note-off."""
    return bytes((NOTE_ON | channel, key, velocity))


def note_off(channel: int, key: int) -> bytes:
    """Return a note-off."""
    return bytes((NOTE_OFF | channel, key, RELEASE_VELOCITY))


def control(channel: int, controller: int, value: int) -> bytes:
    """Return a controller's new value."""
    return bytes((CONTROL | channel, controller, value))


def pressure(channel: int, value: int) -> bytes:
    """Return channel aftertouch."""
    return bytes((PRESSURE | channel, value))


def wheel(channel: int, position: int) -> bytes:
    """Return the pitch wheel's position, 0–`TOP`."""
    return bytes((WHEEL | channel, position & 0x7F, position >> 7))


def bend_range(channel: int, semitones: int) -> list[bytes]:
    """Return RPN 0: how far the wheel bends at its ends."""
    return _parameter(channel, BEND_RANGE_PARAMETER, semitones)


def mpe_zone(master: int, members: int) -> list[bytes]:
    """Return RPN 6 on a zone's master channel: so many member channels, 0 for no zone."""
    return _parameter(master, MPE_PARAMETER, members)


def silence(channel: int) -> list[bytes]:
    """Return what quiets a channel whatever was played on it: pedal up, wheel at rest, all notes and all sound off."""
    return [
        control(channel, SUSTAIN, 0),
        wheel(channel, CENTRE),
        control(channel, NOTES_OFF, 0),
        control(channel, SOUND_OFF, 0),
    ]


def _parameter(channel: int, parameter: int, value: int) -> list[bytes]:
    numbers = (
        (PARAMETER_MSB, 0),
        (PARAMETER_LSB, parameter),
        (DATA_MSB, value),
        (DATA_LSB, 0),
        (PARAMETER_MSB, NO_PARAMETER),
        (PARAMETER_LSB, NO_PARAMETER),
    )
    return [control(channel, number, each) for number, each in numbers]
