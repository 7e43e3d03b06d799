-- @noindex
-- Has the daemon take in what the microphone hears, or stop doing so; lit while it listens.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("signals").send("set", "listening=toggle")
