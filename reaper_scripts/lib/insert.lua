-- @noindex
-- A checked request into the current project: one MIDI item for each part that has notes, one undo point, exactly
-- once. Request (lib/request) in, receipt table (lib/replies) out. Quarter notes become ticks here and only here,
-- through the take.

local lib = ...
local audio, fill, replace = lib("audio"), lib("fill"), lib("replace")
local tracks, undo, written = lib("tracks"), lib("undo"), lib("written")

local M = {}

local function open_projects()
  local index = -1
  return function()
    index = index + 1
    return (reaper.EnumProjects(index))
  end
end

local function add_to_receipt(receipt, item)
  receipt.items[#receipt.items + 1] = written.item_text(item, "GUID")
  receipt.tracks[#receipt.tracks + 1] = reaper.GetTrackGUID(reaper.GetMediaItem_Track(item))
end

-- The receipt of a request whose items are in one of the open projects, else nil. The mark on the item is the
-- truth: it is saved with the project and goes away when the user undoes the insertion.
function M.already(request_id)
  local receipt = { id = request_id, status = "ok", message = "already inserted", items = {}, tracks = {} }
  for proj in open_projects() do
    for index = 0, reaper.CountMediaItems(proj) - 1 do
      local item = reaper.GetMediaItem(proj, index)
      if written.item_text(item, written.REQUEST) == request_id then add_to_receipt(receipt, item) end
    end
  end
  return #receipt.items > 0 and receipt or nil
end

-- Each pass of a loop as a take of its own; the one that they agree on stays the active one.
local function add_passes(item, request, name, place_qn, length)
  local active, count = reaper.GetActiveTake(item), 0
  for _, pass in ipairs(request.passes) do
    if pass.name == name then
      count = count + 1
      local take = reaper.AddTakeToMediaItem(item)
      local source = reaper.PCM_Source_CreateFromType("MIDI")
      assert(take and source and reaper.SetMediaItemTake_Source(take, source), "Reaper made no take for a pass")
      fill.take(take, pass, request.strength, place_qn, length)
      reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", ("%s, pass %d"):format(tracks.title(name), count), true)
    end
  end
  if count > 0 then reaper.SetActiveTake(active) end
end

local function write_part(proj, request, part, place_qn, step)
  local track, length = tracks.find_or_make(proj, part.name, step), fill.length_of(part, request)
  local item = reaper.CreateNewMIDIItemInProj(track, place_qn, place_qn + length, true)
  assert(item, "Reaper made no MIDI item")
  step(function()
    if reaper.ValidatePtr2(proj, item, "MediaItem*") then reaper.DeleteTrackMediaItem(track, item) end
  end)
  local take = reaper.GetActiveTake(item)
  local origins = fill.take(take, part, request.strength, place_qn, length)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", tracks.title(part.name), true)
  add_passes(item, request, part.name, place_qn, length)
  fill.mark(item, request, origins)
  fill.mark_part(item, part, request.id)
  written.remember(proj, item, take, origins)
  return item
end

local function with_notes(parts)
  local kept = {}
  for _, part in ipairs(parts) do
    if #part.notes > 0 then kept[#kept + 1] = part end
  end
  return kept
end

local function cursor_qn(proj)
  return reaper.TimeMap2_timeToQN(proj, reaper.GetCursorPositionEx(proj))
end

-- Inserts a request that is not in a project yet; its sound, where it has one, lies in `spool`.
function M.insert(proj, request, spool)
  if request.replaces then return replace.write(proj, request, add_to_receipt) end
  local receipt = { id = request.id, items = {}, tracks = {} }
  local parts, place_qn = with_notes(request.parts), request.place_qn or cursor_qn(proj)
  -- The notes may be there already, from when their sound was not asked for.
  if request.beside and M.already(request.beside) then parts = {} end
  if #parts == 0 and not request.audio then
    receipt.status, receipt.message = "refused", "the arrangement has no notes, so there is nothing to insert"
    return receipt
  end
  local ok, why = undo.block(proj, ("Vocal MIDI: insert arrangement (%s)"):format(request.genre), function(step)
    for _, part in ipairs(parts) do
      add_to_receipt(receipt, write_part(proj, request, part, place_qn, step))
    end
    if request.audio then
      local item = audio.insert(proj, spool, request, place_qn, step)
      fill.mark(item, request)
      add_to_receipt(receipt, item)
    end
  end)
  if not ok then
    return { id = request.id, status = "failed", message = "nothing was inserted: " .. why, items = {}, tracks = {} }
  end
  receipt.status, receipt.message = "ok", ("inserted %d items at QN %.3f"):format(#receipt.items, place_qn)
  return receipt
end

return M
