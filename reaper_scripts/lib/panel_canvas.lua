-- @noindex
-- A picture as a list of what is to be drawn, so that it can be made and looked at without a window, and the same list
-- drawn with gfx. Lengths are in points; one is `scale` pixels on the screen.

local M = {}
local FONT = "Arial"
local CENTRE, RIGHT, MIDDLE, CLIPPED = 1, 2, 4, 0 -- flags of gfx.drawstr, which cuts at the right and bottom given

local Canvas = {}
Canvas.__index = Canvas

function M.new(width, height)
  return setmetatable({ width = width, height = height, ops = {}, boxes = {} }, Canvas)
end

function Canvas:rect(box, colour, is_frame)
  self.ops[#self.ops + 1] = { kind = is_frame and "frame" or "rect", box = box, colour = colour }
end

function Canvas:line(x, y, x2, y2, colour)
  self.ops[#self.ops + 1] = { kind = "line", box = { x = x, y = y, w = x2 - x, h = y2 - y }, colour = colour }
end

-- align: "left", "centre" or "right"; always in the middle of the box's height.
function Canvas:text(box, text, colour, size, align)
  self.ops[#self.ops + 1] = { kind = "text", box = box, text = text, colour = colour, size = size, align = align }
end

-- Where a control lies, for the mouse.
function Canvas:touchable(box, id)
  self.boxes[#self.boxes + 1] = { box = box, id = id }
end

-- The id of the control at a place, in points.
function Canvas:hit(x, y)
  for _, each in ipairs(self.boxes) do
    local box = each.box
    if x >= box.x and x < box.x + box.w and y >= box.y and y < box.y + box.h then return each.id, box end
  end
end

local function pixels(value, scale)
  return math.floor(value * scale + 0.5)
end

local FLAGS = { left = MIDDLE | CLIPPED, centre = MIDDLE | CENTRE, right = MIDDLE | RIGHT }

-- Shortens a text that is wider than `width` pixels; gfx would cut it in mid letter.
local function fitted(text, width)
  if gfx.measurestr(text) <= width then return text end
  local count = utf8.len(text) or 0
  while count > 0 do
    count = count - 1
    local short = text:sub(1, utf8.offset(text, count + 1) - 1) .. "…"
    if gfx.measurestr(short) <= width then return short end
  end
  return ""
end

local DRAW = {}

function DRAW.rect(_, x, y, w, h) gfx.rect(x, y, w, h, 1) end

function DRAW.frame(_, x, y, w, h) gfx.rect(x, y, w, h, 0) end

function DRAW.line(_, x, y, w, h) gfx.line(x, y, x + w, y + h, 1) end

function DRAW.text(op, x, y, w, h, scale)
  gfx.setfont(1, FONT, pixels(op.size, scale))
  gfx.x, gfx.y = x, y
  gfx.drawstr(fitted(op.text, w), FLAGS[op.align or "left"], x + w, y + h)
end

-- Draws the list into the open window.
function Canvas:draw(scale)
  for _, op in ipairs(self.ops) do
    local x, y = pixels(op.box.x, scale), pixels(op.box.y, scale)
    local w, h = pixels(op.box.x + op.box.w, scale) - x, pixels(op.box.y + op.box.h, scale) - y
    gfx.set(op.colour[1], op.colour[2], op.colour[3], 1)
    DRAW[op.kind](op, x, y, w, h, scale)
  end
end

return M
