-- @noindex
-- The actions that show a state, as a lit toolbar button or a tick in the action list: what they show is what the
-- daemon says, whoever changed it, or whether the bridge records a phrase.

local lib = ...
local signals, status_file = lib("signals"), lib("status")

local M = {
  ACTIONS = {
    ["Vocal MIDI_Start or stop listening.lua"] = "listening", ["Vocal MIDI_Scale lock.lua"] = "scale_lock",
    ["Vocal MIDI_Record phrase.lua"] = "recording",
  },
}
local MAIN_SECTION = 0
local shown = {}

-- Keeps the name under which Reaper finds an action again, which differs between installations.
function M.remember(name, command)
  local key = M.ACTIONS[name]
  if key then signals.remember("command_" .. key, reaper.ReverseNamedCommandLookup(command) or "") end
end

local function show(key, is_on)
  if shown[key] == is_on then return end
  local name = signals.remembered("command_" .. key)
  local command = name ~= "" and reaper.NamedCommandLookup("_" .. name) or 0
  if command == 0 then return end
  shown[key] = is_on
  reaper.SetToggleCommandState(MAIN_SECTION, command, is_on and 1 or 0)
  reaper.RefreshToolbar2(MAIN_SECTION, command)
end

M.set = show

-- status: as lib/status reads it, nil where no daemon runs.
function M.show(status)
  local lock = status_file.choice(status, "scale_lock")
  show("listening", status ~= nil and status.listening)
  show("scale_lock", lock ~= nil and lock.value ~= "off")
end

return M
