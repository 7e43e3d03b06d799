-- @noindex
-- Parts of an arrangement that is there get the notes of a request: those of other seeds, another mood, or as they
-- were. Each item stays the item it was, with all that the user gave it but its notes. What is locked, or was changed
-- by hand since it was written, is never overwritten, also where that happened after the user asked: new notes are put
-- beside what was edited where the request says so. Parts that have no item become new ones. One undo point for all.

local lib = ...
local beside, fill, lanes, part_item = lib("beside"), lib("fill"), lib("lanes"), lib("part_item")
local strength_of, tracks, undo, written = lib("strength"), lib("tracks"), lib("undo"), lib("written")

local M = {}

local function find(proj, guid)
  for index = 0, reaper.CountMediaItems(proj) - 1 do
    local item = reaper.GetMediaItem(proj, index)
    if written.item_text(item, "GUID") == guid then return item end
  end
end

local function part_of(request, name)
  for _, part in ipairs(request.parts) do
    if part.name == name then return part end
  end
end

-- Why an item can't have the notes of its part, nil where it can.
local function why_not(proj, item, each)
  local title, take = tracks.title(each.part), item and reaper.GetActiveTake(item)
  if not take or not reaper.TakeIsMIDI(take) then return "the item of " .. title .. " is no longer there" end
  if written.item_text(item, written.PART) ~= each.part then return "that is not the item of " .. title end
  if written.is_locked(item) then return title .. " is locked" end
  if not each.is_aside and not written.is_as_written(proj, item, take) then return title .. " was edited by hand" end
end

-- The items to write as { item, take, part, is_aside }, or nil and why not.
local function found(proj, request)
  local list = {}
  for index, each in ipairs(request.replaces) do
    local item = find(proj, each.guid)
    local why = why_not(proj, item, each)
    if why then return nil, why end
    list[index] = {
      item = item, take = reaper.GetActiveTake(item), part = part_of(request, each.part), is_aside = each.is_aside,
    }
  end
  return list
end

-- The items of the arrangement that new parts join as { item, part }, or nil and why not.
local function joined(proj, request)
  local list = {}
  for index, each in ipairs(request.joins) do
    local item = find(proj, each.guid)
    if not item then return nil, "the item of " .. tracks.title(each.part) .. " is no longer there" end
    list[index] = { item = item, part = each.part }
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
  local length, strength = fill.length_of(each.part, request), strength_now(each.take, request)
  -- Rebuilt it is as it was written, and as long, also where another pass rings on.
  if request.rebuild then length, strength = math.max(length, each.length_qn), request.strength end
  if not written.is_near(length, each.length_qn) then
    assert(reaper.MIDI_SetItemExtents(each.item, each.start_qn, each.start_qn + length), "the item keeps its length")
  end
  local origins = fill.take(each.take, each.part, strength, each.start_qn, length)
  fill.mark(each.item, request, origins)
  reaper.GetSetMediaItemInfo_String(each.item, written.SOURCE, each.part.source, true)
  written.remember(proj, each.item, each.take, origins)
  reaper.UpdateItemInProject(each.item)
  return each.item, each.take
end

-- Whether a rebuilt take holds what was written then, in words; "" where that can't be told, since the strength is
-- another.
local function likeness(title, was, before, take, strength)
  if was == nil then return "" end
  if was == written.digest_of(take) then return ("; %s is as it was written"):format(title) end
  if (before or 1) ~= (strength or 1) then return "" end
  return ("; %s is not note for note what was written then"):format(title)
end

local function write(proj, request, each, step)
  local title = tracks.title(each.part.name)
  local was = written.digest_written(each.take)
  local _, before = strength_of.read(written.take_text(each.take, strength_of.MARK))
  local item, take, said
  if each.is_aside then
    local where
    item, take, where = beside.write(proj, request, each, step)
    said = ("; %s was edited by hand and stays, the new one is in a %s beside it"):format(title, where)
  else
    item, take = write_item(proj, request, each, step)
    said = ""
  end
  if request.rebuild then said = said .. likeness(title, was, before, take, request.strength) end
  return item, said
end

-- The arrangement that new parts join, by its mark; items of the user's own get one, unless he has locked them.
local function mark_of(request, list, step)
  local group = request.id
  for _, each in ipairs(list) do
    local own = written.item_text(each.item, written.GROUP)
    if own ~= "" then group = own end
  end
  for _, each in ipairs(list) do
    local item = each.item
    if written.item_text(item, written.GROUP) == "" and not written.is_locked(item) then
      step(function()
        reaper.GetSetMediaItemInfo_String(item, written.GROUP, "", true)
        reaper.GetSetMediaItemInfo_String(item, written.PART, "", true)
      end)
      reaper.GetSetMediaItemInfo_String(item, written.GROUP, group, true)
      reaper.GetSetMediaItemInfo_String(item, written.PART, each.part, true)
    end
  end
  return group
end

local function is_replaced(request, name)
  for _, each in ipairs(request.replaces) do
    if each.part == name then return true end
  end
  return false
end

-- Parts that have no item yet; `add(item)` notes each.
local function write_new(proj, request, list, step, add)
  local group = mark_of(request, list, step)
  for _, part in ipairs(request.parts) do
    if #part.notes > 0 and not is_replaced(request, part.name) then
      local track = tracks.find_or_make(proj, part.name, step)
      local item = part_item.make(proj, track, part, request, request.place_qn, group, step)
      lanes.put_heard(item)
      add(item)
    end
  end
end

local function in_words(request)
  local names = {}
  for _, part in ipairs(request.parts) do
    if #part.notes > 0 or is_replaced(request, part.name) then names[#names + 1] = tracks.title(part.name) end
  end
  local said = table.concat(names, ", ")
  if request.rebuild then return "rebuild " .. said, "rebuilt " .. said end
  if #request.joins > 0 then return "arrange " .. said, "arranged " .. said end
  return "rewrite " .. said, "rewrote " .. said
end

-- Writes a request whose arrangement is there; `add(receipt, item)` notes each item. Returns the receipt.
function M.write(proj, request, add)
  local receipt = { id = request.id, items = {}, tracks = {} }
  local list, why = found(proj, request)
  local others = list
  if list then others, why = joined(proj, request) end
  if not others then
    receipt.status, receipt.message = "refused", why .. ", so nothing was changed"
    return receipt
  end
  local title, done = in_words(request)
  local ok, fault = undo.block(proj, "Vocal MIDI: " .. title, function(step)
    for _, each in ipairs(list) do
      local item, said = write(proj, request, each, step)
      add(receipt, item)
      done = done .. said
    end
    if #others > 0 then
      write_new(proj, request, others, step, function(item) add(receipt, item) end)
    end
  end)
  if not ok then
    return { id = request.id, status = "failed", message = "nothing was changed: " .. fault, items = {}, tracks = {} }
  end
  receipt.status, receipt.message = "ok", done
  return receipt
end

return M
