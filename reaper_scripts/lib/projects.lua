-- @noindex
-- Which open project is which, by a number that no other project has had in this session: the daemon must not write a
-- phrase that was sung to one project into another. Known by its pointer and its file; a project that gets its first
-- file by being saved stays the same.

local lib = ...
local crc32 = lib("crc32")

local M = {}
local known, count = {}, 0

-- What a saved project is known by when Reaper has ended in between: a checksum of its path, since no message holds a
-- path. "none" where it was never saved: such a project does not come back.
function M.mark(proj)
  local index, each, path = 0, reaper.EnumProjects(0)
  while each do
    if each == proj then return (path or "") ~= "" and ("%08x"):format(crc32(path)) or "none" end
    index = index + 1
    each, path = reaper.EnumProjects(index)
  end
  return "none"
end

-- Whether a project is still open; a pointer alone does not tell.
function M.is_open(proj)
  local index, each = 0, (reaper.EnumProjects(0))
  while each and each ~= proj do
    index = index + 1
    each = (reaper.EnumProjects(index))
  end
  return each ~= nil
end

-- The open project of such a mark, nil where none is.
function M.marked(mark)
  local index, proj = 0, (reaper.EnumProjects(0))
  while proj and (mark == "none" or M.mark(proj) ~= mark) do
    index = index + 1
    proj = (reaper.EnumProjects(index))
  end
  return proj
end

-- The number of the current project, from 1 on, and the project.
function M.current()
  local proj, path = reaper.EnumProjects(-1)
  path = path or ""
  for _, each in ipairs(known) do
    if each.proj == proj and (each.path == path or each.path == "") then
      each.path = path
      return each.number, proj
    end
  end
  -- A pointer that comes back with another file is another project: Reaper opens files in the tab of the last one.
  for index = #known, 1, -1 do
    if known[index].proj == proj then table.remove(known, index) end
  end
  count = count + 1
  known[#known + 1] = { proj = proj, path = path, number = count }
  return count, proj
end

return M
