-- @noindex
-- Menus of a setting's values: by the mouse for an action, in the panel for its buttons. What is chosen is sent to the
-- daemon through the bridge.

local lib = ...
local lines, signals, spool_files, status_file = lib("lines"), lib("signals"), lib("spool"), lib("status")

local M = {}

-- A value as it is shown: "hip_hop" as "hip hop".
function M.shown(value)
  return (value:gsub("_", " "))
end

-- The menu string of a choice for gfx.showmenu, the present value ticked.
function M.text(choice)
  local rows = {}
  for index, option in ipairs(choice.options) do
    rows[index] = (option == choice.value and "!" or "") .. M.shown(option)
  end
  return table.concat(rows, "|")
end

-- Shows the menu of a choice where gfx.x and gfx.y are, and sends what is chosen; the window must be there.
function M.choose(choice)
  local index = gfx.showmenu(M.text(choice))
  local option = choice.options[math.tointeger(index)]
  if option and option ~= choice.value then signals.send("set", choice.name .. "=" .. option) end
end

-- The same at the mouse, for an action that has no window: a small one of its own is needed while the menu is open.
function M.at_mouse(name)
  local spool = spool_files.new(reaper.GetResourcePath() .. "/Data/vocalmidi")
  local content = spool:read(lines.MAX_BYTES, "daemon.status")
  local choice = status_file.choice(content and status_file.read(content), name)
  if not choice then
    return signals.tell("Vocal MIDI is not running.\n\nRun the action \"Vocal MIDI_Start daemon\", and try again.")
  end
  local x, y = reaper.GetMousePosition()
  gfx.init(signals.TITLE .. ": " .. name, 1, 1, 0, x, y)
  gfx.x, gfx.y = 0, 0
  M.choose(choice)
  gfx.quit()
end

return M
