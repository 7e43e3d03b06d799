-- @noindex
-- Where Reaper stands now, as the table that a command carries: play state, positions, and the tempo map in steps.
-- Reads only. Every tempo is measured between two points of Reaper's own time ↔ QN functions, because a marker's
-- BPM counts whatever note its time signature names; a ramp becomes short steps that meet it exactly at both ends.

local M = {}
local PLAYING, PAUSED, RECORDING = 1, 2, 4
local RAMP_STEP_S = 0.25 -- a ramp of 10 BPM a second is off by less than 1 ms inside such a step
local MAX_POINTS = 10000 -- as messages.py accepts
local TAIL_S = 1.0 -- how far the last tempo is measured

local function point_at(proj, time_s)
  return { time_s = time_s, qn = reaper.TimeMap2_timeToQN(proj, time_s) }
end

local function add_steps(proj, points, from, to, room)
  local count = math.min(math.ceil((to - from) / RAMP_STEP_S), room)
  for step = 1, count - 1 do
    points[#points + 1] = point_at(proj, from + (to - from) * step / count)
  end
end

-- Marker times in order, from 0 on; `glides` says that the tempo moves from this marker to the next.
local function markers(proj)
  local found = { { time_s = 0.0, glides = false } }
  for index = 0, reaper.CountTempoTimeSigMarkers(proj) - 1 do
    local ok, time_s, _, _, _, _, _, glides = reaper.GetTempoTimeSigMarker(proj, index)
    if ok and time_s <= found[#found].time_s then
      found[#found].glides = glides
    elseif ok then
      found[#found + 1] = { time_s = time_s, glides = glides }
    end
  end
  return found
end

function M.tempo_points(proj)
  local points, list = {}, markers(proj)
  assert(#list <= MAX_POINTS, ("the project has more than %d tempo markers"):format(MAX_POINTS))
  for index, marker in ipairs(list) do
    points[#points + 1] = point_at(proj, marker.time_s)
    local following = list[index + 1]
    if following and marker.glides then
      local room = MAX_POINTS - #points - (#list - index)
      add_steps(proj, points, marker.time_s, following.time_s, room)
    end
  end
  for index, point in ipairs(points) do
    local following = points[index + 1] or point_at(proj, point.time_s + TAIL_S)
    point.tempo_qpm = (following.qn - point.qn) / (following.time_s - point.time_s) * 60
  end
  return points
end

-- Time signatures as { qn, beats, unit }, in order, the first at or before the project's start.
local function meters(proj)
  local start_qn, first = M.bar_at(proj, 0.0)
  local list = { { qn = start_qn, beats = first.beats, unit = first.unit } }
  for index = 0, reaper.CountTempoTimeSigMarkers(proj) - 1 do
    local ok, time_s, _, _, _, beats, unit = reaper.GetTempoTimeSigMarker(proj, index)
    -- A marker of tempo alone has no signature.
    if ok and beats > 0 and time_s > 0 then
      local qn = reaper.TimeMap2_timeToQN(proj, time_s)
      if qn > list[#list].qn then list[#list + 1] = { qn = qn, beats = beats, unit = unit } end
    end
  end
  return list
end

-- Tempo and metre of the whole project.
function M.map(proj)
  return { tempo_points = M.tempo_points(proj), meters = meters(proj) }
end

local function tempo_at(points, time_s)
  local tempo = points[1].tempo_qpm
  for _, point in ipairs(points) do
    if point.time_s <= time_s then tempo = point.tempo_qpm end
  end
  return tempo
end

function M.bar_at(proj, time_s)
  local _, measure = reaper.TimeMap2_timeToBeats(proj, time_s)
  local _, qn_start, _, beats, unit = reaper.TimeMap_GetMeasureInfo(proj, measure)
  return qn_start, { beats = beats, unit = unit }
end

function M.is_moving(play_state)
  return play_state & (PLAYING | RECORDING) ~= 0 and play_state & PAUSED == 0
end

-- at_s: where bar, tempo and metre are told of, nil for where it plays or stands.
function M.snapshot(proj, at_s)
  local state = reaper.GetPlayStateEx(proj)
  local cursor_s = reaper.GetCursorPositionEx(proj)
  -- GetPlayPosition is what is heard now, latency taken off: what the singer sings to.
  local play_s = M.is_moving(state) and reaper.GetPlayPositionEx(proj) or cursor_s
  local points = M.tempo_points(proj)
  local bar_qn, meter = M.bar_at(proj, at_s or play_s)
  return {
    play_state = state,
    play_s = play_s,
    cursor_s = cursor_s,
    cursor_qn = reaper.TimeMap2_timeToQN(proj, cursor_s),
    bar_qn = bar_qn,
    tempo_qpm = tempo_at(points, at_s or play_s),
    meter = meter,
    tempo_points = points,
  }
end

return M
