-- @noindex
-- The passes of a loop that was sung several times, beside the item of what they agree on, which stays the one that is
-- heard: as further takes of that item, or where the request wants it and this Reaper has them, as items in fixed lanes
-- of their own. Called inside an undo block; whatever fails raises.

local lib = ...
local fill, lanes, part_item = lib("fill"), lib("lanes"), lib("part_item")
local tracks, written = lib("tracks"), lib("written")

local M = {}

local function add_take(item, pass, title, request, place_qn, length)
  local take = reaper.AddTakeToMediaItem(item)
  local source = reaper.PCM_Source_CreateFromType("MIDI")
  assert(take and source and reaper.SetMediaItemTake_Source(take, source), "Reaper made no take for a pass")
  fill.take(take, pass, request.strength, place_qn, length)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", title, true)
end

-- It belongs to the arrangement, and to no request: who asks whether that is there means what the passes agree on.
local function add_lane(proj, item, pass, title, request, place_qn, length, step)
  local track = reaper.GetMediaItem_Track(item)
  local lane = lanes.silent(proj, track, place_qn, length, title, step)
  local new = part_item.empty(proj, track, place_qn, length, step)
  local take = reaper.GetActiveTake(new)
  local origins = fill.take(take, pass, request.strength, place_qn, length)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", title, true)
  fill.mark(new, request, origins)
  fill.mark_part(new, { name = pass.name, source = written.item_text(item, written.SOURCE) }, request.id)
  reaper.GetSetMediaItemInfo_String(new, written.PASS, "1", true)
  lanes.put(new, lane)
end

-- Adds the passes of an item's part; `length` is the item's. Returns false where lanes were wanted and can't be had.
function M.add(proj, item, request, name, place_qn, length, step)
  local mine = {}
  for _, pass in ipairs(request.passes) do
    if pass.name == name then mine[#mine + 1] = pass end
  end
  if #mine == 0 then return true end
  local track, active = reaper.GetMediaItem_Track(item), reaper.GetActiveTake(item)
  local in_lanes = request.in_lanes and lanes.open(track, step)
  if in_lanes then lanes.put_heard(item) end
  for count, pass in ipairs(mine) do
    local title = ("%s, pass %d"):format(tracks.title(name), count)
    if in_lanes then
      add_lane(proj, item, pass, title, request, place_qn, length, step)
    else
      add_take(item, pass, title, request, place_qn, length)
    end
  end
  if not in_lanes then reaper.SetActiveTake(active) end
  return in_lanes or not request.in_lanes
end

return M
