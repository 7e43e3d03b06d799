-- @noindex
-- Has the daemon write what was sung, in the selected or the newest arrangement, an octave lower.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("octave", "previous")
