-- @noindex
-- Holds this Reaper against all that Vocal MIDI rests on, in a project tab of its own, and writes a report.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
if reaper.set_action_options then reaper.set_action_options(1) end -- a second run ends the first, without asking
dofile(dir .. "/lib/load.lua")(dir)("selftest").run(dir)
