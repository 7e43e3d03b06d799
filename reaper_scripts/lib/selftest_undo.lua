-- @noindex
-- Self-test, undo: one point a block, by its name; none for a block that ends without flags; items come and go with it,
-- GUID and marks too; what was made without a block, as drafts are, goes with the next point.

local lib = ...
local drafts, hold, written = lib("draft_items"), lib("selftest_hold"), lib("written")

local TITLE, ID = "Self-test: undo", "5e1f7e57-0001"

local function one_point(room)
  hold.change(room, TITLE, function() hold.new_track(room) end)
  hold.equal(reaper.Undo_CanUndo2(room.proj), TITLE, "the newest undo point")
  return ""
end

local function no_point(room)
  local before = reaper.Undo_CanUndo2(room.proj)
  local count = reaper.CountTracks(room.proj)
  reaper.Undo_BeginBlock2(room.proj)
  reaper.DeleteTrack(hold.new_track(room))
  reaper.Undo_EndBlock2(room.proj, "Self-test: nothing", 0)
  hold.equal(reaper.CountTracks(room.proj), count, "the number of tracks")
  hold.equal(reaper.Undo_CanUndo2(room.proj), before, "the newest undo point after a block without flags")
  return ""
end

-- The item with our mark, and its GUID; nil where none is.
local function marked(room)
  for index = 0, reaper.CountMediaItems(room.proj) - 1 do
    local item = reaper.GetMediaItem(room.proj, index)
    if written.item_text(item, written.REQUEST) == ID then return item, written.item_text(item, "GUID") end
  end
end

local function there_and_back(room)
  local guid
  hold.change(room, TITLE, function()
    local item = hold.new_item(room, 0, 4)
    reaper.GetSetMediaItemInfo_String(item, written.REQUEST, ID, true)
    guid = written.item_text(item, "GUID")
  end)
  reaper.Undo_DoUndo2(room.proj)
  hold.that(not marked(room), "an item that was undone is still there")
  reaper.Undo_DoRedo2(room.proj)
  local item, again = marked(room)
  hold.that(item, "an item that was redone has lost its mark or is not there")
  hold.equal(again, guid, "the GUID of an item that was redone")
  return ""
end

local function unblocked(room)
  local track
  hold.change(room, TITLE, function() track = hold.new_track(room) end)
  local before, count = reaper.Undo_CanUndo2(room.proj), reaper.CountMediaItems(room.proj)
  local item = reaper.CreateNewMIDIItemInProj(track, 0, 4, true)
  reaper.GetSetMediaItemInfo_String(item, drafts.MARK, ID .. " melody 0", true)
  hold.equal(reaper.Undo_CanUndo2(room.proj), before, "the newest undo point after an item without a block")
  hold.change(room, "Self-test: considered", function()
    reaper.GetSetMediaItemInfo_String(item, drafts.MARK, "", true)
  end)
  reaper.Undo_DoUndo2(room.proj)
  hold.equal(reaper.CountMediaItems(room.proj), count, "the number of items after undo")
  return ""
end

return {
  { name = "a change is one undo point by its name", run = one_point, needs = { "Undo_CanUndo2" } },
  { name = "a block without flags leaves no undo point", run = no_point, needs = { "Undo_CanUndo2" } },
  {
    name = "undo takes an item and its mark away, redo brings both back", run = there_and_back,
    needs = { "Undo_DoUndo2", "Undo_DoRedo2" },
  },
  {
    name = "what is made without an undo block goes with the next point", run = unblocked,
    needs = { "Undo_CanUndo2", "Undo_DoUndo2" },
  },
}
