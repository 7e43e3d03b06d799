-- @noindex
-- The `draft` file, in which the daemon draws what is sung while it is recorded (docs/SPOOL.md): bytes in, a table out.
-- Ranges are those of daemon/vocalmidi/reaper/draft.py. What passes here can be written into items as it is.

local lib = ...
local lines, request_files = lib("lines"), lib("request")

local M = { NAME = "daemon.draft" }
local MAX_NOTES, MAX_QN, MAX_NUMBER = 1000, 1000000.0, 1 << 53
local SUNG = "sung" -- where all its notes come from
local ORDER = {}
for index, name in ipairs(request_files.PARTS) do ORDER[name] = index end

local function read_length(reader, text)
  local length = reader:number(text, 0, MAX_QN)
  if length <= 0 then reader:refuse("a length must be above zero") end
  return length
end

local function read_note(reader)
  local start, length, pitch, velocity = reader:fields("n", 4)
  return {
    start_qn = reader:number(start, 0, MAX_QN), length_qn = read_length(reader, length),
    pitch = reader:integer(pitch, 0, 127), velocity = reader:integer(velocity, 1, 127), bends = {}, origin = SUNG,
  }
end

local function is_before(note, following)
  if note.start_qn ~= following.start_qn then return note.start_qn < following.start_qn end
  return note.pitch <= following.pitch
end

local function read_part(reader, left)
  local name, channel, program, count = reader:fields("part", 4)
  if not ORDER[name] then reader:refuse("the part is none of " .. table.concat(request_files.PARTS, ", ")) end
  local part = {
    name = name, channel = reader:integer(channel, 0, 15), program = reader:integer(program, 0, 127), notes = {},
  }
  for index = 1, reader:integer(count, 1, left) do
    part.notes[index] = read_note(reader)
    if index > 1 and not is_before(part.notes[index - 1], part.notes[index]) then
      reader:refuse("the notes are not in order of start and pitch")
    end
  end
  return part
end

local function read_draft(content)
  local reader = lines.open(content, "draft")
  local draft = { id = reader.id, parts = {} }
  draft.number = reader:integer(reader:fields("number", 1), 1, MAX_NUMBER)
  draft.place_qn = reader:number(reader:fields("place", 1), 0, MAX_QN)
  draft.length_qn = read_length(reader, reader:fields("length_qn", 1))
  local left, last = MAX_NOTES, 0
  for index = 1, reader:integer(reader:fields("parts", 1), 0, #request_files.PARTS) do
    local part = read_part(reader, left)
    if ORDER[part.name] <= last then reader:refuse("the parts must each come once, in their order") end
    draft.parts[index], last, left = part, ORDER[part.name], left - #part.notes
  end
  reader:finish()
  return draft
end

-- What a whole draft file says, or `nil, reason`.
function M.read(content)
  return lines.guarded(read_draft, content)
end

return M
