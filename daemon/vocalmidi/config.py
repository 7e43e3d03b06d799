"""Settings: the defaults, the user's file over them, checked whole and frozen.

Comes in: `defaults.toml` and, where there is one, the user's TOML file. Goes out: one `Settings`. No other module reads
a configuration; what the command line overrides is overridden there by `dataclasses.replace`. Long, since each setting
is named here once, with what it may be.
"""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import platformdirs

from vocalmidi.errors import ConfigError

if TYPE_CHECKING:
    from vocalmidi.values import ControlSource

Table = dict[str, dict[str, Any]]
NO_CONTROLLER = -1
"""Of a source of [controls] that moves nothing."""
LAST_CONTROLLER = 119
"""From 120 on they are channel mode messages."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; `defaults.toml` explains each beside its default."""

    genre: str
    tempo: str
    key: str
    meter: str
    parts: str
    seed: int
    bend: str
    bend_as: str
    expression: str
    quantise: int
    grid: str
    feel: int
    instrument: str
    scale_lock: str
    octave: int
    mood: str
    swing: str
    density: int
    complexity: int
    chords: str
    melody: str
    reseed: str
    continue_bars: int
    loop_bars: int
    provider: Literal["auto", "cpu", "cuda", "coreml", "directml"]
    look_ahead_ms: int
    note_change: Literal["eager", "hold", "lock"]
    gate: bool
    hit_corrections: bool
    realtime: Literal["auto", "off"]
    midi_port: str
    midi_in: str
    melody_channel: int
    chords_channel: int
    drums_channel: int
    mpe: bool
    live_bend: Literal["off", "snap", "true"]
    bend_range: int
    live_level: Literal["off", "pressure", "expression"]
    live_octave: int
    live_transpose: int
    live_scale: str
    live_chords: Literal["off", "key", "song"]
    voicing: Literal["close", "open", "power", "octaves", "seventh"]
    device: str
    reastream_from: str
    history_minutes: int
    phrase_gap_s: float
    resource_path: str
    osc_port: int
    port: int
    bind: str
    allow: str
    advertise: bool
    passes: Literal["takes", "lanes"]
    voice_profile: str
    vowel_a: int
    vowel_e: int
    vowel_i: int
    vowel_o: int
    vowel_u: int
    vowel_brightness: int
    vowel_openness: int
    envelope: int
    envelope_low_db: float
    envelope_high_db: float
    control_smoothing_ms: int
    control_step: int


GRIDS = ("auto", "1/8", "1/16", "1/32", "1/8T", "1/16T")
"""Those of `vocalmidi.phrase.Grid`, which `--help` should not have to import."""
INSTRUMENT_WORDS = ("suggest", "auto", "off", "bass", "lead", "pad", "brass", "pluck", "drums")
"""What `instrument` may be: three ways to go by what the voice imitates, and the instruments."""
SCALE_WORDS = ("off", "diatonic", "harmonic", "pentatonic", "blues", "dorian", "mixolydian")
"""Those of `vocalmidi.phrase.ScaleLock`, which `--help` should not have to import."""
OCTAVES = tuple(range(-3, 4))
"""Whole octaves that sung notes may be written higher or lower."""
LIVE_CHORD_WORDS = ("off", "key", "song")
VOICING_WORDS = ("close", "open", "power", "octaves", "seventh")
LEVEL_WORDS = ("off", "pressure", "expression")
"""What `live_chords`, `voicing` and `live_level` may be."""
SWING_RANGE_PERCENT = (50.0, 75.0)
"""As the genres' own: straight, to the first note three times as long as the second."""
LIVE_SCALE_WORDS = (*SCALE_WORDS, "keys")
"""What `live_scale` may be: those that are written, and the keys held on a MIDI input."""
MELODY_WORDS = ("sung", "ornament", "simplify", "answer")
"""Those of `vocalmidi.arrange.MelodyWish`, which `--help` should not have to import."""
CONTROL_SOURCES: "tuple[ControlSource, ...]" = (
    "vowel_a", "vowel_e", "vowel_i", "vowel_o", "vowel_u", "vowel_brightness", "vowel_openness", "envelope"
)  # fmt: skip
"""Those of `vocalmidi.values`, which `--help` should not have to import."""
BEND_WORDS = ("off", "snap", "true")
CARRIER_WORDS = {"bend_as": ("wheel", "mpe", "cc16"), "expression": ("off", "cc11", "cc1", "cc2", "pressure")}
"""What may carry the curves of a voice, each in the order of an action that goes through them; there are more
controllers than these."""
CONTROLLER_PREFIX = "cc"
_RANGES: dict[str, tuple[float, float]] = {
    **dict.fromkeys(CONTROL_SOURCES, (NO_CONTROLLER, LAST_CONTROLLER)),
    "envelope_low_db": (-90.0, -1.0),
    "envelope_high_db": (-89.0, 0.0),
    "control_smoothing_ms": (10, 1000),
    "control_step": (1, 64),
    **dict.fromkeys(("melody_channel", "chords_channel", "drums_channel"), (1, 16)),
    "bend_range": (1, 96),
    "live_octave": (OCTAVES[0], OCTAVES[-1]),
    "live_transpose": (-12, 12),
    "seed": (0, 2**32 - 1),
    "octave": (OCTAVES[0], OCTAVES[-1]),
    "loop_bars": (0, 64),
    "density": (0, 100),
    "complexity": (0, 100),
    "continue_bars": (0, 64),
    "quantise": (0, 100),
    "feel": (0, 100),
    "history_minutes": (1, 60),
    "phrase_gap_s": (0.2, 10.0),
    "osc_port": (0, 65535),
    "port": (0, 65535),
}
_CHOICES: dict[str, tuple[object, ...]] = {
    "bend": BEND_WORDS,
    "grid": GRIDS,
    "instrument": INSTRUMENT_WORDS,
    "scale_lock": SCALE_WORDS,
    "chords": ("likely", "free"),
    "melody": MELODY_WORDS,
    "provider": ("auto", "cpu", "cuda", "coreml", "directml"),
    "passes": ("takes", "lanes"),
    "look_ahead_ms": (20, 50, 100),
    "note_change": ("eager", "hold", "lock"),
    "realtime": ("auto", "off"),
    "live_bend": BEND_WORDS,
    "live_level": LEVEL_WORDS,
    "live_scale": LIVE_SCALE_WORDS,
    "live_chords": LIVE_CHORD_WORDS,
    "voicing": VOICING_WORDS,
}


def user_file() -> Path:
    """Return where the user's settings belong on this system, whether or not the file is there."""
    return Path(platformdirs.user_config_dir("vocalmidi", appauthor=False)) / "config.toml"


def reaper_folder(settings: Settings) -> Path | None:
    """Return the resource folder that was chosen, or None to look in the usual places."""
    return Path(settings.resource_path) if settings.resource_path else None


def lonely_spool() -> Path:
    """Return the spool of a daemon on a machine without Reaper, whether or not the folder is there."""
    return Path(platformdirs.user_state_dir("vocalmidi", appauthor=False)) / "spool"


def calibration_file() -> Path:
    """Return where what `vocalmidi calibrate` found is kept, whether or not the file is there."""
    return Path(platformdirs.user_state_dir("vocalmidi", appauthor=False)) / "calibration.json"


def midi_open_file() -> Path:
    """Return where it is written down which MIDI port is open, whether or not the file is there."""
    return Path(platformdirs.user_state_dir("vocalmidi", appauthor=False)) / "midi_open.json"


def profile_file(settings: Settings) -> Path | None:
    """Return where the user's voice profile is or will be, None where none is wanted."""
    if settings.voice_profile == "none":
        return None
    if settings.voice_profile:
        return Path(settings.voice_profile).expanduser()
    return Path(platformdirs.user_data_dir("vocalmidi", appauthor=False)) / "voice_profile.json"


def load_settings(path: Path | None = None) -> Settings:
    """Return the defaults with the file at `path` (default: the user's own place) over them.

    Raises:
        ConfigError: the file can't be read or parsed, or holds unknown, mistyped or out-of-range settings (all are
            named).
    """
    defaults = _defaults()
    chosen = _read(path) if path is not None else _read(user_file(), optional=True)
    faults = [fault for section, entries in chosen.items() for fault in _faults(section, entries, defaults)]
    if faults:
        raise ConfigError(f"{path or user_file()}: " + "; ".join(faults))
    merged = {name: value for table in defaults.values() for name, value in table.items()}
    merged |= {name: value for table in chosen.values() for name, value in table.items()}
    settings = Settings(**merged)
    if clash := _controls_fault(settings):
        raise ConfigError(f"{path or user_file()}: {clash}")
    return settings


def music_of(settings: Settings) -> dict[str, str | int]:
    """Return the settings of [music] by name: what it takes, beside the voice, to make the same music again."""
    return {name: getattr(settings, name) for name in _defaults()["music"]}


def with_music(settings: Settings, music: Mapping[str, object]) -> Settings:
    """Return settings with these of [music] over them; raise ConfigError with all that is wrong with them."""
    faults = _faults("music", dict(music), _defaults())
    if faults:
        raise ConfigError("; ".join(faults))
    known: dict[str, Any] = dict(music)
    return replace(settings, **known)


def with_chosen(settings: Settings, chosen: Mapping[str, object]) -> Settings:
    """Return settings with these of [music] and [midi] over them; raise ConfigError with all that is wrong."""
    sections = [(name, "midi" if is_live(name) else "music") for name in chosen]
    faults = [fault for name, section in sections for fault in _faults(section, {name: chosen[name]}, _defaults())]
    if faults:
        raise ConfigError("; ".join(faults))
    known: dict[str, Any] = dict(chosen)
    return replace(settings, **known)


def is_live(name: str) -> bool:
    """Return whether a setting is one of [midi], by which live playing goes."""
    return name in _defaults()["midi"]


def controllers(settings: Settings) -> "tuple[tuple[ControlSource, int], ...]":
    """Return which sources move a controller, and which."""
    chosen: list[tuple[ControlSource, int]] = [(source, getattr(settings, source)) for source in CONTROL_SOURCES]
    return tuple(each for each in chosen if each[1] != NO_CONTROLLER)


@cache
def _defaults() -> Table:
    return tomllib.loads(resources.files("vocalmidi").joinpath("defaults.toml").read_text(encoding="utf-8"))


def _controls_fault(settings: Settings) -> str:
    """Return what contradicts itself in [controls]."""
    users: dict[int, list[str]] = {}
    for source, number in controllers(settings):
        users.setdefault(number, []).append(source)
    twice = next(((number, names) for number, names in users.items() if len(names) > 1), None)
    if twice is not None:
        return f"controller {twice[0]} can't be moved by {' and '.join(twice[1])}; choose another for one of them"
    if settings.envelope_low_db >= settings.envelope_high_db:
        return f"controls.envelope_low_db {settings.envelope_low_db:g} must be below envelope_high_db"
    return ""


def _read(path: Path, *, optional: bool = False) -> Table:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if optional:
            return {}
        raise ConfigError(f"{path}: no such settings file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: can't be read as TOML ({error})") from error
    return {section: entries if isinstance(entries, dict) else {"": entries} for section, entries in content.items()}


def _faults(section: str, entries: dict[str, Any], defaults: Table) -> list[str]:
    if section not in defaults:
        return [f"unknown section [{section}]{_nearest(section, list(defaults))}"]
    known = defaults[section]
    faults: list[str] = []
    for name, value in entries.items():
        if name not in known:
            faults.append(f"unknown setting {section}.{name}{_nearest(name, list(known))}")
        elif fault := _value_fault(name, value, known[name]):
            faults.append(f"{section}.{name} {fault}")
    return faults


def _value_fault(name: str, value: object, default: object) -> str:
    kinds = (int, float) if isinstance(default, float) else (type(default),)
    if type(value) not in kinds:
        return f"is {value!r}, a {type(default).__name__} is needed"
    if name in _CHOICES and value not in _CHOICES[name]:
        return f"is {value!r}, one of {', '.join(map(str, _CHOICES[name]))} is needed"
    if name in CARRIER_WORDS and isinstance(value, str):
        return _carrier_fault(value, CARRIER_WORDS[name])
    if name in _RANGES and isinstance(value, int | float):
        low, high = _RANGES[name]
        if not low <= value <= high:
            return f"is {value}, outside {low} to {high}"
    return ""


def _carrier_fault(word: str, known: tuple[str, ...]) -> str:
    """Return what is wrong with what is to carry a curve."""
    number = word.removeprefix(CONTROLLER_PREFIX)
    if word in known or (number != word and number in map(str, range(LAST_CONTROLLER + 1))):
        return ""
    others = ", ".join(each for each in known if not each.startswith(CONTROLLER_PREFIX))
    return f"is {word!r}, one of {others} or a controller such as cc11 is needed"


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]}?)" if near else f" (known: {', '.join(known)})"
