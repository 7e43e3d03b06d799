"""The user's voice profile: sounds learnt from a few examples, habits learnt from corrections, kept in a file."""

from vocalmidi.profile.deciding import Recogniser
from vocalmidi.profile.habits import FEWEST_PHRASES, NO_HABITS, Habits, Octaves, left_out
from vocalmidi.profile.hearing import HeardSound, examples_among, is_clipped
from vocalmidi.profile.learning import MOST_EXAMPLES, Lesson, check_name, choose_key, learn
from vocalmidi.profile.profile_file import read_profile, write_profile
from vocalmidi.profile.verdicts import MOST_OCTAVES, Kind, Verdict
from vocalmidi.profile.voice_profile import AGES_S, DEFAULT_NAMES, Example, Taught, VoiceProfile, reembedded

__all__ = [
    "AGES_S",
    "DEFAULT_NAMES",
    "FEWEST_PHRASES",
    "MOST_EXAMPLES",
    "MOST_OCTAVES",
    "NO_HABITS",
    "Example",
    "Habits",
    "HeardSound",
    "Kind",
    "Lesson",
    "Octaves",
    "Recogniser",
    "Taught",
    "Verdict",
    "VoiceProfile",
    "check_name",
    "choose_key",
    "examples_among",
    "is_clipped",
    "learn",
    "left_out",
    "read_profile",
    "reembedded",
    "write_profile",
]
