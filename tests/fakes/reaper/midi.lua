-- MIDI of takes. The packed buffer of MIDI_SetAllEvts is taken apart here byte by byte, not with the scripts' own code.

local fake = ...
local api = fake.api

local function unpack_events(packed)
  local events, at, tick = {}, 1, 0
  while at <= #packed do
    if #packed - at < 8 then fake.violate("a MIDI record is cut short") end
    local shift, flags, size = string.unpack("<i4 B I4", packed, at)
    if shift < 0 then fake.violate("MIDI events run backwards by " .. -shift .. " ticks") end
    if #packed - at - 8 < size then fake.violate("a MIDI message is longer than its buffer") end
    tick = tick + shift
    events[#events + 1] = { tick = tick, flags = flags, bytes = packed:sub(at + 9, at + 8 + size) }
    at = at + 9 + size
  end
  return events
end

local function status_of(event) return event.bytes:byte(1) & 0xF0 end

local function is_end(event) return event.bytes:byte(1) & 0xF0 == 0xB0 and event.bytes:byte(2) == 123 end

-- Notes by pairing each note-on with the next note-off of its channel and key; every note must end.
local function notes_of(events)
  local notes, open = {}, {}
  for _, event in ipairs(events) do
    local status, pitch, velocity = status_of(event), event.bytes:byte(2), event.bytes:byte(3)
    local key = pitch and (event.bytes:byte(1) & 0x0F) * 128 + pitch
    if status == 0x90 and velocity > 0 then
      if open[key] then fake.violate(("key %d begins at %d while it sounds"):format(pitch, event.tick)) end
      open[key] = { start = event.tick, channel = event.bytes:byte(1) & 0x0F, pitch = pitch, velocity = velocity }
      notes[#notes + 1] = open[key]
    elseif status == 0x80 or status == 0x90 then
      if not open[key] then fake.violate(("key %d ends at %d but does not sound"):format(pitch, event.tick)) end
      open[key].stop, open[key] = event.tick, nil
      -- Reaper drops a note of no length; the scripts must never make one.
    end
  end
  if next(open) then fake.violate("a note never ends") end
  for _, note in ipairs(notes) do
    if note.stop <= note.start then fake.violate("a note of no length at " .. note.start) end
  end
  return notes
end

function fake.midi_text(take)
  local lines = {}
  for _, event in ipairs(take.events) do
    lines[#lines + 1] = ("\n  %d %d %s"):format(event.tick, event.flags, event.bytes:gsub(".", function(byte)
      return ("%02x"):format(byte:byte())
    end))
  end
  return table.concat(lines)
end

local function item_ticks(take)
  local project = take.item.track.project
  local start = fake.time_to_qn(project, take.item.start_s)
  return (fake.time_to_qn(project, take.item.end_s) - start) * take.ppq
end

function api.CreateNewMIDIItemInProj(track, start, stop, is_qn)
  fake.changed(track.project)
  if is_qn then start, stop = fake.qn_to_time(track.project, start), fake.qn_to_time(track.project, stop) end
  if not (start >= 0 and stop > start and stop < math.huge) then fake.violate("an item of no length") end
  return fake.new_item(track, start, stop, true)
end

-- Where a MIDI item begins and ends, its source with it: what is written into it next must end there.
function api.MIDI_SetItemExtents(item, start_qn, stop_qn)
  local project = item.track.project
  fake.changed(project)
  if not (start_qn >= 0 and stop_qn > start_qn and stop_qn < math.huge) then fake.violate("an item of no length") end
  if not item.take or not item.take.is_midi then return false end
  item.start_s, item.end_s = fake.qn_to_time(project, start_qn), fake.qn_to_time(project, stop_qn)
  return true
end

-- Where a take's tick 0 lies: its item may begin within it.
local function source_start_qn(take)
  return fake.time_to_qn(take.item.track.project, take.item.start_s) - take.offset_qn
end

function api.MIDI_GetPPQPosFromProjQN(take, qn)
  return (qn - source_start_qn(take)) * take.ppq
end

function api.MIDI_GetProjQNFromPPQPos(take, tick)
  return tick / take.ppq + source_start_qn(take)
end

function api.MIDI_SetAllEvts(take, packed)
  fake.changed(take.item.track.project)
  local events = unpack_events(packed)
  local last = events[#events]
  if not last or not is_end(last) then fake.violate("the end-of-source marker is missing") end
  -- An item that was cut shows a part of its source, which keeps its end.
  local before = take.events[#take.events]
  local keeps_end = before and before.tick == last.tick
  if not keeps_end and math.abs(last.tick - item_ticks(take)) > 0.5001 then
    fake.violate(("the source has %d ticks, its item %.3f"):format(last.tick, item_ticks(take)))
  end
  take.events, take.sorted = events, false
  return true
end

function api.MIDI_GetAllEvts(take)
  if not take.sorted then fake.violate("MIDI is read before it is sorted") end
  local records, last = {}, 0
  for index, event in ipairs(take.events) do
    records[index] = string.pack("<i4Bs4", event.tick - last, event.flags, event.bytes)
    last = event.tick
  end
  return true, table.concat(records)
end

function api.MIDI_Sort(take)
  notes_of(take.events)
  take.sorted = true
end

local function sorted_notes(take)
  if not take.sorted then fake.violate("MIDI is read before it is sorted") end
  return notes_of(take.events)
end

function api.MIDI_CountEvts(take)
  local notes, controls, texts = #sorted_notes(take), 0, 0
  for _, event in ipairs(take.events) do
    local status = status_of(event)
    if status >= 0xA0 and status <= 0xE0 and not is_end(event) then controls = controls + 1 end
    if status == 0xF0 then texts = texts + 1 end
  end
  return notes + controls + texts, notes, controls, texts
end

function api.MIDI_GetNote(take, index)
  local note = sorted_notes(take)[index + 1]
  if not note then return false, false, false, 0, 0, 0, 0, 0 end
  return true, false, false, note.start, note.stop, note.channel, note.pitch, note.velocity
end

-- For tests: the notes and the other events of a take as plain tables.
fake.notes_of_take = sorted_notes
