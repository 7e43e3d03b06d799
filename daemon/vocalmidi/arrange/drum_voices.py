"""Nine voices of a kit: what the drum network knows of drums, and which keys of a genre's kit they are played on.

The network hears kits as nine voices (Roland TD-11 keys of the Groove MIDI Dataset, reduced as its paper does). Here
are their names, which drum of `kit.py` counts as which, what each is played on where a genre's rows say nothing, and
what one drummer can reach at once. Shakers, bells, congas and the like are no voice: only a genre's own rows play them.
"""

from vocalmidi.arrange.kit import DRUM_KEYS, Role

VOICES = ("kick", "snare", "hat_closed", "hat_open", "tom_low", "tom_mid", "tom_high", "crash", "ride")
"""In the order of the network's outputs."""
KICK, SNARE, HAT, HAT_OPEN, _, _, _, CRASH, RIDE = range(len(VOICES))
_DRUMS = {
    "kick": ("kick", "kick_low"),
    "snare": ("snare", "rim", "clap", "snare_electric"),
    "hat_closed": ("hat", "hat_pedal"),
    "hat_open": ("hat_open",),
    "tom_low": ("tom_floor", "tom_floor_low"),
    "tom_mid": ("tom_low", "tom_mid"),
    "tom_high": ("tom_high", "tom_high_mid"),
    "crash": ("crash", "crash_2", "china"),
    "ride": ("ride", "ride_bell"),
}
"""Drums of `kit.py` by voice, as `training/drums/loops.py` reduces their keys; the first is played by default."""
USUAL_KEYS = tuple(DRUM_KEYS[_DRUMS[voice][0]] for voice in VOICES)
VOICE_OF_KEY = {DRUM_KEYS[name]: number for number, voice in enumerate(VOICES) for name in _DRUMS[voice]}
"""Keys that are a voice of the kit."""
PEDAL_KEY = DRUM_KEYS["hat_pedal"]
VOICES_OF_ROLE = {Role.KICK: (KICK,), Role.SNARE: (SNARE,), Role.TIME: (HAT, HAT_OPEN, RIDE), Role.COLOUR: ()}
"""What stands back where the singer plays that role."""
STYLES = (
    *("afrobeat", "afrocuban", "blues", "country", "dance", "funk", "gospel", "highlife", "hiphop", "jazz", "latin"),
    *("middleeastern", "neworleans", "pop", "punk", "reggae", "rock", "soul"),
)
"""Styles of the Groove MIDI Dataset; the network knows them by place + 1, 0 is none told."""
