-- @noindex
-- What the user wants made anew, as a command tells it: of the arrangement of the selected items, which are to be
-- written, in their place or beside what was edited, and which stay, with their notes, so that the new parts go by
-- them. Reads only.

local lib = ...
local group = lib("group")

local M = {}
local MAX_CHANGE = 200 -- as messages accept

local function is_free(member)
  return not (member.is_locked or member.is_edited)
end

-- Who selects an item means it, also where he has edited it: what is new goes beside it then.
local function is_chosen(member)
  return member.is_selected and not member.is_locked
end

local WRITTEN = {
  roll = is_chosen,
  rebuild = is_chosen,
  all = is_free,
  change = is_free,
  arrange = function(member) return is_free(member) and not member.is_kept end,
  again = function() return true end, -- as new items: no item that is there is touched
}
local OF_SELECTED = { roll = true, rebuild = true }

-- Changes of the panel that are about some parts: those that are free.
function WRITTEN.selection(member) return member.is_selected and is_free(member) end

local function why_none(members, way)
  local said = {}
  for _, member in ipairs(members) do
    if member.is_selected or not (OF_SELECTED[way] or way == "selection") then
      said[#said + 1] = member.title .. (member.is_locked and " is locked." or " was edited by hand.")
    end
  end
  return table.concat(said, "\n") .. "\n\nThat is never overwritten; unlock it, or have the same again as new items."
end

-- What is only locked is as it was written, for all that listens to it.
local function state_of(member, is_written, way)
  if not is_written then return member.is_edited and "edited" or "as_written" end
  return member.is_edited and OF_SELECTED[way] and "aside" or "write"
end

-- Gives each member its state; returns how many are to be written, and how many of these remember what it takes.
local function judge(members, way)
  local count, remembering = 0, 0
  for _, member in ipairs(members) do
    local is_written = WRITTEN[way](member)
    member.state = state_of(member, is_written, way)
    if is_written then count = count + 1 end
    if is_written and member.source ~= "" then remembering = remembering + 1 end
  end
  return count, remembering
end

local function wanted(found, way, change, is_selection)
  if change and (change == "" or #change > MAX_CHANGE or change:find("[%c\x80-\xff]")) then
    return nil, "Nothing was typed that could be changed."
  end
  -- Of an arrangement as a whole what was edited stays, whatever is selected.
  local judged = is_selection and not OF_SELECTED[way] and "selection" or way
  local count, remembering = judge(found.members, judged)
  if count == 0 then return nil, why_none(found.members, judged) end
  if remembering == 0 then
    return nil, "This item does not remember what was sung, so it can't be made anew.\n\nWrite the phrase again."
  end
  return { way = way, place_qn = found.place_qn, members = found.members, change = change }
end

-- An arrangement of which some members are kept and the others arranged anew, as replies.command takes it.
function M.arranged(found)
  judge(found.members, "arrange")
  return { way = "arrange", place_qn = found.place_qn, at_s = found.at_s, members = found.members }
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
