-- @noindex
-- What the actions may ask of the bridge, by name: `signals.send(name, argument)` in an action ends in one function of
-- one of these files. Each takes the spool and the argument, and ends in a command for the daemon or words to the user.

local lib = ...
local lines, signals = lib("lines"), lib("signals")

local FILES = {
  "wishes_write", "wishes_arrangement", "wishes_rebuild", "wishes_session", "wishes_daemon",
  "wishes_record", "wishes_learn",
}
local M, WISHES = {}, {}

for _, file in ipairs(FILES) do
  for name, grant in pairs(lib(file)) do
    assert(not WISHES[name], "two wishes are called " .. name)
    WISHES[name] = grant
  end
end

-- Does what an action asked for; what goes wrong is told to the user, who is waiting for it.
function M.grant(spool, name, argument)
  local ok, why = pcall(function()
    local grant = assert(WISHES[name], "no such wish: " .. name)
    grant(spool, argument)
  end)
  if not ok then signals.tell("It did not work: " .. lines.one_line(why)) end
end

return M
