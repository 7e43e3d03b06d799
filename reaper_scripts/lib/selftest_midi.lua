-- @noindex
-- Self-test, MIDI: what is written in one call comes back, is counted, ends where its item ends; many notes, and items
-- that grow.

local lib = ...
local buffer, hold = lib("buffer"), lib("selftest_hold")

local LENGTH_QN = 8
local LINEAR, MUTED = 16, 2 -- flags of an event: a controller that glides; not heard
local MANY, MANY_QN = 10000, 2500
local TOO_LONG_S = 1.0 -- for 10,000 notes, which hold Reaper's window meanwhile

local function new_take(room, length_qn)
  local item, take
  hold.change(room, "Self-test: MIDI item", function() item, take = hold.new_item(room, 0, length_qn) end)
  return item, take, hold.ticks_a_quarter(take, 0)
end

local function fill(room, take, events, end_tick)
  hold.change(room, "Self-test: MIDI", function() hold.fill(take, events, math.floor(end_tick + 0.5)) end)
end

local function shown(event)
  local hex = event.bytes:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end)
  return ("%d flags %d %s"):format(event.tick, event.flags & ~1, hex)
end

-- Everything but notes and the end of the source, one text an event.
local function controllers(events)
  local rows = {}
  for _, event in ipairs(events) do
    local status = event.bytes:byte(1) & 0xF0
    if status >= 0xA0 and status < 0xF0 and not buffer.is_end(event) then rows[#rows + 1] = shown(event) end
  end
  table.sort(rows)
  return table.concat(rows, "; ")
end

local function notes(events)
  local rows = {}
  for _, note in ipairs(buffer.notes_of(events)) do
    rows[#rows + 1] = ("%d–%d key %d velocity %d muted %d"):format(
      note.on.tick, note.off and note.off.tick or -1, note.pitch, note.on.bytes:byte(3), note.on.flags & MUTED)
  end
  table.sort(rows)
  return table.concat(rows, "; ")
end

local function round_trip(room)
  local _, take, ticks = new_take(room, LENGTH_QN)
  local quarter = math.floor(ticks)
  local events = {
    { 0, 0, string.char(0xC0, 33) }, { 0, 0, string.char(0xB0, 101, 0) }, { 0, LINEAR, string.char(0xE0, 0, 64) },
    { 0, 0, string.char(0x90, 60, 100) }, { quarter, LINEAR, string.char(0xE0, 100, 70) },
    { quarter, LINEAR, string.char(0xB0, 11, 90) }, { 2 * quarter, 0, string.char(0x80, 60, 0) },
    { 2 * quarter, MUTED, string.char(0x90, 64, 1) }, { 2 * quarter, LINEAR, string.char(0xD0, 50) },
    { 3 * quarter, 0, string.char(0x80, 64, 0) },
  }
  local before = buffer.unpacked(hold.packed(events))
  fill(room, take, events, ticks * LENGTH_QN)
  local ok, packed = reaper.MIDI_GetAllEvts(take)
  hold.that(ok, "MIDI_GetAllEvts gives nothing")
  local after = buffer.unpacked(packed)
  hold.equal(notes(after), notes(before), "what the notes came back as")
  hold.equal(controllers(after), controllers(before), "what the controllers came back as")
  local _, _, counted = reaper.MIDI_CountEvts(take)
  return ("of 6 controllers %d are counted, so the end of the source is %scounted"):format(
    counted, counted > 6 and "" or "not ")
end

local function source_end(room)
  local _, take, ticks = new_take(room, LENGTH_QN)
  local events = {}
  hold.note(events, 0, math.floor(ticks), 60, 80)
  fill(room, take, events, ticks * LENGTH_QN)
  local length, is_qn = reaper.GetMediaSourceLength(reaper.GetMediaItemTake_Source(take))
  hold.that(is_qn, "the length of MIDI is told in seconds")
  hold.near(length, LENGTH_QN, "the length of the source in quarter notes", 0.01)
  return ""
end

local function in_order(room)
  local _, take, ticks = new_take(room, LENGTH_QN)
  local quarter, events = math.floor(ticks), {}
  for _, note in ipairs({ { 0, 72 }, { 0, 60 }, { 2, 65 } }) do
    events[#events + 1] = { note[1] * quarter, 0, string.char(0x92, note[2], 50 + note[1]) }
  end
  for _, pitch in ipairs({ 60, 65, 72 }) do events[#events + 1] = { 4 * quarter, 0, string.char(0x82, pitch, 0) } end
  fill(room, take, events, ticks * LENGTH_QN)
  local rows = {}
  for index = 0, 2 do
    local _, _, _, on, off, channel, pitch, velocity = reaper.MIDI_GetNote(take, index)
    rows[#rows + 1] = ("%d:%.0f–%.0f/%d/%d"):format(pitch, on / quarter, off / quarter, channel, velocity)
  end
  table.sort(rows)
  hold.equal(table.concat(rows, " "), "60:0–4/2/50 65:2–4/2/52 72:0–4/2/50", "the notes one by one")
  return ""
end

local function many(room)
  local item, take, ticks = new_take(room, MANY_QN)
  local events, step = {}, ticks * MANY_QN / MANY
  for index = 0, MANY - 1 do
    hold.note(events, math.floor(index * step), math.floor((index + 0.5) * step), 36 + index % 48, 80)
  end
  local began_s = reaper.time_precise()
  fill(room, take, events, ticks * MANY_QN)
  local seconds = reaper.time_precise() - began_s
  local _, count = reaper.MIDI_CountEvts(take)
  hold.change(room, "Self-test: gone", function() reaper.DeleteTrack(reaper.GetMediaItem_Track(item)) end)
  hold.equal(count, MANY, "the number of notes")
  hold.that(seconds <= TOO_LONG_S, "%d notes took %.2f s", MANY, seconds)
  return ("%d notes in %.3f s"):format(MANY, seconds)
end

local function growing(room)
  local item, take, ticks = new_take(room, LENGTH_QN)
  local events = {}
  hold.note(events, 0, math.floor(ticks), 60, 80)
  fill(room, take, events, ticks * LENGTH_QN)
  hold.change(room, "Self-test: longer", function()
    hold.that(reaper.MIDI_SetItemExtents(item, 0, LENGTH_QN * 2), "the item keeps its length")
    events[#events] = nil
    hold.note(events, math.floor(ticks * 12), math.floor(ticks * 13), 62, 80)
    hold.fill(take, events, math.floor(ticks * LENGTH_QN * 2 + 0.5))
  end)
  local stop_s = reaper.GetMediaItemInfo_Value(item, "D_POSITION") + reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
  hold.near(reaper.TimeMap2_timeToQN(room.proj, stop_s), LENGTH_QN * 2, "the item's end in quarter notes", 0.01)
  hold.equal(select(2, reaper.MIDI_CountEvts(take)), 2, "the number of notes of an item that grew")
  return ""
end

-- As a draft that begins earlier than was thought.
local function moved(room)
  local item, take, ticks = new_take(room, LENGTH_QN)
  hold.change(room, "Self-test: moved", function()
    reaper.SetMediaItemInfo_Value(item, "D_POSITION", reaper.TimeMap2_QNToTime(room.proj, 4))
    hold.that(reaper.MIDI_SetItemExtents(item, 4, 10), "the item keeps its length")
  end)
  hold.near(reaper.MIDI_GetPPQPosFromProjQN(take, 4), 0, "the tick at its start", 0.5)
  hold.near(reaper.MIDI_GetPPQPosFromProjQN(take, 10), 6 * ticks, "the tick at its end", 0.5)
  return ""
end

local function counted_changes(room)
  local _, take, ticks = new_take(room, LENGTH_QN)
  local before, events = reaper.GetProjectStateChangeCount(room.proj), {}
  hold.note(events, 0, math.floor(ticks), 60, 80)
  fill(room, take, events, ticks * LENGTH_QN)
  hold.that(reaper.GetProjectStateChangeCount(room.proj) ~= before, "notes can change without the project's count")
  return ""
end

return {
  { name = "MIDI comes back as it was written", run = round_trip },
  { name = "a MIDI source ends where its item ends", run = source_end },
  { name = "notes are told one by one as they lie", run = in_order },
  { name = "a MIDI item grows", run = growing },
  { name = "a MIDI item that is moved begins at its first tick", run = moved },
  { name = "a change of notes counts as a change of the project", run = counted_changes },
  { name = "10,000 notes are written in one call", run = many },
}
