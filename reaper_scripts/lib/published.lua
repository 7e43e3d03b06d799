-- @noindex
-- Which command each of our actions has in this Reaper, as a file in the spool: `vocalmidi reaper actions` prints it
-- for OSC, the web interface and other scripts. The ids differ from one installation to the next.

local lib = ...
local lines = lib("lines")

local M = {}
local FILE = "bridge.actions"

function M.is_there(spool)
  return spool:read(lines.MAX_BYTES, FILE) ~= nil
end

-- actions: { { name, command } … }, a file's name and Reaper's number for it.
function M.publish(spool, owner, actions)
  local body = { "" }
  for _, action in ipairs(actions) do
    local id = reaper.ReverseNamedCommandLookup(action.command)
    if id then
      body[#body + 1] = "action _" .. id
      body[#body + 1] = "title " .. action.name:gsub("%.lua$", ""):gsub("^Vocal MIDI_", "Vocal MIDI: ")
    end
  end
  body[1] = ("actions %d"):format(#body // 2)
  return spool:put(lines.seal("actions", owner, body), FILE)
end

return M
