-- @noindex
-- Asks how many bars, then the daemon, through the bridge, to write what was sung in so many last ones.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
local signals = dofile(dir .. "/lib/load.lua")(dir)("signals")
local before = signals.remembered("bars") ~= "" and signals.remembered("bars") or "4"
local given, bars = reaper.GetUserInputs("Vocal MIDI: write last bars", 1, "Bars", before)
if given and signals.send("write_bars", bars) then signals.remember("bars", (bars:gsub("%c", ""))) end
