-- Commands and what Reaper shows of them: names that are found again, toggle states, the theme, the mouse.

local fake = ...
local api = fake.api
local FIRST_COMMAND = 50000
fake.toggles, fake.refreshed, fake.commands, fake.on_command = {}, {}, {}, {}
fake.theme = { col_main_bg2 = 0x333333, col_main_text2 = 0xE0E0E0 }

function api.ReverseNamedCommandLookup(command)
  return fake.actions[command - FIRST_COMMAND] and ("RS%040x"):format(command)
end

function api.NamedCommandLookup(name)
  local command = name:match("^_RS(%x+)$")
  return command and tonumber(command, 16) or 0
end

function api.SetToggleCommandState(section, command, state)
  if section ~= 0 or not fake.actions[command - FIRST_COMMAND] then fake.violate("no such command: " .. command) end
  fake.toggles[fake.actions[command - FIRST_COMMAND].path:match("Vocal MIDI_(.*)%.lua$")] = state
  return true
end

function fake.toggle_of(command)
  local action = fake.actions[command - FIRST_COMMAND]
  return action and fake.toggles[action.path:match("Vocal MIDI_(.*)%.lua$")]
end

function api.RefreshToolbar2(_, command) fake.refreshed[#fake.refreshed + 1] = command end

function api.Main_OnCommand(command, _)
  fake.commands[#fake.commands + 1] = command
  if fake.on_command[command] then fake.on_command[command]() end
end

function api.GetMousePosition() return 640, 400 end

-- The state of the theme's colour, −1 for one it does not have; red is the lowest byte here.
function api.GetThemeColor(key, _) return fake.theme[key] or -1 end

function api.ColorFromNative(colour) return colour & 0xFF, colour >> 8 & 0xFF, colour >> 16 & 0xFF end

function api.get_action_context()
  local path, command = fake.running_path(), 0
  for index, action in ipairs(fake.actions) do
    if action.path == path then command = FIRST_COMMAND + index end
  end
  return false, path, 0, command, -1, -1, -1, ""
end
