-- @noindex
-- Puts our actions into Reaper's action list, once for each place and version they are installed in.
-- Adding a script that is already in the list gives its command again, so a repeat does no harm, it only costs time.

local lib = ...
local signals, toggles = lib("signals"), lib("toggles")

local MAIN_SECTION = 0
local ACTIONS = {
  "Vocal MIDI_Start bridge.lua",
  "Vocal MIDI_Write what I just sang.lua",
  "Vocal MIDI_Write what I just sang with audio.lua",
  "Vocal MIDI_Write time selection.lua",
  "Vocal MIDI_Write last bars.lua",
  "Vocal MIDI_Roll selected items again.lua",
  "Vocal MIDI_Roll all unlocked items again.lua",
  "Vocal MIDI_Change genre and mood.lua",
  "Vocal MIDI_Lock or unlock selected items.lua",
  "Vocal MIDI_Same again.lua",
  "Vocal MIDI_Quantise strength.lua",
  "Vocal MIDI_Calibrate by the claps just heard.lua",
  "Vocal MIDI_Insert arrangement from file.lua",
  "Vocal MIDI_Show panel.lua",
  "Vocal MIDI_Start or stop listening.lua",
  "Vocal MIDI_Genre menu.lua",
  "Vocal MIDI_Next genre.lua",
  "Vocal MIDI_Previous genre.lua",
  "Vocal MIDI_New seed.lua",
  "Vocal MIDI_Scale lock.lua",
  "Vocal MIDI_Bend mode.lua",
  "Vocal MIDI_Octave up.lua",
  "Vocal MIDI_Octave down.lua",
  "Vocal MIDI_Continue 4 bars.lua",
  "Vocal MIDI_Continue 8 bars.lua",
  "Vocal MIDI_Roll melody again.lua",
  "Vocal MIDI_Roll chords again.lua",
  "Vocal MIDI_Roll bass again.lua",
  "Vocal MIDI_Roll drums again.lua",
  "Vocal MIDI_Lock or unlock melody.lua",
  "Vocal MIDI_Lock or unlock chords.lua",
  "Vocal MIDI_Lock or unlock bass.lua",
  "Vocal MIDI_Lock or unlock drums.lua",
  "Vocal MIDI_Quantise 0 percent.lua",
  "Vocal MIDI_Quantise 50 percent.lua",
  "Vocal MIDI_Quantise 100 percent.lua",
  "Vocal MIDI_All notes off.lua",
}

return function(dir, version)
  local done = version .. " " .. dir
  if signals.remembered("registered") == done then return end
  for index, name in ipairs(ACTIONS) do
    -- The last one commits: Reaper then writes its action list once.
    local command = reaper.AddRemoveReaScript(true, MAIN_SECTION, dir .. "/actions/" .. name, index == #ACTIONS)
    if command == 0 then return signals.log("can't add the action " .. name) end
    toggles.remember(name, command)
  end
  signals.remember("registered", done)
end
