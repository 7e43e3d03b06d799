-- @noindex
-- What carries the curves of a part (`curves BEND LEVEL COUNT`), and the level of a note (`l AFTER VALUE`), read from a
-- request and checked. Ranges are those of daemon/vocalmidi/values/expression.py.

local M = {}
local MAX_QN = 1000000.0
local LAST_CONTROLLER = 119
-- Bank, data entry and parameter numbers: a curve on them would change another sound or the range of the wheel.
local PARAMETERS = {
  [0] = true, [6] = true, [32] = true, [38] = true, [96] = true, [97] = true, [98] = true, [99] = true, [100] = true,
  [101] = true,
}

local function is_controller(word)
  local number = word:match("^cc(%d+)$")
  number = number and (number == "0" or not number:find("^0")) and math.tointeger(tonumber(number))
  return number and number <= LAST_CONTROLLER and not PARAMETERS[number]
end

-- What carries the curves, and how many points of levels the part's notes have; left: as of the whole file.
function M.read(reader, left)
  local plain = { bend_as = "wheel", level_as = "off" }
  if not reader:next_is("curves") then return plain, 0 end
  local bend_as, level_as, count = reader:fields("curves", 3)
  if bend_as ~= "wheel" and bend_as ~= "mpe" and not is_controller(bend_as) then
    reader:refuse("a pitch curve goes as wheel, mpe or a controller")
  end
  if level_as ~= "off" and level_as ~= "pressure" and not is_controller(level_as) then
    reader:refuse("a level curve goes as off, pressure or a controller")
  end
  if bend_as == level_as then reader:refuse("one controller can't carry both pitch and level") end
  if bend_as == plain.bend_as and level_as == plain.level_as then reader:refuse("these curves need not be said") end
  local most = level_as == plain.level_as and 0 or left.levels
  return { bend_as = bend_as, level_as = level_as }, reader:integer(count, 0, most)
end

-- The level of a note, from the lines that follow.
function M.levels(reader)
  local levels = {}
  while reader:next_is("l") do
    local after, value = reader:fields("l", 2)
    levels[#levels + 1] = { after_qn = reader:number(after, 0, MAX_QN), value = reader:integer(value, 0, 127) }
  end
  return levels
end

return M
