-- @noindex
-- What the panel knows: who runs, what the daemon shows, how the parts stand, which control has the focus, and what a
-- key, a click or the wheel means. Pure but for the words it keeps: tables in, a wish or nothing out.

local lib = ...
local controls = lib("panel_controls")

local M = {}
local FRESH_S = 5 -- as of heartbeats; while it writes an arrangement the daemon shows nothing
local TAB, ENTER, SPACE, SHIFT = 9, 13, 32, 8
local LEFT, RIGHT, UP, DOWN = 0x6C656674, 0x72676874, 0x7570, 0x646F776E -- as gfx.getchar says "left", "rght", …

local State = {}
State.__index = State

function M.new()
  local state = setmetatable({ focus = 1, shown = nil }, State)
  state:take({ now_s = 0, bridge_lives = false, parts = {}, said = "" })
  return state
end

local function connection(seen, is_fresh)
  if not seen.bridge_lives then return "warn", "No bridge: run \"Vocal MIDI_Start bridge\"" end
  if not is_fresh then return "warn", "No daemon: run the action Start daemon" end
  return "good", "Connected"
end

-- seen: { now_s, bridge_lives, status or nil, parts, said, is_recording }
function State:take(seen)
  local is_fresh = seen.status ~= nil and math.abs(seen.now_s - seen.status.written_s) <= FRESH_S
  local status = seen.bridge_lives and is_fresh and seen.status or nil
  local mark, words = connection(seen, is_fresh)
  self.shown = {
    status = status, parts = seen.parts, mark = mark, connection = words,
    is_listening = status ~= nil and status.listening, is_recording = status ~= nil and seen.is_recording,
    can_start = seen.bridge_lives and not status,
    said = seen.said ~= "" and seen.said or status and status.said or "",
  }
  self.controls = controls.of(self.shown)
  self.shown.controls = self.controls
  self.shown.focus = self.controls[self.focus].id
end

function State:focused()
  return self.controls[self.focus]
end

-- Moves the focus by `steps`, round and round; returns the words of what has it then.
function State:move(steps)
  self.focus = (self.focus - 1 + steps) % #self.controls + 1
  self.shown.focus = self:focused().id
  return controls.words(self:focused())
end

-- Gives the focus to a control by its id; returns the control, nil where there is none.
function State:focus_on(id)
  for index, control in ipairs(self.controls) do
    if control.id == id then
      self.focus = index
      self.shown.focus = id
      return control
    end
  end
end

-- What pressing a control means: { wish = …}, { choice = … } or { words = … }.
function M.pressed(control)
  if control.choice then return { choice = control.choice } end
  if control.wish then return { wish = control.wish } end
  return { words = controls.words(control) }
end

-- What turning a control one step does.
function M.turned(control, is_forth)
  local wish = is_forth and control.forth or not is_forth and control.back
  return wish and { wish = wish } or nil
end

-- What a key means, as gfx.getchar gives it: as `pressed` does; nil for a key that means nothing.
function State:key(char, held)
  if char == TAB then return { words = self:move(held & SHIFT ~= 0 and -1 or 1) } end
  if char == DOWN then return { words = self:move(1) } end
  if char == UP then return { words = self:move(-1) } end
  if char == ENTER or char == SPACE then return M.pressed(self:focused()) end
  if char == LEFT or char == RIGHT then return M.turned(self:focused(), char == RIGHT) end
end

return M
