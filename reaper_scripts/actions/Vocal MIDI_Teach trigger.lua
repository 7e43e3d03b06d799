-- @noindex
-- Asks for a name and a drum key, and has the daemon learn that sound from the examples that it heard just before.
local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]actions[/\\]")
local signals, asked_s = dofile(dir .. "/lib/load.lua")(dir)("signals"), reaper.time_precise()
local title = "Vocal MIDI: teach the sound you have just made"
local given, typed = reaper.GetUserInputs(title, 2, "Name (such as clap),Drum key (empty: as usual)", ",")
-- What the microphone heard since then is the keyboard.
local ago = (", ago_ms=%d"):format(math.floor(1000 * (reaper.time_precise() - asked_s)))
if given then signals.send("teach", signals.pairs({ "name", "key" }, typed) .. ago) end
