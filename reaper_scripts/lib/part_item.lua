-- @noindex
-- A part of a request as a new MIDI item, with all that the item remembers. Called inside an undo block; whatever fails
-- raises, and `step(f)` is told how to take back what was made.

local lib = ...
local draft_items, fill, tracks, written = lib("draft_items"), lib("fill"), lib("tracks"), lib("written")

local M = {}

-- An empty item on a track from `place_qn` on, which is taken back with the step.
function M.empty(proj, track, place_qn, length, step)
  local item = reaper.CreateNewMIDIItemInProj(track, place_qn, place_qn + length, true)
  assert(item, "Reaper made no MIDI item")
  step(function()
    if reaper.ValidatePtr2(proj, item, "MediaItem*") then reaper.DeleteTrackMediaItem(track, item) end
  end)
  return item
end

-- The item in which a part was drawn while it was sung, now the part's own; nil where there is none.
local function drawn(proj, part, request, place_qn, length, step)
  local item = request.draft and draft_items.untouched(proj, request.draft, part.name)
  if item then draft_items.adopt(proj, item, place_qn, length, step) end
  return item
end

-- An item with the part's notes; group: the arrangement that it belongs to.
function M.make(proj, track, part, request, place_qn, group, step)
  local length = fill.length_of(part, request)
  local item = drawn(proj, part, request, place_qn, length, step)
    or M.empty(proj, track, place_qn, length, step)
  local take = reaper.GetActiveTake(item)
  local origins = fill.take(take, part, request.strength, place_qn, length)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", tracks.title(part.name), true)
  fill.mark(item, request, origins)
  fill.mark_part(item, part, group)
  written.remember(proj, item, take, origins)
  return item, length
end

return M
