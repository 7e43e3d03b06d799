-- @noindex
-- Has the bridge lock the selected items, so that nothing rewrites them, or unlock them where all are locked.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("lock")
