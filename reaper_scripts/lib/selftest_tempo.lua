-- @noindex
-- Self-test, the tempo map: a change of metre and tempo and a ramp, after 16 quarter notes of 120; our steps meet it,
-- bars begin where they should, a take's ticks are even in quarter notes whatever the tempo does.

local lib = ...
local hold, transport = lib("selftest_hold"), lib("transport")

local CHANGE_S, RAMP_S, END_S = 8.0, 12.0, 16.0 -- at 120 from the start: QN 16 is at 8 s
local CHANGE_QN = 16
local NEAR_QN = 0.002 -- 1 ms at 120
local NEAR_TICK = 0.5

local function set_map(room)
  local function marker(time_s, bpm, beats, unit, glides)
    hold.that(
      reaper.SetTempoTimeSigMarker(room.proj, -1, time_s, -1, -1, bpm, beats, unit, glides),
      "no tempo marker can be set at %g s", time_s)
  end
  hold.change(room, "Self-test: tempo", function()
    marker(0.0, 120, 4, 4, false)
    marker(CHANGE_S, 90, 6, 8, false)
    marker(RAMP_S, 80, 0, 0, true)
    marker(END_S, 120, 0, 0, false)
  end)
end

-- Where our steps say that a time lies.
local function stepped(points, time_s)
  local found = points[1]
  for _, point in ipairs(points) do
    if point.time_s <= time_s then found = point end
  end
  return found.qn + (time_s - found.time_s) * found.tempo_qpm / 60
end

local function steps(room)
  set_map(room)
  local points, worst = transport.tempo_points(room.proj), 0
  for step = 0, 200 do
    local time_s = step * 0.0973
    local wanted = reaper.TimeMap2_timeToQN(room.proj, time_s)
    worst = math.max(worst, math.abs(stepped(points, time_s) - wanted))
  end
  hold.that(worst <= NEAR_QN, "our tempo map is off by %.4f quarter notes", worst)
  local sixth = reaper.TimeMap2_timeToQN(room.proj, CHANGE_S + 1) - CHANGE_QN
  return ("off by %.5f quarter notes at most; 90 in 6/8 are %.1f quarter notes a minute"):format(worst, sixth * 60)
end

local function inverse(room)
  for step = 0, 100 do
    local time_s = step * 0.197
    local back = reaper.TimeMap2_QNToTime(room.proj, reaper.TimeMap2_timeToQN(room.proj, time_s))
    hold.near(back, time_s, ("%.3f s in quarter notes and back"):format(time_s), 1e-5)
  end
  return ""
end

local function bars(room)
  for _, case in ipairs({ { 7.9, 12, 4, 4 }, { CHANGE_S + 0.01, CHANGE_QN, 6, 8 } }) do
    local qn, meter = transport.bar_at(room.proj, case[1])
    hold.near(qn, case[2], ("the bar at %.2f s"):format(case[1]))
    hold.equal(("%d/%d"):format(meter.beats, meter.unit), ("%d/%d"):format(case[3], case[4]), "its metre")
  end
  return ""
end

-- An item over metre change and ramp.
local function even_ticks(room)
  local take
  hold.change(room, "Self-test: ticks", function() take = select(2, hold.new_item(room, 4, 36)) end)
  local ticks = hold.ticks_a_quarter(take, 4)
  for qn = 4, 36, 0.5 do
    local tick = reaper.MIDI_GetPPQPosFromProjQN(take, qn)
    hold.near(tick, (qn - 4) * ticks, ("the tick of quarter note %g"):format(qn), NEAR_TICK)
    hold.near(reaper.MIDI_GetProjQNFromPPQPos(take, tick), qn, "that tick in quarter notes", NEAR_TICK / ticks)
  end
  return ("%g ticks a quarter note"):format(ticks)
end

local function edges(room)
  local item
  hold.change(room, "Self-test: edges", function() item = hold.new_item(room, 18.5, 30.25) end)
  local start_s = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
  local stop_s = start_s + reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
  hold.near(start_s, reaper.TimeMap2_QNToTime(room.proj, 18.5), "the item's start", 1e-4)
  hold.near(stop_s, reaper.TimeMap2_QNToTime(room.proj, 30.25), "the item's end", 1e-4)
  return ""
end

-- Reaper may place an item by the tempo map of the project in front instead of the item's own.
local function behind(room)
  local item, take
  reaper.SelectProjectInstance(room.mine)
  local ok, why = pcall(hold.change, room, "Self-test: behind", function()
    item, take = hold.new_item(room, 20, 32)
    local ticks = hold.ticks_a_quarter(take, 20)
    local events = {}
    hold.note(events, math.floor(ticks * 2), math.floor(ticks * 3), 60, 80)
    hold.fill(take, events, math.floor(ticks * 12 + 0.5))
  end)
  reaper.SelectProjectInstance(room.proj)
  hold.that(ok, "%s", hold.words(why))
  local start_s = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
  hold.near(start_s, reaper.TimeMap2_QNToTime(room.proj, 20), "the item's start", 1e-4)
  local _, _, _, tick = reaper.MIDI_GetNote(take, 0)
  hold.near(reaper.MIDI_GetProjQNFromPPQPos(take, tick), 22, "its note, in quarter notes", 0.002)
  return ""
end

return {
  { name = "our tempo map is the project's, through ramps", run = steps },
  { name = "seconds and quarter notes go both ways", run = inverse },
  { name = "bars begin where the metre changes", run = bars },
  { name = "ticks are even in quarter notes whatever the tempo does", run = even_ticks },
  { name = "an item begins and ends at its quarter notes", run = edges },
  { name = "a tab that is not in front is written alike", run = behind, needs = { "InsertTrackInProject" } },
}
