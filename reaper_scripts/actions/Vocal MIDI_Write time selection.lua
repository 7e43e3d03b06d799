-- @noindex
-- Asks the daemon, through the bridge, to write what was sung while the project played through the time selection.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("write_selection")
