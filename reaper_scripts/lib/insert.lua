-- @noindex
-- A checked request into the current project: one MIDI item for each part that has notes, one undo point, exactly
-- once. Request (lib/request) in, receipt table (lib/replies) out. Quarter notes become ticks here and only here,
-- through the take.

local lib = ...
local audio, fill, lanes, part_item = lib("audio"), lib("fill"), lib("lanes"), lib("part_item")
local draft_items, passes, replace, tracks = lib("draft_items"), lib("passes"), lib("replace"), lib("tracks")
local undo, written = lib("undo"), lib("written")

local M = {}
local NO_LANES = "; that track can have no fixed lanes (Reaper 7 has them), so the passes are takes"

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

-- Whether a request wrote an item, or a take of one.
local function is_of(item, request_id)
  if written.item_text(item, written.REQUEST) == request_id then return written.item_text(item, written.PASS) == "" end
  local count = reaper.CountTakes(item)
  for index = 0, count > 1 and count - 1 or -1 do
    if written.take_text(reaper.GetTake(item, index), written.REQUEST) == request_id then return true end
  end
  return false
end

-- The receipt of a request whose items are in one of the open projects, else nil. The mark on the item is the
-- truth: it is saved with the project and goes away when the user undoes the insertion.
function M.already(request_id)
  local receipt = { id = request_id, status = "ok", message = "already inserted", items = {}, tracks = {} }
  for proj in open_projects() do
    for index = 0, reaper.CountMediaItems(proj) - 1 do
      local item = reaper.GetMediaItem(proj, index)
      if is_of(item, request_id) then add_to_receipt(receipt, item) end
    end
  end
  return #receipt.items > 0 and receipt or nil
end

-- Returns the item, and whether its passes are where the request wants them.
local function write_part(proj, request, part, place_qn, step)
  local drawn = request.draft and draft_items.untouched(proj, request.draft, part.name)
  local track = tracks.find_or_make(proj, part.name, step, drawn and reaper.GetMediaItem_Track(drawn))
  local item, length = part_item.make(proj, track, part, request, place_qn, request.id, step)
  lanes.put_heard(item)
  return item, passes.add(proj, item, request, part.name, place_qn, length, step)
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
  if #request.replaces + #request.joins > 0 then return replace.write(proj, request, add_to_receipt) end
  local receipt = { id = request.id, items = {}, tracks = {} }
  local parts, place_qn = with_notes(request.parts), request.place_qn or cursor_qn(proj)
  -- The notes may be there already, from when their sound was not asked for.
  if request.beside and M.already(request.beside) then parts = {} end
  if #parts == 0 and not request.audio then
    receipt.status, receipt.message = "refused", "the arrangement has no notes, so there is nothing to insert"
    return receipt
  end
  local has_lanes = true
  local title = request.draft and "Vocal MIDI: record phrase (%s)" or "Vocal MIDI: insert arrangement (%s)"
  local ok, why = undo.block(proj, title:format(request.genre), function(step)
    for _, part in ipairs(parts) do
      local item, as_wished = write_part(proj, request, part, place_qn, step)
      has_lanes = has_lanes and as_wished
      add_to_receipt(receipt, item)
    end
    if request.audio then
      local item = audio.insert(proj, spool, request, place_qn, step)
      fill.mark(item, request)
      add_to_receipt(receipt, item)
    end
    if request.draft then draft_items.settle(proj, draft_items.with_id(request.draft), step) end
    if request.in_lanes then lanes.refresh(proj) end
  end)
  if not ok then
    return { id = request.id, status = "failed", message = "nothing was inserted: " .. why, items = {}, tracks = {} }
  end
  receipt.status, receipt.message = "ok", ("inserted %d items at QN %.3f"):format(#receipt.items, place_qn)
  if not has_lanes then receipt.message = receipt.message .. NO_LANES end
  return receipt
end

return M
