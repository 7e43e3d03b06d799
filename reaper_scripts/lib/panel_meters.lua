-- @noindex
-- The panel's pictures of what is heard: the level, the live pitch against the key, the phrase that was heard last as a
-- small piano roll. Values in, drawing on a canvas out.

local M = {}
local QUIET_DB, LOUD_DB, HOT_DB = -60, 0, -3
local NAMES = { "C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B" }
local SCALES = {
  major = { [0] = true, [2] = true, [4] = true, [5] = true, [7] = true, [9] = true, [11] = true },
  minor = { [0] = true, [2] = true, [3] = true, [5] = true, [7] = true, [8] = true, [10] = true },
}
local LEAST_KEYS = 13 -- an octave, so that two notes are not drawn as two bars
local SMALL = 11

function M.note_name(pitch)
  return NAMES[pitch % 12 + 1] .. (pitch // 12 - 1)
end

function M.key_name(key)
  return key and NAMES[key.tonic + 1] .. " " .. key.mode or "no key yet"
end

local function is_of_key(key, pitch)
  return key ~= nil and SCALES[key.mode][(pitch - key.tonic) % 12] == true
end

function M.level(canvas, box, level_db, theme)
  canvas:rect(box, theme.lane)
  local share = math.max(0, math.min(1, ((level_db or QUIET_DB) - QUIET_DB) / (LOUD_DB - QUIET_DB)))
  local is_hot = (level_db or QUIET_DB) > HOT_DB
  if share > 0 then
    canvas:rect({ x = box.x, y = box.y, w = box.w * share, h = box.h }, is_hot and theme.warn or theme.good)
  end
  canvas:rect(box, theme.line, true)
end

-- Twelve keys from the tonic on, those of the key filled; where the voice is now, a mark, and its name and cents.
function M.pitch(canvas, box, status, theme)
  local key, pitch = status and status.key, status and status.pitch
  local tonic, wide = key and key.tonic or 0, box.w / 12
  for degree = 0, 11 do
    local cell = { x = box.x + degree * wide + 1, y = box.y, w = wide - 2, h = box.h }
    local is_in = is_of_key(key, tonic + degree)
    canvas:rect(cell, is_in and theme.button or theme.lane)
    canvas:text(cell, NAMES[(tonic + degree) % 12 + 1], is_in and theme.text or theme.dim, SMALL, "centre")
  end
  if pitch then
    local place = (pitch - tonic + 0.5) % 12
    canvas:rect({ x = box.x + place * wide - 2, y = box.y + box.h - 5, w = 4, h = 8 }, theme.accent)
  end
end

-- "A4 +12 cents", as it is written beside the keys.
function M.pitch_words(status)
  local pitch = status and status.pitch
  if not pitch then return "–" end
  local nearest = math.floor(pitch + 0.5)
  return ("%s %+d cents"):format(M.note_name(nearest), math.floor((pitch - nearest) * 100 + 0.5))
end

local function range(notes)
  local low, high = 127, 0
  for _, note in ipairs(notes) do low, high = math.min(low, note.pitch), math.max(high, note.pitch) end
  local more = math.max(0, LEAST_KEYS - (high - low + 1))
  return low - more // 2 - 1, high + (more + 1) // 2 + 1
end

-- The phrase that was heard last, on lanes of its key.
function M.roll(canvas, box, status, theme)
  canvas:rect(box, theme.lane)
  local notes = status and status.notes or {}
  if #notes == 0 then
    return canvas:text(box, "Sing, and your phrase appears here", theme.dim, SMALL, "centre")
  end
  local low, high = range(notes)
  local tall = box.h / (high - low + 1)
  local first_qn = notes[1].start_qn
  local length_qn = math.max(status.length_qn - first_qn, notes[#notes].start_qn + notes[#notes].length_qn - first_qn)
  for pitch = low, high do
    if is_of_key(status.key, pitch) then
      canvas:rect({ x = box.x, y = box.y + (high - pitch) * tall, w = box.w, h = tall }, theme.button)
    end
  end
  for beat = 0, math.floor(math.min(length_qn, 64)) do
    local x = box.x + beat / length_qn * box.w
    canvas:line(x, box.y, x, box.y + box.h, theme.line)
  end
  for _, note in ipairs(notes) do
    canvas:rect({
      x = box.x + (note.start_qn - first_qn) / length_qn * box.w, y = box.y + (high - note.pitch) * tall,
      w = math.max(2, note.length_qn / length_qn * box.w - 1), h = math.max(2, tall - 1),
    }, theme.accent)
  end
end

return M
