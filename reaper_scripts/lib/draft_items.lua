-- @noindex
-- Items that show what is sung while it is recorded, marked as drafts (P_EXT:vocalmidi_draft, "ID PART PLACE"); so are
-- tracks made for them ("ID PART"). Neither is an undo point. A draft ends in one of three ways: the considered notes
-- take its place, the user has touched it and keeps it as his own, or it is taken away.

local lib = ...
local tracks, undo, written = lib("tracks"), lib("undo"), lib("written")

local M = { MARK = "P_EXT:vocalmidi_draft" }

-- The drafts in a project for which `is_meant(id)`, as { item, part, place_qn }, in the order of items.
function M.find(proj, is_meant)
  local list = {}
  for index = 0, reaper.CountMediaItems(proj) - 1 do
    local item = reaper.GetMediaItem(proj, index)
    local id, part, place = written.item_text(item, M.MARK):match("^(%S+) (%l+) (%S+)$")
    if id and is_meant(id) then list[#list + 1] = { item = item, part = part, place_qn = tonumber(place) or 0 } end
  end
  return list
end

-- The tracks made for such drafts, as { track, part }.
local function made_tracks(proj, is_meant)
  local list = {}
  for index = 0, reaper.CountTracks(proj) - 1 do
    local track = reaper.GetTrack(proj, index)
    local _, text = reaper.GetSetMediaTrackInfo_String(track, M.MARK, "", false)
    local id, part = text:match("^(%S+) (%l+)$")
    if id and is_meant(id) then list[#list + 1] = { track = track, part = part, text = text } end
  end
  return list
end

-- Whether the user has let a draft be: its notes, its place, its length, and no lock.
function M.is_untouched(proj, draft)
  local take = reaper.GetActiveTake(draft.item)
  if not take or not reaper.TakeIsMIDI(take) or written.is_locked(draft.item) then return false end
  local start_qn = written.span_qn(proj, draft.item)
  return written.is_near(start_qn, draft.place_qn) and written.is_as_written(proj, draft.item, take)
end

-- Puts a draft's item where it belongs and marks it; its notes are written next, so that its source ends with it.
function M.place(proj, item, mark, place_qn, length_qn)
  local start_qn, before_qn = written.span_qn(proj, item)
  local stays = written.is_near(start_qn, place_qn)
  if not stays then
    reaper.SetMediaItemInfo_Value(item, "D_POSITION", reaper.TimeMap2_QNToTime(proj, place_qn))
  end
  if not (stays and written.is_near(before_qn, length_qn)) then
    assert(reaper.MIDI_SetItemExtents(item, place_qn, place_qn + length_qn), "the item keeps its length")
  end
  local text = mark and ("%s %.6f"):format(mark, place_qn):gsub(",", ".") or ""
  reaper.GetSetMediaItemInfo_String(item, M.MARK, text, true)
end

-- The track for a draft of a part: the one that its notes will go to, or one made for it.
function M.track(proj, id, part, step)
  local track = tracks.find(proj, part)
  if track then return track end
  track = tracks.make(proj, part, step)
  reaper.GetSetMediaTrackInfo_String(track, M.MARK, id .. " " .. part, true)
  return track
end

function M.delete(item)
  assert(reaper.DeleteTrackMediaItem(reaper.GetMediaItem_Track(item), item), "Reaper keeps the draft")
end

local function with_id(id)
  return function(found) return found == id end
end

M.with_id = with_id

-- The item of an untouched draft of a part, nil where there is none.
function M.untouched(proj, id, part)
  for _, each in ipairs(M.find(proj, with_id(id))) do
    if each.part == part and M.is_untouched(proj, each) then return each.item end
  end
end

-- Makes a draft the item of its considered notes, which are written next; to be called inside an undo block.
function M.adopt(proj, item, place_qn, length_qn, step)
  -- A draft that is half written over is none any more.
  step(function()
    if reaper.ValidatePtr2(proj, item, "MediaItem*") then M.delete(item) end
  end)
  M.place(proj, item, nil, place_qn, length_qn)
end

-- Whether somebody has made use of a track that was made for a draft.
local function is_used(track, part, drafts)
  local _, name = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)
  if name ~= tracks.title(part) or reaper.TrackFX_GetCount(track) > 0 then return true end
  for index = 0, reaper.CountTrackMediaItems(track) - 1 do
    if not drafts[reaper.GetTrackMediaItem(track, index)] then return true end
  end
  return false
end

-- What becomes of drafts: { gone = { item }, kept = { item }, bare = { track }, used = { { track, text } } }.
local function sorted(proj, is_meant)
  local ends, drafts = { gone = {}, kept = {}, bare = {}, used = {} }, {}
  for _, each in ipairs(M.find(proj, is_meant)) do
    local is_untouched = M.is_untouched(proj, each)
    drafts[each.item] = is_untouched or nil
    table.insert(is_untouched and ends.gone or ends.kept, each.item)
  end
  for _, each in ipairs(made_tracks(proj, is_meant)) do
    table.insert(is_used(each.track, each.part, drafts) and ends.used or ends.bare, each)
  end
  return ends
end

local function take_away(ends)
  for _, item in ipairs(ends.gone) do M.delete(item) end
  for _, each in ipairs(ends.bare) do reaper.DeleteTrack(each.track) end
end

-- What the user has touched becomes his own.
local function hand_over(ends, step)
  for _, item in ipairs(ends.kept) do
    local text = written.item_text(item, M.MARK)
    step(function() reaper.GetSetMediaItemInfo_String(item, M.MARK, text, true) end)
    reaper.GetSetMediaItemInfo_String(item, M.MARK, "", true)
  end
  for _, each in ipairs(ends.used) do
    step(function() reaper.GetSetMediaTrackInfo_String(each.track, M.MARK, each.text, true) end)
    reaper.GetSetMediaTrackInfo_String(each.track, M.MARK, "", true)
  end
end

-- Ends the drafts for which `is_meant(id)` inside an undo block.
function M.settle(proj, is_meant, step)
  local ends = sorted(proj, is_meant)
  hand_over(ends, step)
  take_away(ends)
end

-- Ends them outside of one: no undo point, unless the user keeps something. Returns how many items there were, or nil
-- and why it did not work.
function M.clear(proj, is_meant)
  local ends = sorted(proj, is_meant)
  local count = #ends.gone + #ends.kept
  if count + #ends.bare + #ends.used == 0 then return 0 end
  local ok, why = true, nil
  if #ends.kept + #ends.used > 0 then
    ok, why = undo.block(proj, "Vocal MIDI: keep the edited draft", function(step) hand_over(ends, step) end)
  end
  if ok then ok, why = undo.aside(function() take_away(ends) end) end
  if not ok then return nil, why end
  return count
end

return M
