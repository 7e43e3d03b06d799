-- @noindex
-- The sound of what was sung as an item on the track "Voice": from the spool's audio/ into the project's own media
-- folder, under a name made of the request's id. Where it lies is told in quarter notes, so that it lies under its
-- notes whatever the tempo; where the project's is another than the singer's, the item plays faster or slower.

local lib = ...
local lines, spool_files, tracks = lib("lines"), lib("spool"), lib("tracks")

local M = {}
local PART = "voice"
local AS_SUNG = 0.001 -- a rate this near to 1 is a rounding; 1 ms in a second

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- Brings the file into the project's media folder and returns its path there.
local function fetch(proj, spool, request, step)
  assert(lines.is_id(request.id), "the request has no id")
  local folder = reaper.GetProjectPathEx(proj)
  reaper.RecursiveCreateDirectory(folder, 0)
  local from, to = spool:path("audio", request.id .. ".wav"), folder .. "/vocalmidi-" .. request.id .. ".wav"
  -- A bridge that ended in between has brought it already.
  if not exists(from) and exists(to) then return to end
  step(function() spool_files.move(to, from) end)
  local ok, why = spool_files.move(from, to)
  assert(ok, "the sound can't be brought to " .. folder .. ": " .. tostring(why))
  return to
end

local function set(item, take, span, length_s)
  local item_s = span.stop_s - span.start_s
  local rate = length_s / item_s
  if math.abs(rate - 1) < AS_SUNG then rate, item_s = 1, length_s end
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", span.start_s)
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", item_s)
  reaper.SetMediaItemTakeInfo_Value(take, "D_PLAYRATE", rate)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", tracks.title(PART), true)
end

-- Makes the item and returns it; `step(f)` is told how to take back whatever this changes.
function M.insert(proj, spool, request, place_qn, step)
  local audio = request.audio
  local from_qn = math.max(0, place_qn + audio.start_qn)
  local span = {
    start_s = reaper.TimeMap2_QNToTime(proj, from_qn),
    stop_s = reaper.TimeMap2_QNToTime(proj, place_qn + audio.start_qn + audio.length_qn),
  }
  assert(span.stop_s > span.start_s, "the sound ends before the project begins")
  local source = reaper.PCM_Source_CreateFromFile(fetch(proj, spool, request, step))
  assert(source, "Reaper can't read the sound")
  local track = tracks.find_or_make(proj, PART, step)
  local item = reaper.AddMediaItemToTrack(track)
  assert(item, "Reaper made no item for the sound")
  step(function()
    if reaper.ValidatePtr2(proj, item, "MediaItem*") then reaper.DeleteTrackMediaItem(track, item) end
  end)
  local take = reaper.AddTakeToMediaItem(item)
  assert(reaper.SetMediaItemTake_Source(take, source), "Reaper did not take the sound")
  set(item, take, span, audio.length_s)
  reaper.UpdateItemInProject(item)
  return item
end

return M
