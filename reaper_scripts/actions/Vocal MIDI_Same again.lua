-- @noindex
-- Has the daemon, through the bridge, write the selected item's arrangement once more, at the edit cursor.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("again")
