-- @noindex
-- One change of the project: all of it as one named undo point, or none of it. Reaper closes neither an undo block
-- nor a stopped UI when a script fails, so both are closed here whatever happens. What a failed body had made is
-- taken back in reverse by the steps it registered (not by Reaper's undo, which a user may have switched off), and
-- the block then ends without flags: nothing changed, no undo point. Drafts alone are changed aside from all that.

local M = {}
local ALL_STATE, NOTHING = -1, 0

local function take_back(steps)
  for index = #steps, 1, -1 do pcall(steps[index]) end
end

-- Calls body(undo), where undo(f) registers how to take back the step that follows; a body that returns false has
-- changed nothing, which is no undo point either. Returns true, or false and why.
function M.block(proj, title, body)
  local steps, begun, flags = {}, false, NOTHING
  reaper.PreventUIRefresh(1)
  local ok, why = xpcall(function()
    reaper.Undo_BeginBlock2(proj)
    begun = true
    local is_changed = body(function(step) steps[#steps + 1] = step end) ~= false
    reaper.UpdateArrange()
    if is_changed then flags = ALL_STATE end
  end, tostring)
  if not ok then take_back(steps) end
  if begun then pcall(reaper.Undo_EndBlock2, proj, title, flags) end
  reaper.PreventUIRefresh(-1)
  return ok, why
end

-- The same without an undo point, for drafts alone: Reaper's next one holds what was changed, and its undo leads back
-- to before that.
function M.aside(body)
  local steps = {}
  reaper.PreventUIRefresh(1)
  local ok, why = xpcall(function()
    body(function(step) steps[#steps + 1] = step end)
    reaper.UpdateArrange()
  end, tostring)
  if not ok then take_back(steps) end
  reaper.PreventUIRefresh(-1)
  return ok, why
end

return M
