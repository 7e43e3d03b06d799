-- @noindex
-- The panel as a picture: what is shown, a size in points and colours in, a canvas out. A tall panel is one column, a
-- wide one two, a flat one, as in the docker, three. It draws nothing itself and knows no window.

local lib = ...
local canvas_of, controls = lib("panel_canvas"), lib("panel_controls")
local meters, parts = lib("panel_meters"), lib("panel_parts")

local M = {}
local MARGIN, GAP, ROW = 8, 6, 24
local TEXT, SMALL = 13, 11
local LEAST_ROLL = 36
local TITLE = 0.45 -- of a button, for the name of its setting
local WIDE, FLAT = 1.3, 2.4 -- widths, in heights, from which on there are two columns and three
local CHOICE_ROWS = { { "genre", "mood" }, { "scale_lock", "bend" }, { "octave", "seed" } }

-- A column of the panel: { canvas, shown, theme, box, y }; rows are taken from its top.
local Page = {}
Page.__index = Page

function Page:take(height)
  local box = { x = self.box.x, y = self.y, w = self.box.w, h = height }
  self.y = self.y + height + GAP
  return box
end

local function cut(box, from, to)
  return { x = box.x + box.w * from, y = box.y, w = box.w * (to - from), h = box.h }
end

local function halves(box)
  local wide = (box.w - GAP) / 2
  return { x = box.x, y = box.y, w = wide, h = box.h }, { x = box.x + wide + GAP, y = box.y, w = wide, h = box.h }
end

local function control_of(shown, id)
  for _, control in ipairs(shown.controls) do
    if control.id == id then return control end
  end
end

function Page:button(box, id)
  local canvas, theme, control = self.canvas, self.theme, control_of(self.shown, id)
  local is_able = controls.is_able(control)
  local ink = not is_able and theme.dim or control.is_on and theme.accent or theme.text
  canvas:rect(box, is_able and theme.button or theme.lane)
  local inner = { x = box.x + 6, y = box.y, w = box.w - 12, h = box.h }
  if control.forth or control.choice or not control.wish and control.value == "–" then
    canvas:text(cut(inner, 0, TITLE), control.title, is_able and theme.dim or ink, SMALL, "left")
    canvas:text(cut(inner, TITLE, 1), control.value, ink, TEXT, "right")
  else
    local whole = { x = box.x + 2, y = box.y, w = box.w - 4, h = box.h }
    canvas:text(whole, control.is_on and "● " .. control.title or control.title, ink, TEXT, "centre")
  end
  local is_focus = self.shown.focus == id
  canvas:rect(box, is_focus and theme.accent or theme.line, true)
  if is_focus then canvas:rect({ x = box.x + 1, y = box.y + 1, w = box.w - 2, h = box.h - 2 }, theme.accent, true) end
  canvas:touchable(box, id)
end

function Page:pair(left, right)
  local one, other = halves(self:take(ROW))
  self:button(one, left)
  self:button(other, right)
end

function Page:head()
  local shown, theme = self.shown, self.theme
  local box = self:take(16)
  self.canvas:rect({ x = box.x, y = box.y + 4, w = 8, h = 8 }, theme[shown.mark])
  local words = { x = box.x + 14, y = box.y, w = box.w - 14, h = box.h }
  self.canvas:text(words, shown.connection, theme[shown.mark == "good" and "text" or "warn"], TEXT, "left")
  local thirds = self:take(ROW)
  local wide = (thirds.w - 2 * GAP) / 3
  for index, id in ipairs({ "listen", "record", "write" }) do
    self:button({ x = thirds.x + (index - 1) * (wide + GAP), y = thirds.y, w = wide, h = thirds.h }, id)
  end
end

function Page:meters()
  local status, theme = self.shown.status, self.theme
  meters.level(self.canvas, self:take(10), status and status.level_db, theme)
  local box = self:take(14)
  self.canvas:text(cut(box, 0, 0.5), meters.pitch_words(status), theme.text, TEXT, "left")
  self.canvas:text(cut(box, 0.5, 1), meters.key_name(status and status.key), theme.dim, TEXT, "right")
  meters.pitch(self.canvas, self:take(20), status, theme)
end

function Page:roll(height)
  meters.roll(self.canvas, self:take(math.max(LEAST_ROLL, height)), self.shown.status, self.theme)
end

function Page:choices()
  for _, row in ipairs(CHOICE_ROWS) do self:pair(row[1], row[2]) end
end

function Page:parts()
  for _, part in ipairs(parts.PARTS) do
    local box = self:take(ROW)
    local is_there = self.shown.parts[part] ~= nil
    local title = part:sub(1, 1):upper() .. part:sub(2)
    self.canvas:text(cut(box, 0, 0.3), title, is_there and self.theme.text or self.theme.dim, TEXT, "left")
    local one, other = halves(cut(box, 0.3, 1))
    self:button(one, "lock_" .. part)
    self:button(other, "roll_" .. part)
  end
end

function Page:last()
  self:pair("continue_4", "continue_8")
  self:button(self:take(ROW), "panic")
end

function Page:said()
  self.canvas:text(self:take(ROW - 6), self.shown.said, self.theme.dim, SMALL, "left")
end

local BUTTONS_HEIGHT = 9 * (ROW + GAP) -- of choices, parts and the last ones
local SAID_HEIGHT = ROW

-- What is heard, above what was said; `below` points are left free between them for the buttons.
local function heard(page, below)
  page:head()
  page:meters()
  page:roll(page.box.y + page.box.h - page.y - GAP - below - SAID_HEIGHT)
end

local COLUMNS = {
  function(pages)
    heard(pages[1], BUTTONS_HEIGHT)
    pages[1]:choices()
    pages[1]:parts()
    pages[1]:last()
  end,
  function(pages)
    heard(pages[1], 0)
    pages[2]:choices()
    pages[2]:parts()
    pages[2]:last()
  end,
  function(pages)
    heard(pages[1], 0)
    pages[2]:choices()
    pages[2]:last()
    pages[3]:parts()
  end,
}

local ONE_HEIGHT, TWO_HEIGHT = 2 * MARGIN + 156 + BUTTONS_HEIGHT + SAID_HEIGHT, 2 * MARGIN + BUTTONS_HEIGHT
local TWO_WIDTH, THREE_WIDTH = 360, 540

local function column_count(width, height)
  if width > FLAT * height or height < TWO_HEIGHT and width >= THREE_WIDTH then return 3 end
  if width > WIDE * height or height < ONE_HEIGHT and width >= TWO_WIDTH then return 2 end
  return 1
end

-- width, height: in points; shown: as lib/panel_state makes it.
function M.picture(shown, theme, width, height)
  local canvas = canvas_of.new(width, height)
  canvas:rect({ x = 0, y = 0, w = width, h = height }, theme.ground)
  local count, pages = column_count(width, height), {}
  local wide = (width - MARGIN * (count + 1)) / count
  for index = 1, count do
    local box = { x = MARGIN + (index - 1) * (wide + MARGIN), y = MARGIN, w = wide, h = height - 2 * MARGIN }
    pages[index] = setmetatable({ canvas = canvas, shown = shown, theme = theme, box = box, y = box.y }, Page)
  end
  COLUMNS[count](pages)
  pages[1]:said()
  return canvas
end

return M
