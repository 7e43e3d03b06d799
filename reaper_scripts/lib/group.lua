-- @noindex
-- The items of one arrangement in a project, and how each stands: as it was written, edited by hand, or locked. By a
-- selected item, its companions are those that were written with it and sound while it does. On tracks with lanes a
-- part is what plays of it, or the selected item where that is in a lane that does not play. Reads only.

local lib = ...
local item_notes, lanes, signals = lib("item_notes"), lib("lanes"), lib("signals")
local tracks, written = lib("tracks"), lib("written")

local M = {}
local PARTS = { "melody", "chords", "bass", "drums" }

local function overlaps(proj, a, b)
  local a_start, a_length = written.span_qn(proj, a)
  local b_start, b_length = written.span_qn(proj, b)
  return a_start < b_start + b_length and b_start < a_start + a_length
end

-- The items that were written with one and sound while it does, itself among them, by part.
local function items_with(proj, anchor)
  local by_part, mark = {}, written.item_text(anchor, written.GROUP)
  for index = 0, reaper.CountMediaItems(proj) - 1 do
    local item = reaper.GetMediaItem(proj, index)
    if written.item_text(item, written.GROUP) == mark and overlaps(proj, item, anchor) then
      local part = written.item_text(item, written.PART)
      by_part[part] = by_part[part] or {}
      table.insert(by_part[part], item)
    end
  end
  return by_part
end

-- Of the items of a part those that are meant.
local function meant(items)
  local chosen, heard = {}, {}
  for _, item in ipairs(items) do
    if lanes.is_heard(item) then
      heard[#heard + 1] = item
    elseif reaper.IsMediaItemSelected(item) then
      chosen[#chosen + 1] = item
    end
  end
  return #chosen > 0 and chosen or #heard > 0 and heard or { items[1] }
end

-- The items of an arrangement that are meant, in the order of their parts, as { part, items }.
local function parts_with(proj, anchor)
  local by_part, list = items_with(proj, anchor), {}
  for _, part in ipairs(PARTS) do
    if by_part[part] then list[#list + 1] = { part = part, items = meant(by_part[part]) } end
  end
  return list
end

-- Where an arrangement begins: where most of its parts do, so that one which was moved is known to be; with `anchor`
-- where they don't agree.
local function place_of(proj, parts, anchor)
  local place_qn, most = math.max(0, (written.span_qn(proj, anchor))), 1
  for _, part in ipairs(parts) do
    local start_qn, count = written.span_qn(proj, part.items[1]), 0
    for _, other in ipairs(parts) do
      if written.is_near(start_qn, (written.span_qn(proj, other.items[1]))) then count = count + 1 end
    end
    if count > most then place_qn, most = math.max(0, start_qn), count end
  end
  return place_qn
end

local function add(member, proj, item, place_qn)
  local take = reaper.GetActiveTake(item)
  local is_midi = take and reaper.TakeIsMIDI(take)
  local is_alone = member.item == nil
  local start_qn = written.span_qn(proj, item)
  local is_as_written = is_midi and is_alone and written.is_near(start_qn, place_qn)
    and written.is_as_written(proj, item, take)
  if is_midi then
    local notes, channel, program = item_notes.read(proj, item, take, place_qn, is_as_written)
    table.move(notes, 1, #notes, #member.notes + 1, member.notes)
    member.channel, member.program = channel, program
  end
  member.is_edited = not is_as_written
  member.is_locked = member.is_locked or written.is_locked(item)
  member.is_selected = member.is_selected or reaper.IsMediaItemSelected(item)
  member.item, member.guid = item, written.item_text(item, "GUID")
  member.source = written.item_text(item, written.SOURCE)
end

local function member_of(proj, part, place_qn)
  local member = { part = part.part, notes = {}, title = tracks.title(part.part) }
  for _, item in ipairs(part.items) do add(member, proj, item, place_qn) end
  table.sort(member.notes, item_notes.in_order)
  return member
end

-- The arrangement that an item is of: { place_qn, members }, members in track order.
local function arrangement_of(proj, anchor)
  local parts, members = parts_with(proj, anchor), {}
  local place_qn = place_of(proj, parts, anchor)
  for index, part in ipairs(parts) do members[index] = member_of(proj, part, place_qn) end
  return { place_qn = place_qn, members = members }
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
  local anchor, list = selected(proj)[1] or newest(proj), {}
  for _, part in ipairs(anchor and parts_with(proj, anchor) or {}) do
    table.move(part.items, 1, #part.items, #list + 1, list)
  end
  return list
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
  return arrangement_of(proj, items[1])
end

-- The arrangement that a button of the panel is about, as of_selected gives it; or nil and why not.
function M.of_panel(proj)
  local anchor = #selected(proj) == 0 and newest(proj)
  if not anchor then return M.of_selected(proj) end
  return arrangement_of(proj, anchor)
end

return M
