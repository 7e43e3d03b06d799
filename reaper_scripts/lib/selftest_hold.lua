-- @noindex
-- What the checks of the self-test share: to hold something or say in words why not, to change the tab's project, and
-- small MIDI. Knows no check.

local lib = ...
local lines, undo = lib("lines"), lib("undo")

local M = { NEAR = 1e-6 }

-- Raises what does not hold, in words.
function M.that(is_so, words, ...)
  if not is_so then error({ told = words:format(...) }, 0) end
end

-- What was raised or returned, as one line.
function M.words(told)
  return lines.one_line(type(told) == "table" and told.told or told or "")
end

function M.near(found, wanted, what, limit)
  M.that(math.abs(found - wanted) <= (limit or M.NEAR), "%s is %.6f, not %.6f", what, found, wanted)
end

function M.equal(found, wanted, what)
  M.that(found == wanted, "%s is %s, not %s", what, tostring(found), tostring(wanted))
end

-- Changes the tab's project as one undo point.
function M.change(room, title, body)
  local ok, why = undo.block(room.proj, title, body)
  if not ok then error({ told = title .. ": " .. M.words(why) }, 0) end
end

-- A new track at the end. To be called within `change`.
function M.new_track(room)
  local index = reaper.CountTracks(room.proj)
  if reaper.InsertTrackInProject then
    reaper.InsertTrackInProject(room.proj, index, 0)
  else -- an older Reaper makes it in the project in front, which is the tab
    reaper.InsertTrackAtIndex(index, false)
  end
  return reaper.GetTrack(room.proj, index)
end

-- A new MIDI item on a track of its own, from start to stop in quarter notes. To be called within `change`.
function M.new_item(room, start_qn, stop_qn)
  local item = reaper.CreateNewMIDIItemInProj(M.new_track(room), start_qn, stop_qn, true)
  return item, reaper.GetActiveTake(item)
end

-- Events as { tick, flags, bytes }, in order, as MIDI_SetAllEvts takes them.
function M.packed(events)
  local records, last = {}, 0
  for index, event in ipairs(events) do
    records[index] = string.pack("i4Bs4", event[1] - last, event[2], event[3])
    last = event[1]
  end
  return table.concat(records)
end

-- Fills a take with these events and the end of its source.
function M.fill(take, events, end_tick)
  events[#events + 1] = { end_tick, 0, string.char(0xB0, 123, 0) }
  M.that(reaper.MIDI_SetAllEvts(take, M.packed(events)), "MIDI_SetAllEvts took nothing")
  reaper.MIDI_Sort(take)
end

-- One note of a key as two events.
function M.note(events, on, off, pitch, velocity)
  events[#events + 1] = { on, 0, string.char(0x90, pitch, velocity) }
  events[#events + 1] = { off, 0, string.char(0x80, pitch, 0) }
end

-- How many ticks a quarter note has in a take.
function M.ticks_a_quarter(take, start_qn)
  local first = reaper.MIDI_GetPPQPosFromProjQN(take, start_qn)
  return reaper.MIDI_GetPPQPosFromProjQN(take, start_qn + 1) - first
end

return M
