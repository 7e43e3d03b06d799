"""The user's voice profile: sounds learnt from a few examples, kept in a file, known when made again."""

from vocalmidi.profile.deciding import Recogniser
from vocalmidi.profile.hearing import HeardSound, examples_among, is_clipped
from vocalmidi.profile.learning import Lesson, check_name, choose_key, learn
from vocalmidi.profile.profile_file import read_profile, write_profile
from vocalmidi.profile.voice_profile import AGES_S, DEFAULT_NAMES, Example, Taught, VoiceProfile, reembedded

__all__ = [
    "AGES_S",
    "DEFAULT_NAMES",
    "Example",
    "HeardSound",
    "Lesson",
    "Recogniser",
    "Taught",
    "VoiceProfile",
    "check_name",
    "choose_key",
    "examples_among",
    "is_clipped",
    "learn",
    "read_profile",
    "reembedded",
    "write_profile",
]
