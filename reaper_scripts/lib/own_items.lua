-- @noindex
-- MIDI items of the user's own as parts of an arrangement: which part each is, by the name of its track, else by what
-- it plays. Reads only.

local lib = ...
local item_notes, tracks, transport = lib("item_notes"), lib("tracks"), lib("transport")
local written = lib("written")

local M = {}
local PARTS = { "melody", "chords", "bass", "drums" }
local MARK = "P_EXT:vocalmidi_part" -- of our own tracks
local DRAFT = "P_EXT:vocalmidi_draft" -- of items that show what is being sung, and go
local DRUM_CHANNEL = 9
local BASS_BELOW = 48 -- MIDI key; most of a bass line lies below the C under middle C, hardly a tune does
local CHORD_SHARE = 0.3 -- of notes that begin while another sounds; a legato tune has few
local LEGATO_QN = 0.125 -- by which notes of a tune overlap where it is played legato
local LATE_S = 0.001 -- by which an item on a bar line may seem to begin before it: rounding
-- Words of track names, the first that fits holds: a bass drum is drums, a lead guitar a melody.
local WORDS = {
  { "drums", "drum", "perc", "beat", "kick", "snare", "hat" },
  { "bass", "bass", "808" },
  { "melody", "melod", "lead", "vocal", "voice", "vox", "tune", "theme", "solo" },
  { "chords", "chord", "pad", "key", "piano", "guitar", "string", "organ", "rhodes", "harmon", "synth" },
}

local function by_name(track)
  local _, mark = reaper.GetSetMediaTrackInfo_String(track, MARK, "", false)
  for _, part in ipairs(PARTS) do
    if mark == part then return part end
  end
  local _, name = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)
  for _, words in ipairs(WORDS) do
    for index = 2, #words do
      if name:lower():find(words[index], 1, true) then return words[1] end
    end
  end
end

-- How many of the notes, which are in order, begin while one before them sounds.
local function chord_share(notes)
  local together, sounds_until = 0, -1
  for _, note in ipairs(notes) do
    if note.start_qn < sounds_until - LEGATO_QN then together = together + 1 end
    sounds_until = math.max(sounds_until, note.start_qn + note.length_qn)
  end
  return together / #notes
end

-- The part that notes are, by themselves.
local function by_content(notes, channel)
  if channel == DRUM_CHANNEL then return "drums" end
  if chord_share(notes) >= CHORD_SHARE then return "chords" end
  local pitches = {}
  for index, note in ipairs(notes) do pitches[index] = note.pitch end
  table.sort(pitches)
  return pitches[(#pitches + 1) // 2] < BASS_BELOW and "bass" or "melody"
end

local function member_of(proj, item, take, place_qn)
  local notes, channel, program = item_notes.read(proj, item, take, place_qn, false)
  if #notes == 0 then return nil end
  table.sort(notes, item_notes.in_order)
  local part = by_name(reaper.GetMediaItem_Track(item)) or by_content(notes, channel)
  return {
    part = part, title = tracks.title(part), notes = notes, channel = channel, program = program, source = "",
    guid = written.item_text(item, "GUID"), state = "edited", is_edited = true,
  }
end

local function is_own(item)
  return written.item_text(item, written.GROUP) == "" and written.item_text(item, DRAFT) == ""
end

-- The selected MIDI items that are the user's own, and when the first begins.
local function selected_midi(proj)
  local list, first_s = {}, math.huge
  for index = 0, reaper.CountSelectedMediaItems(proj) - 1 do
    local item = reaper.GetSelectedMediaItem(proj, index)
    local take = reaper.GetActiveTake(item)
    if take and reaper.TakeIsMIDI(take) and is_own(item) then
      list[#list + 1] = { item = item, take = take }
      first_s = math.min(first_s, reaper.GetMediaItemInfo_Value(item, "D_POSITION"))
    end
  end
  return list, first_s
end

-- Adds items to the members of each part, notes counted from `place_qn`; returns how many, or nil and why not.
local function add(proj, members, items, place_qn)
  local count = 0
  for _, each in ipairs(items) do
    local member = member_of(proj, each.item, each.take, place_qn)
    if member and members[member.part] then
      return nil, ("There are two items of %s to arrange around.\n\nSelect one of each part, or glue them."):format(
        member.part)
    end
    if member then members[member.part], count = member, count + 1 end
  end
  return count
end

local function in_track_order(members)
  local list = {}
  for _, part in ipairs(PARTS) do list[#list + 1] = members[part] end
  return list
end

-- The selected items as { place_qn, at_s, members }: from the bar line on before the first, `at_s` its time; or nil and
-- why not.
function M.of_selected(proj)
  local items, first_s = selected_midi(proj)
  if #items == 0 then return nil, "Select a MIDI item to arrange around, and try again." end
  local at_s, members = first_s + LATE_S, {}
  local place_qn = math.max(0, (transport.bar_at(proj, at_s)))
  local count, why = add(proj, members, items, place_qn)
  if count == 0 then why = "The selected items hold no notes to arrange around." end
  if why then return nil, why end
  return { place_qn = place_qn, at_s = at_s, members = in_track_order(members) }
end

-- Adds the selected items to an arrangement of ours; nil and why not, where it has their parts already.
function M.join(proj, found)
  local members = {}
  for _, member in ipairs(found.members) do members[member.part] = member end
  local count, why = add(proj, members, selected_midi(proj), found.place_qn)
  if not count then return nil, why end
  found.members, found.at_s = in_track_order(members), reaper.TimeMap2_QNToTime(proj, found.place_qn) + LATE_S
  return true
end

return M
