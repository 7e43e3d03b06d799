-- @noindex
-- What a user did to sung notes after they were written: kept, moved, put into another octave, deleted. Told from the
-- places that the take remembers (lib/strength) and the notes that it holds now. Reads only.

local lib = ...
local buffer, group, strength_of, written = lib("buffer"), lib("group"), lib("strength"), lib("written")

local M = {}
local NEAR_QN = 1 / 48 -- 10 ms at 120 BPM: nobody moves a note by less to have it elsewhere
local MOVED_QN = 1 -- what lies further away is another note
local OCTAVE, MOST_OCTAVES = 12, 3
local MUTED = 2
local MOST_NOTES = 1000 -- of an item, sung; a song in one breath; comparing them takes some 20 ms
local MOST_ITEMS, MOST_BYTES = 64, 6000000 -- of one command, as messages accept

-- Notes by their pitch class, in order of time.
local function by_class(notes)
  local classes = {}
  for class = 0, OCTAVE - 1 do classes[class] = {} end
  for _, note in ipairs(notes) do
    if note.on.flags & MUTED == 0 then
      local class = classes[note.pitch % OCTAVE]
      class[#class + 1] = { pitch = note.pitch, tick = note.on.tick }
    end
  end
  return classes
end

-- The free note of a class that is nearest to where a note was written, within `reach` ticks.
local function nearest(class, row, reach, is_meant)
  local found, away
  for _, note in ipairs(class) do
    local apart = math.abs(note.tick - row.tick)
    if not note.is_taken and apart <= reach and is_meant(note.pitch, row.pitch) and (not away or apart < away) then
      found, away = note, apart
    end
  end
  return found
end

local function is_same(pitch, other) return pitch == other end
local function is_octave(pitch, other) return math.abs(pitch - other) <= OCTAVE * MOST_OCTAVES end

local function settle(row, note, fate)
  note.is_taken, row.fate, row.now_tick, row.now_pitch = true, fate, note.tick, note.pitch
end

-- Finds what is certain before what is likely: a note in its place, then in another octave, then moved, then both.
local function match(rows, classes, near, far)
  for _, step in ipairs({
    { near, is_same, "kept" }, { near, is_octave, "now" }, { far, is_same, "now" }, { far, is_octave, "now" },
  }) do
    local reach, is_meant, fate = step[1], step[2], step[3]
    for _, row in ipairs(rows) do
      local note = not row.fate and nearest(classes[row.pitch % OCTAVE], row, reach, is_meant)
      if note then settle(row, note, fate) end
    end
  end
end

-- Whether another sung note was written in the same place: of two such the take holds one.
local function is_doubled(rows, index, near)
  for other, row in ipairs(rows) do
    if other ~= index and row.pitch == rows[index].pitch and math.abs(row.tick - rows[index].tick) <= near then
      return true
    end
  end
  return false
end

-- What is left is deleted, unless another note took its place.
local function judge_rest(rows, classes, near)
  local function is_any() return true end
  for index, row in ipairs(rows) do
    local other
    for class = 0, row.fate and -1 or OCTAVE - 1 do other = other or nearest(classes[class], row, near, is_any) end
    if other then
      settle(row, other, "other")
    elseif not row.fate then
      row.fate, row.now_tick, row.now_pitch = is_doubled(rows, index, near) and "other" or "gone", row.tick, row.pitch
    end
  end
end

-- What became of the remembered notes of a take: rows { pitch, meant_qn, played_qn, fate, now_qn, now_pitch }.
-- notes: as buffer.notes_of gives them; ticks: of a quarter note.
function M.fates(remembered, strength, notes, ticks)
  local rows = {}
  for index, each in ipairs(remembered) do
    local start_qn = strength_of.place(each, strength)
    rows[index] = {
      pitch = each.pitch, meant_qn = each.start_qn, played_qn = each.played.start_qn,
      tick = math.floor(start_qn * ticks + 0.5), start_qn = start_qn,
    }
  end
  local classes, near = by_class(notes), math.max(2, NEAR_QN * ticks)
  match(rows, classes, near, MOVED_QN * ticks)
  judge_rest(rows, classes, near)
  for _, row in ipairs(rows) do
    local is_there = row.fate == "kept" or row.fate == "gone"
    row.now_qn = is_there and row.start_qn or row.now_tick / ticks
  end
  return rows
end

-- The active take of an item whose sung notes can be compared: nil where it has none, or was cut or slipped, which
-- takes notes away that nobody deleted.
local function sung_take(proj, item)
  local take = written.item_text(item, written.SOURCE) ~= "" and reaper.GetActiveTake(item)
  if not take or not reaper.TakeIsMIDI(take) then return nil end
  local length = written.take_text(take, written.MARK):match("^1 %x+ (%S+)")
  local start_qn, length_qn = written.span_qn(proj, item)
  if not length or not written.is_near(tonumber(length), length_qn) then return nil end
  local zero = reaper.MIDI_GetPPQPosFromProjQN(take, start_qn)
  local ticks = reaper.MIDI_GetPPQPosFromProjQN(take, start_qn + 1) - zero
  return math.abs(zero) <= NEAR_QN * ticks and take, ticks
end

-- What became of the sung notes of an item: { guid, part, strength, source, notes, packed }; nil where it has none, or
-- where its take holds `packed`, which was looked at before.
function M.of_item(proj, item, packed)
  local take, ticks = sung_take(proj, item)
  if not take then return nil end
  local _, now = reaper.MIDI_GetAllEvts(take)
  if now == packed then return nil end
  local remembered, strength = strength_of.read(written.take_text(take, strength_of.MARK))
  if not remembered or #remembered > MOST_NOTES then return nil end
  return {
    guid = written.item_text(item, "GUID"), part = written.item_text(item, written.PART), strength = strength,
    source = written.item_text(item, written.SOURCE), packed = now,
    notes = M.fates(remembered, strength, buffer.notes_of(buffer.unpacked(now)), ticks),
  }
end

-- How many notes of an item were put into another octave, moved, and deleted.
function M.counts(found)
  local counts = { octave = 0, moved = 0, gone = 0 }
  for _, note in ipairs(found.notes) do
    if note.fate == "gone" then counts.gone = counts.gone + 1 end
    if note.fate == "now" then
      local kind = note.pitch ~= note.now_pitch and "octave" or "moved"
      counts[kind] = counts[kind] + 1
    end
  end
  return counts
end

local function is_edited(found)
  local counts = M.counts(found)
  return counts.octave + counts.moved + counts.gone > 0
end

local function all_items(proj)
  local list = {}
  for index = reaper.CountMediaItems(proj) - 1, 0, -1 do list[#list + 1] = reaper.GetMediaItem(proj, index) end
  return list
end

local function reversed(list)
  local other = {}
  for index = #list, 1, -1 do other[#other + 1] = list[index] end
  return other
end

-- What is to be learnt from, in the project's order: the selected items that hold sung notes, as they were left; where
-- none is selected, the last that were edited. Nil and why not.
function M.to_learn(proj)
  local chosen, list, bytes = group.selected(proj), {}, 0
  local is_chosen = #chosen > 0
  for _, item in ipairs(is_chosen and chosen or all_items(proj)) do
    local found = #list < MOST_ITEMS and M.of_item(proj, item)
    if found and (is_chosen or is_edited(found)) then
      bytes = bytes + #found.source + 100 * #found.notes
      if bytes <= MOST_BYTES then list[#list + 1] = found end
    end
  end
  if #list > 0 then return is_chosen and list or reversed(list) end
  if is_chosen then
    return nil, "The selected items hold nothing that was sung, or were cut.\n\nSelect what you have corrected."
  end
  return nil, "No sung note was moved, put into another octave or deleted, so there is nothing to learn."
end

return M
