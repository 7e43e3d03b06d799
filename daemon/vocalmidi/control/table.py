"""The table of addresses: all that a controller can ask, and all that it is told. The one place where they are named.

From it come the dispatcher, docs/OSC.md and the TouchOSC layout, so that none of them can drift from another.
"""

from dataclasses import dataclass
from functools import cache

from vocalmidi.arrange import mood_names, style_names
from vocalmidi.config import (
    BEND_WORDS,
    LEVEL_WORDS,
    LIVE_CHORD_WORDS,
    LIVE_SCALE_WORDS,
    OCTAVES,
    SCALE_WORDS,
    SWING_RANGE_PERCENT,
    VOICING_WORDS,
)
from vocalmidi.control.arguments import AutoOr, Kind, Real, Switch, Text, Whole, Word
from vocalmidi.control.order import Action
from vocalmidi.phrase import TEMPO_RANGE_QPM
from vocalmidi.values import PART_NAMES

ROOT = "/vocalmidi"
MAX_BARS = 64
"""As `continue_bars` of defaults.toml."""
MAX_WRITE_BARS = 1000
"""As the spool's `bars`."""
LAST_SEED = 2**31 - 1
"""What an OSC integer holds; the settings' own seeds go on to 2^32 − 1."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An address that a controller sends to.

    arguments: in order; the first `needed` must be there.
    is_momentary: it is a button: a lone 0 is its release and does nothing, a lone number or nothing a press.
    has_state: the address echoes its state.
    """

    address: str
    action: Action
    effect: str
    subject: str = ""
    arguments: tuple[Kind, ...] = ()
    needed: int = 0
    is_momentary: bool = False
    has_state: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """An address that only the program sends from."""

    address: str
    arguments: tuple[Kind, ...]
    meaning: str


def _at(name: str) -> str:
    return f"{ROOT}/{name}"


def _setting(name: str, subject: str, kind: Kind, effect: str) -> Entry:
    return Entry(_at(name), Action.SET, effect, subject, (kind,), needed=1, has_state=True)


def _button(name: str, action: Action, effect: str, *arguments: Kind, needed: int = 0) -> Entry:
    return Entry(_at(name), action, effect, "", arguments, needed, is_momentary=True)


def _percent(name: str) -> Whole:
    return Whole(name, 0, 100)


def _settings() -> tuple[Entry, ...]:
    key = Text("key", 16, "auto, or a key such as C minor, F# major")
    tempo = AutoOr("tempo", *TEMPO_RANGE_QPM)
    return (
        _setting("genre", "genre", Word("genre", style_names()), "the style of what is written next"),
        _setting("mood", "mood", Word("mood", mood_names()), "what colours the genre"),
        _setting("key", "key", key, "the key of what is sung"),
        _setting("tempo", "tempo", tempo, "quarter notes a minute where no project plays"),
        _setting("seed", "seed", Whole("seed", 0, LAST_SEED), "the same phrase, style and seed give the same notes"),
        _setting("quantize", "quantise", _percent("quantize"), "how far sung notes are drawn to the grid, percent"),
        _setting("feel", "feel", _percent("feel"), "how far sung notes are moved as humans play the genre, percent"),
        _setting("swing", "swing", AutoOr("swing", *SWING_RANGE_PERCENT), "percent of a pair of swung notes that the "
                 "first takes in chords, bass and drums; 50: straight; auto: the genre's"),
        _setting("density", "density", _percent("density"), "how many strokes, percent; 50: as the genre has"),
        _setting("complexity", "complexity", _percent("complexity"), "how far from the plainest, percent"),
        _setting("scale_lock", "scale_lock", Word("scale_lock", SCALE_WORDS), "a lens on the notes that are written"),
        _setting("bend", "bend", Word("bend", BEND_WORDS), "how the sung pitch is carried, written and live: "
                 "off, come to rest on tones, true"),
        _setting("octave", "octave", Whole("octave", OCTAVES[0], OCTAVES[-1]), "whole octaves higher, written "
                 "and live"),
    )  # fmt: skip


def _live() -> tuple[Entry, ...]:
    """Return what is about live playing: its switch, and the settings of [midi] that a player turns."""
    ways = (
        ("bend", "live_bend", Word("bend", BEND_WORDS), "off: keys alone; snap: glides rest on tones"),
        ("bend_range", "bend_range", Whole("semitones", 1, 96), "how far the wheel reaches"),
        ("octave", "live_octave", Whole("octave", OCTAVES[0], OCTAVES[-1]), "whole octaves higher than sung"),
        ("transpose", "live_transpose", Whole("semitones", -12, 12), "semitones higher than sung"),
        ("scale", "live_scale", Word("scale", LIVE_SCALE_WORDS), "tones that are played, in the key; keys: those held"),
        ("chords", "live_chords", Word("chords", LIVE_CHORD_WORDS), "key: its chord on each note; song: each half bar"),
        ("voicing", "voicing", Word("voicing", VOICING_WORDS), "how these chords lie"),
        ("level", "live_level", Word("level", LEVEL_WORDS), "what the voice's level moves while a note sounds"),
        ("mpe", "mpe", Switch("mpe"), "each note on a channel of its own"),
    )  # fmt: skip
    switch = "live playing: notes at the MIDI port, `note` and `hit` to subscribers"
    return (
        Entry(_at("live"), Action.LIVE, switch, "", (Switch("live"),), 1, has_state=True),
        *(_setting(f"live/{name}", subject, kind, f"live: {effect}") for name, subject, kind, effect in ways),
    )


def _parts() -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for part in PART_NAMES:
        on, roll = _at(f"part/{part}/enabled"), _at(f"part/{part}/regenerate")
        entries += [
            Entry(on, Action.ENABLE, f"whether {part} is arranged", part, (Switch("enabled"),), 1, has_state=True),
            Entry(
                _at(f"part/{part}/lock"), Action.LOCK,
                f"the {part} of the newest or selected arrangement stays as it is; echoed once Reaper has done it",
                part, (Switch("lock"),), 1, has_state=True,
            ),
            Entry(roll, Action.REGENERATE, f"as regenerate {part}, for a plain button", part, is_momentary=True),
        ]  # fmt: skip
    return tuple(entries)


@cache
def entries() -> tuple[Entry, ...]:
    """Return what a controller can send, in the order of the document."""
    part, parts = Word("part", tuple(PART_NAMES)), Text("parts", 40, "some of melody,chords,bass,drums")
    return (
        Entry(_at("subscribe"), Action.SUBSCRIBE, "all state at once, then every change; a lease of 30 s that any "
              "message renews", arguments=(Whole("port", 1, 65535),)),
        Entry(_at("unsubscribe"), Action.UNSUBSCRIBE, "an end of it", arguments=(Whole("port", 1, 65535),)),
        _button("status", Action.STATUS, "all state at once, to who asks"),
        Entry(_at("listen"), Action.LISTEN, "whether what the microphone hears is taken in", "",
              (Switch("listen"),), 1, has_state=True),
        _button("write", Action.WRITE, "write what I just sang at its true place; with the transport stopped at the "
                "edit cursor"),
        _button("write/audio", Action.WRITE_AUDIO, "the same, with its sound"),
        _button("write/selection", Action.WRITE_SELECTION, "write what I sang while the project played through the "
                "time selection"),
        _button("write/bars", Action.WRITE_BARS, "write what I sang in the last bars",
                Whole("bars", 1, MAX_WRITE_BARS), needed=1),
        _button("arrange", Action.ARRANGE, "new takes of these parts, or of all, around the arrangement that is "
                "selected or newest; what is locked or edited stays", parts),
        _button("regenerate", Action.REGENERATE, "a new take of one part, by this seed or the next", part,
                Whole("seed", 0, LAST_SEED), needed=1),
        _button("continue", Action.CONTINUE, "let the arrangement go on for so many bars", Whole("bars", 1, MAX_BARS),
                needed=1),
        *_settings(),
        *_live(),
        *_parts(),
        _button("trigger/learn", Action.LEARN, "learn a sound of your own from the next 10 s: make it 3 to 10 times; "
                "the second argument is the drum key that it plays",
                Text("name", 32, "up to 32 letters, digits, - or _, beginning with a letter"),
                Whole("pitch", 0, 127), needed=1),
        _button("trigger/clear", Action.CLEAR, "forget one", Text("name", 32, "the name of a sound that was learnt"),
                needed=1),
        _button("panic", Action.PANIC, "all notes off, at the live port at once, and in Reaper"),
    )  # fmt: skip


FEEDBACK = (
    Feedback(_at("heartbeat"), (Whole("count", 0, 2**31 - 1),), "once a second"),
    Feedback(_at("busy"), (Switch("busy"),), "whether something is being written or learnt"),
    Feedback(_at("level"), (Real("level", -120.0, 20.0),), "of the microphone, dB re full scale"),
    Feedback(_at("pitch"), (Real("pitch", 0.0, 127.0),), "what is sung now, MIDI number with its fraction; 0: none"),
    Feedback(_at("pitch/name"), (Text("name", 8, "a note such as A4 +12, or -"),), "the same in words, with cents"),
    Feedback(_at("note"), (Whole("pitch", 0, 127), Whole("velocity", 0, 127)), "a live note begins; velocity 0: ends"),
    Feedback(_at("hit"), (Text("label", 32, "kick, snare, hihat_closed, hihat_open, other or a sound of yours"),
             Whole("velocity", 1, 127)), "a live hit"),
    Feedback(_at("written"), (Text("words", 500, "a sentence"),), "what was done in the project"),
    Feedback(_at("error"), (Text("words", 500, "a sentence"),), "what was not, and why; nothing has changed"),
)  # fmt: skip
"""What the program alone sends; whoever sends it back is not answered, so that two programs can't talk for ever."""
ERROR, WRITTEN, BUSY, HEARTBEAT = _at("error"), _at("written"), _at("busy"), _at("heartbeat")
LEVEL, PITCH, PITCH_NAME, NOTE, HIT = _at("level"), _at("pitch"), _at("pitch/name"), _at("note"), _at("hit")


@cache
def by_address() -> dict[str, Entry]:
    """Return the entries by their addresses."""
    return {entry.address: entry for entry in entries()}
