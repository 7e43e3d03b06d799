-- @noindex
-- Has the daemon write the phrases to come with the sung pitch curve as bend, or without.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("set", "bend=next")
