-- @noindex
-- What the user wants made anew, as a command tells it: of the arrangement of the selected items, which are to be
-- written and which stay, with their notes, so that the new parts go by them. Reads only.

local lib = ...
local group = lib("group")

local M = {}
local MAX_CHANGE = 200 -- as messages accept

local function is_free(member)
  return not (member.is_locked or member.is_edited)
end

local WRITTEN = {
  roll = function(member) return member.is_selected and is_free(member) end,
  all = is_free,
  change = is_free,
  again = function() return true end, -- as new items: no item that is there is touched
}

local function why_none(members, way)
  local said = {}
  for _, member in ipairs(members) do
    if way ~= "roll" or member.is_selected then
      said[#said + 1] = member.title .. (member.is_locked and " is locked." or " was edited by hand.")
    end
  end
  return table.concat(said, "\n") .. "\n\nThat is never overwritten; unlock it, or have the same again as new items."
end

-- Gives each member its state; returns how many are to be written, and how many of these remember what it takes.
local function judge(members, is_to_write)
  local count, remembering = 0, 0
  for _, member in ipairs(members) do
    local is_written = is_to_write(member)
    -- What is only locked is as it was written, for all that listens to it.
    member.state = is_written and "write" or member.is_edited and "edited" or "as_written"
    if is_written then count = count + 1 end
    if is_written and member.source ~= "" then remembering = remembering + 1 end
  end
  return count, remembering
end

local function wanted(found, way, change, is_selection)
  if change and (change == "" or #change > MAX_CHANGE or change:find("[%c\x80-\xff]")) then
    return nil, "Nothing was typed that could be changed."
  end
  local count, remembering = judge(found.members, WRITTEN[is_selection and "roll" or way])
  if count == 0 then return nil, why_none(found.members, is_selection and "roll" or way) end
  if remembering == 0 then
    return nil, "This item does not remember what was sung, so it can't be made anew.\n\nWrite the phrase again."
  end
  return { way = way, place_qn = found.place_qn, members = found.members, change = change }
end

-- The arrangement of the selected items as replies.command takes it; or nil and why not.
function M.of_selected(proj, way, change)
  local found, why_not = group.of_selected(proj)
  if not found then return nil, why_not end
  return wanted(found, way, change)
end

-- The same of the arrangement that the panel is about; of it only the parts for which `is_meant(member)`, if given.
function M.of_panel(proj, way, change, is_meant)
  local found, why_not = group.of_panel(proj)
  if not found then return nil, why_not end
  if not is_meant then return wanted(found, way, change) end
  local is_there = false
  for _, member in ipairs(found.members) do
    member.is_selected = is_meant(member)
    is_there = is_there or member.is_selected
  end
  if not is_there then return nil, "This arrangement has no such part." end
  return wanted(found, way, change, true)
end

-- Whether a member holds what was sung; of notes that were edited none says so, but a melody is.
function M.is_sung(member)
  if member.is_edited and member.part == "melody" then return true end
  for _, note in ipairs(member.notes) do
    if note.origin == "sung" then return true end
  end
  return false
end

function M.is_part(part)
  return function(member) return member.part == part end
end

return M
