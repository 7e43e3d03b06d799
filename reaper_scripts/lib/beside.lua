-- @noindex
-- New notes beside an item that the user has edited, which stays as it is and is heard: as an item in a lane that does
-- not play, or where its track can have no lanes, as a take behind the edited one. Called inside an undo block;
-- whatever fails raises.

local lib = ...
local fill, lanes, part_item = lib("fill"), lib("lanes"), lib("part_item")
local tracks, written = lib("tracks"), lib("written")

local M = {}
local LANE, TAKE = "lane", "take"

-- A part as a take of an item has it whose bounds are others than the arrangement's: what lies outside is not heard.
local function shifted(note, shift_qn)
  local copy, played = {}, note.played
  for name, value in pairs(note) do copy[name] = value end
  copy.start_qn = note.start_qn + shift_qn
  copy.played = played and { start_qn = played.start_qn + shift_qn, length_qn = played.length_qn }
  return copy
end

local function within(part, shift_qn, length)
  local copy = {}
  for name, value in pairs(part) do copy[name] = value end
  copy.notes = {}
  for _, note in ipairs(part.notes) do
    local moved = shifted(note, shift_qn)
    if moved.start_qn < length and moved.start_qn + moved.length_qn > 0 then copy.notes[#copy.notes + 1] = moved end
  end
  return copy
end

-- Reaper has no function that takes a take away, hence all of the item.
local function keep(item, step)
  local ok, chunk = reaper.GetItemStateChunk(item, "", false)
  assert(ok, "Reaper does not say how the item is")
  step(function() reaper.SetItemStateChunk(item, chunk, false) end)
end

local function add_take(proj, request, each, step)
  local item, part = each.item, each.part
  local active, start_qn, length_qn = reaper.GetActiveTake(item), written.span_qn(proj, item)
  keep(item, step)
  local take, source = reaper.AddTakeToMediaItem(item), reaper.PCM_Source_CreateFromType("MIDI")
  assert(take and source and reaper.SetMediaItemTake_Source(take, source), "Reaper made no take")
  local cut = within(part, request.place_qn - start_qn, length_qn)
  fill.take(take, cut, request.strength, start_qn, length_qn)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", tracks.title(part.name) .. ", new", true)
  reaper.GetSetMediaItemTakeInfo_String(take, written.REQUEST, request.id, true)
  reaper.SetActiveTake(active)
  reaper.UpdateItemInProject(item)
  return item, take
end

local function add_lane(proj, request, each, step)
  local group = written.item_text(each.item, written.GROUP)
  local track, part = reaper.GetMediaItem_Track(each.item), each.part
  local name, length = tracks.title(part.name) .. ", new", fill.length_of(part, request)
  local lane = lanes.silent(proj, track, request.place_qn, length, name, step)
  local item = part_item.make(proj, track, part, request, request.place_qn, group, step)
  lanes.put(item, lane)
  return item, reaper.GetActiveTake(item)
end

-- Writes each.part beside each.item; returns the item that holds it, its take, and "lane" or "take".
function M.write(proj, request, each, step)
  local track = reaper.GetMediaItem_Track(each.item)
  if lanes.open(track, step) then
    local item, take = add_lane(proj, request, each, step)
    lanes.refresh(proj)
    return item, take, LANE
  end
  local item, take = add_take(proj, request, each, step)
  return item, take, TAKE
end

return M
