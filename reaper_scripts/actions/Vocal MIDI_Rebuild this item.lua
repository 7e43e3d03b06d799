-- @noindex
-- Has the daemon, through the bridge, write the selected item again as it was written.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("rebuild")
