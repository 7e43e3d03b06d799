-- @noindex
-- The four tracks of a project and the voice's own, found again or made: part name in, MediaTrack out. Never by index,
-- never by pointer kept. In this order: the GUID stored in the project; a track with our mark; the user's own track of
-- exactly that name, unless it holds audio (a "Bass" with a recorded bass guitar is theirs, one prepared with a synth
-- is meant for us) or, for the voice, MIDI; a new one. A track once ours stays ours under any name the user
-- gives it.

local lib = ...
local looks = lib("looks")

local M = {}
local EXTENSION = "vocalmidi"
local MARK = "P_EXT:vocalmidi_part"
local DRAFT = "P_EXT:vocalmidi_draft" -- that it was made for a draft only, as lib/draft_items has it
local VOICE = "voice" -- holds sound, the others MIDI
local ORDER = { melody = 1, chords = 2, bass = 3, drums = 4, voice = 5 }

function M.title(part_name)
  return part_name:sub(1, 1):upper() .. part_name:sub(2)
end

local function all_tracks(proj)
  local index = -1
  return function()
    index = index + 1
    if index < reaper.CountTracks(proj) then return reaper.GetTrack(proj, index) end
  end
end

local function text_of(track, name)
  local _, text = reaper.GetSetMediaTrackInfo_String(track, name, "", false)
  return text
end

local function mark_of(track)
  return text_of(track, MARK)
end

local function holds(track, is_midi)
  for index = 0, reaper.CountTrackMediaItems(track) - 1 do
    local take = reaper.GetActiveTake(reaper.GetTrackMediaItem(track, index))
    if take and reaper.TakeIsMIDI(take) == is_midi then return true end
  end
  return false
end

local function is_adoptable(track, part_name)
  local _, name = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)
  local is_free = name == M.title(part_name) and mark_of(track) == ""
  return is_free and not holds(track, part_name == VOICE)
end

local function find(proj, part_name)
  local _, stored = reaper.GetProjExtState(proj, EXTENSION, part_name)
  local marked, named
  for track in all_tracks(proj) do
    if stored ~= "" and reaper.GetTrackGUID(track) == stored then return track end
    if not marked and mark_of(track) == part_name then marked = track end
    if not named and is_adoptable(track, part_name) then named = track end
  end
  return marked or named
end

-- Where a new track goes: to the end, or before one that was made for the draft of a later part, so that all lie in
-- their order.
local function index_for(proj, part_name)
  local index = 0
  for track in all_tracks(proj) do
    local part = text_of(track, DRAFT):match(" (%l+)$")
    if part and ORDER[part] > ORDER[part_name] then return index end
    index = index + 1
  end
  return index
end

local function make(proj, part_name, undo)
  local index, count = index_for(proj, part_name), reaper.CountTracks(proj)
  undo(function()
    if reaper.CountTracks(proj) > count then reaper.DeleteTrack(reaper.GetTrack(proj, index)) end
  end)
  if reaper.InsertTrackInProject then
    reaper.InsertTrackInProject(proj, index, 1)
  else -- older Reaper; acts on the current project
    assert(reaper.EnumProjects(-1) == proj, "this Reaper makes tracks only in the project in front")
    reaper.InsertTrackAtIndex(index, true)
  end
  local track = reaper.GetTrack(proj, index)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", M.title(part_name), true)
  looks.give(track, part_name)
  return track
end

local function claim(proj, track, part_name, undo)
  local guid = reaper.GetTrackGUID(track)
  local _, stored = reaper.GetProjExtState(proj, EXTENSION, part_name)
  if stored ~= guid then
    undo(function() reaper.SetProjExtState(proj, EXTENSION, part_name, stored) end)
    reaper.SetProjExtState(proj, EXTENSION, part_name, guid)
  end
  local mark = mark_of(track)
  if mark ~= part_name then
    undo(function() reaper.GetSetMediaTrackInfo_String(track, MARK, mark, true) end)
    reaper.GetSetMediaTrackInfo_String(track, MARK, part_name, true)
  end
  local draft = text_of(track, DRAFT)
  if draft ~= "" then
    undo(function() reaper.GetSetMediaTrackInfo_String(track, DRAFT, draft, true) end)
    reaper.GetSetMediaTrackInfo_String(track, DRAFT, "", true)
  end
end

-- The part's track where there is one, and a new one; neither is claimed.
M.find, M.make = find, make

-- The part's track in `proj`, the `known` one where that is given; `undo(f)` is told how to take back whatever this
-- changes.
function M.find_or_make(proj, part_name, undo, known)
  local track = known or find(proj, part_name) or make(proj, part_name, undo)
  claim(proj, track, part_name, undo)
  return track
end

return M
