-- @noindex
-- Fixed lanes of a track (Reaper 7): versions of an item one below the other, of which one plays. Knows which items are
-- heard, makes lanes that do not play, and puts items into lanes; an older Reaper has none, and says so here. What it
-- changes it can take back.

local M = {}
local NORMAL, FIXED = 0, 2 -- of a track's I_FREEMODE; 1 is a track whose items the user places freely
local SILENT, ALONE, TOO = 0, 1, 2 -- of C_LANEPLAYS:N
local FIRST_VERSION = 7

local function number_of(track, name)
  return math.floor(reaper.GetMediaTrackInfo_Value(track, name))
end

local function plays(track, lane)
  return number_of(track, "C_LANEPLAYS:" .. lane) ~= SILENT
end

local function lane_of(item)
  return math.floor(reaper.GetMediaItemInfo_Value(item, "I_FIXEDLANE"))
end

local function has_lanes(track)
  return number_of(track, "I_FREEMODE") == FIXED
end

-- Whether an item is heard: on a track with lanes, whether its lane plays.
function M.is_heard(item)
  local track = reaper.GetMediaItem_Track(item)
  return not has_lanes(track) or plays(track, lane_of(item))
end

local function are_known()
  return (tonumber(reaper.GetAppVersion():match("^%d+")) or 0) >= FIRST_VERSION
end

local function set(track, name, number, step)
  local before = number_of(track, name)
  step(function() reaper.SetMediaTrackInfo_Value(track, name, before) end)
  reaper.SetMediaTrackInfo_Value(track, name, number)
  return number_of(track, name) == number
end

-- Lets every lane play of a track that has just got them: what was heard on it is heard, wherever Reaper puts it.
local function keep_heard(track, step)
  local count = number_of(track, "I_NUMFIXEDLANES")
  for lane = 0, count - 1 do
    if not plays(track, lane) then set(track, "C_LANEPLAYS:" .. lane, count > 1 and TOO or ALONE, step) end
  end
end

-- Gives a track fixed lanes where it has none; false where this Reaper knows none, or the user places items freely.
function M.open(track, step)
  if has_lanes(track) then return true end
  if not are_known() or number_of(track, "I_FREEMODE") ~= NORMAL then return false end
  if not set(track, "I_FREEMODE", FIXED, step) then return false end
  keep_heard(track, step)
  return true
end

-- Puts an item into a lane.
function M.put(item, lane)
  reaper.SetMediaItemInfo_Value(item, "I_FIXEDLANE", lane)
  assert(lane_of(item) == lane, "Reaper did not put the item into lane " .. lane)
end

-- Puts a new item where it is heard: into the first lane that plays. Nothing to do on a track without lanes.
function M.put_heard(item)
  local track = reaper.GetMediaItem_Track(item)
  if not has_lanes(track) or plays(track, lane_of(item)) then return end
  for lane = 0, number_of(track, "I_NUMFIXEDLANES") - 1 do
    if plays(track, lane) then return reaper.SetMediaItemInfo_Value(item, "I_FIXEDLANE", lane) end
  end
end

-- The lanes in which something lies from start_s to stop_s.
local function taken(track, start_s, stop_s)
  local found = {}
  for index = 0, reaper.CountTrackMediaItems(track) - 1 do
    local item = reaper.GetTrackMediaItem(track, index)
    local item_s = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
    local is_beside = item_s >= stop_s or item_s + reaper.GetMediaItemInfo_Value(item, "D_LENGTH") <= start_s
    if not is_beside then found[lane_of(item)] = true end
  end
  return found
end

local function new_lane(track, step)
  local lane = number_of(track, "I_NUMFIXEDLANES")
  assert(set(track, "I_NUMFIXEDLANES", lane + 1, step), "Reaper made no lane")
  if plays(track, lane) then set(track, "C_LANEPLAYS:" .. lane, SILENT, step) end
  return lane
end

local function name_lane(track, lane, name, step)
  local key = "P_LANENAME:" .. lane
  local _, before = reaper.GetSetMediaTrackInfo_String(track, key, "", false)
  if before ~= "" then return end
  step(function() reaper.GetSetMediaTrackInfo_String(track, key, "", true) end)
  reaper.GetSetMediaTrackInfo_String(track, key, name, true)
end

-- A lane, of a track with lanes, that does not play and is free for `length_qn` from `place_qn` on: one that is there,
-- else a new one called `name`. Asked for before there is an item for it, so that it is taken back after that.
function M.silent(proj, track, place_qn, length_qn, name, step)
  local start_s = reaper.TimeMap2_QNToTime(proj, place_qn)
  local in_use = taken(track, start_s, reaper.TimeMap2_QNToTime(proj, place_qn + length_qn))
  for lane = 0, number_of(track, "I_NUMFIXEDLANES") - 1 do
    if not plays(track, lane) and not in_use[lane] then return lane end
  end
  local lane = new_lane(track, step)
  name_lane(track, lane, name, step)
  return lane
end

-- Has Reaper draw and count its lanes anew, as its own list of functions asks after a change.
function M.refresh(proj)
  reaper.UpdateTimeline()
  if reaper.UpdateItemLanes then reaper.UpdateItemLanes(proj) end
end

return M
