"""`arrange`: a phrase and a wish become four parts; the same phrase, wish and networks always give the same notes.

The order: the melody goes on, where that is wished → plan (grooves for all bars) → chords under the melody → drums,
which the other parts listen to → each part by itself, with dice of its own, so that leaving a part out or rolling it
again changes no other but what listens to it.
"""

from vocalmidi.arrange.bass import write_bass
from vocalmidi.arrange.comping import write_chords
from vocalmidi.arrange.continuation import followed_by, go_on, gone_on
from vocalmidi.arrange.drums import write_drums
from vocalmidi.arrange.harmony import Harmonised, harmonise
from vocalmidi.arrange.lead_sheet import LeadSheet, tempo_of
from vocalmidi.arrange.melody import write_melody
from vocalmidi.arrange.mood import coloured
from vocalmidi.arrange.networks import Networks
from vocalmidi.arrange.parts import tidy
from vocalmidi.arrange.plan import make_plan
from vocalmidi.arrange.routing import Route, heard_as, in_register, route_of
from vocalmidi.arrange.strokes import TINY_QN
from vocalmidi.arrange.sung_chords import write_sung_chords
from vocalmidi.arrange.variation import varied
from vocalmidi.arrange.wish import Wish
from vocalmidi.errors import ArrangeError
from vocalmidi.values import PART_NAMES, Arrangement, Note, Part, PartName, Phrase

CHANNELS = {PartName.MELODY: 0, PartName.CHORDS: 1, PartName.BASS: 2, PartName.DRUMS: 9}
"""MIDI channels counted from 0; General MIDI keeps the tenth for drums."""


def arrange(phrase: Phrase, wish: Wish, networks: Networks | None = None) -> Arrangement:
    """Return the parts wished for, in track order; raise ArrangeError when none is, or the phrase is empty.

    networks: None: everything is written by the genre's rules.
    Without sung notes there is no pitch to go by: melody, chords and bass are there, and empty.
    """
    if not wish.parts:
        raise ArrangeError(f"no part was asked for; name at least one of {', '.join(PART_NAMES)}")
    if not phrase.notes and not phrase.hits:
        raise ArrangeError("the phrase holds no note and no hit, so there is nothing to arrange; sing something first")
    route, phrase = route_of(wish.instrument, wish.parts), heard_as(phrase, wish.instrument)
    sheet, made = _lead_sheet(phrase, wish, networks)
    drums = _part(PartName.DRUMS, sheet, route, ())
    return Arrangement(
        genre=wish.style.name,
        seed=wish.seed,
        tempo_qpm=tempo_of(phrase),
        meter=phrase.meter,
        key=phrase.key,
        length_qn=sheet.phrase.length_qn,
        chords=sheet.chords,
        parts=tuple(
            drums if name is PartName.DRUMS else _part(name, sheet, route, drums.notes)
            for name in PART_NAMES
            if name in wish.parts
        ),
        harmony=made.origin,
        rankings=made.rankings,
    )


def _lead_sheet(phrase: Phrase, wish: Wish, networks: Networks | None) -> tuple[LeadSheet, Harmonised]:
    style, sung_qn, tempo_qpm = coloured(wish.style, wish.mood), phrase.length_qn, tempo_of(phrase)
    phrase = go_on(phrase, wish, networks)
    plan = make_plan(phrase, style, tempo_qpm, wish)
    made = _chords(phrase, wish, networks)
    return LeadSheet(phrase, sung_qn, wish, style, plan, made.chords, networks), made


def _chords(phrase: Phrase, wish: Wish, networks: Networks | None) -> Harmonised:
    kept = wish.kept.chords
    if kept and kept[-1].start_qn + kept[-1].length_qn >= phrase.length_qn - TINY_QN:
        return Harmonised(kept, "kept")
    made = harmonise(phrase, wish, networks)
    return Harmonised(followed_by(kept, made.chords), "kept") if kept else made


def _part(name: PartName, sheet: LeadSheet, route: Route, drums: tuple[Note, ...]) -> Part:
    """Return one part, as it was kept or tidied; drums: what the others listen to."""
    kept = [part for part in sheet.wish.kept.parts if part.name is name]
    if kept:
        return kept[0]
    notes = _notes(name, sheet, route, drums)
    own = route.program if name is route.part else None
    program = sheet.style.program(name) if own is None else own
    return Part(name, CHANNELS[name], program, tidy(gone_on(notes, sheet.sung_qn), sheet.phrase.length_qn))


def _notes(name: PartName, sheet: LeadSheet, route: Route, drums: tuple[Note, ...]) -> list[Note]:
    style = sheet.style
    match name:
        case PartName.MELODY:
            elsewhere = route.part in (PartName.BASS, PartName.CHORDS)
            melody = gone_on(write_melody(sheet), sheet.sung_qn)
            return [] if elsewhere else varied(melody, sheet, sheet.dice(name))
        case PartName.CHORDS if route.part is name:
            return write_sung_chords(sheet, sheet.dice(name))
        case PartName.CHORDS:
            return write_chords(sheet, drums, sheet.dice(name))
        case PartName.BASS if route.part is name:
            return in_register(write_melody(sheet), style.bass.register)
        case PartName.BASS:
            return write_bass(sheet, drums, sheet.dice(name))
        case PartName.DRUMS:
            return write_drums(sheet, sheet.dice(name))
