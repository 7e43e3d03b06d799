-- @noindex
-- Has the daemon draw other accompaniments for the phrases to come.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("set", "seed=next")
