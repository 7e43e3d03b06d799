-- @noindex
-- Items that are there get the notes of a request: those of other seeds, another mood. Each stays the item it was, with
-- all that the user gave it but its notes. What is locked, or was changed by hand since it was written, is never
-- overwritten, also where that happened after the user asked. One undo point for all.

local lib = ...
local fill, strength_of = lib("fill"), lib("strength")
local tracks, undo, written = lib("tracks"), lib("undo"), lib("written")

local M = {}

local function find(proj, guid)
  for index = 0, reaper.CountMediaItems(proj) - 1 do
    local item = reaper.GetMediaItem(proj, index)
    if written.item_text(item, "GUID") == guid then return item end
  end
end

-- The items to write as { item, take, part }, or nil and why not.
local function found(proj, request)
  local list = {}
  for index, each in ipairs(request.replaces) do
    local item, title = find(proj, each.guid), tracks.title(each.part)
    local take = item and reaper.GetActiveTake(item)
    if not take or not reaper.TakeIsMIDI(take) then return nil, "the item of " .. title .. " is no longer there" end
    if written.item_text(item, written.PART) ~= each.part then return nil, "that is not the item of " .. title end
    if written.is_locked(item) then return nil, title .. " is locked" end
    if not written.is_as_written(proj, item, take) then return nil, title .. " was edited by hand" end
    list[index] = { item = item, take = take, part = request.parts[index] }
  end
  return list
end

-- Puts back what `write_item` changes.
local function keep(each, step)
  local item, take, texts = each.item, each.take, {}
  local _, packed = reaper.MIDI_GetAllEvts(take)
  for _, name in ipairs({ "P_NOTES", written.REQUEST, written.SOURCE }) do
    texts[name] = written.item_text(item, name)
  end
  local timing, mark = written.take_text(take, strength_of.MARK), written.take_text(take, written.MARK)
  local start_qn, length_qn = each.start_qn, each.length_qn
  step(function()
    reaper.MIDI_SetItemExtents(item, start_qn, start_qn + length_qn)
    reaper.MIDI_SetAllEvts(take, packed)
    reaper.MIDI_Sort(take)
    for name, text in pairs(texts) do reaper.GetSetMediaItemInfo_String(item, name, text, true) end
    reaper.GetSetMediaItemTakeInfo_String(take, strength_of.MARK, timing, true)
    reaper.GetSetMediaItemTakeInfo_String(take, written.MARK, mark, true)
  end)
end

-- The strength that the user has given a take since, else that of the request.
local function strength_now(take, request)
  local _, strength = strength_of.read(written.take_text(take, strength_of.MARK))
  return strength or request.strength
end

local function write_item(proj, request, each, step)
  each.start_qn, each.length_qn = written.span_qn(proj, each.item)
  keep(each, step)
  local length = fill.length_of(each.part, request)
  if not written.is_near(length, each.length_qn) then
    assert(reaper.MIDI_SetItemExtents(each.item, each.start_qn, each.start_qn + length), "the item keeps its length")
  end
  local strength = strength_now(each.take, request)
  local origins = fill.take(each.take, each.part, strength, each.start_qn, length)
  fill.mark(each.item, request, origins)
  reaper.GetSetMediaItemInfo_String(each.item, written.SOURCE, each.part.source, true)
  written.remember(proj, each.item, each.take, origins)
  reaper.UpdateItemInProject(each.item)
end

-- Writes a request whose items are there; `add(receipt, item)` notes each. Returns the receipt.
function M.write(proj, request, add)
  local receipt, names = { id = request.id, items = {}, tracks = {} }, {}
  local list, why_not = found(proj, request)
  if not list then
    receipt.status, receipt.message = "refused", why_not .. ", so nothing was changed"
    return receipt
  end
  for index, each in ipairs(list) do names[index] = tracks.title(each.part.name) end
  local said = table.concat(names, ", ")
  local ok, why = undo.block(proj, "Vocal MIDI: rewrite " .. said, function(step)
    for _, each in ipairs(list) do
      write_item(proj, request, each, step)
      add(receipt, each.item)
    end
  end)
  if not ok then
    return { id = request.id, status = "failed", message = "nothing was changed: " .. why, items = {}, tracks = {} }
  end
  receipt.status, receipt.message = "ok", "rewrote " .. said
  return receipt
end

return M
