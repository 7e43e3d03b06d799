-- @noindex
-- Has the bridge put the selected items' sung notes on the grid.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("quantise", "100")
