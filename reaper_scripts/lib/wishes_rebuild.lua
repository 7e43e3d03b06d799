-- @noindex
-- Wishes to have items as they were written, and an arrangement around what is there.

local lib = ...
local around, ask, projects = lib("around"), lib("ask"), lib("projects")
local remake, signals = lib("remake"), lib("signals")

local WISHES = {}

local function send(spool, wanted, why)
  if not wanted then return signals.tell(why) end
  ask.send(spool, "remake", {}, wanted)
end

function WISHES.rebuild(spool) send(spool, remake.of_selected(select(2, projects.current()), "rebuild")) end
function WISHES.arrange(spool) send(spool, around.of_selected(select(2, projects.current()))) end

return WISHES
