-- @noindex
-- Has the daemon write the phrases to come in the next genre.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("set", "genre=next")
