-- @noindex
-- The panel's colours: Reaper's theme where it can be asked, light or dark as that is, and always readable on it.
-- Colours are { red, green, blue } from 0 to 1.

local M = {}
local OF_TEXT, OF_MARKS = 4.5, 3.0 -- least contrast, WCAG 2.1, level AA
local DARK = { accent = { 0.36, 0.66, 0.98 }, good = { 0.36, 0.78, 0.45 }, warn = { 0.98, 0.67, 0.28 } }
local LIGHT = { accent = { 0.06, 0.36, 0.72 }, good = { 0.10, 0.50, 0.22 }, warn = { 0.68, 0.32, 0.02 } }
local BUTTON, LANE, LINE = 0.10, 0.04, 0.22 -- how far they are from the ground, of the way to white or black
local BLACK, WHITE = { 0, 0, 0 }, { 1, 1, 1 }

local function linear(value)
  return value <= 0.04045 and value / 12.92 or ((value + 0.055) / 1.055) ^ 2.4
end

local function luminance(colour)
  return 0.2126 * linear(colour[1]) + 0.7152 * linear(colour[2]) + 0.0722 * linear(colour[3])
end

function M.contrast(a, b)
  local one, other = luminance(a), luminance(b)
  return (math.max(one, other) + 0.05) / (math.min(one, other) + 0.05)
end

function M.mixed(a, b, share)
  local colour = {}
  for index = 1, 3 do colour[index] = a[index] + (b[index] - a[index]) * share end
  return colour
end

-- Whether white is read more easily on a ground than black.
function M.is_dark(ground)
  return M.contrast(WHITE, ground) > M.contrast(BLACK, ground)
end

-- Pulled towards black or white until it can be read on every one of `grounds`.
local function readable(colour, grounds, least)
  local goal = M.is_dark(grounds[1]) and WHITE or BLACK
  for step = 0, 10 do
    local pulled, is_plain = M.mixed(colour, goal, step / 10), true
    for _, ground in ipairs(grounds) do is_plain = is_plain and M.contrast(pulled, ground) >= (least or OF_TEXT) end
    if is_plain then return pulled end
  end
  return goal
end

-- All colours on a ground; text: what the theme writes with.
function M.of(ground, text)
  local is_dark = M.is_dark(ground)
  local bright = is_dark and DARK or LIGHT
  local away = is_dark and WHITE or BLACK
  -- On a ground of middle lightness buttons go the other way, or nothing could be read on them.
  if M.contrast(away, M.mixed(ground, away, BUTTON)) < OF_TEXT then
    away = is_dark and BLACK or WHITE
  end
  local button, lane = M.mixed(ground, away, BUTTON), M.mixed(ground, away, LANE)
  local grounds = { ground, button, lane }
  return {
    ground = ground, button = button, lane = lane, line = M.mixed(ground, away, LINE), is_dark = is_dark,
    text = readable(text, grounds), dim = readable(M.mixed(text, ground, 0.35), grounds),
    accent = readable(bright.accent, grounds), good = readable(bright.good, grounds, OF_MARKS),
    warn = readable(bright.warn, grounds),
  }
end

local function theme_colour(key, usual)
  local native = reaper.GetThemeColor and reaper.GetThemeColor(key, 0) or -1
  if native < 0 then return usual end
  local red, green, blue = reaper.ColorFromNative(native & 0xFFFFFF)
  return { red / 255, green / 255, blue / 255 }
end

-- The colours of Reaper's theme as it is now.
function M.now()
  local ground = theme_colour("col_main_bg2", { 0.2, 0.2, 0.2 })
  return M.of(ground, theme_colour("col_main_text2", M.is_dark(ground) and WHITE or BLACK))
end

return M
