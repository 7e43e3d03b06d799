-- @noindex
-- What is to be arranged around: the selected part of an arrangement of ours, or what was sung in it; or MIDI items of
-- the user's own. As a command tells it: these stay, the other parts are written anew, those that are gone too. Reads
-- only.

local lib = ...
local group, own_items, remake = lib("group"), lib("own_items"), lib("remake")

local M = {}

-- What is selected stays, unless all is: then only what was sung.
local function keep(members)
  local others = 0
  for _, member in ipairs(members) do others = others + (member.is_selected and 0 or 1) end
  for _, member in ipairs(members) do
    member.is_kept = remake.is_sung(member) or member.is_selected and (others > 0 or #members == 1)
  end
end

-- As remake.of_selected gives it; or nil and why not.
function M.of_selected(proj)
  local is_ours = #group.selected(proj) > 0
  if not is_ours and reaper.CountSelectedMediaItems(proj) > 0 then
    local found, why = own_items.of_selected(proj)
    if not found then return nil, why end
    return { way = "arrange", place_qn = found.place_qn, at_s = found.at_s, members = found.members }
  end
  local found, why = group.of_panel(proj)
  if not found then return nil, is_ours and why or "Select a MIDI item to arrange around, and try again." end
  keep(found.members)
  local is_joined, why_none = own_items.join(proj, found)
  if not is_joined then return nil, why_none end
  return remake.arranged(found)
end

return M
