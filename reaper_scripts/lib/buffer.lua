-- @noindex
-- The packed MIDI of a take, as MIDI_GetAllEvts gives it, taken apart: events with their ticks, and the notes they
-- make. Pure: bytes in, tables out.

local M = { NOTE_OFF = 0x80, NOTE_ON = 0x90 }
local CONTROL, PROGRAM, END = 0xB0, 0xC0, 123

-- All events as { tick, flags, bytes, index }, in order.
function M.unpacked(packed)
  local events, at, tick = {}, 1, 0
  while at <= #packed do
    local shift, flags, bytes
    shift, flags, bytes, at = string.unpack("i4Bs4", packed, at)
    tick = tick + shift
    if #bytes > 0 then events[#events + 1] = { tick = tick, flags = flags, bytes = bytes, index = #events } end
  end
  return events
end

-- What an event of three bytes is, 0 for any other.
function M.kind_of(event)
  return #event.bytes == 3 and event.bytes:byte(1) & 0xF0 or 0
end

-- Whether it is Reaper's own mark of where the source ends.
function M.is_end(event)
  return M.kind_of(event) == CONTROL and event.bytes:byte(2) == END
end

-- The notes as { on, off, pitch }, on and off being their events; in order of their beginning.
function M.notes_of(events)
  local notes, sounding, byte = {}, {}, string.byte
  for _, event in ipairs(events) do
    local status, pitch, velocity, more = byte(event.bytes, 1, 4)
    local kind = status & 0xF0
    if (kind == M.NOTE_ON or kind == M.NOTE_OFF) and velocity and not more then
      local key = (status & 0x0F) * 128 + pitch
      if kind == M.NOTE_ON and velocity > 0 then
        local note = { on = event, pitch = pitch }
        sounding[key], notes[#notes + 1] = note, note
      elseif sounding[key] then
        sounding[key].off, sounding[key] = event, nil
      end
    end
  end
  return notes
end

-- Channel and program of the first program change, nil where there is none.
function M.program_of(events)
  for _, event in ipairs(events) do
    local status = event.bytes:byte(1)
    if #event.bytes == 2 and status & 0xF0 == PROGRAM then return status & 0x0F, event.bytes:byte(2) end
  end
end

return M
