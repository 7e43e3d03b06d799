-- @noindex
-- A checked request into the current project: one MIDI item for each part that has notes, one undo point, exactly
-- once. Request (lib/request) in, receipt table (lib/replies) out. Quarter notes become ticks here and only here,
-- through the take.

local lib = ...
local audio, events, strength_of = lib("audio"), lib("events"), lib("strength")
local tracks, undo = lib("tracks"), lib("undo")

local M = {}
local REQUEST_MARK = "P_EXT:vocalmidi_request"

local function item_text(item, name)
  local _, text = reaper.GetSetMediaItemInfo_String(item, name, "", false)
  return text
end

local function open_projects()
  local index = -1
  return function()
    index = index + 1
    return (reaper.EnumProjects(index))
  end
end

local function add_to_receipt(receipt, item)
  receipt.items[#receipt.items + 1] = item_text(item, "GUID")
  receipt.tracks[#receipt.tracks + 1] = reaper.GetTrackGUID(reaper.GetMediaItem_Track(item))
end

-- The receipt of a request whose items are in one of the open projects, else nil. The mark on the item is the
-- truth: it is saved with the project and goes away when the user undoes the insertion.
function M.already(request_id)
  local receipt = { id = request_id, status = "ok", message = "already inserted", items = {}, tracks = {} }
  for proj in open_projects() do
    for index = 0, reaper.CountMediaItems(proj) - 1 do
      local item = reaper.GetMediaItem(proj, index)
      if item_text(item, REQUEST_MARK) == request_id then add_to_receipt(receipt, item) end
    end
  end
  return #receipt.items > 0 and receipt or nil
end

local function stop_of(notes, strength, length)
  for _, note in ipairs(notes) do
    local start_qn, length_qn = strength_of.place(note, strength)
    length = math.max(length, start_qn + length_qn)
  end
  return length
end

-- The arrangement's whole bars; a part whose last note rings on, in whatever pass, gets a longer item.
local function length_of(part, request)
  local strength = request.strength or 1
  local length = stop_of(part.notes, strength, request.length_qn)
  for _, pass in ipairs(request.passes) do
    if pass.name == part.name then length = stop_of(pass.notes, strength, length) end
  end
  return length
end

local function readable_note(request)
  return ("Vocal MIDI: %s, seed %d, sung at %g BPM\n%s"):format(
    request.genre, request.seed, request.tempo_qpm, request.provenance)
end

local function tick_reader(take, place_qn)
  return function(qn)
    return math.floor(reaper.MIDI_GetPPQPosFromProjQN(take, place_qn + qn) + 0.5)
  end
end

local function fill(take, part, place_qn, length)
  local to_tick = tick_reader(take, place_qn)
  local packed, count = events.pack(part, to_tick, to_tick(length))
  assert(reaper.MIDI_SetAllEvts(take, packed), "Reaper did not take the MIDI events")
  reaper.MIDI_Sort(take)
  -- Only notes are compared: whether Reaper counts its own end marker among the controllers is not documented.
  local _, found = reaper.MIDI_CountEvts(take)
  assert(found == count, ("Reaper kept %d notes of %d"):format(found, count))
end

local function mark(item, request)
  reaper.GetSetMediaItemInfo_String(item, "P_NOTES", readable_note(request), true)
  reaper.GetSetMediaItemInfo_String(item, REQUEST_MARK, request.id, true)
end

-- Fills a take with a part's notes at the request's strength; the take remembers both their places.
local function fill_take(take, request, part, place_qn, length)
  if request.strength then
    local remembered = strength_of.text(part.notes, request.strength)
    part = strength_of.applied(part, request.strength)
    if remembered ~= "" then reaper.GetSetMediaItemTakeInfo_String(take, strength_of.MARK, remembered, true) end
  end
  fill(take, part, place_qn, length)
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
      fill_take(take, request, pass, place_qn, length)
      reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", ("%s, pass %d"):format(tracks.title(name), count), true)
    end
  end
  if count > 0 then reaper.SetActiveTake(active) end
end

local function write_part(proj, request, part, place_qn, step)
  local track, length = tracks.find_or_make(proj, part.name, step), length_of(part, request)
  local item = reaper.CreateNewMIDIItemInProj(track, place_qn, place_qn + length, true)
  assert(item, "Reaper made no MIDI item")
  step(function()
    if reaper.ValidatePtr2(proj, item, "MediaItem*") then reaper.DeleteTrackMediaItem(track, item) end
  end)
  local take = reaper.GetActiveTake(item)
  fill_take(take, request, part, place_qn, length)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", tracks.title(part.name), true)
  add_passes(item, request, part.name, place_qn, length)
  mark(item, request)
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
      mark(item, request)
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
