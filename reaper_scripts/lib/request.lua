-- @noindex
-- The body of an `insert` file: its bytes in, a table with checked fields out, or `nil, reason` (docs/SPOOL.md).
-- Ranges are those of daemon/vocalmidi/reaper/messages.py. Touches nothing: what passes here can be inserted as it is.

local lib = ...
local changes, curves = lib("request_changes"), lib("request_curves")
local lines, spool_files = lib("lines"), lib("spool")

local M = { PARTS = { "melody", "chords", "bass", "drums" } }
local MAX_NOTES, MAX_BENDS, MAX_LEVELS, MAX_CHORDS, MAX_PASSES = 50000, 50000, 50000, 10000, 64
local MAX_QN, MAX_BEFORE_QN, MAX_CENTS = 1000000.0, 64.0, 12800.0
local MAX_SOURCE_LINES = 2000
local MIN_AUDIO_S, MAX_AUDIO_S = 0.001, 4000.0
local METER_UNITS = { [1] = true, [2] = true, [4] = true, [8] = true, [16] = true, [32] = true }
local ORIGINS = { sung = true, varied = true, rules = true, drums = true, continuation = true, kept = true }
local NO_LEVELS = {} -- of every note of a part that announces none
local ORDER = {}
for index, name in ipairs(M.PARTS) do ORDER[name] = index end

local function read_place(reader)
  local place = reader:fields("place", 1)
  if place == "cursor" then return nil end
  return reader:number(place, 0, MAX_QN)
end

local function read_meter(reader)
  local beats, unit = reader:fields("meter", 2)
  beats, unit = reader:integer(beats, 1, 32), reader:integer(unit, 1, 32)
  if not METER_UNITS[unit] then reader:refuse(("%d/%d is not a time signature"):format(beats, unit)) end
  return { beats = beats, unit = unit }
end

local function read_key(reader)
  local tonic, mode, probability = reader:fields("key", 3)
  if mode ~= "major" and mode ~= "minor" then reader:refuse("the mode is neither major nor minor") end
  return { tonic = reader:integer(tonic, 0, 11), mode = mode, probability = reader:number(probability, 0, 1) }
end

local function read_length(reader, text)
  local length = reader:number(text, 0, MAX_QN)
  if length <= 0 then reader:refuse("a length must be above zero") end
  return length
end

local function read_chords(reader)
  local chords = {}
  for index = 1, reader:integer(reader:fields("chords", 1), 0, MAX_CHORDS) do
    local start, length, root, bass, quality = reader:fields("c", 5)
    if #quality > 16 or quality:find("[^!-~]") then reader:refuse("a chord's quality must be 1–16 ASCII characters") end
    chords[index] = {
      start_qn = reader:number(start, 0, MAX_QN),
      length_qn = reader:number(length, 0, MAX_QN),
      root = reader:integer(root, 0, 11),
      quality = quality,
      bass = reader:integer(bass, 0, 11),
    }
  end
  return chords
end

local function read_bends(reader)
  local bends = {}
  while reader:next_is("b") do
    local after, cents = reader:fields("b", 2)
    bends[#bends + 1] = {
      after_qn = reader:number(after, 0, MAX_QN),
      bend_cents = reader:number(cents, -MAX_CENTS, MAX_CENTS),
    }
  end
  return bends
end

-- Where a note was really sung; only a request with a strength has such lines.
local function read_played(reader, strength)
  if not strength or not reader:next_is("p") then return nil end
  local start, length = reader:fields("p", 2)
  return { start_qn = reader:number(start, -MAX_BEFORE_QN, MAX_QN), length_qn = read_length(reader, length) }
end

local function read_note(reader, strength, has_levels)
  local start, length, pitch, velocity, origin = reader:fields("n", 5)
  if not ORIGINS[origin] then reader:refuse("a note's origin is none that is known") end
  return {
    origin = origin,
    start_qn = reader:number(start, 0, MAX_QN),
    length_qn = read_length(reader, length),
    pitch = reader:integer(pitch, 0, 127),
    velocity = reader:integer(velocity, 1, 127),
    played = read_played(reader, strength),
    bends = read_bends(reader),
    levels = has_levels and curves.levels(reader) or NO_LEVELS,
  }
end

local function in_order(note, following)
  if note.start_qn ~= following.start_qn then return note.start_qn < following.start_qn end
  return note.pitch <= following.pitch
end

local function read_notes(reader, count, strength, has_levels)
  local notes, bends, levels = {}, 0, 0
  for index = 1, count do
    local note = read_note(reader, strength, has_levels)
    if index > 1 and not in_order(notes[index - 1], note) then
      reader:refuse("the notes are not in order of start and pitch")
    end
    notes[index] = note
    bends, levels = bends + #note.bends, levels + #note.levels
  end
  return notes, bends, levels
end

local function read_part(reader, key, left, strength)
  local name, channel, program, note_count, bend_count = reader:fields(key, 5)
  if not ORDER[name] then reader:refuse("the part is none of " .. table.concat(M.PARTS, ", ")) end
  local part = {
    name = name,
    channel = reader:integer(channel, 0, 15),
    program = reader:integer(program, 0, 127),
  }
  note_count, bend_count = reader:integer(note_count, 0, left.notes), reader:integer(bend_count, 0, left.bends)
  local bends, levels, level_count
  part.expression, level_count = curves.read(reader, left)
  part.notes, bends, levels = read_notes(reader, note_count, strength, level_count > 0)
  if bends ~= bend_count then
    reader:refuse(("%d bend points are announced, %d are there"):format(bend_count, bends))
  end
  if levels ~= level_count then
    reader:refuse(("%d level points are announced, %d are there"):format(level_count, levels))
  end
  left.notes, left.bends, left.levels = left.notes - note_count, left.bends - bend_count, left.levels - level_count
  return part
end

local function read_parts(reader, left, strength)
  local parts, last = {}, 0
  for index = 1, reader:integer(reader:fields("parts", 1), 0, #M.PARTS) do
    parts[index] = read_part(reader, "part", left, strength)
    if ORDER[parts[index].name] <= last then reader:refuse("the parts must each come once, in their order") end
    last = ORDER[parts[index].name]
  end
  return parts
end

-- Where a loop was sung several times: the sung parts of each pass, of parts that have notes.
local function read_passes(reader, parts, left, strength)
  local passes, written = {}, {}
  if not reader:next_is("passes") then return passes end
  for _, part in ipairs(parts) do written[part.name] = #part.notes > 0 end
  for index = 1, reader:integer(reader:fields("passes", 1), 1, MAX_PASSES) do
    passes[index] = read_part(reader, "pass", left, strength)
    if not written[passes[index].name] or #passes[index].notes == 0 then
      reader:refuse("a pass needs notes, and its part of the arrangement too")
    end
  end
  return passes
end

local function read_audio(reader)
  local start, length, seconds = reader:fields("audio", 3)
  return {
    start_qn = reader:number(start, -MAX_BEFORE_QN, MAX_QN),
    length_qn = read_length(reader, length),
    length_s = reader:number(seconds, MIN_AUDIO_S, MAX_AUDIO_S),
  }
end

-- What it takes to make a part again: kept by its item and handed back, never understood here.
local function read_source(reader)
  local pieces = {}
  for index = 1, reader:integer(reader:fields("source", 1), 0, MAX_SOURCE_LINES) do
    pieces[index] = reader:text("s")
    if pieces[index]:find("[^\x20-\x7e]") then reader:refuse("a source is printable ASCII") end
  end
  return table.concat(pieces)
end

-- One source for all parts, one each, or none.
local function read_sources(reader)
  local list = {}
  if not reader:next_is("sources") then return list end
  for index = 1, reader:integer(reader:fields("sources", 1), 1, #M.PARTS) do list[index] = read_source(reader) end
  return list
end

local function read(content)
  local reader = lines.open(content, "insert")
  local request = { id = reader.id, place_qn = read_place(reader) }
  request.provenance = reader:text("provenance")
  if reader:next_is("strength") then request.strength = reader:number(reader:fields("strength", 1), 0, 1) end
  if reader:next_is("audio") then request.audio = read_audio(reader) end
  if request.audio and reader:next_is("beside") then
    request.beside = reader:fields("beside", 1)
    if not lines.is_id(request.beside) then reader:refuse("beside is not followed by an id") end
  end
  if reader:next_is("draft") then
    request.draft = reader:fields("draft", 1)
    if not lines.is_id(request.draft) then reader:refuse("draft is not followed by an id") end
  end
  request.sources = read_sources(reader)
  changes.read(reader, request, ORDER)
  request.genre = reader:text("genre")
  request.seed = reader:integer(reader:fields("seed", 1), 0, math.maxinteger)
  request.tempo_qpm = reader:number(reader:fields("tempo_qpm", 1), 0.1, 10000)
  request.meter = read_meter(reader)
  request.key = read_key(reader)
  request.length_qn = reader:number(reader:fields("length_qn", 1), 0, MAX_QN)
  request.chords = read_chords(reader)
  local left = { notes = MAX_NOTES, bends = MAX_BENDS, levels = MAX_LEVELS }
  request.parts = read_parts(reader, left, request.strength)
  request.passes = read_passes(reader, request.parts, left, request.strength)
  if #request.sources > 1 and #request.sources ~= #request.parts then
    reader:refuse("sources must be one for all parts, or one each")
  end
  for index, part in ipairs(request.parts) do part.source = request.sources[index] or request.sources[1] or "" end
  changes.check(reader, request)
  reader:finish()
  return request
end

-- The request that a whole file holds, or `nil, reason`.
function M.decode(content)
  return lines.guarded(read, content)
end

-- The same of the file at `path`.
function M.read(path)
  local content, why = spool_files.read(path, lines.MAX_BYTES)
  if not content then return nil, why end
  return M.decode(content)
end

return M
