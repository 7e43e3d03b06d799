-- @noindex
-- Puts our actions into Reaper's action list, once for each place and version they are installed in, and again where
-- there are others now, or the file that tells their commands is gone.
-- Adding a script that is already in the list gives its command again, so a repeat does no harm, it only costs time.

local lib = ...
local crc32, published, signals, toggles = lib("crc32"), lib("published"), lib("signals"), lib("toggles")

local MAIN_SECTION = 0

-- Every file of the folder is an action; an installation leaves no other there.
local function actions(folder)
  local names, index = {}, 0
  reaper.EnumerateFiles(folder, -1) -- what Reaper remembers of the folder may be of an earlier version
  local name = reaper.EnumerateFiles(folder, index)
  while name do
    if name:find("^Vocal MIDI_.*%.lua$") then names[#names + 1] = name end
    index = index + 1
    name = reaper.EnumerateFiles(folder, index)
  end
  table.sort(names)
  return names
end

-- Adds the actions of the folder `dir`, and tells in the spool which commands they are.
return function(dir, version, spool, owner)
  local names, list = actions(dir .. "/actions"), {}
  local done = ("%s %08x %s"):format(version, crc32(table.concat(names, "\n")), dir)
  if signals.remembered("registered") == done and published.is_there(spool) then return end
  for index, name in ipairs(names) do
    -- The last one commits: Reaper then writes its action list once.
    local command = reaper.AddRemoveReaScript(true, MAIN_SECTION, dir .. "/actions/" .. name, index == #names)
    if command == 0 then return signals.log("can't add the action " .. name) end
    toggles.remember(name, command)
    list[#list + 1] = { name = name, command = command }
  end
  published.publish(spool, owner, list)
  signals.remember("registered", done)
end
