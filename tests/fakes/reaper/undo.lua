-- Undo blocks, undo points, and the switch that stops Reaper's window from redrawing. A block that ends with flags, or
-- that changed something, leaves a point. `fake.undo` and `fake.redo` are the user's Ctrl-Z and its opposite:
-- afterwards no old pointer is alive. A new point forgets what could be redone; Reaper's end forgets all points.

local fake = ...
local api = fake.api
fake.refresh_stops = 0

function fake.copy_item(item, track)
  local copy = fake.new_item(track, item.start_s, item.end_s, nil)
  copy.guid, copy.lock, copy.is_muted, copy.lane = item.guid, item.lock, item.is_muted, item.lane
  for name, text in pairs(item.strings) do copy.strings[name] = text end
  for _, take in ipairs(item.takes) do
    local again = fake.new_take(copy, take.is_midi)
    for index, event in ipairs(take.events) do
      again.events[index] = { tick = event.tick, flags = event.flags, bytes = event.bytes }
    end
    again.source, again.play_rate, again.ppq = take.source, take.play_rate, take.ppq
    again.offset_qn, again.sorted = take.offset_qn, take.sorted
    for name, text in pairs(take.strings) do again.strings[name] = text end
    if take == item.take then copy.take = again end
  end
  return copy
end

local function copy_tracks(project)
  local tracks = {}
  for index, track in ipairs(project.tracks) do
    local copy = { kind = "MediaTrack", alive = true, guid = track.guid, strings = {}, items = {}, project = project }
    for name, text in pairs(track.strings) do copy.strings[name] = text end
    fake.copy_lanes(track, copy)
    for _, item in ipairs(track.items) do fake.copy_item(item, copy) end
    tracks[index] = copy
  end
  return tracks
end

-- A project as it would be on disk: tracks, tempo map and extension states.
function fake.saved(project)
  local ext = {}
  for key, value in pairs(project.ext) do ext[key] = value end
  return { tracks = copy_tracks(project), ext = ext, markers = project.markers }
end

-- Puts a project back to what was saved, with new pointers.
function fake.restore(project, saved)
  for _, track in ipairs(project.tracks) do
    track.alive = false
    for _, item in ipairs(track.items) do fake.bury(item) end
  end
  project.tracks, project.ext, project.markers = saved.tracks, saved.ext, saved.markers
  for _, track in ipairs(project.tracks) do track.project = project end
  project.changes = project.changes + 1
end

function api.Undo_BeginBlock2(proj)
  local project = fake.project_of(proj)
  project.open_blocks = project.open_blocks + 1
  project.before = { state = fake.without_drafts(project), saved = fake.recorded(project) }
end

function api.Undo_EndBlock2(proj, title, flags)
  local project = fake.project_of(proj)
  if project.open_blocks == 0 then fake.violate("an undo block is closed that was never opened") end
  project.open_blocks = project.open_blocks - 1
  if flags ~= 0 or fake.without_drafts(project) ~= project.before.state then
    project.undo[#project.undo + 1] = { title = title, saved = project.before.saved }
    project.redo, project.has_recorded_drafts = {}, fake.has_drafts(project)
  end
end

function fake.undo(project)
  local point = table.remove(project.undo)
  project.redo[#project.redo + 1] = { title = point.title, saved = fake.saved(project) }
  fake.restore(project, point.saved)
end

function fake.redo(project)
  local point = table.remove(project.redo)
  project.undo[#project.undo + 1] = { title = point.title, saved = fake.saved(project) }
  fake.restore(project, point.saved)
end

local function title_of(points) return #points > 0 and points[#points].title or nil end

function api.Undo_CanUndo2(proj) return title_of(fake.project_of(proj).undo) end
function api.Undo_CanRedo2(proj) return title_of(fake.project_of(proj).redo) end

local function step_of(list, step)
  return function(proj)
    local project = fake.project_of(proj)
    if project.open_blocks > 0 then fake.violate("undo inside an undo block") end
    if #project[list] == 0 then return 0 end
    step(project)
    return 1
  end
end

api.Undo_DoUndo2, api.Undo_DoRedo2 = step_of("undo", fake.undo), step_of("redo", fake.redo)

function api.PreventUIRefresh(count)
  fake.refresh_stops = fake.refresh_stops + count
  if fake.refresh_stops < 0 then fake.violate("the window is let go more often than it was held") end
end

function api.UpdateArrange() end

-- The rule that must hold whenever no script is running.
function fake.check_balance()
  assert(fake.refresh_stops == 0, "the window is still held")
  for _, project in ipairs(fake.projects) do assert(project.open_blocks == 0, "an undo block is still open") end
end
