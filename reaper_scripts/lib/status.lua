-- @noindex
-- The `status` file, in which the daemon shows how it stands (docs/SPOOL.md): bytes in, a table out.

local lib = ...
local lines = lib("lines")

local M = {}
local MAX_CLOCK_S, MAX_QN = 1e11, 1e6
local MIN_LEVEL_DB, MAX_LEVEL_DB = -120, 20
local MAX_NOTES, MAX_CHOICES = 200, 16
local MODES = { major = true, minor = true }

local function number(reader, key, low, high)
  return reader:number(reader:fields(key, 1), low, high)
end

local function key_of(reader)
  local tonic, mode, probability = reader:fields("key", 3)
  if not MODES[mode] then reader:refuse("the mode is neither major nor minor") end
  return { tonic = reader:integer(tonic, 0, 11), mode = mode, probability = reader:number(probability, 0, 1) }
end

local function choice(reader)
  local name, value, listed = reader:fields("choice", 3)
  local options = {}
  if listed ~= "-" then
    for option in listed:gmatch("[^,]+") do options[#options + 1] = option end
  end
  return { name = name, value = value, options = options }
end

local function note(reader)
  local start, length, pitch = reader:fields("n", 3)
  return {
    start_qn = reader:number(start, 0, MAX_QN), length_qn = reader:number(length, 0, MAX_QN),
    pitch = reader:integer(pitch, 0, 127),
  }
end

local function rows(reader, key, most, read)
  local list = {}
  for index = 1, reader:integer(reader:fields(key, 1), 0, most) do list[index] = read(reader) end
  return list
end

local function read_status(content)
  local reader = lines.open(content, "status")
  local status = { id = reader.id, written_s = number(reader, "written_s", 0, MAX_CLOCK_S) }
  status.listening = reader:integer(reader:fields("listening", 1), 0, 1) == 1
  status.level_db = number(reader, "level_db", MIN_LEVEL_DB, MAX_LEVEL_DB)
  if reader:next_is("pitch") then status.pitch = number(reader, "pitch", 0, 127) end
  if reader:next_is("key") then status.key = key_of(reader) end
  status.choices = rows(reader, "choices", MAX_CHOICES, choice)
  status.length_qn = number(reader, "length_qn", 0, MAX_QN)
  status.notes = rows(reader, "notes", MAX_NOTES, note)
  status.said = reader:text("said")
  reader:finish()
  return status
end

-- What a whole status file says, or `nil, reason`.
function M.read(content)
  return lines.guarded(read_status, content)
end

-- The choice called `name`, nil where there is none.
function M.choice(status, name)
  for _, each in ipairs(status and status.choices or {}) do
    if each.name == name then return each end
  end
end

return M
