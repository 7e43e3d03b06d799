-- @noindex
-- Self-test, tracks and texts: a track is made where it was asked for, keeps name, mark, looks and GUID, and a project
-- keeps what we note in it.

local lib = ...
local hold, looks = lib("selftest_hold"), lib("looks")

local MARK, TEXT, EXTENSION = "P_EXT:vocalmidi_selftest", "a \"text\" with 'quotes', \\ and >", "vocalmidi"

local function tracks(room)
  local track
  hold.change(room, "Self-test: track", function()
    hold.new_track(room)
    track = hold.new_track(room)
    reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "Self-test", true)
    reaper.GetSetMediaTrackInfo_String(track, MARK, TEXT, true)
  end)
  hold.equal(reaper.CountTracks(room.proj), 2, "the number of tracks")
  hold.that(reaper.GetTrack(room.proj, 1) == track, "a track made at the end is not the last")
  hold.equal(select(2, reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)), "Self-test", "its name")
  hold.equal(select(2, reaper.GetSetMediaTrackInfo_String(track, MARK, "", false)), TEXT, "its mark")
  local first = reaper.GetTrackGUID(reaper.GetTrack(room.proj, 0))
  hold.that(first ~= reaper.GetTrackGUID(track), "two tracks have the same GUID")
  return ""
end

local function dressed(room)
  local plain, track
  hold.change(room, "Self-test: looks", function()
    plain, track = hold.new_track(room), hold.new_track(room)
    looks.give(track, "bass")
  end)
  local _, icon = reaper.GetSetMediaTrackInfo_String(track, "P_ICON", "", false)
  local colour = math.floor(reaper.GetMediaTrackInfo_Value(track, "I_CUSTOMCOLOR"))
  hold.that(colour ~= math.floor(reaper.GetMediaTrackInfo_Value(plain, "I_CUSTOMCOLOR")), "it has no colour of its own")
  local red, green, blue = reaper.ColorFromNative(colour & 0xFFFFFF)
  hold.that(green > red and green > blue, "its green is red %d, green %d, blue %d", red, green, blue)
  return icon == "" and "its icon is not installed" or "its icon is " .. icon:match("[^/\\]*$")
end

local function project_text(room)
  hold.change(room, "Self-test: note", function()
    reaper.SetProjExtState(room.proj, EXTENSION, "selftest", TEXT)
  end)
  local _, kept = reaper.GetProjExtState(room.proj, EXTENSION, "selftest")
  hold.equal(kept, TEXT, "what was noted in the project")
  return ""
end

local function pointers(room)
  local item, track
  hold.change(room, "Self-test: item", function()
    item = hold.new_item(room, 0, 4)
    track = reaper.GetMediaItem_Track(item)
  end)
  hold.that(reaper.ValidatePtr2(room.proj, item, "MediaItem*"), "an item that is there counts as gone")
  hold.change(room, "Self-test: item gone", function() reaper.DeleteTrackMediaItem(track, item) end)
  hold.that(not reaper.ValidatePtr2(room.proj, item, "MediaItem*"), "an item that is gone counts as there")
  return ""
end

return {
  { name = "a track is made, named, marked and told from others", run = tracks },
  { name = "a track keeps its colour", run = dressed },
  { name = "a project keeps what is noted in it", run = project_text },
  { name = "an item that is gone is known as gone", run = pointers },
}
