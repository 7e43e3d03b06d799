-- @noindex
-- Another strength for items that are there: every sung note that still lies where it was written goes where the new
-- strength puts it, its controllers with it; what the user moved, drew or deleted is left alone. One undo point.

local lib = ...
local buffer, strength_of, undo, written = lib("buffer"), lib("strength"), lib("undo"), lib("written")

local M = {}
local NEAR_TICKS = 2 -- rounding, here and in Reaper
local NOTE_OFF, NOTE_ON = buffer.NOTE_OFF, buffer.NOTE_ON

local function find(notes, pitch, tick)
  for _, note in ipairs(notes) do
    local is_free = note.off and not note.moved
    if is_free and note.pitch == pitch and math.abs(note.on.tick - tick) <= NEAR_TICKS then return note end
  end
end

-- Gives each note that lies where it was written its new ticks; returns how many do.
local function place(notes, remembered, before, after, to_tick)
  local count = 0
  for _, each in ipairs(remembered) do
    local old_start, old_length = strength_of.place(each, before)
    local start, length = strength_of.place(each, after)
    local note = find(notes, each.pitch, to_tick(old_start))
    if note then
      local is_as_written = math.abs(note.off.tick - to_tick(old_start + old_length)) <= NEAR_TICKS
      note.moved = { on = to_tick(start) }
      note.moved.off = is_as_written and to_tick(start + length) or note.moved.on + note.off.tick - note.on.tick
      count = count + 1
    end
  end
  return count
end

-- What a note may not sound together with: its key on its channel, and among notes that follow the strength its key on
-- any, since with MPE each has a channel of its own.
local function keys_of(note)
  return { (note.on.bytes:byte(1) & 0x0F) * 128 + note.pitch, note.moved and -1 - note.pitch or nil }
end

-- Notes that meet follow each other by a tick, so that another strength can part them again; the last ones make room
-- before the item's end. A note ends where its key begins anew.
local function part(rows, end_tick)
  local before, after = {}, {}
  for _, note in ipairs(rows) do
    for _, key in ipairs(keys_of(note)) do
      local last = before[key]
      if last then note.to.on = math.max(note.to.on, last.to.on + 1) end
      before[key] = note
    end
  end
  for index = #rows, 1, -1 do
    local to, limit = rows[index].to, end_tick
    for _, key in ipairs(keys_of(rows[index])) do limit = math.min(limit, after[key] or end_tick) end
    to.on = math.min(to.on, limit - 1)
    to.off = math.min(math.max(to.off, to.on + 1), limit)
    for _, key in ipairs(keys_of(rows[index])) do after[key] = to.on end
  end
end

-- A key never sounds twice, and every note ends with the item.
local function tidy(notes, end_tick)
  local rows = {}
  for _, note in ipairs(notes) do
    if note.off then
      note.to = note.moved or { on = note.on.tick, off = note.off.tick }
      note.to.on = math.max(0, math.min(note.to.on, end_tick - 1))
      rows[#rows + 1] = note
    end
  end
  table.sort(rows, function(a, b)
    if a.to.on ~= b.to.on then return a.to.on < b.to.on end
    return a.on.index < b.on.index
  end)
  part(rows, end_tick)
end

-- Banks, programs and parameters, such as the range of the wheel: they are set for all notes, and stay where they are.
local SETTING = {
  [0] = true, [6] = true, [32] = true, [38] = true, [96] = true, [97] = true, [98] = true, [99] = true, [100] = true,
  [101] = true,
}
local CONTROL, PROGRAM = 0xB0, 0xC0

local function is_setting(event)
  local kind = event.bytes:byte(1) & 0xF0
  return kind == PROGRAM or kind == CONTROL and SETTING[event.bytes:byte(2)]
end

local function channel_of(event)
  return event.bytes:byte(1) & 0x0F
end

-- Where a controller goes: with the note that it lies in, which is the last one that began; where its channel has
-- notes, as with MPE, of those.
local function carried(event, notes, has_notes)
  if is_setting(event) then return event.tick end
  local inside
  for _, note in ipairs(notes) do
    local is_its = not has_notes[channel_of(event)] or channel_of(note.on) == channel_of(event)
    if is_its and note.moved and note.on.tick <= event.tick and event.tick <= note.off.tick then inside = note end
  end
  if not inside then return event.tick end
  if event.tick == inside.off.tick then return inside.to.off end
  return math.min(inside.to.off, inside.to.on + event.tick - inside.on.tick)
end

local ORDER = { [NOTE_OFF] = 0, [NOTE_ON] = 2 }

local function earlier(a, b)
  if a.to ~= b.to then return a.to < b.to end
  local first, second = ORDER[buffer.kind_of(a)] or 1, ORDER[buffer.kind_of(b)] or 1
  if first ~= second then return first < second end
  return a.index < b.index
end

local function packed(events)
  table.sort(events, earlier)
  local records, last = {}, 0
  for index, event in ipairs(events) do
    records[index] = string.pack("i4Bs4", event.to - last, event.flags, event.bytes)
    last = event.to
  end
  return table.concat(records)
end

-- Where the notes come from in the order of their new places; `origins` is in that of their old ones.
local function reordered(events, origins)
  local notes, order = written.notes_in_order(events), {}
  for index, note in ipairs(notes) do
    order[index] = { at = note.on.to, pitch = note.pitch, origin = origins[index] }
  end
  table.sort(order, function(a, b)
    if a.at ~= b.at then return a.at < b.at end
    return a.pitch < b.pitch
  end)
  for index, each in ipairs(order) do origins[index] = each.origin end
end

-- The take's events at another strength as MIDI_SetAllEvts takes them, and how many notes follow it; `origins`, where
-- its notes come from, is put into their new order.
function M.moved(packed_events, remembered, before, after, to_tick, origins)
  local events = buffer.unpacked(packed_events)
  local marker = events[#events]
  assert(marker and buffer.is_end(marker), "the take has no end marker")
  local notes = buffer.notes_of(events)
  local count = place(notes, remembered, before, after, to_tick)
  tidy(notes, marker.tick)
  local has_notes = {}
  for _, note in ipairs(notes) do has_notes[channel_of(note.on)] = true end
  for _, event in ipairs(events) do
    event.to = event == marker and marker.tick or math.min(marker.tick, carried(event, notes, has_notes))
  end
  for _, note in ipairs(notes) do
    if note.off then note.on.to, note.off.to = note.to.on, note.to.off end
  end
  reordered(events, origins)
  -- The end marker stays the last of its tick.
  marker.index, marker.bytes = math.huge, marker.bytes
  local rest = {}
  for index = 1, #events - 1 do rest[index] = events[index] end
  local body = packed(rest)
  local last = #rest > 0 and rest[#rest].to or 0
  return body .. string.pack("i4Bs4", marker.tick - last, marker.flags, marker.bytes), count
end

local function tick_reader(take)
  local zero = reaper.MIDI_GetPPQPosFromProjQN(take, 0)
  local ticks = reaper.MIDI_GetPPQPosFromProjQN(take, 1) - zero
  return function(qn) return math.floor(qn * ticks + 0.5) end
end

-- Returns how many notes are at the new strength, and whether anything had to change for it.
local function change(proj, each, after, step)
  local take, item, remembered = each.take, each.item, each.notes
  local _, old = reaper.MIDI_GetAllEvts(take)
  local text, mark = written.take_text(take, strength_of.MARK), written.take_text(take, written.MARK)
  local is_as_written = written.is_as_written(proj, item, take)
  local _, notes = reaper.MIDI_CountEvts(take)
  local origins = written.origins(take, notes)
  local new, count = M.moved(old, remembered, each.strength, after, tick_reader(take), origins)
  local new_text = strength_of.text(remembered, after)
  if new == old and new_text == text then return count, false end
  step(function()
    reaper.MIDI_SetAllEvts(take, old)
    reaper.MIDI_Sort(take)
    reaper.GetSetMediaItemTakeInfo_String(take, strength_of.MARK, text, true)
    reaper.GetSetMediaItemTakeInfo_String(take, written.MARK, mark, true)
  end)
  assert(reaper.MIDI_SetAllEvts(take, new), "Reaper did not take the MIDI events")
  reaper.MIDI_Sort(take)
  reaper.GetSetMediaItemTakeInfo_String(take, strength_of.MARK, new_text, true)
  -- What a user edited stays known as edited.
  if is_as_written then written.remember(proj, item, take, origins) end
  return count, true
end

-- The active takes of selected items that remember where they were sung, as { item, take, notes, strength }, and how
-- many of them are locked and stay as they are.
local function selected(proj)
  local found, locked = {}, 0
  for index = 0, reaper.CountSelectedMediaItems(proj) - 1 do
    local item = reaper.GetSelectedMediaItem(proj, index)
    local take = reaper.GetActiveTake(item)
    if take and reaper.TakeIsMIDI(take) then
      local _, text = reaper.GetSetMediaItemTakeInfo_String(take, strength_of.MARK, "", false)
      local notes, before = strength_of.read(text)
      if notes and written.is_locked(item) then
        locked = locked + 1
      elseif notes then
        found[#found + 1] = { item = item, take = take, notes = notes, strength = before }
      end
    end
  end
  return found, locked
end

-- Gives the selected items a strength, 0–1. Returns true and what became of it, or nil and why nothing did.
function M.selected_items(proj, strength)
  local count, items, locked = 0, selected(proj)
  if #items == 0 and locked > 0 then return nil, "What is selected is locked.\n\nUnlock it, and try again." end
  if #items == 0 then
    return nil, "No selected item remembers where its notes were sung.\n\nSelect items that Vocal MIDI wrote."
  end
  local title = ("Vocal MIDI: quantise to %d %%"):format(math.floor(strength * 100 + 0.5))
  local ok, why = undo.block(proj, title, function(step)
    local is_changed = false
    for _, each in ipairs(items) do
      local found, is_new = change(proj, each, strength, step)
      count, is_changed = count + found, is_changed or is_new
    end
    return is_changed
  end)
  if not ok then return nil, "Nothing was changed: " .. why end
  return true, ("%d notes of %d items are at %d %% now"):format(count, #items, math.floor(strength * 100 + 0.5))
end

return M
