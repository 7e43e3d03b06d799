-- @noindex
-- Has the daemon write other drums into the selected or the newest arrangement; all other parts stay.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("roll_part", "drums")
