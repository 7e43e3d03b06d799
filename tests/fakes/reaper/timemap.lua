-- A project's tempo and metre over time, and transport. Markers: { time_s, bpm, beats, unit, glides }, in order;
-- bpm counts notes of the metre's unit, as Reaper's do; `glides` moves the tempo evenly in time to the next
-- marker's.

local fake = ...
local api = fake.api
local DEFAULT = { time_s = 0.0, bpm = 120.0, beats = 4, unit = 4, glides = false }

local function qpm(marker) return marker.bpm * 4 / marker.unit end

-- Segments of constant or evenly changing tempo from time 0 on: time_s, qn, from and to (QPM), length_s.
local function segments(project)
  local markers = { DEFAULT }
  for _, marker in ipairs(project.markers) do
    if marker.time_s <= 0 then markers[1] = marker else markers[#markers + 1] = marker end
  end
  local list, qn = {}, 0.0
  for index, marker in ipairs(markers) do
    local following = markers[index + 1]
    local length_s = following and following.time_s - marker.time_s or math.huge
    local to = following and marker.glides and qpm(following) or qpm(marker)
    list[index] = {
      time_s = marker.time_s, qn = qn, from = qpm(marker), to = to, length_s = length_s, beats = marker.beats,
      unit = marker.unit,
    }
    if following then qn = qn + (qpm(marker) + to) / 2 * length_s / 60 end
  end
  return list
end

local function last_where(list, key, limit)
  local found = list[1]
  for _, segment in ipairs(list) do
    if segment[key] <= limit then found = segment end
  end
  return found
end

local function slope(segment)
  return segment.length_s < math.huge and (segment.to - segment.from) / segment.length_s or 0
end

local function time_to_qn(project, time_s)
  local segment = last_where(segments(project), "time_s", time_s)
  local after = time_s - segment.time_s
  return segment.qn + (segment.from * after + slope(segment) * after * after / 2) / 60
end

local function qn_to_time(project, qn)
  local segment = last_where(segments(project), "qn", qn)
  local beats, rise = (qn - segment.qn) * 60, slope(segment)
  -- The root's other form: nothing is lost where the tempo hardly moves.
  return segment.time_s + 2 * beats / (segment.from + math.sqrt(segment.from ^ 2 + 2 * rise * beats))
end

fake.time_to_qn, fake.qn_to_time = time_to_qn, qn_to_time

function api.TimeMap2_timeToQN(proj, time_s) return time_to_qn(fake.project_of(proj), time_s) end

function api.TimeMap2_QNToTime(proj, qn) return qn_to_time(fake.project_of(proj), qn) end

-- Bars in order up to the one that holds qn: each { start, stop, beats, unit }; a marker begins a new bar.
local function bars_until(project, qn_or_count)
  local list, bars = segments(project), {}
  for index, segment in ipairs(list) do
    local stop = list[index + 1] and list[index + 1].qn or math.huge
    local start, length = segment.qn, segment.beats * 4 / segment.unit
    while start < stop - 1e-9 do
      bars[#bars + 1] = { start = start, stop = start + length, beats = segment.beats, unit = segment.unit }
      start = start + length
      if qn_or_count(bars) then return bars end
    end
  end
  return bars
end

function api.TimeMap2_timeToBeats(proj, time_s)
  local qn = time_to_qn(fake.project_of(proj), time_s)
  local bars = bars_until(fake.project_of(proj), function(b) return b[#b].stop > qn end)
  local bar = bars[#bars]
  local beats = (qn - bar.start) * bar.unit / 4
  return beats, #bars - 1, bar.beats, qn * bar.unit / 4, bar.unit
end

function api.TimeMap_GetMeasureInfo(proj, measure)
  local project = fake.project_of(proj)
  local bars = bars_until(project, function(b) return #b == measure + 1 end)
  local bar = bars[#bars]
  local segment = last_where(segments(project), "qn", bar.start)
  return qn_to_time(project, bar.start), bar.start, bar.stop, bar.beats, bar.unit, segment.from * bar.unit / 4
end

function api.CountTempoTimeSigMarkers(proj) return #fake.project_of(proj).markers end

function api.GetTempoTimeSigMarker(proj, index)
  local marker = fake.project_of(proj).markers[index + 1]
  if not marker then return false, 0.0, 0, 0.0, 0.0, 0, 0, false end
  return true, marker.time_s, 0, 0.0, marker.bpm, marker.beats, marker.unit, marker.glides
end

-- Adds a marker, or changes the one of that index. Place in seconds; Reaper takes measure and beat too.
function api.SetTempoTimeSigMarker(proj, index, time_s, measure, _, bpm, beats, unit, glides)
  local project = fake.project_of(proj)
  fake.changed(project)
  if measure ~= -1 or time_s < 0 then fake.violate("only a place in seconds is known here") end
  if bpm <= 0 or (beats == 0) ~= (unit == 0) then fake.violate("a tempo or metre that is none") end
  local markers = table.move(project.markers, 1, #project.markers, 1, {})
  if index >= #markers or index < -1 then return false end
  local before = markers[index + 1] or DEFAULT
  markers[index == -1 and #markers + 1 or index + 1] = {
    time_s = time_s, bpm = bpm, beats = beats > 0 and beats or before.beats, unit = unit > 0 and unit or before.unit,
    glides = glides,
  }
  table.sort(markers, function(a, b) return a.time_s < b.time_s end)
  fake.set_markers(project, markers)
  return true
end

function api.TimeMap_GetDividedBpmAtTime(time_s)
  local segment = last_where(segments(fake.current), "time_s", time_s)
  return (segment.from + slope(segment) * (time_s - segment.time_s)) * segment.unit / 4
end

function api.GetCursorPositionEx(proj) return fake.project_of(proj).cursor_s end
function api.OnPlayButtonEx(proj)
  local project = fake.project_of(proj)
  if project.play_state == 0 then project.play_s = project.cursor_s end
  project.play_state = project.play_state & ~2 | 1
end

function api.OnStopButtonEx(proj) fake.project_of(proj).play_state = 0 end

function api.GetPlayStateEx(proj) return fake.project_of(proj).play_state end
function api.GetPlayPositionEx(proj) return fake.project_of(proj).play_s end

-- The user may set play_rate, repeats (0 or 1) and loop = { start_s, stop_s } of a project.
function api.Master_GetPlayRate(proj) return fake.project_of(proj).play_rate or 1.0 end

function api.GetSetRepeatEx(proj, value)
  local project = fake.project_of(proj)
  if value ~= -1 then fake.violate("the scripts only ask whether playing repeats") end
  return project.repeats or 0
end

function api.GetSet_LoopTimeRange2(proj, is_set, is_loop, _, _, _)
  if is_set then fake.violate("the scripts only ask for loop and time selection") end
  local project = fake.project_of(proj)
  local range = project[is_loop and "loop" or "selection"] or { 0.0, 0.0 }
  return range[1], range[2]
end
