-- @noindex
-- Asks for a .vocalmidi file and has the bridge insert it at the edit cursor.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
local chosen, path = reaper.GetUserFileNameForRead("", "Vocal MIDI: insert arrangement", "vocalmidi")
if chosen then dofile(dir .. "/lib/load.lua")(dir)("signals").send("insert_file", path) end
