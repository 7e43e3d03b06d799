-- @noindex
-- The wish to record a phrase, or to end that: granted by lib/recording.

local lib = ...
local recording = lib("recording")

local WISHES = {}

function WISHES.record(spool)
  recording.toggle(spool)
end

return WISHES
