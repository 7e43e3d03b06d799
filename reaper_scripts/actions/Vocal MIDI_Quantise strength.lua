-- @noindex
-- Asks how strongly the selected items' sung notes are drawn to the grid, and has the bridge move them.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
local signals = dofile(dir .. "/lib/load.lua")(dir)("signals")
local before = signals.remembered("strength") ~= "" and signals.remembered("strength") or "100"
local given, percent = reaper.GetUserInputs("Vocal MIDI: quantise strength", 1, "Percent (0 as sung)", before)
if given and signals.send("quantise", percent) then signals.remember("strength", (percent:gsub("%c", ""))) end
