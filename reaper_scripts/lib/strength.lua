-- @noindex
-- How far sung notes are moved from where they were played to where they are meant: the request's notes at a strength,
-- and what a take remembers of both (P_EXT), so that it can be changed at any time. Pure: text and tables.
--
-- The text: "1 STRENGTH" and, for each sung note, ";PITCH MEANT_START MEANT_LENGTH PLAYED_START PLAYED_LENGTH", quarter
-- notes after the item's first tick. No line ends: a project file keeps it in one line.

local M = { MARK = "P_EXT:vocalmidi_timing" }
local FORMAT = "1"
local SHORTEST_QN = 1 / 128 -- as phrase/strength.py leaves of a note

local function between(played, meant, strength)
  return played + strength * (meant - played)
end

-- Start and length of a note at a strength, not before the item begins; what nobody sang stays where it is.
function M.place(note, strength)
  local played = note.played
  if not played then return note.start_qn, note.length_qn end
  local start = math.max(0, between(played.start_qn, note.start_qn, strength))
  local stop = between(played.start_qn + played.length_qn, note.start_qn + note.length_qn, strength)
  return start, math.max(SHORTEST_QN, stop - start)
end

local function earlier(a, b)
  if a.start_qn ~= b.start_qn then return a.start_qn < b.start_qn end
  if a.pitch ~= b.pitch then return a.pitch < b.pitch end
  return a.index < b.index
end

-- The part with its notes at a strength.
function M.applied(part, strength)
  local notes = {}
  for index, note in ipairs(part.notes) do
    local start, length = M.place(note, strength)
    notes[index] = {
      start_qn = start, length_qn = length, pitch = note.pitch, velocity = note.velocity, bends = note.bends,
      levels = note.levels, origin = note.origin, index = index,
    }
  end
  table.sort(notes, earlier)
  return {
    name = part.name, channel = part.channel, program = part.program, expression = part.expression, notes = notes,
  }
end

local function number_text(number)
  return (("%.6f"):format(number):gsub(",", "."))
end

-- What a take remembers of its sung notes, "" where it has none.
function M.text(notes, strength)
  local rows = { FORMAT .. " " .. number_text(strength) }
  for _, note in ipairs(notes) do
    if note.played then
      rows[#rows + 1] = ("%d %s %s %s %s"):format(
        note.pitch, number_text(note.start_qn), number_text(note.length_qn), number_text(note.played.start_qn),
        number_text(note.played.length_qn))
    end
  end
  return #rows > 1 and table.concat(rows, ";") or ""
end

local function read_note(row)
  local pitch, start, length, played, played_length = row:match("^(%d+) (%S+) (%S+) (%S+) (%S+)$")
  local note = { pitch = math.tointeger(tonumber(pitch)), start_qn = tonumber(start), length_qn = tonumber(length) }
  note.played = { start_qn = tonumber(played), length_qn = tonumber(played_length) }
  local whole = note.pitch and note.start_qn and note.length_qn and note.played.start_qn and note.played.length_qn
  return whole and note or nil
end

-- Notes and strength of such a text; nil where it is none.
function M.read(text)
  local strength = tonumber(text:match("^1 ([%d.]+);"))
  if not strength then return nil end
  local notes = {}
  for row in text:gmatch(";([^;]+)") do
    local note = read_note(row)
    if not note then return nil end
    notes[#notes + 1] = note
  end
  return notes, strength
end

return M
