-- @noindex
-- The spool folder seen from Reaper (docs/SPOOL.md): listing, claiming, finishing and writing of files. Bytes in
-- and out; knows nothing of what they mean. A name is one that Reaper listed, never one that a file's content gave.

local M = {}
local FOLDERS = { "inbox", "processing", "done", "failed", "results", "commands", "audio", "wishes" }
local REASON = ".reason.txt"
local REQUEST, RETRIED = "%.vocalmidi$", "%.again$"
local WISH = "%.wish$"

local MAX_REASON = 10000 -- bytes; a receipt's message is 500 characters

local Spool = {}
Spool.__index = Spool

function M.new(root)
  return setmetatable({ root = root }, Spool)
end

function Spool:path(...)
  return table.concat({ self.root, ... }, "/")
end

function Spool:make_folders()
  for _, name in ipairs(FOLDERS) do reaper.RecursiveCreateDirectory(self:path(name), 0) end
end

-- The names in a folder that end so. Reaper caches listings; index -1 makes it read the folder again.
local function names_in(self, folder, suffix)
  local path, names, index = self:path(folder), {}, 0
  reaper.EnumerateFiles(path, -1)
  local name = reaper.EnumerateFiles(path, index)
  while name do
    if name:gsub(RETRIED, ""):find(suffix) then names[#names + 1] = name end
    index = index + 1
    name = reaper.EnumerateFiles(path, index)
  end
  table.sort(names)
  return names
end

function Spool:requests(folder)
  return names_in(self, folder, REQUEST)
end

-- The wishes that the daemon passes on from a controller.
function Spool:wishes()
  return names_in(self, "wishes", WISH)
end

-- The id that a request's file name gives: everything before the suffix, which the content must confirm.
function M.id_of(name)
  return (name:gsub(RETRIED, ""):gsub(REQUEST, ""))
end

function M.is_retried(name)
  return name:find(RETRIED) ~= nil
end

-- Notes in the name of a request found half done that it is tried a second time, and returns that name.
function Spool:mark_retried(name)
  if M.is_retried(name) then return name end
  local retried = name .. ".again"
  return os.rename(self:path("processing", name), self:path("processing", retried)) and retried or name
end

-- Takes a request out of the inbox; false when somebody else was quicker or the folder refuses. What an earlier try of
-- it came to is forgotten.
function Spool:claim(name)
  os.remove(self:path("processing", name)) -- Windows does not rename over a file
  if not os.rename(self:path("inbox", name), self:path("processing", name)) then return false end
  local plain = name:gsub(RETRIED, "")
  for _, ended in ipairs({ plain, plain .. REASON }) do self:remove("failed", ended) end
  self:remove("done", plain)
  return true
end

-- Why a request failed, nil where it did not: also of one that could not be moved to failed/.
function Spool:reason(name)
  local content = self:read(MAX_REASON, "failed", name:gsub(RETRIED, "") .. REASON)
  return content and content:gsub("%s+$", "")
end

-- A file's bytes, or nil and why; a file larger than `limit` is not read at all.
function M.read(path, limit)
  local file, why = io.open(path, "rb")
  if not file then return nil, why end
  local size = file:seek("end")
  if not size or size > limit then
    file:close()
    return nil, ("%s bytes, at most %d are read"):format(size or "endless", limit)
  end
  file:seek("set")
  local content = file:read("a")
  file:close()
  return content, "it can't be read"
end

local function write(path, content)
  local file, why = io.open(path, "wb")
  if not file then return nil, why end
  local written, problem = file:write(content)
  local closed = file:close()
  if written and closed then return true end
  os.remove(path)
  return nil, problem or "the disk is full"
end

-- Writes a whole file or none: beside its place first, then renamed.
function Spool:put(content, ...)
  local path = self:path(...)
  local ok, why = write(path .. ".tmp", content)
  if not ok then return nil, why end
  if os.rename(path .. ".tmp", path) then return true end
  os.remove(path) -- Windows does not rename over a file
  return os.rename(path .. ".tmp", path)
end

-- Copies a file: another disk can't be renamed to.
local function copy(from, to)
  local source, why = io.open(from, "rb")
  if not source then return nil, why end
  local content = source:read("a")
  source:close()
  return write(to, content)
end

-- Moves a file of the spool to `path`, or one from there back; true, or nil and why not.
function M.move(from, to)
  if os.rename(from, to) then return true end
  local ok, why = copy(from, to)
  if ok then os.remove(from) end
  return ok, why
end

-- Moves a claimed request to done/ or failed/; in failed/ the reason is written beside it.
function Spool:finish(name, reason)
  local folder = reason and "failed" or "done"
  if reason then self:put(reason .. "\n", folder, name:gsub(RETRIED, "") .. REASON) end
  local from, to = self:path("processing", name), self:path(folder, (name:gsub(RETRIED, "")))
  if os.rename(from, to) then return true end
  os.remove(to) -- Windows does not rename over a file
  return os.rename(from, to)
end

function Spool:read(limit, ...)
  return M.read(self:path(...), limit)
end

function Spool:remove(...)
  os.remove(self:path(...))
end

return M
