-- @noindex
-- Has the daemon write the phrases to come without the sung pitch curve, or with it as wheel, MPE or a controller.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("set", "bend=next")
