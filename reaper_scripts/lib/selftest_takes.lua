-- @noindex
-- Self-test, several passes of one part: further takes of an item, and fixed lanes of a track.

local lib = ...
local hold = lib("selftest_hold")

local FIXED_LANES, LANES_SINCE = 2, 7
local LENGTH_QN = 4

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

local function lanes(room)
  local version = reaper.GetAppVersion()
  if (tonumber(version:match("^%d+")) or 0) < LANES_SINCE then return "Reaper " .. version .. " has no lanes", true end
  local item, track
  hold.change(room, "Self-test: lanes", function()
    item = hold.new_item(room, 0, LENGTH_QN)
    track = reaper.GetMediaItem_Track(item)
    reaper.SetMediaTrackInfo_Value(track, "I_FREEMODE", FIXED_LANES)
    reaper.CreateNewMIDIItemInProj(track, 0, LENGTH_QN, true)
    reaper.SetMediaItemInfo_Value(item, "I_FIXEDLANE", 1)
    reaper.SetMediaTrackInfo_Value(track, "C_LANEPLAYS:1", 1)
    reaper.UpdateItemInProject(item)
  end)
  hold.near(reaper.GetMediaTrackInfo_Value(track, "I_FREEMODE"), FIXED_LANES, "the track's way of laying items")
  hold.near(reaper.GetMediaItemInfo_Value(item, "I_FIXEDLANE"), 1, "the item's lane")
  hold.near(reaper.GetMediaTrackInfo_Value(track, "C_LANEPLAYS:1"), 1, "whether that lane plays")
  hold.near(reaper.GetMediaTrackInfo_Value(track, "C_LANEPLAYS:0"), 0, "whether the other lane plays")
  return ""
end

return {
  { name = "an item has further takes of MIDI", run = takes },
  { name = "a track has lanes, of which one plays", run = lanes },
}
