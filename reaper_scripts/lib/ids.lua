-- @noindex
-- Ids that no other message has: wall clock, Reaper's fine clock and a count. (genGuid's arguments differ between
-- versions.)

local count = 0

return function()
  count = count + 1
  local fine = math.floor(reaper.time_precise() * 1000000) & 0xFFFFFFFFFFFF
  return ("%08x-%012x-%04x"):format(os.time() & 0xFFFFFFFF, fine, count & 0xFFFF)
end
