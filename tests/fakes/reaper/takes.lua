-- Takes of an item, and a track's fixed lanes: which take plays, which lane an item lies in, which lanes play.
-- Reaper's numbers: a track's I_FREEMODE is 2 where it has fixed lanes; C_LANEPLAYS:N is 0 (no), 1 (alone) or 2 (too).

local fake = ...
local api = fake.api
local FIXED_LANES, FREE_MODES, PLAYS = 2, 2, 2

function api.CountTakes(item) return #item.takes end
function api.GetTake(item, index) return item.takes[index + 1] end
function api.GetMediaItemTake_Item(take) return take.item end

-- Red is the lowest byte here, as on Windows; elsewhere it is not.
function api.ColorToNative(red, green, blue) return red | green << 8 | blue << 16 end

local function lane_of(name)
  local lane = name:match("^C_LANEPLAYS:(%d+)$")
  return lane and math.tointeger(tonumber(lane))
end

local function lanes_in_use(track)
  local count = 1
  for _, item in ipairs(track.items) do count = math.max(count, (item.lane or 0) + 1) end
  return count
end

local function lane_count(track) return math.max(track.lane_count or 1, lanes_in_use(track)) end
fake.lane_count = lane_count

function api.GetMediaTrackInfo_Value(track, name)
  if name == "I_FREEMODE" then return track.free_mode or 0 end
  if name == "I_CUSTOMCOLOR" then return track.colour or 0 end
  if name == "I_NUMFIXEDLANES" then return lane_count(track) end
  local lane = lane_of(name)
  if not lane then fake.violate("no such number: " .. name) end
  if lane >= lane_count(track) then return -1 end
  return (track.plays or {})[lane] or (lane == 0 and 1 or 0)
end

function api.SetMediaTrackInfo_Value(track, name, value)
  fake.changed(track.project)
  local lane = lane_of(name)
  if name == "I_FREEMODE" and value >= 0 and value <= FREE_MODES then
    track.free_mode = value
  elseif name == "I_CUSTOMCOLOR" and math.tointeger(value) then
    track.colour = math.tointeger(value)
  elseif name == "I_NUMFIXEDLANES" and value >= lanes_in_use(track) then
    track.lane_count = value
  elseif lane and lane < lane_count(track) and value >= 0 and value <= PLAYS then
    track.plays = track.plays or {}
    -- One that plays alone stops the others.
    for other = 0, lane_count(track) - 1 do
      if value == 1 and other ~= lane then track.plays[other] = 0 end
    end
    track.plays[lane] = value
  else
    fake.violate(("%s can't be %s"):format(name, tostring(value)))
  end
  return true
end

-- For items' I_FIXEDLANE: a lane is only there where the track has fixed lanes.
function fake.set_lane(item, value)
  if item.track.free_mode ~= FIXED_LANES then fake.violate("a lane on a track without fixed lanes") end
  if value < 0 then fake.violate("a lane below the first") end
  item.lane = value
end

-- What a track keeps of its colour and its lanes, as one text; "" where it has neither.
function fake.lanes_text(track)
  local colour = track.colour and ("colour %x"):format(track.colour) or ""
  if (track.free_mode or 0) == 0 and lane_count(track) == 1 then return colour end
  local words = { colour .. ("lanes %d %d"):format(track.free_mode or 0, lane_count(track)) }
  for lane = 0, lane_count(track) - 1 do words[#words + 1] = ("%d"):format((track.plays or {})[lane] or 0) end
  return table.concat(words, " ")
end

function api.UpdateTimeline() end
function api.UpdateItemLanes(_) return true end

-- An item as text, which only this fake can read again.
local chunks = {}

function api.GetItemStateChunk(item, _, _)
  local text = fake.item_state(item)
  chunks[text] = fake.copy_item(item, { items = {} })
  return true, text
end

function api.SetItemStateChunk(item, text, _)
  fake.changed(item.track.project)
  if not chunks[text] then fake.violate("no item is described by such a text") end
  local copy = fake.copy_item(chunks[text], { items = {} })
  for _, take in ipairs(item.takes) do take.alive = false end
  for _, name in ipairs({ "start_s", "end_s", "lock", "is_muted", "lane", "strings", "takes", "take" }) do
    item[name] = copy[name]
  end
  for _, take in ipairs(item.takes) do take.item = item end
  return true
end

function fake.copy_lanes(from, to)
  to.free_mode, to.lane_count, to.colour = from.free_mode, from.lane_count, from.colour
  if not from.plays then return end
  to.plays = {}
  for lane, plays in pairs(from.plays) do to.plays[lane] = plays end
end
