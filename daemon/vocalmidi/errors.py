"""Every error that Vocal MIDI raises on purpose: one root, one class a room.

A message says what is wrong, where, and what to do about it, in one line; the command line prints it as it is.
"""


class VocalMidiError(Exception):
    """Root of all errors that a user can cause and mend."""


class ConfigError(VocalMidiError):
    """A setting is unknown, of the wrong type or out of range."""


class CaptureError(VocalMidiError):
    """A recording or an audio device can't be read, or what it delivers is not usable sound."""


class FramesError(VocalMidiError):
    """The voice model is missing, damaged or gives something other than what its card says."""


class ProfileError(VocalMidiError):
    """A voice profile can't be read or written, or a sound can't be learnt from what was heard."""


class PhraseError(VocalMidiError):
    """Events can't be placed in musical time (no events, or a tempo outside the range)."""


class ArrangeError(VocalMidiError):
    """A style is unknown or damaged, or a phrase can't be arranged."""


class SmfError(VocalMidiError):
    """An arrangement can't be written as a Standard MIDI File."""


class PlotError(VocalMidiError):
    """A picture can't be written."""


class MidiError(VocalMidiError):
    """A MIDI port is missing, can't be opened, or no longer takes what is played."""


class ReaperError(VocalMidiError):
    """Reaper's folder, the spool or a reply from the bridge is missing or wrong."""


class TransportError(VocalMidiError):
    """What was sung can't be placed in the project: its transport was not seen, jumped, or the claps don't agree."""


class ControlError(VocalMidiError):
    """What came from a controller is no OSC, or asks for something that there is not."""


class LayoutError(VocalMidiError):
    """A TouchOSC layout can't be read or written, or holds what TouchOSC does not know."""


class GaugeError(VocalMidiError):
    """What the program's work costs can't be measured, or what a daemon answered is no report of it."""


class FallbackWarning(UserWarning):
    """The work goes on, but not where or as it was meant to; the message says why and what to do."""
