-- @noindex
-- One part's notes as the packed MIDI that MIDI_SetAllEvts takes: `string.pack("i4Bs4", ticks since the last,
-- flags, bytes)`. Ticks come from the take through `to_tick` (Reaper's resolution is a user setting). Knows no
-- project and no item. At equal ticks: note-offs, then controllers, then note-ons. The last record is Reaper's own
-- end-of-source marker, an All-Notes-Off. Notes of one key never overlap: the next one ends the one before, as on
-- any keyboard.

local M = {}

local OFF, CONTROL, ON, END = 0, 1, 2, 3
local INDEX = 0x3FFFFFFF -- where a key of `in_order` keeps the event's index
local LINEAR = 16 -- high nibble of a record's flags: the controller glides to the next event
local BEND_CENTRE, BEND_MAX = 8192, 16383
local BEND_RANGES = { 2, 12, 24, 48, 96, 127 } -- semitones; 2 is the General MIDI default, 127 what RPN 0 can say

local function add(list, tick, order, bytes, flags)
  list[#list + 1] = { tick = tick, order = order, bytes = bytes, flags = flags or 0 }
end

-- Notes as { on, off, pitch, velocity, bends } in whole ticks within [0, end_tick], longer than nothing, one per
-- key at a time.
local function to_ticks(notes, to_tick, end_tick)
  local placed, sounding = {}, {}
  for _, note in ipairs(notes) do
    local on = math.max(0, math.min(to_tick(note.start_qn), end_tick - 1))
    local off = math.min(math.max(to_tick(note.start_qn + note.length_qn), on + 1), end_tick)
    local before = sounding[note.pitch]
    if before and before.on == on then
      before.off = math.max(before.off, off)
    else
      if before then before.off = math.min(before.off, on) end
      local new = { on = on, off = off, pitch = note.pitch, velocity = note.velocity, source = note }
      placed[#placed + 1], sounding[note.pitch] = new, new
    end
  end
  return placed
end

local function bend_range(notes)
  local widest = 0
  for _, note in ipairs(notes) do
    for _, point in ipairs(note.bends) do widest = math.max(widest, math.abs(point.bend_cents)) end
  end
  if widest == 0 then return nil end
  for _, semitones in ipairs(BEND_RANGES) do
    if widest <= semitones * 100 then return semitones end
  end
  return BEND_RANGES[#BEND_RANGES]
end

-- Pitch-bend range by registered parameter 0, then "no parameter", so that later data entry can't change it.
local function add_bend_range(list, channel, semitones)
  local pairs_of_controls = { { 101, 0 }, { 100, 0 }, { 6, semitones }, { 38, 0 }, { 101, 127 }, { 100, 127 } }
  for _, control in ipairs(pairs_of_controls) do
    add(list, 0, CONTROL, string.char(0xB0 | channel, control[1], control[2]))
  end
end

-- Writes pitch bends of one channel, dropping those that change nothing and those a later one at the same tick
-- replaces.
local function bender(list, channel, semitones)
  local last = { value = BEND_CENTRE, flags = 0, tick = -1 }
  return function(tick, cents, flags)
    local value = BEND_CENTRE + math.floor(cents / (semitones * 100) * BEND_CENTRE + 0.5)
    value = math.max(0, math.min(value, BEND_MAX))
    local bytes = string.char(0xE0 | channel, value & 0x7F, value >> 7)
    if last.record and last.tick == tick then
      last.record.bytes, last.record.flags = bytes, flags
    elseif value ~= last.value or flags ~= last.flags then
      add(list, tick, CONTROL, bytes, flags)
      last.record = list[#list]
    else
      return
    end
    last.value, last.flags, last.tick = value, flags, tick
  end
end

-- A note's curve holds from its start until its end or the next note's start, and leaves the wheel in the centre.
local function add_bends(list, placed, channel, semitones, to_tick)
  local bend = bender(list, channel, semitones)
  for index, note in ipairs(placed) do
    local following = placed[index + 1]
    local stop = following and math.min(note.off, following.on) or note.off
    local points = note.source.bends
    bend(note.on, 0, 0)
    for at, point in ipairs(points) do
      local tick = math.max(note.on, to_tick(note.source.start_qn + point.after_qn))
      if tick >= stop then break end
      bend(tick, point.bend_cents, at < #points and LINEAR or 0)
    end
    bend(stop, 0, 0)
  end
end

-- By tick, then order, then as they came. Whole numbers are sorted five times as fast as tables with a function:
-- 31 bits of tick, 2 of order, 30 of index.
local function in_order(list)
  local keys, sorted = {}, {}
  for index, event in ipairs(list) do keys[index] = event.tick << 32 | event.order << 30 | index end
  table.sort(keys)
  for index, key in ipairs(keys) do sorted[index] = list[key & INDEX] end
  return sorted
end

local function pack(list)
  local records, last = {}, 0
  for index, event in ipairs(in_order(list)) do
    records[index] = string.pack("i4Bs4", event.tick - last, event.flags, event.bytes)
    last = event.tick
  end
  return table.concat(records)
end

-- One key sounds once at a time, so no two notes have the same tick and pitch.
local function origins_of(placed)
  local keys, by_key, origins = {}, {}, {}
  for index, note in ipairs(placed) do
    local key = note.on << 7 | note.pitch
    keys[index], by_key[key] = key, note
  end
  table.sort(keys)
  for index, key in ipairs(keys) do origins[index] = by_key[key].source.origin end
  return origins
end

-- part: of a request; to_tick(qn after the arrangement's start) → whole tick in the take; end_tick: the item's last.
-- Returns the packed events and where each of their notes comes from, in order of start, then pitch.
function M.pack(part, to_tick, end_tick)
  local list, channel = {}, part.channel
  add(list, 0, CONTROL, string.char(0xC0 | channel, part.program))
  local placed = to_ticks(part.notes, to_tick, end_tick)
  local semitones = bend_range(part.notes)
  if semitones then
    add_bend_range(list, channel, semitones)
    add_bends(list, placed, channel, semitones, to_tick)
  end
  for _, note in ipairs(placed) do
    add(list, note.on, ON, string.char(0x90 | channel, note.pitch, note.velocity))
    add(list, note.off, OFF, string.char(0x80 | channel, note.pitch, 0))
  end
  add(list, end_tick, END, string.char(0xB0, 123, 0))
  return pack(list), origins_of(placed)
end

return M
