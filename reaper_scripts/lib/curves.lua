-- @noindex
-- What a voice does beside its notes, as MIDI events: its pitch as the wheel, as MPE or as a controller, its level as
-- pressure or as a controller. A part and its notes in whole ticks in; events out through `add(tick, bytes, flags)`,
-- which returns what it added. Knows no project and no item.
--
-- MPE (MIDI Association, M1-100): the lower zone, its manager on the first channel, each note on one of the others.

local M = {}
local LINEAR = 16 -- high nibble of a record's flags: the controller glides to the next event
local BEND_CENTRE, BEND_MAX = 8192, 16383
local BEND_RANGES = { 2, 12, 24, 48, 96, 127 } -- semitones; 2 is the General MIDI default, 127 what RPN 0 can say
local CC_CENTRE, CC_BEND_CENTS, CC_MAX = 64, 200, 127 -- a pitch curve on a controller; as values/expression.py
local MANAGER, MEMBERS, MPE_RANGE = 0, 15, 48 -- channels from 0 on; semitones that MPE gives a note's wheel
local DRUMS = 9 -- General MIDI's channel of them: who knows no MPE would play a note there as a drum
local OF_NOTES = { pressure = true, cc74 = true } -- what MPE has for each note; other controllers are of the zone
local PLAIN = { bend_as = "wheel", level_as = "off" } -- of a part that says nothing, such as a draft's
local RESTS = { [7] = 100, [11] = 127 } -- where General MIDI has controllers that nobody moves; others at 0

local function expression_of(part)
  return part.expression or PLAIN
end

local function round(number)
  return math.floor(number + 0.5)
end

local function within(value, most)
  return math.max(0, math.min(value, most))
end

local function controller_of(word)
  return math.tointeger(tonumber(word:match("^cc(%d+)$")))
end

-- A registered parameter, then "no parameter", so that later data entry can't change it.
local function add_parameter(add, channel, parameter, value)
  local controls = { { 101, 0 }, { 100, parameter }, { 6, value }, { 38, 0 }, { 101, 127 }, { 100, 127 } }
  for _, control in ipairs(controls) do add(0, string.char(0xB0 | channel, control[1], control[2])) end
end

local function wheel(channel)
  return function(value) return string.char(0xE0 | channel, value & 0x7F, value >> 7) end
end

local function control(channel, number)
  return function(value) return string.char(0xB0 | channel, number, value) end
end

local function pressure(channel)
  return function(value) return string.char(0xD0 | channel, value) end
end

-- What a level is sent by on a channel, and where it rests.
local function level_sender(word, channel)
  local number = controller_of(word)
  if number then return control(channel, number), RESTS[number] or 0 end
  return pressure(channel), 0
end

-- Writes one controller, which is at `rest` (nil: unknown); leaves out what changes nothing, and what a later value at
-- the same tick replaces. Where a line begins at the value of the one before, it changes its slope.
local function writer(add, bytes_of, rest)
  local last = { value = rest, flags = 0 }
  return function(tick, value, flags)
    if last.event and last.event.tick == tick then
      last.event.bytes, last.event.flags = bytes_of(value), flags
    elseif value ~= last.value or flags ~= last.flags or flags == LINEAR then
      last.event = add(tick, bytes_of(value), flags)
    else
      return
    end
    last.value, last.flags = value, flags
  end
end

-- A note's curve in ticks before `stop`, as { tick, value }. Its first value holds from the note's start; where it goes
-- on beyond the stop, it ends where it is by then.
local function rows_of(note, points, key, stop, to_tick)
  local rows = {}
  if #points == 0 or stop <= note.on then return rows end
  rows[1] = { tick = note.on, value = points[1][key] }
  for _, point in ipairs(points) do
    local tick, last = math.max(note.on, to_tick(note.source.start_qn + point.after_qn)), rows[#rows]
    if tick >= stop then
      if stop - 1 > last.tick then
        local share = (stop - 1 - last.tick) / (tick - last.tick)
        rows[#rows + 1] = { tick = stop - 1, value = last.value + share * (point[key] - last.value) }
      end
      break
    elseif tick > last.tick then
      rows[#rows + 1] = { tick = tick, value = point[key] }
    else
      last.value = point[key]
    end
  end
  return rows
end

local function follow(put, rows, value_of)
  for index, row in ipairs(rows) do put(row.tick, value_of(row.value), rows[index + 1] and LINEAR or 0) end
end

-- Where a curve of one channel's controller ends: with its note, or where the next begins.
local function stop_of(placed, index)
  local note, following = placed[index], placed[index + 1]
  return following and math.min(note.off, following.on) or note.off
end

local function bend_range(notes)
  local widest = 0
  for _, note in ipairs(notes) do
    for _, point in ipairs(note.bends) do widest = math.max(widest, math.abs(point.bend_cents)) end
  end
  if widest == 0 then return nil end
  for _, semitones in ipairs(BEND_RANGES) do
    if widest <= semitones * 100 then return semitones end
  end
  return BEND_RANGES[#BEND_RANGES]
end

local function wheel_value(semitones)
  return function(cents) return within(BEND_CENTRE + round(cents / (semitones * 100) * BEND_CENTRE), BEND_MAX) end
end

local function cc_value(cents)
  return within(CC_CENTRE + round(cents / CC_BEND_CENTS * CC_CENTRE), CC_MAX)
end

-- The pitch of all notes on one controller, which is at its centre wherever no curve holds.
local function bend_together(put, placed, centre, value_of, to_tick)
  for index, note in ipairs(placed) do
    local stop = stop_of(placed, index)
    put(note.on, centre, 0)
    follow(put, rows_of(note, note.source.bends, "bend_cents", stop, to_tick), value_of)
    put(stop, centre, 0)
  end
end

-- The level of all notes on one controller, which comes to rest at the item's end and not before: after a note it
-- still sounds.
local function level_together(add, placed, part, channel, to_tick, end_tick)
  local bytes_of, rest = level_sender(part.expression.level_as, channel)
  local put, is_moved = writer(add, bytes_of), false
  for index, note in ipairs(placed) do
    local rows = rows_of(note, note.source.levels, "value", stop_of(placed, index), to_tick)
    follow(put, rows, round)
    is_moved = is_moved or #rows > 0
  end
  if is_moved then put(end_tick, rest, 0) end
end

-- Each note on the channel that has rested longest, so that the end of a note is not bent by the next.
local function spread(placed)
  local free_at, channels = {}, {}
  for channel = MANAGER + 1, MANAGER + MEMBERS do
    if channel ~= DRUMS then channels[#channels + 1], free_at[channel] = channel, -1 end
  end
  for _, note in ipairs(placed) do
    local first = channels[1]
    for _, channel in ipairs(channels) do
      if free_at[channel] < free_at[first] then first = channel end
    end
    note.channel, free_at[first] = first, note.off
  end
end

local function add_zone(add, placed)
  add_parameter(add, MANAGER, 6, MEMBERS)
  local used = {}
  for _, note in ipairs(placed) do used[note.channel] = true end
  for channel = MANAGER + 1, MANAGER + MEMBERS do
    if used[channel] then add_parameter(add, channel, 0, MPE_RANGE) end
  end
end

-- The curves of notes that have a channel each; their controllers come to rest at the item's end.
local function each_by_itself(add, placed, part, to_tick, end_tick)
  local bends, levels, value_of = {}, {}, wheel_value(MPE_RANGE)
  local has_levels = OF_NOTES[part.expression.level_as]
  for _, note in ipairs(placed) do
    local channel = note.channel
    bends[channel] = bends[channel] or writer(add, wheel(channel))
    bends[channel](note.on, BEND_CENTRE, 0)
    follow(bends[channel], rows_of(note, note.source.bends, "bend_cents", note.off, to_tick), value_of)
    if has_levels then
      levels[channel] = levels[channel] or writer(add, (level_sender(part.expression.level_as, channel)))
      follow(levels[channel], rows_of(note, note.source.levels, "value", note.off, to_tick), round)
    end
  end
  for channel = MANAGER + 1, MANAGER + MEMBERS do
    if bends[channel] then bends[channel](end_tick, BEND_CENTRE, 0) end
    if levels[channel] then levels[channel](end_tick, 0, 0) end
  end
end

local function add_mpe(add, placed, part, to_tick, end_tick)
  spread(placed)
  add_zone(add, placed)
  each_by_itself(add, placed, part, to_tick, end_tick)
  local level_as = part.expression.level_as
  if level_as ~= "off" and not OF_NOTES[level_as] then
    level_together(add, placed, part, MANAGER, to_tick, end_tick)
  end
end

local function add_bends(add, placed, part, to_tick)
  local semitones, number = bend_range(part.notes), controller_of(expression_of(part).bend_as)
  if semitones and number then
    bend_together(writer(add, control(part.channel, number)), placed, CC_CENTRE, cc_value, to_tick)
  elseif semitones then
    add_parameter(add, part.channel, 0, semitones)
    local put = writer(add, wheel(part.channel), BEND_CENTRE)
    bend_together(put, placed, BEND_CENTRE, wheel_value(semitones), to_tick)
  end
end

-- The channel of a part's program: with MPE that of the zone's manager.
function M.channel(part)
  return expression_of(part).bend_as == "mpe" and MANAGER or part.channel
end

-- Gives each note { on, off, source } its channel, and adds all that goes with them; to_tick(qn) → tick.
function M.add(add, placed, part, to_tick, end_tick)
  for _, note in ipairs(placed) do note.channel = part.channel end
  if expression_of(part).bend_as == "mpe" then return add_mpe(add, placed, part, to_tick, end_tick) end
  add_bends(add, placed, part, to_tick)
  if expression_of(part).level_as ~= "off" then level_together(add, placed, part, part.channel, to_tick, end_tick) end
end

return M
