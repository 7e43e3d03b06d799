-- @noindex
-- Has the program that listens to the microphone end, in good order.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("stop_daemon")
