-- @noindex
-- Has the daemon put the notes of the phrases to come on the key's scale, or leave them as sung; lit while it does.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("set", "scale_lock=toggle")
