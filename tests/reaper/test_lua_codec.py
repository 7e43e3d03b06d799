"""Both sides of the wire agree: what Python writes Lua reads to the last bit, and the other way round."""

import math
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reaper.in_memory import InMemoryReaper
from reaper.music import replacing_request, requests, small_request, sung_requests
from reaper.test_codec import MESSAGES, REPORT_REFUSALS, resealed
from vocalmidi.reaper import AudioTake, CommandName, InsertRequest, ReceiptStatus, Replaced, decode, encode
from vocalmidi.values import Arrangement, BendPointQn, Chord, Key, Meter, Note, Origin, Part, PartName, Played


@pytest.fixture(scope="module", params=["lua53", "lua54"])
def lua(tmp_path_factory, request) -> InMemoryReaper:
    return InMemoryReaper(tmp_path_factory.mktemp("reaper"), request.param)


def rows(table: Any) -> list[Any]:
    return list(table.values())


def as_note(note: Any) -> Note:
    bends = tuple(BendPointQn(point.after_qn, point.bend_cents) for point in rows(note.bends))
    played = note.played and Played(note.played.start_qn, note.played.length_qn)
    origin = Origin(note.origin)
    return Note(note.start_qn, note.length_qn, note.pitch, note.velocity, bends, played, origin)


def as_part(part: Any) -> Part:
    return Part(PartName(part.name), part.channel, part.program, tuple(map(as_note, rows(part.notes))))


def as_request(read: Any) -> InsertRequest:
    """Return what Lua read as our own value, field by field."""
    chords = (Chord(c.start_qn, c.length_qn, c.root, c.quality, c.bass) for c in rows(read.chords))
    music = Arrangement(
        genre=read.genre,
        seed=read.seed,
        tempo_qpm=read.tempo_qpm,
        meter=Meter(read.meter.beats, read.meter.unit),
        key=Key(read.key.tonic, read.key.mode, read.key.probability),
        length_qn=read.length_qn,
        chords=tuple(chords),
        parts=tuple(map(as_part, rows(read.parts))),
    )
    sound = read.audio and AudioTake(read.audio.start_qn, read.audio.length_qn, read.audio.length_s)
    passes = tuple(map(as_part, rows(read.passes)))
    replaces = tuple(Replaced(PartName(r.part), r.guid) for r in rows(read.replaces or {}))
    whole = (read.id, read.place_qn, music, read.provenance, read.strength, sound, passes, read.beside)
    return InsertRequest(*whole, tuple(rows(read.sources)), replaces)


@given(request=requests)
def test_lua_reads_what_python_writes_to_the_last_bit(lua, request):
    read = lua.lib("request").decode(encode(request))
    assert not isinstance(read, tuple), read
    assert as_request(read) == request


@given(request=sung_requests())
def test_lua_reads_where_notes_were_sung_to_the_last_bit(lua, request):
    read = lua.lib("request").decode(encode(request))
    assert not isinstance(read, tuple), read
    assert as_request(read) == request


def test_lua_reads_which_items_are_to_be_replaced(lua):
    request = replacing_request(PartName.CHORDS, PartName.DRUMS)
    assert as_request(lua.lib("request").decode(encode(request))) == request


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_by_lua_is_the_same_number_in_python(lua, number):
    assert float(lua.lib("lines").number_text(number)) == number


@given(content=st.binary(max_size=9000))
def test_the_checksum_is_zlibs(lua, content):
    count = lua.lua.eval("function(crc32, text) return crc32(text) end")
    assert count(lua.lib("crc32"), content) == zlib.crc32(content)


def test_python_reads_every_reply_that_lua_writes(lua):
    replies = lua.lib("replies")
    guid = "{01234567-89AB-CDEF-0123-456789ABCDEF}"
    build = lua.lua.eval(
        "function(guid) return { id = 'abcdef-12', status = 'failed', message = 'line\\nbreak ü ' .. ('x'):rep(600), "
        "items = { guid }, tracks = { guid, guid } } end"
    )
    receipt = decode(replies.receipt(build(guid)).encode())
    assert (receipt.request_id, receipt.status) == ("abcdef-12", ReceiptStatus.FAILED)
    assert receipt.message.startswith("line break ü xxx")
    assert (receipt.item_guids, receipt.track_guids) == ((guid,), (guid, guid))
    beat = decode(replies.heartbeat("abcdef-12", 1764000000, "Reaper 7.78/linux").encode())
    assert (beat.time_s, beat.app) == (1764000000.0, "Reaper 7.78/linux")


def test_lua_reads_the_daemons_heartbeat_and_refuses_another_file(lua, tmp_path):
    host = InMemoryReaper(tmp_path)
    spool = host.spool()
    spool.beat()
    content = (host.root / "daemon.heartbeat").read_bytes()
    assert lua.lib("replies").read_heartbeat(content).time_s == pytest.approx(host.now())
    assert lua.lib("replies").read_heartbeat(content[:-3])[1].startswith("the end line is missing")
    assert lua.lib("replies").read_heartbeat(encode(small_request()))[1] == "line 1: kind 'insert' is not 'heartbeat'"


def test_a_command_of_lua_is_read_with_every_field(lua):
    transport = lua.lua.eval(
        "{ play_state = 1, play_s = 0.1, cursor_s = 1/3, cursor_qn = 2/3, bar_qn = 0, tempo_qpm = 99.5, "
        "meter = { beats = 7, unit = 8 }, tempo_points = { { time_s = 0, qn = 0, tempo_qpm = 99.5 } } }"
    )
    command = decode(lua.lib("replies").command("abcdef-12", "write", 1764000000, transport).encode())
    assert command.name is CommandName.WRITE
    assert (command.transport.play_s, command.transport.cursor_s) == (0.1, 1 / 3)
    assert command.transport.meter == Meter(7, 8)
    assert math.isclose(command.transport.tempo_map.qn_at(60.0), 99.5)


@pytest.mark.parametrize(("kind", "old", "new"), [row[:3] for row in REPORT_REFUSALS if row[0].startswith("insert")])
def test_lua_refuses_the_requests_that_python_refuses(lua, kind, old, new):
    content = encode(MESSAGES[kind])
    assert not isinstance(lua.lib("request").decode(content), tuple)
    read = lua.lib("request").decode(resealed(content, old, new))
    assert isinstance(read, tuple)
    assert read[0] is None
