-- @noindex
-- Has the bridge lock the chords of the selected or the newest arrangement, or unlock them.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("lock_part", "chords")
