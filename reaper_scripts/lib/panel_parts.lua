-- @noindex
-- How the parts stand that the panel's buttons are about: those of the selected arrangement, else of the newest. Reads
-- only, and only when something in the project may have changed.

local lib = ...
local group, written = lib("group"), lib("written")

local M = {}
M.PARTS = { "melody", "chords", "bass", "drums" }
local known, state = {}, nil

local function selection(proj)
  local marks = {}
  for index = 0, reaper.CountSelectedMediaItems(proj) - 1 do
    marks[#marks + 1] = tostring(reaper.GetSelectedMediaItem(proj, index))
  end
  return table.concat(marks, " ")
end

-- { melody = "free"|"locked", … } with the parts that are there.
function M.standing(proj)
  local now = ("%s %d %s"):format(tostring(proj), reaper.GetProjectStateChangeCount(proj), selection(proj))
  if now == state then return known end
  known, state = {}, now
  for _, item in ipairs(group.items(proj)) do
    known[written.item_text(item, written.PART)] = written.is_locked(item) and "locked" or "free"
  end
  return known
end

return M
