-- @noindex
-- Self-test, the whole way: a request as the daemon writes it, read and inserted by the bridge's own code, lands where
-- it says, and is known as inserted and as untouched.

local lib = ...
local hold, insert, lines = lib("selftest_hold"), lib("insert"), lib("lines")
local request_files, written = lib("request"), lib("written")

local ID, PLACE_QN = "5e1f7e57-0002", 8
local ODD = "s {\"odd\": \"'quotes' \\\\ > <" .. ("|;#@ "):rep(90) .. "\"}"
local BODY = {
  "place 8", "provenance Vocal MIDI self-test", "strength 1", "sources 1", "source 1", ODD, "genre selftest",
  "seed 7", "tempo_qpm 120", "meter 4 4", "key 0 major 1", "length_qn 4", "chords 0", "parts 2",
  "part melody 0 53 2 2", "n 0 1 60 90 sung", "p 0.1 1", "b 0 -40", "b 0.5 0", "n 2 1.5 64 100 sung", "p 1.9 1.4",
  "part drums 9 0 3 0", "n 0 0.5 36 100 drums", "n 1 0.5 38 90 drums", "n 3 0.5 36 80 rules",
}
local MELODY, DRUMS = "8:60/90 10:64/100", "8:36/100 9:38/90 11:36/80"

local function notes_of(item)
  local take, rows = reaper.GetActiveTake(item), {}
  local _, count = reaper.MIDI_CountEvts(take)
  for index = 0, count - 1 do
    local _, _, _, tick, _, _, pitch, velocity = reaper.MIDI_GetNote(take, index)
    local qn = reaper.MIDI_GetProjQNFromPPQPos(take, tick)
    rows[#rows + 1] = ("%d:%d/%d"):format(math.floor(qn + 0.5), pitch, velocity)
  end
  return table.concat(rows, " ")
end

local function items(room)
  local list = {}
  for index = 0, reaper.CountMediaItems(room.proj) - 1 do
    local item = reaper.GetMediaItem(room.proj, index)
    if written.item_text(item, written.REQUEST) == ID then list[#list + 1] = item end
  end
  return list
end

local function arrangement(room)
  local request, why = request_files.decode(lines.seal("insert", ID, BODY))
  hold.that(request, "the request is refused: %s", tostring(why))
  local receipt = insert.insert(room.proj, request, room.spool)
  hold.that(receipt.status == "ok", "%s", receipt.message)
  local list = items(room)
  hold.equal(#list, 2, "the number of items")
  hold.equal(notes_of(list[1]), MELODY, "the melody")
  hold.equal(notes_of(list[2]), DRUMS, "the drums")
  for _, item in ipairs(list) do
    hold.that(written.item_text(item, "P_NOTES"):find("self%-test"), "an item's notes in words are gone")
    hold.that(written.is_as_written(room.proj, item, reaper.GetActiveTake(item)), "an untouched item counts as edited")
    hold.near(written.span_qn(room.proj, item), PLACE_QN, "an item's start in quarter notes", 0.001)
  end
  hold.that(insert.already(ID), "a request that was inserted is not known")
  return receipt.message
end

return { { name = "an arrangement is written as it was meant", run = arrangement } }
