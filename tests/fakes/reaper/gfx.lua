-- The window of a script, `gfx`: every call is held against Reaper's signatures and kept with the colour, font and
-- place it was made with, so that a test can read what was drawn, or make a picture of it. Letters are as wide as in
-- Arial, on the average. The test presses keys (`fake.window.keys`), moves the mouse (its fields of gfx) and answers
-- menus (`fake.window.choice`).

local fake = ...
local LETTER = 0.53 -- of the font's size
local FIELDS = {
  r = 0, g = 0, b = 0, a = 1, w = 0, h = 0, x = 0, y = 0, mode = 0, clear = 0, dest = -1, texth = 0, ext_retina = 0,
  mouse_x = 0, mouse_y = 0, mouse_wheel = 0, mouse_hwheel = 0, mouse_cap = 0,
}
local api, fields = {}, {}
local size = 10
fake.window = { is_open = false, keys = {}, drawn = {}, menus = {}, pixels = 1, frames = 0 }

local function reset()
  for name, value in pairs(FIELDS) do fields[name] = value end
end

local function keep(kind, more)
  if not fake.window.is_open then fake.violate("gfx." .. kind .. " without a window") end
  more.kind, more.r, more.g, more.b = kind, fields.r, fields.g, fields.b
  table.insert(fake.window.drawn, more)
end

function api.init(title, w, h, dock, x, y)
  local window = fake.window
  window.is_open, window.title, window.dock, window.left, window.top = true, title, dock or 0, x or 0, y or 0
  local is_fine = fields.ext_retina == 1
  fields.ext_retina = is_fine and window.pixels or 0
  local factor = is_fine and window.pixels or 1
  fields.w, fields.h = (w or 0) * factor, (h or 0) * factor
  return 1
end

function api.quit()
  fake.window.is_open = false
  reset()
  return 0
end

function api.dock(state)
  local window = fake.window
  if state >= 0 then window.dock = state end
  local points = math.max(1, fields.ext_retina)
  return window.dock, window.left, window.top, fields.w / points, fields.h / points
end

function api.set(r, g, b, a)
  fields.r, fields.g, fields.b, fields.a = r, g or r, b or r, a or 1
  return 0
end

function api.setfont(_, _, points)
  size = points or size
  fields.texth = size
  return 0
end

function api.measurestr(text)
  return (utf8.len(text) or #text) * size * LETTER, size
end

function api.drawstr(text, flags, right, bottom)
  local place = { x = fields.x, y = fields.y, right = right, bottom = bottom }
  place.text, place.flags, place.size = text, flags or 0, size
  keep("text", place)
  return 0
end

function api.rect(x, y, w, h, filled)
  if w < 0 or h < 0 then fake.violate("a rectangle of negative size") end
  keep("rect", { x = x, y = y, w = w, h = h, filled = filled ~= 0 })
  return 0
end

function api.line(x, y, x2, y2)
  keep("line", { x = x, y = y, x2 = x2, y2 = y2 })
  return 0
end

-- A frame is over: what was drawn since the last is the picture.
function api.update()
  local window = fake.window
  if #window.drawn > 0 then window.picture, window.drawn, window.frames = window.drawn, {}, window.frames + 1 end
  return 0
end

function api.getchar()
  if not fake.window.is_open then return -1 end
  return table.remove(fake.window.keys, 1) or 0
end

function api.showmenu(text)
  if not fake.window.is_open then fake.violate("gfx.showmenu without a window") end
  table.insert(fake.window.menus, text)
  return fake.window.choice or 0
end

function fake.press(char) table.insert(fake.window.keys, char) end

local function check(name, count)
  local signature = fake.signatures["gfx." .. name]
  if not signature then fake.violate("there is no gfx." .. name) end
  if count < signature.min or count > signature.max then
    fake.violate(("gfx.%s takes %d to %d arguments, got %d"):format(name, signature.min, signature.max, count))
  end
end

reset()
fake.gfx = setmetatable({}, {
  __index = function(_, name)
    if FIELDS[name] then return fields[name] end
    if not api[name] then fake.violate("this fake has no gfx." .. tostring(name)) end
    return function(...)
      check(name, select("#", ...))
      return api[name](...)
    end
  end,
  __newindex = function(_, name, value)
    if not FIELDS[name] or type(value) ~= "number" then fake.violate(("gfx.%s = %s"):format(name, value)) end
    fields[name] = value
  end,
})
