"""The body of an `insert` file: an `InsertRequest` in lines, and back. The field order is fixed; see docs/SPOOL.md."""

from collections.abc import Iterator
from typing import Literal

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.codec_changes import change_lines, read_flag, read_joins, read_replaces
from vocalmidi.reaper.codec_curves import curve_lines, expression_lines, read_bends, read_expression, read_levels
from vocalmidi.reaper.lines import MAX_TEXT, LineReader, number_text
from vocalmidi.reaper.messages import AudioTake, InsertRequest
from vocalmidi.reaper.ranges import (
    MAX_AUDIO_S,
    MAX_BEFORE_QN,
    MAX_BENDS,
    MAX_CHORDS,
    MAX_LEVELS,
    MAX_NOTES,
    MAX_PASSES,
    MAX_QN,
    MAX_SEED,
    MAX_SOURCE_LINES,
    MAX_TEMPO_QPM,
    MIN_AUDIO_S,
    MIN_PLAYED_QN,
    MIN_TEMPO_QPM,
)
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import (
    PART_NAMES,
    Arrangement,
    Chord,
    Key,
    Meter,
    Note,
    Origin,
    Part,
    PartName,
    Played,
)

KIND = "insert"


def insert_lines(request: InsertRequest) -> Iterator[str]:
    """Yield the body lines of a request."""
    music = request.arrangement
    yield "place cursor" if request.place_qn is None else f"place {number_text(request.place_qn)}"
    yield f"provenance {request.provenance}"
    yield from _extra_lines(request)
    yield f"genre {music.genre}"
    yield f"seed {music.seed}"
    yield f"tempo_qpm {number_text(music.tempo_qpm)}"
    yield f"meter {music.meter.beats} {music.meter.unit}"
    yield f"key {music.key.tonic} {music.key.mode} {number_text(music.key.probability)}"
    yield f"length_qn {number_text(music.length_qn)}"
    yield f"chords {len(music.chords)}"
    for chord in music.chords:
        span = f"{number_text(chord.start_qn)} {number_text(chord.length_qn)}"
        yield f"c {span} {chord.root} {chord.bass} {chord.quality}"
    yield f"parts {len(music.parts)}"
    with_played = request.strength is not None
    for part in music.parts:
        yield from _part_lines("part", part, with_played=with_played)
    if request.passes:
        yield f"passes {len(request.passes)}"
    for part in request.passes:
        yield from _part_lines("pass", part, with_played=with_played)


def _extra_lines(request: InsertRequest) -> Iterator[str]:
    """Yield what only some requests have."""
    if request.strength is not None:
        yield f"strength {number_text(request.strength)}"
    if request.audio is not None:
        place = f"{number_text(request.audio.start_qn)} {number_text(request.audio.length_qn)}"
        yield f"audio {place} {number_text(request.audio.length_s)}"
    if request.beside is not None:
        yield f"beside {request.beside}"
    if request.draft is not None:
        yield f"draft {request.draft}"
    if request.sources:
        yield f"sources {len(request.sources)}"
    for source in request.sources:
        yield from source_lines(source)
    yield from change_lines(request.replaces, request.joins)
    if request.rebuild:
        yield "rebuild 1"
    if request.in_lanes:
        yield "lanes 1"


def source_lines(source: str) -> Iterator[str]:
    """Yield the lines of a source."""
    pieces = [source[at : at + MAX_TEXT] for at in range(0, len(source), MAX_TEXT)]
    yield f"source {len(pieces)}"
    yield from (f"s {piece}" for piece in pieces)


def _part_lines(key: str, part: Part, *, with_played: bool) -> Iterator[str]:
    yield f"{key} {part.name} {part.channel} {part.program} {len(part.notes)} {sum(len(n.bend) for n in part.notes)}"
    yield from expression_lines(part)
    for note in part.notes:
        yield note_line(note)
        if with_played and note.played is not None:
            yield f"p {number_text(note.played.start_qn)} {number_text(note.played.length_qn)}"
        yield from curve_lines(note)


def note_line(note: Note) -> str:
    """Return the line of a note."""
    span = f"{number_text(note.start_qn)} {number_text(note.length_qn)}"
    return f"n {span} {note.pitch_midi} {note.velocity} {note.origin}"


def read_insert(reader: LineReader) -> InsertRequest:
    """Return the request; raise ReaperError where a line is not as it should be."""
    try:
        place = reader.fields("place", 1)[0]
        place_qn = None if place == "cursor" else QuarterNotes(reader.number(place, 0.0, MAX_QN))
        provenance = reader.text("provenance")
        strength = reader.number(reader.fields("strength", 1)[0], 0.0, 1.0) if reader.next_is("strength") else None
        audio = _audio(reader)
        beside = reader.fields("beside", 1)[0] if reader.next_is("beside") else None
        draft = reader.fields("draft", 1)[0] if reader.next_is("draft") else None
        sources, replaces, joins = _sources(reader), read_replaces(reader), read_joins(reader)
        rebuild, in_lanes = read_flag(reader, "rebuild"), read_flag(reader, "lanes")
        music = _arrangement(reader)
        passes = _passes(reader, music)
        if strength is None and any(note.played for part in (*music.parts, *passes) for note in part.notes):
            reader.refuse("notes have a played place, but the request has no strength")
        return InsertRequest(
            request_id=reader.message_id,
            place_qn=place_qn,
            arrangement=music,
            provenance=provenance,
            strength=strength,
            audio=audio,
            passes=passes,
            beside=beside,
            sources=sources,
            replaces=replaces,
            draft=draft,
            joins=joins,
            rebuild=rebuild,
            in_lanes=in_lanes,
        )
    except ValueError as error:
        raise ReaperError(f"spool message refused: {error}; write it again with this version") from error


def _audio(reader: LineReader) -> AudioTake | None:
    if not reader.next_is("audio"):
        return None
    start, length, seconds = reader.fields("audio", 3)
    return AudioTake(
        QuarterNotes(reader.number(start, -MAX_BEFORE_QN, MAX_QN)),
        QuarterNotes(reader.number(length, MIN_PLAYED_QN, MAX_QN)),
        Seconds(reader.number(seconds, MIN_AUDIO_S, MAX_AUDIO_S)),
    )


def read_source(reader: LineReader) -> str:
    """Return the source that the next lines hold."""
    count = reader.integer(reader.fields("source", 1)[0], 0, MAX_SOURCE_LINES)
    return "".join(reader.text("s") for _ in range(count))


def _sources(reader: LineReader) -> tuple[str, ...]:
    if not reader.next_is("sources"):
        return ()
    count = reader.integer(reader.fields("sources", 1)[0], 1, len(PART_NAMES))
    return tuple(read_source(reader) for _ in range(count))


def _arrangement(reader: LineReader) -> Arrangement:
    return Arrangement(
        genre=reader.text("genre"),
        seed=reader.integer(reader.fields("seed", 1)[0], 0, MAX_SEED),
        tempo_qpm=reader.number(reader.fields("tempo_qpm", 1)[0], MIN_TEMPO_QPM, MAX_TEMPO_QPM),
        meter=read_meter(reader),
        key=_key(reader),
        length_qn=QuarterNotes(reader.number(reader.fields("length_qn", 1)[0], 0.0, MAX_QN)),
        chords=_chords(reader),
        parts=_parts(reader),
    )


def read_meter(reader: LineReader) -> Meter:
    """Return the next line's time signature."""
    beats, unit = reader.fields("meter", 2)
    return Meter(reader.integer(beats, 1, 32), reader.integer(unit, 1, 32))


def _key(reader: LineReader) -> Key:
    tonic, mode, probability = reader.fields("key", 3)
    modes: dict[str, Literal["major", "minor"]] = {"major": "major", "minor": "minor"}
    if mode not in modes:
        reader.refuse(f"mode {mode[:20]!r} is neither major nor minor")
    return Key(reader.integer(tonic, 0, 11), modes[mode], reader.number(probability, 0.0, 1.0))


def _chords(reader: LineReader) -> tuple[Chord, ...]:
    count = reader.integer(reader.fields("chords", 1)[0], 0, MAX_CHORDS)
    return tuple(_chord(reader) for _ in range(count))


def _chord(reader: LineReader) -> Chord:
    start, length, root, bass, quality = reader.fields("c", 5)
    return Chord(
        start_qn=QuarterNotes(reader.number(start, 0.0, MAX_QN)),
        length_qn=QuarterNotes(reader.number(length, 0.0, MAX_QN)),
        root=reader.integer(root, 0, 11),
        quality=quality,
        bass=reader.integer(bass, 0, 11),
    )


def _parts(reader: LineReader) -> tuple[Part, ...]:
    count = reader.integer(reader.fields("parts", 1)[0], 0, len(PART_NAMES))
    return _part_list(reader, "part", count, ())


def _passes(reader: LineReader, music: Arrangement) -> tuple[Part, ...]:
    if not reader.next_is("passes"):
        return ()
    count = reader.integer(reader.fields("passes", 1)[0], 1, MAX_PASSES)
    return _part_list(reader, "pass", count, music.parts)


def _part_list(reader: LineReader, key: str, count: int, before: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return `count` parts; what those before them hold counts against the most that a file may have."""
    parts: list[Part] = []
    for _ in range(count):
        there = (*before, *parts)
        notes_left = MAX_NOTES - sum(len(part.notes) for part in there)
        bends_left = MAX_BENDS - sum(len(note.bend) for part in there for note in part.notes)
        levels_left = MAX_LEVELS - sum(len(note.level) for part in there for note in part.notes)
        parts.append(_part(reader, key, notes_left, bends_left, levels_left))
    return tuple(parts)


def _part(reader: LineReader, key: str, notes_left: int, bends_left: int, levels_left: int) -> Part:
    name, channel, program, notes, bends = reader.fields(key, 5)
    known = read_part_name(reader, name)
    place = reader.integer(channel, 0, 15), reader.integer(program, 0, 127)
    note_count, bend_count = reader.integer(notes, 0, notes_left), reader.integer(bends, 0, bends_left)
    curves = read_expression(reader, levels_left)
    part = Part(known, *place, tuple(read_note(reader) for _ in range(note_count)), curves.expression)
    found, levels = (sum(map(len, each)) for each in ([n.bend for n in part.notes], [n.level for n in part.notes]))
    if found != bend_count:
        reader.refuse(f"{bend_count} bend points are announced, {found} are there")
    if levels != curves.levels:
        reader.refuse(f"{curves.levels} level points are announced, {levels} are there")
    return part


def read_part_name(reader: LineReader, name: str) -> PartName:
    """Return the part of a name; refuse another."""
    known = next((part for part in PART_NAMES if part == name), None)
    if known is None:
        reader.refuse(f"part {name[:40]!r} is none of {', '.join(PART_NAMES)}")
    return known


def read_note(reader: LineReader) -> Note:
    """Return the note that the next lines hold, with where it was played and its curves."""
    start, length, pitch, velocity, origin = reader.fields("n", 5)
    if origin not in list(Origin):
        reader.refuse(f"origin {origin[:40]!r} is none of {', '.join(Origin)}")
    return Note(
        start_qn=QuarterNotes(reader.number(start, 0.0, MAX_QN)),
        length_qn=QuarterNotes(reader.number(length, 0.0, MAX_QN)),
        pitch_midi=reader.integer(pitch, 0, 127),
        velocity=reader.integer(velocity, 1, 127),
        played=_played(reader),
        bend=tuple(read_bends(reader)),
        origin=Origin(origin),
        level=tuple(read_levels(reader)),
    )


def _played(reader: LineReader) -> Played | None:
    if not reader.next_is("p"):
        return None
    start, length = reader.fields("p", 2)
    return Played(
        QuarterNotes(reader.number(start, -MAX_BEFORE_QN, MAX_QN)),
        QuarterNotes(reader.number(length, MIN_PLAYED_QN, MAX_QN)),
    )
