-- Holds calls against the signature list: names, argument counts, argument types, live pointers, result counts.

local fake, signatures = ...
local M = {}

local POINTERS = {
  MediaTrack = true, MediaItem = true, MediaItem_Take = true, PCM_source = true, ReaProject = true,
  KbdSectionInfo = true,
}

local function is_live(value, kind)
  return type(value) == "table" and value.kind == kind and value.alive
end

local CHECKS = {
  number = function(value) return type(value) == "number" end,
  integer = function(value) return math.tointeger(value) ~= nil end,
  string = function(value) return type(value) == "string" end,
  boolean = function(value) return type(value) == "boolean" end,
  ["function"] = function(value) return type(value) == "function" end,
  userdata = function(value) return type(value) == "table" and POINTERS[value.kind] ~= nil end,
  ["nil"] = function(value) return value == nil end,
  ["0"] = function(value) return value == 0 end,
}
for kind in pairs(POINTERS) do
  CHECKS[kind] = function(value) return is_live(value, kind) end
end

local function parse(params)
  local list = {}
  for param in params:gmatch("[^,]+") do
    local kinds, name = param:match("^%s*(%S+)%s+(%S+)%s*$")
    list[#list + 1] = { kinds = kinds:gsub("%?$", ""), name = name, optional = kinds:sub(-1) == "?" }
  end
  return list
end

local function fits(kinds, value)
  for kind in kinds:gmatch("[^|]+") do
    local holds = CHECKS[kind] or error("no check for type " .. kind)
    if holds(value) then return true end
  end
  return false
end

function M.exists(name)
  return signatures["reaper." .. tostring(name)] ~= nil
end

function M.arguments(name, ...)
  local signature = signatures["reaper." .. name]
  local count = select("#", ...)
  if count < signature.min or count > signature.max then
    fake.violate(("%s takes %d to %d arguments, got %d"):format(name, signature.min, signature.max, count))
  end
  signature.parsed = signature.parsed or parse(signature.params)
  for index = 1, count do
    local param, value = signature.parsed[index], (select(index, ...))
    if not (param.optional and value == nil) and not fits(param.kinds, value) then
      fake.violate(("%s: argument %s must be %s, got %s"):format(name, param.name, param.kinds, tostring(value)))
    end
  end
end

function M.results(name, count)
  if count > signatures["reaper." .. name].ret then
    fake.violate(("the fake's %s gives %d results"):format(name, count))
  end
end

return M
