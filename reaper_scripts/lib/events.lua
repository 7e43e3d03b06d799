-- @noindex
-- One part's notes as the packed MIDI that MIDI_SetAllEvts takes: `string.pack("i4Bs4", ticks since the last,
-- flags, bytes)`. Ticks come from the take through `to_tick` (Reaper's resolution is a user setting). Knows no
-- project and no item. At equal ticks: note-offs, then controllers, then note-ons. The last record is Reaper's own
-- end-of-source marker, an All-Notes-Off. Notes of one key never overlap: the next one ends the one before, as on
-- any keyboard.

local lib = ...
local curves = lib("curves")

local M = {}

local OFF, CONTROL, ON, END = 0, 1, 2, 3
local TICK, ORDER, INDEX = 32, 30, 0x3FFFFFFF -- places in a key: 31 bits of tick, 2 of order, 30 of index

-- Events on their way: a key each, and what it stands for: its bytes, or { tick, bytes, flags } of a controller. Whole
-- numbers are sorted five times as fast as tables with a function, and bytes need no table.
local function add(list, tick, order, event)
  local index = #list.keys + 1
  list.keys[index], list.events[index] = tick << TICK | order << ORDER | index, event
  return event
end

-- Notes as { on, off, pitch, velocity, source } in whole ticks within [0, end_tick], longer than nothing, one per
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

-- By tick, then order, then as they came.
local function pack(list)
  local records, last, packed = {}, 0, string.pack
  table.sort(list.keys)
  for index, key in ipairs(list.keys) do
    local event, tick = list.events[key & INDEX], key >> TICK
    local bytes, flags = event, 0
    if type(event) == "table" then bytes, flags = event.bytes, event.flags end
    records[index] = packed("i4Bs4", tick - last, flags, bytes)
    last = tick
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
  local list, char = { keys = {}, events = {} }, string.char
  add(list, 0, CONTROL, char(0xC0 | curves.channel(part), part.program))
  local placed = to_ticks(part.notes, to_tick, end_tick)
  local function add_control(tick, bytes, flags)
    return add(list, tick, CONTROL, { tick = tick, bytes = bytes, flags = flags or 0 })
  end
  curves.add(add_control, placed, part, to_tick, end_tick)
  for _, note in ipairs(placed) do
    add(list, note.on, ON, char(0x90 | note.channel, note.pitch, note.velocity))
    add(list, note.off, OFF, char(0x80 | note.channel, note.pitch, 0))
  end
  add(list, end_tick, END, char(0xB0, 123, 0))
  return pack(list), origins_of(placed)
end

return M
