-- @noindex
-- Shows the genres as a menu at the mouse, and has the daemon write the phrases to come in the chosen one.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
dofile(dir .. "/lib/load.lua")(dir)("panel_menu").at_mouse("genre")
