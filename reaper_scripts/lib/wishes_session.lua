-- @noindex
-- Wishes about what is to come: the settings of the daemon's session, and silence.

local lib = ...
local ask, lines, signals = lib("ask"), lib("lines"), lib("signals")

local ALL_NOTES_OFF = 40345 -- "Send all notes off to all MIDI outputs/plug-ins", in Reaper's main section

local WISHES = {}

-- Settings of the daemon's session, such as "genre=next".
function WISHES.set(spool, text)
  ask.send(spool, "set", { set = lines.one_line(text) })
end

-- Reaper's own command reaches every instrument, whoever plays it.
function WISHES.panic()
  reaper.Main_OnCommand(ALL_NOTES_OFF, 0)
  signals.log("all notes off")
end

return WISHES
