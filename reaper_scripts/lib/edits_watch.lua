-- @noindex
-- Notices what the user does to sung notes, and offers once he rests to have later phrases read that way. Looks only
-- after the project has changed, at few items a turn. What was edited before a project was first seen is not offered.

local lib = ...
local edits, projects, signals, written = lib("edits"), lib("projects"), lib("signals"), lib("written")

local M = {}
local LOOK_S = 0.5 -- between looks for a change of the project
local REST_S = 4.0 -- without a change: nobody is spoken to while he edits
local AGAIN_S = 30.0 -- between two offers
local ITEMS_A_TURN = 20

local known = {} -- by the project's number: { items, offered }; items by GUID: { packed, counts, base, pass }
local front = {} -- the project in front: { number, state }
local next_look_s, due_s, offered_s = 0, nil, -math.huge
local passes, pass = 0, nil -- the one that goes on: { number, index, is_first }

local function edits_of(each)
  local more = {}
  for kind, count in pairs(each.counts) do more[kind] = math.max(0, count - each.base[kind]) end
  return more
end

-- Looks at an item; returns whether its notes had to be compared, which takes a while.
local function look(proj, item, items)
  if written.item_text(item, written.GROUP) == "" then return false end
  local guid = written.item_text(item, "GUID")
  local before = items[guid]
  if before then before.pass = pass.number end
  local found = edits.of_item(proj, item, before and before.packed)
  if not found then return false end
  local counts = edits.counts(found)
  local none = pass.is_first and counts or { octave = 0, moved = 0, gone = 0 }
  items[guid] = { packed = found.packed, counts = counts, base = before and before.base or none, pass = pass.number }
  return true
end

local function in_words(total)
  local said = {}
  for _, each in ipairs({ { "octave", "put into another octave" }, { "moved", "moved" }, { "gone", "deleted" } }) do
    local count = total[each[1]]
    local notes = count == 1 and "note was" or "notes were"
    if count > 0 then said[#said + 1] = ("%d %s %s"):format(count, notes, each[2]) end
  end
  return table.concat(said, ", ")
end

-- All edits that were made since a project was first seen; items that are gone are forgotten.
local function sum(items)
  local total, all = { octave = 0, moved = 0, gone = 0 }, 0
  for guid, each in pairs(items) do
    if each.pass ~= pass.number then items[guid] = nil end
    for kind, count in pairs(each.pass == pass.number and edits_of(each) or {}) do
      total[kind], all = total[kind] + count, all + count
    end
  end
  return total, all
end

local function offer(project, now_s)
  local total, all = sum(project.items)
  if all <= project.offered then
    project.offered = all -- some were undone, or learnt
  elseif now_s - offered_s < AGAIN_S then
    due_s = offered_s + AGAIN_S
  else
    project.offered, offered_s = all, now_s
    signals.log(in_words(total) .. " of what you sang: \"Learn from my edits\" has later phrases read that way")
  end
end

-- Looks at the next items of a pass; what was found is offered at its end.
local function go_on(now_s)
  local number, proj = projects.current()
  local project = known[front.number]
  if number ~= front.number then
    pass = nil
    return
  end
  for _ = 1, ITEMS_A_TURN do
    if pass.index >= reaper.CountMediaItems(proj) then
      offer(project, now_s)
      pass = nil
      return
    end
    pass.index = pass.index + 1 -- first: an item that can't be looked at is passed over
    if look(proj, reaper.GetMediaItem(proj, pass.index - 1), project.items) then return end
  end
end

local function begin_pass()
  local is_first = known[front.number] == nil
  if is_first then known[front.number] = { items = {}, offered = 0 } end
  passes, due_s = passes + 1, nil
  pass = { number = passes, index = 0, is_first = is_first }
end

-- One turn of the bridge's loop.
function M.turn(now_s)
  if pass then return go_on(now_s) end
  if now_s < next_look_s then return end
  next_look_s = now_s + LOOK_S
  local number, proj = projects.current()
  local state = reaper.GetProjectStateChangeCount(proj)
  if number ~= front.number then
    front, due_s = { number = number, state = state }, now_s -- as it is when it is first seen
  elseif state ~= front.state then
    front.state, due_s = state, now_s + REST_S
  end
  if due_s and now_s >= due_s then begin_pass() end
end

-- What was done to these items has been learnt, and is not offered any more.
function M.learnt(items)
  for _, project in pairs(known) do
    for _, found in ipairs(items) do
      local each = project.items[found.guid]
      if each then each.base, project.offered = edits.counts(found), 0 end
    end
  end
end

return M
