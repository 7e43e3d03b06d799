-- @noindex
-- Starts the program that listens to the microphone, as `vocalmidi reaper install` wrote it down.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("start_daemon")
