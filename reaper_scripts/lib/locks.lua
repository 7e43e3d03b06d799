-- @noindex
-- Locking items against being rewritten: a mark that the item keeps, shown at the end of its take's name. What is
-- locked stays as it is, and the other parts go by it. One undo point.

local lib = ...
local group, undo, written = lib("group"), lib("undo"), lib("written")

local M = {}
local SHOWN = " (locked)"
local NO_PART = "There is no %s to lock here."

local function set(item, is_locked, step)
  local before = written.item_text(item, written.LOCK)
  step(function() reaper.GetSetMediaItemInfo_String(item, written.LOCK, before, true) end)
  reaper.GetSetMediaItemInfo_String(item, written.LOCK, is_locked and "1" or "", true)
  local take = reaper.GetActiveTake(item)
  if not take then return end
  local name = written.take_text(take, "P_NAME")
  local plain = name:sub(-#SHOWN) == SHOWN and name:sub(1, -#SHOWN - 1) or name
  step(function() reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", name, true) end)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", plain .. (is_locked and SHOWN or ""), true)
end

local function of_part(proj, part)
  local list = {}
  for _, item in ipairs(group.items(proj)) do
    if written.item_text(item, written.PART) == part then list[#list + 1] = item end
  end
  return list
end

local function set_all(proj, items, is_locked)
  local verb = is_locked and "lock" or "unlock"
  local title = ("Vocal MIDI: %s %d items"):format(verb, #items)
  local ok, why = undo.block(proj, title, function(step)
    for _, item in ipairs(items) do set(item, is_locked, step) end
  end)
  if not ok then return nil, "Nothing was changed: " .. why end
  return true, ("%d %s %sed now"):format(#items, #items == 1 and "item is" or "items are", verb)
end

-- Locks the selected items that Vocal MIDI wrote, or unlocks them where all are locked; with `part`, that part's items
-- of the arrangement the panel is about. Returns true and what became of it, or nil and why nothing did.
function M.toggle(proj, part)
  local items, is_locked = part and of_part(proj, part) or group.selected(proj), false
  if #items == 0 then
    return nil, part and NO_PART:format(part) or "Select an item that Vocal MIDI wrote, and try again."
  end
  for _, item in ipairs(items) do
    is_locked = is_locked or written.item_text(item, written.LOCK) ~= "1"
  end
  return set_all(proj, items, is_locked)
end

-- Locks a part's items of the arrangement the panel is about, or unlocks them; those that are so already stay.
function M.set(proj, part, is_locked)
  local items, due = of_part(proj, part), {}
  if #items == 0 then return nil, NO_PART:format(part) end
  for _, item in ipairs(items) do
    if (written.item_text(item, written.LOCK) == "1") ~= is_locked then due[#due + 1] = item end
  end
  if #due == 0 then return true, ("%s is %s already"):format(part, is_locked and "locked" or "unlocked") end
  return set_all(proj, due, is_locked)
end

return M
