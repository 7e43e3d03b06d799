"""The way from a recording to an arrangement, through all rooms once.

Comes in: a path and settings. Goes out: a `Conversion`, everything a file, a picture or Reaper needs. Writes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from vocalmidi import __version__
from vocalmidi.app.choices import choose_part, parse_key, parse_meter, parse_parts, parse_tempo
from vocalmidi.app.ears import Ears
from vocalmidi.app.expressing import expressed
from vocalmidi.app.keeping import NOTHING, Earlier, heard_anew, kept_of
from vocalmidi.app.reading import lens, read
from vocalmidi.app.wishes import wish_of
from vocalmidi.arrange import PLAIN, MelodyWish, Networks, Style, Wish, arrange
from vocalmidi.capture import Recording, open_recording
from vocalmidi.config import Settings
from vocalmidi.events import choose_instrument
from vocalmidi.inference import Model, ModelCard
from vocalmidi.phrase import Grid, KeyHint, PhraseSettings
from vocalmidi.units import QuarterNotes, SampleIndex
from vocalmidi.values import (
    Arrangement,
    AudioBlock,
    Events,
    Instrument,
    InstrumentChoice,
    Key,
    Meter,
    Part,
    PartName,
    Phrase,
    TempoMap,
)

Progress = Callable[[float], None]
"""Is told how much of the recording has been heard, 0–1."""
EMPTY_TEMPO_QPM = 120.0
"""Of an arrangement of silence; what a Standard MIDI File means when it names no tempo."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was heard in a recording and what was made of it; `phrase` is None where nothing was heard.

    phrase: with the pitches that were sung, whatever scale lock the arrangement is seen through.
    suggested: what the voice imitates, None where nobody asked or nothing tells; instrument: what its notes became.
    passes: what each pass of a loop alone would have become, () where it was sung once.
    wish: what was asked of the arrangement; models: the cards of the networks that were there to answer it.
    earlier: what stayed of an arrangement before.
    """

    events: Events
    phrase: Phrase | None
    arrangement: Arrangement
    wish: Wish
    suggested: InstrumentChoice | None = None
    instrument: Instrument = "lead"
    passes: tuple[Arrangement, ...] = ()
    models: tuple[ModelCard, ...] = ()
    earlier: Earlier = NOTHING


def hear(recording: Recording, ears: Ears, progress: Progress | None = None) -> Events:
    """Return the notes and hits of a recording."""
    blocks: Iterable[AudioBlock] = recording.blocks()
    if progress is not None:
        blocks = _told(blocks, recording, progress)
    heard = ears.hear(blocks)
    # Frames end with their last hop; the recording's own end is what a user compares with.
    return replace(heard, stop=SampleIndex(recording.n_samples))


def hear_file(path: Path, ears: Ears, progress: Progress | None = None) -> Events:
    """Return the notes and hits of the recording at `path`."""
    return hear(open_recording(path), ears, progress)


def make_music(
    events: Events,
    settings: Settings,
    style: Style,
    context: Model,
    *,
    networks: Networks | None,
    hints: tuple[KeyHint, ...] = (),
    earlier: Earlier = NOTHING,
) -> Conversion:
    """Return the phrase and the arrangement of events; nothing heard is a PhraseError.

    context: the network that reads the rhythm meant; networks: those that arrange, None for the genre's rules.
    hints: other music that may be in the same key; earlier: what stays of an arrangement before.
    """
    told = replace(phrase_settings(settings), key_hints=hints)
    reading = read(events, told, settings.loop_bars, context)
    suggested = None if settings.instrument == "off" else choose_instrument(events)
    instrument = choose_part(settings.instrument, suggested, len(events.notes), parse_parts(settings.parts))

    wish = wish_of(settings, style, instrument, kept_of(earlier, instrument))

    def arranged(phrase: Phrase) -> Arrangement:
        heard = heard_anew(lens(phrase, settings), earlier, instrument)
        made = arrange(heard, wish, networks)
        # A tempo that the user named is written as it was named, however the voice leaned on it.
        made = replace(made, tempo_qpm=parse_tempo(settings.tempo) or made.tempo_qpm)
        return expressed(made, settings, [part.name for part in earlier.parts])

    passes = tuple(arranged(each) for each in reading.passes)
    made, models = arranged(reading.phrase), cards_of(networks)
    return Conversion(events, reading.phrase, made, wish, suggested, instrument, passes, models, earlier)


def cards_of(networks: Networks | None) -> tuple[ModelCard, ...]:
    """Return the cards of all networks."""
    if networks is None:
        return ()
    return tuple(model.card for each in fields(networks) if isinstance(model := getattr(networks, each.name), Model))


DIGEST = 8
"""Digits of a model's SHA-256 by which people tell two apart; the JSON has all 64."""


UNSAID: dict[str, object] = {
    "mood": PLAIN.name,
    "swing": "auto",
    "density": 50,
    "complexity": 50,
    "chords": "likely",
    "melody": MelodyWish.SUNG.value,
    "reseed": "",
    "continue_bars": 0,
}
"""What needs no mention: the genre as it is written, by one seed."""


def provenance(heard: Phrase | Events, settings: Settings, cards: Sequence[ModelCard], around: str = "") -> str:
    """Return what an item says of where its notes come from, in one line; around: parts that were there already."""
    said = {name: getattr(settings, name) for name in UNSAID if getattr(settings, name) != UNSAID[name]}
    wished = "".join(f", {name.replace('_', ' ')} {value}" for name, value in said.items())
    models = ", ".join(f"{card.name} {card.sha256[:DIGEST]}" for card in cards)
    known = f", models {models}" if models else ""
    begun = f"around {around}" if around else f"{len(heard.notes)} notes and {len(heard.hits)} hits sung"
    return f"{begun}{wished}, vocalmidi {__version__}{known}"


def phrase_settings(settings: Settings, tempo_map: TempoMap | None = None) -> PhraseSettings:
    """Return what the phrase room is told, from what the user said and, where it runs, Reaper's tempo map."""
    return PhraseSettings(
        tempo_map=tempo_map,
        tempo_qpm=None if tempo_map else parse_tempo(settings.tempo),
        meter=parse_meter(settings.meter),
        key=parse_key(settings.key),
        genre=settings.genre,
        grid=Grid(settings.grid),
        quantise_strength=settings.quantise / 100,
    )


def make_silence(events: Events, settings: Settings, style: Style, parts: tuple[PartName, ...]) -> Conversion:
    """Return the arrangement of a recording in which nothing was heard: every part, no note, whole bars."""
    meter = parse_meter(settings.meter) or Meter()
    tempo_qpm = parse_tempo(settings.tempo) or EMPTY_TEMPO_QPM
    arrangement = Arrangement(
        genre=style.name,
        seed=settings.seed,
        tempo_qpm=tempo_qpm,
        meter=meter,
        key=parse_key(settings.key) or Key(0, "major", 0.0),
        length_qn=QuarterNotes(meter.bar_qn),
        chords=(),
        parts=tuple(
            Part(name, channel=9 if name is PartName.DRUMS else n, program=0, notes=()) for n, name in enumerate(parts)
        ),
    )
    return Conversion(events, None, arrangement, wish_of(settings, style, "lead"))


def _told(blocks: Iterable[AudioBlock], recording: Recording, progress: Progress) -> Iterator[AudioBlock]:
    for block in blocks:
        yield block
        progress((block.start + len(block.samples)) / recording.n_samples)
