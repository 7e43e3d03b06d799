-- @noindex
-- Wishes about the daemon itself: to be started, to end.

local lib = ...
local ask, daemon = lib("ask"), lib("daemon")

local WISHES = {}

function WISHES.start_daemon(spool)
  daemon.start(spool)
end

function WISHES.stop_daemon(spool)
  ask.send(spool, "stop", {})
end

return WISHES
