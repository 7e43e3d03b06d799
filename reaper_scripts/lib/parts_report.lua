-- @noindex
-- What controllers are shown of the arrangement that a button would be about: which parts there are, and which are
-- locked. A file that is replaced when that changes (docs/SPOOL.md).

local lib = ...
local lines, panel_parts, projects = lib("lines"), lib("panel_parts"), lib("projects")

local M = {}
local shown

function M.show(spool, owner)
  local standing, body = panel_parts.standing(select(2, projects.current())), {}
  for _, part in ipairs(panel_parts.PARTS) do
    if standing[part] then body[#body + 1] = ("part %s %s"):format(part, standing[part]) end
  end
  table.insert(body, 1, ("parts %d"):format(#body))
  local content = lines.seal("parts", owner, body)
  if content ~= shown and spool:put(content, "bridge.parts") then shown = content end
end

return M
