-- @noindex
-- Asks for a genre, a mood and how much of it, and has the daemon write the selected item's arrangement that way.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
local signals = dofile(dir .. "/lib/load.lua")(dir)("signals")
local asked = "Genre,Mood,Density (percent),Complexity (percent)"
local given, typed = reaper.GetUserInputs("Vocal MIDI: change (empty: as it is)", 4, asked, ",,,")
if given then signals.send("change", signals.pairs({ "genre", "mood", "density", "complexity" }, typed)) end
