"""What the user has chosen since the daemon started: settings that differ from his file, and whether it listens.

Comes in: words such as `genre=next, mood=dark` from an action or the panel. Goes out: another `Session`, what of it is
new in words, and the choices as the panel shows them. Nothing is kept when the daemon ends; the settings file stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from vocalmidi.app.choices import next_seed
from vocalmidi.app.live_playing import playing_of
from vocalmidi.app.wishes import check_music
from vocalmidi.arrange import mood_names, style_names
from vocalmidi.config import (
    BEND_WORDS,
    CARRIER_WORDS,
    OCTAVES,
    SCALE_WORDS,
    Settings,
    music_of,
    with_chosen,
    with_music,
)
from vocalmidi.errors import ConfigError
from vocalmidi.reaper import Choice

NEXT, PREVIOUS, TOGGLE = "next", "previous", "toggle"
LISTENING, ON, OFF = "listening", "on", "off"
TRUE = "true"
USUAL_SCALE = "diatonic"
"""What a scale lock is switched on to where the settings name none."""
CHOSEN = ("genre", "mood", "scale_lock", "bend", "octave", "seed")
"""What the panel shows, in this order."""
SETTABLE = (
    *CHOSEN, "expression", "key", "swing", "density", "complexity", "quantise", "chords", "melody", "continue_bars"
)  # fmt: skip
"""What a command may change; the rest says how the microphone and the models are used."""


@dataclass(frozen=True, slots=True)
class Session:
    """Settings as they hold now, `usual` as the file has them, and whether it listens, and plays live what it hears."""

    settings: Settings
    usual: Settings
    listening: bool = True
    live: bool = False


def begun(settings: Settings) -> Session:
    """Return the session as it begins."""
    return Session(settings, settings, live=bool(settings.midi_port))


def changed(session: Session, change: str) -> Session:
    """Return a session with pairs such as `genre=next` obeyed, all of them or none.

    Raises:
        ConfigError: it names settings or values that there are not.
    """
    music, listening = session.settings, session.listening
    for name, word in pairs(change):
        if name == LISTENING:
            listening = _listening(word, now=listening)
        elif name in SETTABLE:
            music = with_word(music, name, word, session.usual)
        else:
            raise ConfigError(f"{name!r} can't be set; there are {LISTENING}, {', '.join(SETTABLE)}")
    return _checked(replace(session, settings=music, listening=listening))


def with_choices(session: Session, chosen: Mapping[str, str | float | bool]) -> Session:
    """Return a session with settings of [music] and [midi] at these values; the same one where it has them already.

    Raises:
        ConfigError: they can't have these values, or not beside the others.
    """
    settings = session.settings
    if all(getattr(settings, name) == value for name, value in chosen.items()):
        return session
    return _checked(replace(session, settings=with_chosen(settings, chosen)))


def with_live(session: Session, *, is_on: bool) -> Session:
    """Return a session that plays live, or does not; raise ConfigError where the settings contradict themselves."""
    return session if session.live == is_on else _checked(replace(session, live=is_on))


def _checked(session: Session) -> Session:
    check_music(session.settings)
    if session.live:
        playing_of(session.settings)
    return session


def in_words(before: Session, after: Session) -> str:
    """Return what is another than before, as a user reads or hears it."""
    said: list[str] = []
    if before.listening != after.listening:
        said.append("listening" if after.listening else "not listening: what is sung now is not kept")
    old, new = _told(before.settings), _told(after.settings)
    said += [f"{name.replace('_', ' ')}: {new[name]}" for name in new if new[name] != old[name]]
    return ", ".join(said) or "nothing changed"


def choices(session: Session) -> tuple[Choice, ...]:
    """Return the settings that the panel shows, with what each can be."""
    told = _told(session.settings)
    return tuple(Choice(name, str(told[name]), tuple(_options(name, told[name]))) for name in CHOSEN)


def _told(settings: Settings) -> dict[str, str | int]:
    """Return the settings of [music] as a user chooses them: whether and as what bends are written is one choice."""
    music = music_of(settings)
    as_what = music.pop("bend_as")
    return music | {"bend": OFF if music["bend"] == OFF else as_what}


def pairs(change: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each `NAME=VALUE` of a list with commas between; raise ConfigError for another thing."""
    for pair in change.split(","):
        name, equals, word = (each.strip() for each in pair.partition("="))
        if not (name and equals and word):
            raise ConfigError(f"{pair.strip()!r} is no setting; write it as genre=jazz")
        yield name, word


def with_word(settings: Settings, name: str, word: str, usual: Settings | None = None) -> Settings:
    """Return settings with one of [music] changed; `next`, `previous` and `toggle` go by what it is now.

    usual: where `toggle` switches a scale lock on to.
    """
    value = _value(name, _told(settings)[name], word, usual or settings)
    if name == "bend" and value not in BEND_WORDS:
        return with_music(settings, {"bend": TRUE if settings.bend == OFF else settings.bend, "bend_as": value})
    return with_music(settings, {name: value})


def _value(name: str, now: str | int, word: str, usual: Settings) -> str | int:
    if name == "seed" and word in (NEXT, PREVIOUS):
        return next_seed(int(now)) if word == NEXT else max(0, int(now) - 1)
    if word in (NEXT, PREVIOUS):
        return _neighbour(name, now, 1 if word == NEXT else -1)
    if word == TOGGLE:
        return _toggled(name, now, usual)
    whole = word.removeprefix("-")
    return int(word) if isinstance(now, int) and whole.isascii() and whole.isdigit() else word


def _neighbour(name: str, now: str | int, step: int) -> str | int:
    """Return the option beside the present one: round and round where they are names, up to the end of numbers."""
    options = _options(name, now)
    if not options:
        raise ConfigError(f"{name} has no next value; say which, as in {name}={now}")
    if isinstance(now, int):
        return int(options[min(max(options.index(str(now)) + step, 0), len(options) - 1)])
    return options[(options.index(now) + step) % len(options)]


def _toggled(name: str, now: str | int, usual: Settings) -> str:
    if name != "scale_lock":
        raise ConfigError(f"{name} can't be switched on and off; say which, as in {name}={now}")
    if now != OFF:
        return OFF
    return USUAL_SCALE if usual.scale_lock == OFF else usual.scale_lock


def _options(name: str, now: str | int) -> Sequence[str]:
    match name:
        case "genre":
            return style_names()
        case "mood":
            return mood_names()
        case "scale_lock":
            return SCALE_WORDS
        case "bend" | "expression":
            return _carriers(name, str(now))
        case "octave":
            return tuple(map(str, OCTAVES))
        case _:
            return ()


def _carriers(name: str, now: str) -> tuple[str, ...]:
    """Return the usual carriers of a curve, and the user's own controller where it is none of them."""
    usual = CARRIER_WORDS[name] if name in CARRIER_WORDS else (OFF, *CARRIER_WORDS["bend_as"])
    return usual if now in usual else (*usual, now)


def _listening(word: str, *, now: bool) -> bool:
    known = {ON: True, OFF: False, TOGGLE: not now}
    if word not in known:
        raise ConfigError(f"{LISTENING} {word!r} is none of {', '.join(known)}")
    return known[word]
