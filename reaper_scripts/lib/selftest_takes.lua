-- @noindex
-- Self-test, several passes of one part: further takes of an item, and fixed lanes of a track.

local lib = ...
local hold, lanes = lib("selftest_hold"), lib("lanes")

local LANES_SINCE, LENGTH_QN = 7, 4

local function new_take(item, pitch)
  local take, source = reaper.AddTakeToMediaItem(item), reaper.PCM_Source_CreateFromType("MIDI")
  hold.that(take and source, "Reaper makes no empty MIDI take")
  hold.that(reaper.SetMediaItemTake_Source(take, source), "a take does not take a MIDI source")
  local ticks, events = hold.ticks_a_quarter(take, 0), {}
  hold.that(ticks > 0, "a new MIDI take has no ticks")
  hold.note(events, 0, math.floor(ticks), pitch, 80)
  hold.fill(take, events, math.floor(ticks * LENGTH_QN + 0.5))
  return take
end

local function takes(room)
  local item, first, second
  hold.change(room, "Self-test: takes", function()
    item, first = hold.new_item(room, 0, LENGTH_QN)
    second = new_take(item, 67)
    reaper.SetActiveTake(second)
  end)
  hold.that(reaper.TakeIsMIDI(second), "a take with a MIDI source counts as sound")
  hold.that(reaper.GetActiveTake(item) == second, "the take that was put in front is not in front")
  local _, _, _, _, _, _, pitch = reaper.MIDI_GetNote(second, 0)
  hold.equal(pitch, 67, "the note of the second take")
  hold.equal(select(2, reaper.MIDI_CountEvts(first)), 0, "the number of notes of the first take")
  return ""
end

-- A take that was added since goes with the item's own text, there being no function that takes a take away.
local function own_text(room)
  local item, first
  hold.change(room, "Self-test: item", function() item, first = hold.new_item(room, 0, LENGTH_QN) end)
  local ok, text = reaper.GetItemStateChunk(item, "", false)
  hold.that(ok, "Reaper does not say how an item is")
  hold.change(room, "Self-test: take", function()
    reaper.AddTakeToMediaItem(item)
    hold.that(reaper.SetItemStateChunk(item, text, false), "Reaper does not take an item's own text")
  end)
  hold.equal(reaper.CountTakes(item), 1, "the number of takes after that")
  hold.that(reaper.ValidatePtr2(room.proj, item, "MediaItem*"), "the item is another one then")
  return reaper.GetActiveTake(item) == first and "its take stays the same" or "its take is another one then"
end

-- The bridge's own way: what is there lies in the first lane and plays, another version in a silent one beside it.
local function fixed_lanes(room)
  local version = reaper.GetAppVersion()
  if (tonumber(version:match("^%d+")) or 0) < LANES_SINCE then return "Reaper " .. version .. " has no lanes", true end
  local item, other, track
  hold.change(room, "Self-test: lanes", function()
    item = hold.new_item(room, 0, LENGTH_QN)
    track = reaper.GetMediaItem_Track(item)
    local function step() end
    hold.that(lanes.open(track, step), "a track gets no lanes")
    local lane = lanes.silent(room.proj, track, 0, LENGTH_QN, "Self-test", step)
    other = reaper.CreateNewMIDIItemInProj(track, 0, LENGTH_QN, true)
    lanes.put(other, lane)
    lanes.refresh(room.proj)
  end)
  hold.near(reaper.GetMediaItemInfo_Value(item, "I_FIXEDLANE"), 0, "the lane of what was there")
  hold.near(reaper.GetMediaItemInfo_Value(other, "I_FIXEDLANE"), 1, "the lane of the other version")
  hold.that(lanes.is_heard(item), "the lane of what was there does not play")
  hold.that(not lanes.is_heard(other), "the other version plays too")
  return ("%g lanes"):format(reaper.GetMediaTrackInfo_Value(track, "I_NUMFIXEDLANES"))
end

return {
  { name = "an item has further takes of MIDI", run = takes },
  {
    name = "an item's own text takes a later take away", run = own_text,
    needs = { "GetItemStateChunk", "SetItemStateChunk" },
  },
  { name = "a track has lanes, of which one plays", run = fixed_lanes },
}
