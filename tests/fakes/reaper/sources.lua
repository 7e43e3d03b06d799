-- What a take plays, as scripts ask for it: its source, and how long that is, MIDI in quarter notes, sound in seconds.

local fake = ...
local api = fake.api
local HEADER = 44 -- bytes of a plain WAVE file before its samples

function api.GetMediaItemTake_Source(take)
  return { kind = "PCM_source", alive = true, name = take.source, take = take }
end

function api.PCM_Source_Destroy(source)
  source.alive = false
end

local function wave_length_s(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read("a")
  file:close()
  return (#bytes - HEADER) / string.unpack("<I4", bytes, 29)
end

function api.GetMediaSourceLength(source)
  if source.name ~= "MIDI" then return wave_length_s(source.name), false end
  local events = source.take and source.take.events or {}
  return #events > 0 and events[#events].tick / source.take.ppq or 0.0, true
end
