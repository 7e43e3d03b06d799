-- @noindex
-- A part's notes into a MIDI item: ticks through the take, the request's strength, and what item and take remember of
-- it. Called inside an undo block; whatever fails raises.

local lib = ...
local events, strength_of, written = lib("events"), lib("strength"), lib("written")

local M = {}
local MAX_TICK = 0x7FFFFFFF -- of MIDI_SetAllEvts, which counts in 32 bits
local SHORTEST_QN = 1 / 16 -- an item's, some ticks at any resolution, so that there is room for a note

local function stop_of(notes, strength, length)
  for _, note in ipairs(notes) do
    local start_qn, length_qn = strength_of.place(note, strength)
    length = math.max(length, start_qn + length_qn)
  end
  return length
end

-- The arrangement's whole bars; a part whose last note rings on, in whatever pass, gets a longer item.
function M.length_of(part, request)
  local strength = request.strength or 1
  local length = stop_of(part.notes, strength, math.max(SHORTEST_QN, request.length_qn))
  for _, pass in ipairs(request.passes) do
    if pass.name == part.name then length = stop_of(pass.notes, strength, length) end
  end
  return length
end

-- A take's ticks are even in quarter notes whatever the tempo does, so two questions answer for all notes.
local function tick_reader(take, place_qn)
  local zero = reaper.MIDI_GetPPQPosFromProjQN(take, place_qn)
  local ticks = reaper.MIDI_GetPPQPosFromProjQN(take, place_qn + 1) - zero
  return function(qn) return math.floor(zero + qn * ticks + 0.5) end
end

-- Returns where the notes that Reaper took come from, in order of start, then pitch.
local function fill(take, part, place_qn, length)
  local to_tick = tick_reader(take, place_qn)
  assert(to_tick(length) <= MAX_TICK, "the item is longer than MIDI can count")
  local packed, origins = events.pack(part, to_tick, to_tick(length))
  assert(reaper.MIDI_SetAllEvts(take, packed), "Reaper did not take the MIDI events")
  reaper.MIDI_Sort(take)
  -- Only notes are compared: whether Reaper counts its own end marker among the controllers is not documented.
  local _, found = reaper.MIDI_CountEvts(take)
  assert(found == #origins, ("Reaper kept %d notes of %d"):format(found, #origins))
  return origins
end

-- Fills a take with a part's notes at a strength; the take remembers both their places. Returns the notes' origins.
function M.take(take, part, strength, place_qn, length)
  if strength then
    local remembered = strength_of.text(part.notes, strength)
    part = strength_of.applied(part, strength)
    reaper.GetSetMediaItemTakeInfo_String(take, strength_of.MARK, remembered, true)
  end
  return fill(take, part, place_qn, length)
end

-- Where notes come from, counted, in the order in which they first come: "8 sung, 4 rules".
local function counted(origins)
  local counts, order = {}, {}
  for _, origin in ipairs(origins) do
    if not counts[origin] then order[#order + 1] = origin end
    counts[origin] = (counts[origin] or 0) + 1
  end
  for index, origin in ipairs(order) do order[index] = ("%d %s"):format(counts[origin], origin) end
  return table.concat(order, ", ")
end

local function readable_note(request, origins)
  local head = ("Vocal MIDI: %s, seed %d, %g BPM"):format(request.genre, request.seed, request.tempo_qpm)
  local lines = { head, request.provenance }
  if origins and #origins > 0 then lines[3] = "Notes: " .. counted(origins) end
  return table.concat(lines, "\n")
end

-- What every item remembers of its request; origins: where its notes come from, nil for sound.
function M.mark(item, request, origins)
  reaper.GetSetMediaItemInfo_String(item, "P_NOTES", readable_note(request, origins), true)
  reaper.GetSetMediaItemInfo_String(item, written.REQUEST, request.id, true)
end

-- What an item remembers of the arrangement and the part that it is.
function M.mark_part(item, part, group)
  reaper.GetSetMediaItemInfo_String(item, written.GROUP, group, true)
  reaper.GetSetMediaItemInfo_String(item, written.PART, part.name, true)
  reaper.GetSetMediaItemInfo_String(item, written.SOURCE, part.source, true)
end

return M
