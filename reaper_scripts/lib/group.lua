-- @noindex
-- The items of one arrangement in a project, and how each stands: as it was written, edited by hand, or locked. By a
-- selected item, its companions are those that were written with it and sound while it does. Reads only.

local lib = ...
local buffer, signals, tracks, written = lib("buffer"), lib("signals"), lib("tracks"), lib("written")

local M = {}
local PARTS = { "melody", "chords", "bass", "drums" }
local MUTED = 2

local function overlaps(proj, a, b)
  local a_start, a_length = written.span_qn(proj, a)
  local b_start, b_length = written.span_qn(proj, b)
  return a_start < b_start + b_length and b_start < a_start + a_length
end

-- The items that were written with one and sound while it does, itself among them.
local function items_with(proj, anchor)
  local list, mark = {}, written.item_text(anchor, written.GROUP)
  for index = 0, reaper.CountMediaItems(proj) - 1 do
    local item = reaper.GetMediaItem(proj, index)
    if written.item_text(item, written.GROUP) == mark and overlaps(proj, item, anchor) then list[#list + 1] = item end
  end
  return list
end

-- The notes of an item within its bounds, as { start_qn, length_qn, pitch, velocity, origin } after `place_qn`.
local function notes_of(proj, item, take, place_qn, is_as_written)
  local _, packed = reaper.MIDI_GetAllEvts(take)
  local events, notes = buffer.unpacked(packed), {}
  local from_qn, length_qn = written.span_qn(proj, item)
  local found = written.notes_in_order(events)
  local origins = is_as_written and written.origins(take, #found) or {}
  for index, note in ipairs(found) do
    local start = math.max(from_qn, reaper.MIDI_GetProjQNFromPPQPos(take, note.on.tick)) - place_qn
    local stop = math.min(from_qn + length_qn, reaper.MIDI_GetProjQNFromPPQPos(take, note.off.tick)) - place_qn
    start = math.max(0, start)
    if stop > start and note.on.flags & MUTED == 0 then
      notes[#notes + 1] = {
        start_qn = start, length_qn = stop - start, pitch = note.pitch, velocity = note.on.bytes:byte(3),
        origin = origins[index] or "kept",
      }
    end
  end
  local channel, program = buffer.program_of(events)
  return notes, channel or 0, program or 0
end

local function in_order(a, b)
  if a.start_qn ~= b.start_qn then return a.start_qn < b.start_qn end
  if a.pitch ~= b.pitch then return a.pitch < b.pitch end
  return a.length_qn < b.length_qn
end

local function add(member, proj, item, place_qn)
  local take = reaper.GetActiveTake(item)
  local is_midi = take and reaper.TakeIsMIDI(take)
  local is_alone = member.item == nil
  local start_qn = written.span_qn(proj, item)
  local is_as_written = is_midi and is_alone and written.is_near(start_qn, place_qn)
    and written.is_as_written(proj, item, take)
  if is_midi then
    local notes, channel, program = notes_of(proj, item, take, place_qn, is_as_written)
    table.move(notes, 1, #notes, #member.notes + 1, member.notes)
    member.channel, member.program = channel, program
  end
  member.is_edited = not is_as_written
  member.is_locked = member.is_locked or written.is_locked(item)
  member.is_selected = member.is_selected or reaper.IsMediaItemSelected(item)
  member.item, member.guid = item, written.item_text(item, "GUID")
  member.source = written.item_text(item, written.SOURCE)
end

local function members(proj, anchor, place_qn)
  local by_part, list = {}, {}
  for _, item in ipairs(items_with(proj, anchor)) do
    local part = written.item_text(item, written.PART)
    by_part[part] = by_part[part] or { part = part, notes = {}, title = tracks.title(part) }
    add(by_part[part], proj, item, place_qn)
  end
  for _, part in ipairs(PARTS) do
    local member = by_part[part]
    if member then
      table.sort(member.notes, in_order)
      list[#list + 1] = member
    end
  end
  return list
end

local function selected(proj)
  local list = {}
  for index = 0, reaper.CountSelectedMediaItems(proj) - 1 do
    local item = reaper.GetSelectedMediaItem(proj, index)
    if written.item_text(item, written.GROUP) ~= "" then list[#list + 1] = item end
  end
  return list
end

M.selected = selected

-- An item of the arrangement that was written last in this session, nil where that is gone.
local function newest(proj)
  local mark = signals.newest()
  for index = 0, mark ~= "" and reaper.CountMediaItems(proj) - 1 or -1 do
    local item = reaper.GetMediaItem(proj, index)
    if written.item_text(item, written.GROUP) == mark then return item end
  end
end

-- The items that a button of the panel is about: with those that are selected, else of the newest arrangement.
function M.items(proj)
  local anchor = selected(proj)[1] or newest(proj)
  return anchor and items_with(proj, anchor) or {}
end

-- The arrangement that a button of the panel is about, as of_selected gives it; or nil and why not.
function M.of_panel(proj)
  local anchor = #selected(proj) == 0 and newest(proj)
  if not anchor then return M.of_selected(proj) end
  local place_qn = math.max(0, (written.span_qn(proj, anchor)))
  return { place_qn = place_qn, members = members(proj, anchor, place_qn) }
end

-- The arrangement of the selected items: { place_qn, members }, members in track order; or nil and why not.
function M.of_selected(proj)
  local items = selected(proj)
  if #items == 0 then return nil, "Select an item that Vocal MIDI wrote, and try again." end
  for _, item in ipairs(items) do
    if written.item_text(item, written.GROUP) ~= written.item_text(items[1], written.GROUP) then
      return nil, "The selected items are of several arrangements.\n\nSelect items of one."
    end
  end
  local place_qn = math.max(0, (written.span_qn(proj, items[1])))
  return { place_qn = place_qn, members = members(proj, items[1], place_qn) }
end

return M
