"""The parts around those that are there: of an arrangement of ours, or of notes that are the user's own.

Comes in: what the bridge says of the items that stay, and of those that are to be written anew. Goes out: an
`InsertRequest` with these, and with the parts that are not there: new ones, or deleted. Items that remember nothing are
the user's own: their highest voice is what else was sung, their metre and tempo are the project's.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from vocalmidi.app.choices import parse_key, parse_parts, parse_seeds, seeds_text
from vocalmidi.app.keeping import HARMONIC, Earlier, one_voice
from vocalmidi.app.making import by_this_band, made_of, request_of
from vocalmidi.app.origin import Making
from vocalmidi.app.source import Source, read_source
from vocalmidi.app.writing import Band
from vocalmidi.arrange import chords_heard, sung_part
from vocalmidi.errors import ReaperError
from vocalmidi.phrase import estimate_key, evidence_of
from vocalmidi.reaper import ArrangedItem, InsertRequest, ItemState, Joined, Remake, Replaced, Transport
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import PART_NAMES, Chord, Instrument, Meter, Part, PartName, Phrase, TempoMap, TempoPoint

LEADS: dict[PartName, Instrument] = {PartName.MELODY: "lead", PartName.CHORDS: "lead", PartName.BASS: "bass"}
"""Which of the user's parts is taken as the voice, the first that is there, and what it stands for."""
HALF_BAR_BEATS = 4
"""A bar of so many beats or more may have two chords; the user's own are looked for in each half."""


def arranged_around(remake: Remake, transport: Transport, band: Band) -> InsertRequest:
    """Return the request for the parts around those that stay.

    Raises:
        ReaperError: there is nothing to write, or nothing to go by.
        ArrangeError: the parts that stay leave nothing to arrange.
    """
    sources = {item.part.name: read_source(item.source, band.settings) for item in remake.items if item.source}
    kept = [item for item in remake.items if item.state is not ItemState.WRITE]
    rewritten = [item for item in remake.items if item.state is ItemState.WRITE]
    here = {item.part.name for item in remake.items}
    wanted = [name for name in PART_NAMES if name in here or name in parse_parts(band.settings.parts)]
    own = [item for item in kept if not item.source]
    source = _of_ours(sources, kept, rewritten) if sources else _of_own(own, transport, band)
    if sources and source.making.around and own:
        source = _as_it_is_now(source, _of_own(own, transport, band))
    if not sources and PartName.MELODY not in here:
        # Nobody sang it, so it would be another part's notes once more.
        wanted = [name for name in wanted if name is not PartName.MELODY]
    chosen = by_this_band(replace(source, settings=replace(source.settings, parts=",".join(wanted))), band)
    music = made_of(chosen, band)
    named = {item.part.name for item in rewritten} | set(wanted) - here
    written = tuple(part for part in music.parts if part.name in named and (part.notes or part.name in here))
    if not written:
        raise ReaperError("all parts are there and stay as they are; delete or unlock what you want written anew")
    request = request_of(replace(chosen, chords=music.chords), replace(music, parts=written), band, remake.place_qn)
    return replace(
        request,
        replaces=tuple(Replaced(item.part.name, item.guid) for item in rewritten),
        joins=tuple(Joined(item.part.name, item.guid) for item in kept or rewritten),
    )


def _of_ours(sources: Mapping[PartName, Source], kept: list[ArrangedItem], rewritten: list[ArrangedItem]) -> Source:
    """Return the source of the phrase that was sung, with what stays; what is written anew keeps its seed."""
    base = next((its for name, its in sources.items() if name is sung_part(its.instrument)), None)
    base = base or next(iter(sources.values()))
    seeds = _seeds(base)
    for item in rewritten:
        its = sources.get(item.part.name)
        if its is not None:
            seeds[item.part.name] = _seeds(its).get(item.part.name, its.settings.seed)
    edited = frozenset(item.part.name for item in kept if item.state is ItemState.EDITED)
    names = {item.part.name for item in kept}
    chords = next((sources[name].chords for name in HARMONIC if name in sources and name in names), base.chords)
    earlier = Earlier(tuple(item.part for item in kept), edited, chords)
    return replace(base, settings=replace(base.settings, reseed=seeds_text(seeds)), earlier=earlier)


def _as_it_is_now(source: Source, own: Source) -> Source:
    """Return the source of an arrangement around the user's own parts with these as they are by now."""
    earlier = replace(source.earlier, chords=own.chords or source.earlier.chords)
    making = replace(source.making, around=own.making.around)
    return replace(source, phrase=own.phrase, instrument=own.instrument, earlier=earlier, making=making)


def _seeds(source: Source) -> dict[PartName, int]:
    return parse_seeds(source.settings.reseed, source.settings.seed)


def _of_own(kept: list[ArrangedItem], transport: Transport, band: Band) -> Source:
    """Return the source of parts that are the user's own."""
    parts = {item.part.name: item.part for item in kept if item.part.notes}
    lead = next((name for name in LEADS if name in parts), None)
    if lead is None:
        raise ReaperError("drums alone tell no chords; select a melody, chords or a bass to arrange around")
    phrase = _phrase(parts, lead, transport, band)
    chords = _chords(parts[PartName.CHORDS], phrase) if PartName.CHORDS in parts else ()
    earlier = Earlier(tuple(parts.values()), frozenset(parts), chords)
    making = Making(around=", ".join(parts))
    return Source(phrase, LEADS[lead], replace(band.settings, melody="sung"), chords, earlier, making)


def _phrase(parts: Mapping[PartName, Part], lead: PartName, transport: Transport, band: Band) -> Phrase:
    bar_qn = transport.meter.bar_qn
    stop_qn = max(note.start_qn + note.length_qn for part in parts.values() for note in part.notes)
    length_qn = QuarterNotes(math.ceil(stop_qn / bar_qn - NEAR_BARS) * bar_qn)
    pitched = [note for name, part in parts.items() if name is not PartName.DRUMS for note in part.notes]
    each_alone = [note for each in pitched for note in one_voice([each], length_qn)]
    return Phrase(
        notes=one_voice(parts[lead].notes, length_qn),
        hits=(),
        key=parse_key(band.settings.key) or estimate_key(evidence_of(each_alone)),
        meter=transport.meter,
        tempo_map=TempoMap((TempoPoint(Seconds(0.0), QuarterNotes(0.0), transport.tempo_qpm),)),
        length_qn=length_qn,
    )


NEAR_BARS = 1 / 64
"""By which a last note may ring on into the next bar without making it one."""


def _chords(part: Part, phrase: Phrase) -> tuple[Chord, ...]:
    """Return the chords that somebody's own part plays, from bar to bar or half bar; where it rests, the one before."""
    bounds = _bounds(phrase.meter, phrase.length_qn)
    found: list[Chord] = []
    for start, stop in pairwise(bounds):
        sounding = [note for note in part.notes if note.start_qn < stop and note.start_qn + note.length_qn > start]
        if not sounding:
            chord = replace(found[-1], start_qn=start) if found else _tonic(phrase, start, stop)
        else:
            lowest = min(note.pitch_midi for note in sounding) % 12
            (chord,) = chords_heard(sounding, (Chord(start, QuarterNotes(stop - start), lowest, "maj", lowest),))
        same = found and (found[-1].root, found[-1].quality, found[-1].bass) == (chord.root, chord.quality, chord.bass)
        if same:
            found[-1] = replace(found[-1], length_qn=QuarterNotes(stop - found[-1].start_qn))
        else:
            found.append(replace(chord, length_qn=QuarterNotes(stop - start)))
    return tuple(found)


def _bounds(meter: Meter, length_qn: float) -> list[QuarterNotes]:
    step = meter.bar_qn / 2 if meter.beats >= HALF_BAR_BEATS and meter.beats % 2 == 0 else meter.bar_qn
    return [QuarterNotes(index * step) for index in range(round(length_qn / step) + 1)]


def _tonic(phrase: Phrase, start: QuarterNotes, stop: QuarterNotes) -> Chord:
    quality = "maj" if phrase.key.mode == "major" else "min"
    return Chord(start, QuarterNotes(stop - start), phrase.key.tonic, quality, phrase.key.tonic)
