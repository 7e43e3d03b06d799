"""The gallery: what some voices become in every genre and every mood, on one contact sheet.

Comes in: paths, settings, names of genres and moods. Goes out: one picture. A voice is heard once and read once, as
the settings say; then its phrase is arranged for every cell, with the same seed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from vocalmidi.app.choices import choose_part, parse_parts, parse_tempo
from vocalmidi.app.convert import hear, phrase_settings
from vocalmidi.app.ears import Ears, open_own_ears
from vocalmidi.app.job import check_writable
from vocalmidi.app.reading import lens, read
from vocalmidi.app.wishes import check_music, wish_of
from vocalmidi.arrange import Networks, arrange, load_mood, load_style, mood_names, open_networks, style_names
from vocalmidi.capture import Recording, open_recording
from vocalmidi.config import Settings
from vocalmidi.errors import ArrangeError, CaptureError, ConfigError
from vocalmidi.events import choose_instrument
from vocalmidi.phrase import felt_genres
from vocalmidi.plot import MOST_PAGES, SheetPage, SheetRow, draw_contact_sheet
from vocalmidi.values import Arrangement

Say = Callable[[str], None]
"""Is told, in words, what is being done."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Names of the genres, which make the rows, and of the moods, which make the columns."""

    genres: tuple[str, ...]
    moods: tuple[str, ...]


def parse_showing(genres: str, moods: str) -> Showing:
    """Return what comma-separated names or `all` mean, each once; raise ConfigError for an unknown one."""
    try:
        return Showing(
            tuple(dict.fromkeys(load_style(name).name for name in _words(genres, style_names()))),
            tuple(dict.fromkeys(load_mood(name).name for name in _words(moods, mood_names()))),
        )
    except ArrangeError as error:
        raise ConfigError(str(error)) from error


def _words(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(",") if word.strip())
    if not words:
        raise ConfigError(f"nothing is named in {text!r}; write all, or some of {', '.join(known)}")
    return known if tuple(word.lower() for word in words) == ("all",) else words


def draw_gallery(voices: tuple[Path, ...], out: Path, settings: Settings, showing: Showing, say: Say) -> int:
    """Draw the sheet of some recordings to `out` and return how many arrangements it shows.

    Raises:
        VocalMidiError: with the room's own class; nothing has been written then.
    """
    check_music(settings)
    check_writable(out)
    if out.resolve() in [voice.resolve() for voice in voices]:
        raise ConfigError(f"{out}: is a recording itself; choose another place for the picture")
    if len(voices) > MOST_PAGES:
        raise ConfigError(f"a sheet holds {MOST_PAGES} voices at most, not {len(voices)}; draw several sheets")
    recordings = [open_recording(voice) for voice in voices]
    ears, networks = open_own_ears(settings), open_networks(settings.provider)
    pages = list[SheetPage]()
    for recording in recordings:
        say(f"{recording.path.name}: listening, then {len(showing.genres) * len(showing.moods)} arrangements")
        pages.append(make_page(recording, settings, showing, ears, networks))
    draw_contact_sheet(pages, out)
    return sum(len(row.cells) for page in pages for row in page.rows)


def make_page(
    recording: Recording, settings: Settings, showing: Showing, ears: Ears, networks: Networks | None
) -> SheetPage:
    """Return what a recording becomes in every genre and mood; raise CaptureError where nothing is heard in it."""
    events, voice = hear(recording, ears), recording.path
    if not events.notes and not events.hits:
        raise CaptureError(f"{voice}: no note and no hit is heard; leave it out or sing closer to the microphone")
    phrase = read(events, phrase_settings(settings), settings.loop_bars, ears.context).phrase
    suggested = None if settings.instrument == "off" else choose_instrument(events)
    instrument = choose_part(settings.instrument, suggested, len(events.notes), parse_parts(settings.parts))

    def cell(genre: str, mood: str) -> Arrangement:
        # Where nobody knows how a genre is felt, it is shown as it is written.
        feel = settings.feel if genre in felt_genres() else 0
        here = replace(settings, genre=genre, mood=mood, feel=feel)
        made = arrange(lens(phrase, here), wish_of(here, load_style(genre), instrument), networks)
        return replace(made, tempo_qpm=parse_tempo(settings.tempo) or made.tempo_qpm)

    rows = (
        SheetRow(load_style(genre).title, tuple(cell(genre, mood) for mood in showing.moods))
        for genre in showing.genres
    )
    return SheetPage(voice.stem, tuple(load_mood(mood).title for mood in showing.moods), tuple(rows))
