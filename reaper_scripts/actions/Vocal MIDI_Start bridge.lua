-- @noindex
-- Runs the bridge until Reaper ends; starting it again replaces the one that runs.
if reaper.set_action_options then reaper.set_action_options(1 | 2) end -- relaunch without asking
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/bridge.lua")
local signals = dofile(dir .. "/lib/load.lua")(dir)("signals")
if signals.bridge_lives() then signals.log("the bridge runs") end
