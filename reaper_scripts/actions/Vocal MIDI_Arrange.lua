-- @noindex
-- Has the daemon, through the bridge, write the other parts around the selected items.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("arrange")
