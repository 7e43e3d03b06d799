-- @noindex
-- What items and takes remember of how they were written (P_EXT, saved with the project): which arrangement and part
-- an item is of, what it takes to make that again, whether it is locked; of a take a checksum of its notes, by which
-- a user's edit is known, and where each note comes from.
--
-- The take's text: "1 CRC LENGTH ORIGINS": the checksum of its notes and controllers, the item's length in quarter
-- notes, and runs of origins such as "sung*3,rules*8" in the order of start, then pitch.

local lib = ...
local buffer, crc32 = lib("buffer"), lib("crc32")

local M = {
  REQUEST = "P_EXT:vocalmidi_request", -- the last request that wrote the item
  GROUP = "P_EXT:vocalmidi_group", -- the request that made the arrangement first: its items belong together
  PART = "P_EXT:vocalmidi_part",
  SOURCE = "P_EXT:vocalmidi_source",
  LOCK = "P_EXT:vocalmidi_locked",
  PASS = "P_EXT:vocalmidi_pass", -- that it holds one pass of a loop, in a lane of its own
  MARK = "P_EXT:vocalmidi_written",
}
local NEAR_QN = 0.01 -- a tenth of a 64th: what seconds and back may cost, far less than an edit
local REAPER_LOCK = 1 -- of C_LOCK
local MUTED = 2 -- of an event's flags
local HIDDEN = "kept" -- where a note comes from when it is not as it was written

function M.item_text(item, name)
  local _, text = reaper.GetSetMediaItemInfo_String(item, name, "", false)
  return text
end

function M.take_text(take, name)
  local _, text = reaper.GetSetMediaItemTakeInfo_String(take, name, "", false)
  return text
end

-- Start and length of an item in quarter notes.
function M.span_qn(proj, item)
  local start_s = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
  local start_qn = reaper.TimeMap2_timeToQN(proj, start_s)
  local stop_qn = reaper.TimeMap2_timeToQN(proj, start_s + reaper.GetMediaItemInfo_Value(item, "D_LENGTH"))
  return start_qn, stop_qn - start_qn
end

local function notes_that_end(events)
  local notes = {}
  for _, note in ipairs(buffer.notes_of(events)) do
    if note.off then notes[#notes + 1] = note end
  end
  return notes
end

-- The notes of unpacked events that end, in the order of start, then pitch.
function M.notes_in_order(events)
  local notes = notes_that_end(events)
  table.sort(notes, function(a, b)
    if a.on.tick ~= b.on.tick then return a.on.tick < b.on.tick end
    if a.pitch ~= b.pitch then return a.pitch < b.pitch end
    return a.on.index < b.on.index
  end)
  return notes
end

-- A checksum of what a take plays, whatever else Reaper keeps of it (what is selected, how a note is released).
function M.digest(packed)
  local events, rows, byte, format = buffer.unpacked(packed), {}, string.byte, string.format
  for _, note in ipairs(notes_that_end(events)) do
    local on = note.on
    local status, pitch, velocity = byte(on.bytes, 1, 3)
    rows[#rows + 1] = format("%d %d %d %d %d %d", on.tick, note.off.tick, status, pitch, velocity, on.flags & MUTED)
  end
  for _, event in ipairs(events) do
    local status = byte(event.bytes) & 0xF0
    if status > buffer.NOTE_ON and status < 0xF0 and not buffer.is_end(event) then
      local first, second, third = byte(event.bytes, 1, 3)
      rows[#rows + 1] = format("%d %02x %02x %02x", event.tick, first, second or 0, third or 0)
    end
  end
  -- Reaper may keep what lies at one tick in another order.
  table.sort(rows)
  return crc32(table.concat(rows, "\n"))
end

-- The checksum of what a take plays now.
function M.digest_of(take)
  local _, packed = reaper.MIDI_GetAllEvts(take)
  return M.digest(packed)
end

local function runs(origins)
  local list, from = {}, 1
  for index = 1, #origins do
    if origins[index + 1] ~= origins[index] then
      list[#list + 1] = ("%s*%d"):format(origins[index], index - from + 1)
      from = index + 1
    end
  end
  return table.concat(list, ",")
end

-- Remembers that a take holds what was written, and where its notes come from, in their order.
function M.remember(proj, item, take, origins)
  local _, length_qn = M.span_qn(proj, item)
  local text = ("1 %08x %s %s"):format(M.digest_of(take), ("%.6f"):format(length_qn):gsub(",", "."), runs(origins))
  reaper.GetSetMediaItemTakeInfo_String(take, M.MARK, text, true)
end

-- The checksum that a take remembers of what was written, nil where it remembers none.
function M.digest_written(take)
  local crc = M.take_text(take, M.MARK):match("^1 (%x+) ")
  return crc and tonumber(crc, 16)
end

-- Whether an item's take still is as it was written.
function M.is_as_written(proj, item, take)
  local length = M.take_text(take, M.MARK):match("^1 %x+ (%S+) ?")
  if not length or M.digest_written(take) ~= M.digest_of(take) then return false end
  local _, length_qn = M.span_qn(proj, item)
  return math.abs(length_qn - tonumber(length)) <= NEAR_QN
end

-- Where the notes of a take come from, in their order; "kept" where that is not known.
function M.origins(take, count)
  local origins, text = {}, M.take_text(take, M.MARK):match("^1 %x+ %S+ (.*)$") or ""
  for origin, number in text:gmatch("(%l+)%*(%d+)") do
    for _ = 1, math.min(tonumber(number), count - #origins) do origins[#origins + 1] = origin end
  end
  for index = #origins + 1, count do origins[index] = HIDDEN end
  return origins
end

-- Whether the user wants an item left alone: by our own mark or by Reaper's lock of items.
function M.is_locked(item)
  local by_reaper = math.floor(reaper.GetMediaItemInfo_Value(item, "C_LOCK"))
  return M.item_text(item, M.LOCK) == "1" or by_reaper & REAPER_LOCK ~= 0
end

function M.is_near(a_qn, b_qn)
  return math.abs(a_qn - b_qn) <= NEAR_QN
end

return M
