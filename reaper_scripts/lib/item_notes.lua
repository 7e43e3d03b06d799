-- @noindex
-- The notes of a MIDI item as a command tells them: in quarter notes after a place, with where they come from. Reads
-- only.

local lib = ...
local buffer, written = lib("buffer"), lib("written")

local M = {}
local MUTED = 2

-- The notes of an item within its bounds, as { start_qn, length_qn, pitch, velocity, origin } after `place_qn`; its
-- channel and its program.
function M.read(proj, item, take, place_qn, is_as_written)
  local _, packed = reaper.MIDI_GetAllEvts(take)
  local events, notes = buffer.unpacked(packed), {}
  local from_qn, length_qn = written.span_qn(proj, item)
  local found = written.notes_in_order(events)
  local origins = is_as_written and written.origins(take, #found) or {}
  for index, note in ipairs(found) do
    local start = math.max(from_qn, reaper.MIDI_GetProjQNFromPPQPos(take, note.on.tick)) - place_qn
    local stop = math.min(from_qn + length_qn, reaper.MIDI_GetProjQNFromPPQPos(take, note.off.tick)) - place_qn
    start = math.max(0, start)
    if stop > start and note.on.flags & MUTED == 0 then
      notes[#notes + 1] = {
        start_qn = start, length_qn = stop - start, pitch = note.pitch, velocity = note.on.bytes:byte(3),
        origin = origins[index] or "kept",
      }
    end
  end
  local channel, program = buffer.program_of(events)
  if not channel and found[1] then channel = found[1].on.bytes:byte(1) & 0x0F end
  return notes, channel or 0, program or 0
end

-- Whether a note comes before another: by start, then pitch, then length.
function M.in_order(a, b)
  if a.start_qn ~= b.start_qn then return a.start_qn < b.start_qn end
  if a.pitch ~= b.pitch then return a.pitch < b.pitch end
  return a.length_qn < b.length_qn
end

return M
