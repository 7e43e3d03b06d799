-- @noindex
-- Asks the daemon, through the bridge, to write the last phrase at its place in the timeline, and its sound beside it.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("write_audio")
