-- @noindex
-- What of an `insert` file is about an arrangement that is in the project: which items get new notes, which new parts
-- join, whether it is rebuilt, and whether passes lie in lanes. Reads lines, checks them; touches nothing.

local lib = ...
local lines = lib("lines")

local M = {}
local MOST = 4 -- parts

local function read_items(reader, key, order, kinds)
  local list, last = {}, 0
  if not reader:next_is(key) then return list end
  for index = 1, reader:integer(reader:fields(key, 1), 1, MOST) do
    local kind = kinds[1]
    if kinds[2] and reader:next_is(kinds[2]) then kind = kinds[2] end
    local part, guid = reader:fields(kind, 2)
    if not order[part] or not lines.is_guid(guid) then reader:refuse("a part and the GUID of its item are needed") end
    if order[part] <= last then reader:refuse("the items must each come once, in the order of their parts") end
    last = order[part]
    list[index] = { part = part, guid = guid, is_aside = kind == kinds[2] }
  end
  return list
end

local function is_said(reader, key)
  return reader:next_is(key) and reader:integer(reader:fields(key, 1), 1, 1) == 1
end

-- Reads them into the request; order: the place of each part among the parts.
function M.read(reader, request, order)
  request.replaces = read_items(reader, "replaces", order, { "r", "a" })
  request.joins = read_items(reader, "joins", order, { "j" })
  request.rebuild, request.in_lanes = is_said(reader, "rebuild"), is_said(reader, "lanes")
end

-- Refuses what does not fit the rest of the request.
function M.check(reader, request)
  local replaces, joins = request.replaces, request.joins
  if request.in_lanes and #request.passes == 0 then reader:refuse("only passes can lie in lanes") end
  if request.rebuild and (#replaces == 0 or #joins > 0) then reader:refuse("only items that are there are rebuilt") end
  if #replaces + #joins == 0 then return end
  local names, count = {}, 0
  for _, part in ipairs(request.parts) do names[part.name] = true end
  for _, each in ipairs(replaces) do count = count + (names[each.part] and 1 or 0) end
  local is_alone = request.place_qn and not request.audio and not request.draft and #request.passes == 0
  local is_whole = count == #replaces and (#joins > 0 or count == #request.parts)
  if not (is_alone and is_whole) then
    reader:refuse("the parts of known place must be those whose items are replaced, or new ones that join")
  end
end

return M
