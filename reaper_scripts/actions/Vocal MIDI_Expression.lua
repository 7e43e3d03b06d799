-- @noindex
-- Has the daemon write how loud the voice is in the phrases to come: not, as a controller, or as pressure.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("set", "expression=next")
