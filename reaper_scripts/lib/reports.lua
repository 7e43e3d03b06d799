-- @noindex
-- Tells the daemon, unasked, where the transport stands (docs/SPOOL.md, `transport` and `project_map`): a few times a
-- second while it runs, and at once at every start, stop, jump and change of rate, loop, project or map. Reads Reaper
-- only. A report holds every turn since the one before and repeats those before that, so that one overwritten unread
-- loses nothing.

local lib = ...
local projects, replies, transport = lib("projects"), lib("replies"), lib("transport")

local M = {}
local PERIOD_S = 0.25 -- while the transport runs; a clock that drifts by 200 ppm is off by 0.05 ms then
local IDLE_PERIOD_S = 2.0
local IDLE_TURNS = 3 -- looks while nothing moves: 10 a second
local SETTINGS_S, IDLE_SETTINGS_S = 0.25, 1.0 -- between looks at rate, loop and map
local JUMP_S = 0.05 -- the position is read in steps of an audio block, at most some 2048 samples
local KEPT = 48 -- observations of one report: every turn of 1.6 s, or of the last six reports

local Reports = {}
Reports.__index = Reports

function M.new(owner)
  return setmetatable({
    owner = owner, kept = {}, count = 0, map_number = 0, written_s = -math.huge, settings_s = -math.huge,
  }, Reports)
end

-- The project's map, written when it is another than before.
function Reports:look_at_map(spool, proj, project)
  local changes = reaper.GetProjectStateChangeCount(proj)
  if project == self.map_project and changes == self.map_changes then return end
  local map = transport.map(proj)
  map.number, map.project = 0, project
  local shape = replies.project_map(self.owner, map)
  if shape ~= self.map_shape then
    map.number = self.map_number + 1
    -- What can't be written is tried again; the heartbeat's failure tells the user.
    if not spool:put(replies.project_map(self.owner, map), "bridge.project_map") then return end
    self.map_shape, self.map_number = shape, map.number
  end
  self.map_project, self.map_changes = project, changes
end

function Reports:look_at_settings(spool, proj, project, now_s)
  self.settings_s = now_s
  self:look_at_map(spool, proj, project)
  local start_s, stop_s = reaper.GetSet_LoopTimeRange2(proj, false, true, 0, 0, false)
  self.settings = {
    rate = reaper.Master_GetPlayRate(proj),
    loops = reaper.GetSetRepeatEx(proj, -1) == 1,
    loop_start_s = start_s,
    loop_stop_s = stop_s,
  }
end

function Reports:observe(spool, now_s)
  local project, proj = projects.current()
  local state = reaper.GetPlayStateEx(proj)
  local moves = transport.is_moving(state)
  local is_same = self.before and self.before.play_state == state and project == self.map_project
  if not is_same or now_s - self.settings_s >= (moves and SETTINGS_S or IDLE_SETTINGS_S) then
    self:look_at_settings(spool, proj, project, now_s)
  end
  local cursor_s = reaper.GetCursorPositionEx(proj)
  local play_s = moves and reaper.GetPlayPositionEx(proj) or cursor_s
  -- The clock after the position: a stamp may be late, never early. While nothing moves the turn's own is good enough.
  if moves then now_s = reaper.time_precise() end
  local seen = {
    clock_s = now_s, play_state = state, play_s = play_s, cursor_s = cursor_s, project = project,
    map_number = self.map_number, moves = moves,
  }
  for name, value in pairs(self.settings) do seen[name] = value end
  return seen
end

local FIXED = { "play_state", "project", "map_number", "rate", "loops", "loop_start_s", "loop_stop_s" }

-- Whether what was seen does not follow from what was seen before.
local function is_news(before, seen)
  for _, name in ipairs(FIXED) do
    if before[name] ~= seen[name] then return true end
  end
  if not seen.moves then return before.play_s ~= seen.play_s end
  local due_s = before.play_s + (seen.clock_s - before.clock_s) * seen.rate
  return math.abs(seen.play_s - due_s) > JUMP_S
end

function Reports:keep(seen)
  if seen.number then return end
  self.count = self.count + 1
  seen.number = self.count
  self.kept[#self.kept + 1] = seen
  if #self.kept > KEPT then table.remove(self.kept, 1) end
end

-- One turn of the bridge's loop, begun at `now_s`.
function Reports:turn(spool, turns, now_s)
  local before = self.before
  if before and not before.moves and turns % IDLE_TURNS ~= 0 then return end
  local seen = self:observe(spool, now_s)
  if self.map_number == 0 then return end
  local news = not before or is_news(before, seen)
  local period_s = seen.moves and PERIOD_S or IDLE_PERIOD_S
  self.before = seen
  if news and before then self:keep(before) end -- where it stood last before it moved
  if seen.moves then self:keep(seen) end
  if not news and now_s - self.written_s < period_s then return end
  self:keep(seen)
  self.written_s = now_s
  spool:put(replies.transport(self.owner, reaper.time_precise(), self.kept), "bridge.transport")
end

return M
