"""Arrangements and requests for the tests of this room: one small by hand, any number by hypothesis."""

from dataclasses import replace

from hypothesis import strategies as st

from vocalmidi.reaper import AudioTake, InsertRequest, Replaced
from vocalmidi.values import (
    PART_NAMES,
    Arrangement,
    BendPointQn,
    Chord,
    Key,
    Meter,
    Note,
    Origin,
    Part,
    PartName,
    Played,
)

REQUEST_ID = "0123456789abcdef0123456789abcdef"
NAN_FREE = {"allow_nan": False, "allow_infinity": False}


def small_arrangement() -> Arrangement:
    """Four parts, two bars, one bent note, drum hits closer than they are long."""
    melody = (
        Note(0.0, 1.0, 62, 90, (BendPointQn(0.0, -50.0), BendPointQn(0.25, 0.0)), origin=Origin.SUNG),
        Note(1.0, 1 / 3, 65, 100, origin=Origin.SUNG),
        Note(4.1, 2.0, 69, 64, origin=Origin.VARIED),
    )
    chords = tuple(Note(start, 4.0, pitch, 70) for start in (0.0, 4.0) for pitch in (50, 53, 57))
    drums = tuple(Note(index * 0.5, 0.75, 42, 60 + index, origin=Origin.DRUM_NETWORK) for index in range(16))
    return Arrangement(
        genre="pop",
        seed=7,
        tempo_qpm=96.5,
        meter=Meter(4, 4),
        key=Key(2, "minor", 0.83),
        length_qn=8.0,
        chords=(Chord(0.0, 8.0, 2, "min7", 5),),
        parts=(
            Part(PartName.MELODY, 0, 53, melody),
            Part(PartName.CHORDS, 1, 4, chords),
            Part(PartName.BASS, 2, 33, (Note(0.0, 2.0, 38, 99),)),
            Part(PartName.DRUMS, 9, 0, drums),
        ),
    )


def small_request(request_id: str = REQUEST_ID, place_qn: float | None = 16.0) -> InsertRequest:
    return InsertRequest(request_id, place_qn, small_arrangement(), "Vocal MIDI, from a hummed “lá”")


def sung_request(strength: float) -> InsertRequest:
    """Return the small request with a melody and a drum hit that were sung beside their places."""
    music = small_arrangement()
    melody, *others = music.parts
    shifts = (-0.1, 0.08, -0.06)
    notes = tuple(
        replace(note, played=Played(note.start_qn + shift, note.length_qn + 0.1))
        for note, shift in zip(melody.notes, shifts, strict=True)
    )
    arrangement = replace(music, parts=(replace(melody, notes=notes), *others))
    return replace(small_request(), arrangement=arrangement, strength=strength)


GUIDS = tuple(f"{{0000000{number}-89AB-CDEF-0123-456789ABCDEF}}" for number in range(1, 5))
SOURCE = '{"version": 1, "music": {"genre": "pop"}}'


def replacing_request(*names: PartName, guids: tuple[str, ...] = GUIDS, request_id: str = "abcdef-99") -> InsertRequest:
    """Return the small request for parts whose items are there; all sound an octave higher than they did."""
    music = small_arrangement()
    parts = tuple(
        replace(part, notes=tuple(replace(note, pitch_midi=note.pitch_midi + 12) for note in part.notes))
        for part in music.parts
        if part.name in names
    )
    replaces = tuple(Replaced(part.name, guid) for part, guid in zip(parts, guids, strict=False))
    arrangement = replace(music, seed=8, parts=parts)
    return InsertRequest(request_id, 16.0, arrangement, "again", sources=(SOURCE + " " * 600,), replaces=replaces)


def passes_request(strength: float = 1.0) -> InsertRequest:
    """Return the sung request with the melody's two passes: one without its last note, one sung higher."""
    request = sung_request(strength)
    melody = request.arrangement.parts[0]
    higher = tuple(replace(note, pitch_midi=note.pitch_midi + 12) for note in melody.notes)
    return replace(request, passes=(replace(melody, notes=melody.notes[:2]), replace(melody, notes=higher)))


ids = st.text("0123456789abcdef-", min_size=8, max_size=64)
positions = st.floats(0.0, 1e6, **NAN_FREE)
lengths = st.floats(1e-9, 1e6, **NAN_FREE)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120)
bends = st.lists(st.builds(BendPointQn, positions, st.floats(-12800, 12800, **NAN_FREE)), max_size=3).map(tuple)
origins = st.sampled_from(Origin)
notes = st.builds(Note, positions, lengths, st.integers(0, 127), st.integers(1, 127), bends, origin=origins)
ordered_notes = st.lists(notes, max_size=6).map(lambda n: tuple(sorted(n, key=lambda x: (x.start_qn, x.pitch_midi))))
keys = st.builds(Key, st.integers(0, 11), st.sampled_from(["major", "minor"]), st.floats(0.0, 1.0))
meters = st.builds(Meter, st.integers(1, 32), st.sampled_from([1, 2, 4, 8, 16, 32]))
qualities = st.sampled_from(["maj", "min7", "7", "maj7#11", "sus4/9"])
chord_lists = st.lists(
    st.builds(Chord, positions, lengths, st.integers(0, 11), qualities, st.integers(0, 11)), max_size=4
).map(tuple)
part_lists = st.lists(st.sampled_from(PART_NAMES), unique=True).flatmap(
    lambda names: st.tuples(
        *(
            st.builds(Part, st.just(name), st.integers(0, 15), st.integers(0, 127), ordered_notes)
            for name in PART_NAMES
            if name in names
        )
    )
)
arrangements = st.builds(
    Arrangement,
    genre=texts,
    seed=st.integers(0, 2**63 - 1),
    tempo_qpm=st.floats(1.0, 999.0, **NAN_FREE),
    meter=meters,
    key=keys,
    length_qn=positions,
    chords=chord_lists,
    parts=part_lists,
)
sources = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=1200)
requests = st.builds(InsertRequest, ids, st.none() | positions, arrangements, texts).flatmap(
    lambda request: (
        st.lists(sources, min_size=0, max_size=1)
        .flatmap(lambda one: st.sampled_from([tuple(one), tuple(one) * len(request.arrangement.parts)]))
        .map(lambda all_: replace(request, sources=all_))
    )
)
played = st.builds(Played, st.floats(-64.0, 1e6, **NAN_FREE), lengths)

sounds = st.builds(AudioTake, st.floats(-64.0, 1e6, **NAN_FREE), lengths, st.floats(0.001, 4000.0, **NAN_FREE))


@st.composite
def sung_requests(draw) -> InsertRequest:
    """Requests whose notes may have been sung elsewhere."""
    request = draw(requests)
    parts = tuple(
        replace(part, notes=tuple(replace(note, played=draw(st.none() | played)) for note in part.notes))
        for part in request.arrangement.parts
    )
    arrangement = replace(request.arrangement, parts=parts)
    sound = draw(st.none() | sounds)
    sounding = [part for part in parts if part.notes]
    passes = tuple(draw(st.lists(st.sampled_from(sounding), max_size=3))) if sounding else ()
    strength = draw(st.floats(0.0, 1.0))
    beside = draw(st.none() | ids) if sound else None
    return replace(request, arrangement=arrangement, strength=strength, audio=sound, passes=passes, beside=beside)
