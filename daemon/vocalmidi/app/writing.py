"""From what was sung to what Reaper is asked to insert.

Comes in: a `Take`. Goes out: an `InsertRequest` at its true place: on the project's own grid where it was sung to the
playing project, with a tempo of its own at the edit cursor where the transport stood still.
"""

import threading
import uuid
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace

from vocalmidi.app.audio_take import Sound, sound_of
from vocalmidi.app.choices import choose_part, parse_parts
from vocalmidi.app.convert import cards_of, phrase_settings, provenance
from vocalmidi.app.corrected import UNUSED, InOctave, Used, corrected, in_usual_octave, used_of
from vocalmidi.app.corrected import in_words as habits_in_words
from vocalmidi.app.ears import Ears
from vocalmidi.app.expressing import expressed, spared
from vocalmidi.app.keeping import NOTHING, Earlier, heard_anew, kept_of
from vocalmidi.app.looping import read_loop
from vocalmidi.app.origin import Heard, making_of
from vocalmidi.app.reading import earlier_hints, lens, project_hint
from vocalmidi.app.source import Source, source_texts
from vocalmidi.app.takes import Sung, Take
from vocalmidi.app.wishes import wish_of
from vocalmidi.arrange import Networks, Style, arrange, sung_part
from vocalmidi.capture import History
from vocalmidi.config import Settings
from vocalmidi.errors import PhraseError, ReaperError
from vocalmidi.events import choose_instrument
from vocalmidi.phrase import KeyHint, PhraseSettings, build_phrase, estimate_key, evidence_of
from vocalmidi.profile import Habits
from vocalmidi.reaper import MAX_BENDS, MAX_LEVELS, MAX_PASSES, MAX_TEXT, BridgeCommand, InsertRequest, ProjectNote
from vocalmidi.transport import BarLine, Piece
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Arrangement, Events, Instrument, Part, Phrase

_QN_DIGITS = 9
"""Of a place; far below a tick."""


@dataclass(frozen=True, slots=True)
class Band:
    """What turns events into an arrangement, loaded once; networks: None where the genre's rules write all."""

    settings: Settings
    ears: Ears
    style: Style
    networks: Networks | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A phrase and the project position of its QN 0; None where it belongs at the edit cursor.

    passes: of a loop that was sung several times, each by itself.
    hints: what earlier phrases said of the key.
    used: what of it is owed to what its singer has corrected before.
    """

    phrase: Phrase
    place_qn: QuarterNotes | None
    passes: tuple[Phrase, ...] = ()
    hints: tuple[KeyHint, ...] = ()
    used: Used = UNUSED


READ_TAKES = 8
"""Remembered: what was read ahead, and the pieces of a phrase in which the transport jumped."""
SURER_S = 0.005
"""By how much the time map may be surer of a place later for a reading to hold."""


class Author:
    """Makes requests of takes; what it has read it remembers, so that a phrase can be read ahead. For any thread."""

    def __init__(self, band: Band) -> None:
        self._band = band
        self._read: deque[tuple[Take, Placed]] = deque(maxlen=READ_TAKES)
        self._before: deque[tuple[Take, Placed]] = deque(maxlen=READ_TAKES)  # read under other settings
        self._lock = threading.Lock()

    def play_with(self, band: Band) -> None:
        """Go by other settings from now on; what was read under others is read anew."""
        with self._lock:
            if _way_of_reading(band) != _way_of_reading(self._band):
                self._before.extend(self._read)
                self._read.clear()
            self._band = band

    def read(self, take: Take) -> Placed:
        """Return a take as music, on the grid, with where it was sung beside it.

        Raises:
            ReaperError: it was sung before the project's start.
            PhraseError: it can't be read as music.
        """
        # Who asks while the same is being read ahead waits for that, rather than read it again.
        with self._lock:
            for known, placed in self._read:
                if _is_same_take(known, take):
                    return placed
            earlier = (*self._before, *self._read)
            hints = earlier_hints([(known.events, placed.phrase) for known, placed in earlier], take.events)
            placed = replace(_placed(take, self._band, hints), hints=hints)
            self._read.append((take, placed))
        return placed

    def request(self, take: Take, command: BridgeCommand, heard: Heard | None = None) -> InsertRequest:
        """Return the request that inserts a take; raises as `read`, or ArrangeError.

        heard: the sound that the take was heard in, for the items to remember.
        """
        settings = self._band.settings
        placed = _in_key_of_project(self.read(take), command.project_notes, settings)
        instrument = _instrument(take.events, settings)
        phrase, *repeated = _in_usual_octaves(placed, self._band, instrument)
        settings = replace(settings, octave=phrase.octave)
        band = replace(self._band, settings=settings)
        made = [arranged(each.phrase, band, instrument) for each in (phrase, *repeated)]
        arrangement, *passes = spared(made, bends=MAX_BENDS, levels=MAX_LEVELS)
        sung = _sung_parts(arrangement, passes)[-MAX_PASSES:]
        making = making_of(heard, self._band.ears, self._band.networks)
        source = Source(phrase.phrase, instrument, settings, arrangement.chords, making=making, used=phrase.used)
        return InsertRequest(
            request_id=str(uuid.uuid4()),
            place_qn=_place(placed, command),
            arrangement=arrangement,
            provenance=_with_habits(provenance(take.events, settings, cards_of(self._band.networks)), phrase),
            strength=settings.quantise / 100,
            passes=sung,
            sources=source_texts(source),
            in_lanes=bool(sung) and settings.passes == "lanes",
        )

    def sound(self, take: Take, command: BridgeCommand, history: History) -> Sound:
        """Return the sound of a take, to lie under its notes; raises as `read`, or SpanGoneError."""
        placed = self.read(take)
        return sound_of(take.last, placed.phrase, _place(placed, command), history)


def _in_usual_octaves(placed: Placed, band: Band, instrument: Instrument) -> tuple[InOctave, ...]:
    """Return the phrase, and each pass of it, where its singer is used to have what he sings, one octave for all."""
    habits, octave, part = band.ears.profile.habits, band.settings.octave, sung_part(instrument)
    phrases = (placed.phrase, *placed.passes)
    return tuple(in_usual_octave(phrase, habits, part, octave, placed.used) for phrase in phrases)


def _with_habits(said: str, phrase: InOctave) -> str:
    return "; ".join(filter(None, (said, habits_in_words(phrase.used, phrase.octave))))[:MAX_TEXT]


def _in_key_of_project(placed: Placed, notes: tuple[ProjectNote, ...], settings: Settings) -> Placed:
    """Return what was sung in the key that the project's own notes help to tell; it was read before they were known."""
    if not notes or settings.key != "auto" or not placed.phrase.notes:
        return placed
    key = estimate_key(evidence_of(placed.phrase.notes), (*placed.hints, project_hint(notes)))
    phrase, *passes = (replace(each, key=key) for each in (placed.phrase, *placed.passes))
    return replace(placed, phrase=phrase, passes=tuple(passes))


def _place(placed: Placed, command: BridgeCommand) -> QuarterNotes:
    return command.transport.cursor_qn if placed.place_qn is None else placed.place_qn


def _is_same_take(known: Take, take: Take) -> bool:
    return len(known.passes) == len(take.passes) and all(map(_is_same, known.passes, take.passes))


def _is_same(known: Sung, sung: Sung) -> bool:
    if known.piece is None or sung.piece is None:
        return known == sung
    if known.events != sung.events or known.piece.grid is not sung.piece.grid:
        return False
    first = sung.events.start
    return abs(known.piece.project_s(first) - sung.piece.project_s(first)) <= SURER_S


def _way_of_reading(band: Band) -> tuple[PhraseSettings, Habits]:
    return phrase_settings(band.settings), band.ears.profile.habits


def _placed(heard: Take, band: Band, hints: tuple[KeyHint, ...]) -> Placed:
    habits = band.ears.profile.habits
    used = used_of(heard, habits)
    return replace(_as_sung(corrected(heard, habits, used), band, hints), used=used)


def _as_sung(take: Take, band: Band, hints: tuple[KeyHint, ...]) -> Placed:
    # On the grid, with where it was sung beside it: the items keep both, and Reaper's side applies the strength.
    settings = replace(phrase_settings(band.settings), quantise_strength=1.0, key_hints=hints)
    if len(take.passes) > 1:
        # Of a loop that is not whole bars, or was changed while it played, the last pass is what was meant.
        with suppress(PhraseError):
            return _looped(take, settings, band)
    sung = take.last
    if sung.piece is None:
        return Placed(build_phrase(sung.events, settings, band.ears.context), None)
    bar = _bar_of(sung.events, sung.piece)
    phrase = build_phrase(sung.events, on_grid(settings, sung.piece, bar), band.ears.context)
    return Placed(phrase, _place_of(phrase, sung.piece, bar))


def _looped(take: Take, settings: PhraseSettings, band: Band) -> Placed:
    pieces = [sung.piece for sung in take.passes if sung.piece is not None]
    loop, read = read_loop(take.events, pieces, settings, band.ears.context)
    passes = read.passes if len(read.passes) > 1 else ()
    return Placed(read.combined, QuarterNotes(round(loop.start_qn, _QN_DIGITS)), passes)


def on_grid(free: PhraseSettings, piece: Piece, bar: BarLine) -> PhraseSettings:
    """Return how to read what was sung to a piece: on the project's grid, whose QN 0 is this bar line."""
    return replace(free, tempo_qpm=None, tempo_map=piece.source_map(bar.qn), meter=bar.meter)


def _bar_of(events: Events, piece: Piece) -> BarLine:
    """Return the bar in which the first event was sung."""
    first = min([note.onset for note in events.notes[:1]] + [hit.onset for hit in events.hits[:1]])
    return piece.grid.bar_at(piece.qn_at(first))


def _place_of(phrase: Phrase, piece: Piece, bar: BarLine) -> QuarterNotes:
    """Return the project position of the phrase's QN 0, which lies whole bars from `bar`.

    Raises:
        ReaperError: it lies before the project's start.
    """
    sample = phrase.tempo_map.time_at(0.0) * piece.sample_rate_hz
    bars = round((piece.qn_at(sample) - bar.qn) / bar.meter.bar_qn)
    place_qn = round(bar.qn + bars * bar.meter.bar_qn, _QN_DIGITS)
    if place_qn < 0:
        raise ReaperError("the phrase began before the project does; stop the transport to write it at the cursor")
    return QuarterNotes(place_qn)


def _instrument(events: Events, settings: Settings) -> Instrument:
    """Return the instrument that the voice stands for."""
    suggested = choose_instrument(events) if settings.instrument == "auto" else None
    return choose_part(settings.instrument, suggested, len(events.notes), parse_parts(settings.parts))


def arranged(phrase: Phrase, band: Band, instrument: Instrument, earlier: Earlier = NOTHING) -> Arrangement:
    """Return the arrangement of a phrase as the band's settings want it; raise ArrangeError where there can be none."""
    settings = band.settings
    heard = heard_anew(lens(phrase, settings), earlier, instrument)
    wish = wish_of(settings, band.style, instrument, kept_of(earlier, instrument))
    arrangement = arrange(heard, wish, band.networks)
    return expressed(arrangement, settings, [part.name for part in earlier.parts])


def _sung_parts(arrangement: Arrangement, passes: list[Arrangement]) -> tuple[Part, ...]:
    """Return, pass by pass, the parts in which something was sung."""
    sung = {part.name for part in arrangement.parts if any(note.played for note in part.notes)}
    return tuple(part for each in passes for part in each.parts if part.name in sung and part.notes)
