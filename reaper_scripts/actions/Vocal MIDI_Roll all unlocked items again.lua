-- @noindex
-- Has the daemon, through the bridge, write the selected item's arrangement anew but for what is locked or edited.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("roll_all")
