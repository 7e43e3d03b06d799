-- @noindex
-- Records what is sung from now on, drawn as you sing; run again, it is written. Lit while it records.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("record")
