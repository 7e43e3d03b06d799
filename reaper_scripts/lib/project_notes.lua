-- @noindex
-- The notes of the project's own MIDI that are nearest to a position: what they say of the key goes with a command.
-- Drums, muted items and notes, lanes that do not play, and what Vocal MIDI itself wrote are left out. Reads only.

local lib = ...
local lanes = lib("lanes")

local M = {}
local MOST = 400 -- some 30 bars of a piano; more of a song says nothing new of its key
local MOST_READ = 4000 -- of nearer items first; a project of an hour must not hold Reaper's window
local DRUM_CHANNEL = 9
local OWN_MARKS = { "P_EXT:vocalmidi_request", "P_EXT:vocalmidi_draft" }

local function is_own(item)
  for _, mark in ipairs(OWN_MARKS) do
    local _, text = reaper.GetSetMediaItemInfo_String(item, mark, "", false)
    if text ~= "" then return true end
  end
  return false
end

-- Takes of sounding MIDI items that others made, the nearest to `at_s` first.
local function takes_near(proj, at_s)
  local found = {}
  for index = 0, reaper.CountMediaItems(proj) - 1 do
    local item = reaper.GetMediaItem(proj, index)
    local take = reaper.GetActiveTake(item)
    local is_heard = take and reaper.TakeIsMIDI(take) and reaper.GetMediaItemInfo_Value(item, "B_MUTE") == 0
    if is_heard and not is_own(item) and lanes.is_heard(item) then
      local start_s = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
      local stop_s = start_s + reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
      found[#found + 1] = { take = take, away_s = math.max(0, start_s - at_s, at_s - stop_s), index = index }
    end
  end
  table.sort(found, function(a, b)
    if a.away_s ~= b.away_s then return a.away_s < b.away_s end
    return a.index < b.index
  end)
  return found
end

local function add_notes(notes, take)
  local _, count = reaper.MIDI_CountEvts(take)
  for number = 0, math.min(count, MOST_READ - #notes) - 1 do
    local ok, _, muted, start, stop, channel, pitch = reaper.MIDI_GetNote(take, number)
    if ok and not muted and channel ~= DRUM_CHANNEL and stop > start then
      local start_qn = reaper.MIDI_GetProjQNFromPPQPos(take, start)
      local length_qn = reaper.MIDI_GetProjQNFromPPQPos(take, stop) - start_qn
      notes[#notes + 1] = { start_qn = start_qn, length_qn = length_qn, pitch = pitch }
    end
  end
end

local function earlier(a, b)
  if a.start_qn ~= b.start_qn then return a.start_qn < b.start_qn end
  return a.pitch < b.pitch
end

-- Up to MOST notes as { start_qn, length_qn, pitch } in order, those that begin nearest to `at_s`.
function M.near(proj, at_s)
  local notes = {}
  for _, found in ipairs(takes_near(proj, at_s)) do
    if #notes >= MOST_READ then break end
    add_notes(notes, found.take)
  end
  local at_qn = reaper.TimeMap2_timeToQN(proj, at_s)
  table.sort(notes, function(a, b)
    local first, second = math.abs(a.start_qn - at_qn), math.abs(b.start_qn - at_qn)
    if first ~= second then return first < second end
    return earlier(a, b)
  end)
  local nearest = table.move(notes, 1, math.min(#notes, MOST), 1, {})
  table.sort(nearest, earlier)
  return nearest
end

return M
