-- @noindex
-- Opens the panel; run again, it closes it.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
if reaper.set_action_options then reaper.set_action_options(1) end -- a second run ends the first, without asking
dofile(dir .. "/panel.lua")
