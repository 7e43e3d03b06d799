-- @noindex
-- The files the bridge writes, `receipt`, `command`, `heartbeat`, `transport` and `project_map`, as bytes; and what the
-- daemon writes, read: its heartbeat and its answer to a command, which is a receipt without items.
-- Values in, bytes out (docs/SPOOL.md); no file is touched here.

local lib = ...
local lines = lib("lines")

local M = {}
local MAX_CLOCK_S = 1e11
local STATUS = { ok = true, refused = true, failed = true }

-- receipt = { id, status = "ok"|"refused"|"failed", message, items = { guid … }, tracks = { guid … } }
function M.receipt(receipt)
  local body = { "status " .. receipt.status, "message " .. lines.one_line(receipt.message) }
  for _, kind in ipairs({ "item", "track" }) do
    local guids = receipt[kind .. "s"] or {}
    body[#body + 1] = ("%ss %d"):format(kind, #guids)
    for _, guid in ipairs(guids) do body[#body + 1] = kind .. " " .. guid end
  end
  return lines.seal("receipt", receipt.id, body)
end

local function add_tempo(body, points)
  local text = lines.number_text
  body[#body + 1] = ("tempo_points %d"):format(#points)
  for _, point in ipairs(points) do
    body[#body + 1] = ("t %s %s %s"):format(text(point.time_s), text(point.qn), text(point.tempo_qpm))
  end
end

-- wish: { project, selection = { start_s, stop_s }, bars, audio, set, record = { way, id } }, each but the first only
-- where it is meant; beside them `seen`, see `add_seen`.
local function add_wish(body, wish)
  local text = lines.number_text
  if wish.project then body[#body + 1] = ("project %d"):format(wish.project) end
  if wish.selection then
    body[#body + 1] = ("selection %s %s"):format(text(wish.selection[1]), text(wish.selection[2]))
  end
  if wish.bars then body[#body + 1] = ("bars %d"):format(wish.bars) end
  if wish.audio then body[#body + 1] = "audio 1" end
  if wish.set then body[#body + 1] = "set " .. wish.set end
  if wish.record then body[#body + 1] = ("record %s %s"):format(wish.record.way, wish.record.id) end
end

local function add_notes(body, notes)
  local text = lines.number_text
  if #notes > 0 then body[#body + 1] = ("notes %d"):format(#notes) end
  for _, note in ipairs(notes) do
    body[#body + 1] = ("n %s %s %d"):format(text(note.start_qn), text(note.length_qn), note.pitch)
  end
end

local function add_item(body, member)
  local text = lines.number_text
  body[#body + 1] = ("item %s %s %s %d %d %d"):format(
    member.guid, member.state, member.part, member.channel, member.program, #member.notes)
  local pieces = lines.pieces("s", member.source)
  body[#body + 1] = ("source %d"):format(#pieces)
  table.move(pieces, 1, #pieces, #body + 1, body)
  for _, note in ipairs(member.notes) do
    body[#body + 1] = ("n %s %s %d %d %s"):format(
      text(note.start_qn), text(note.length_qn), note.pitch, note.velocity, note.origin)
  end
end

-- remake: { way, place_qn, change, members }, members with their `state`; change only where it is meant.
local function add_remake(body, remake)
  body[#body + 1] = ("remake %s %s"):format(remake.way, lines.number_text(remake.place_qn))
  if remake.change then body[#body + 1] = "change " .. remake.change end
  body[#body + 1] = ("items %d"):format(#remake.members)
  for _, member in ipairs(remake.members) do add_item(body, member) end
end

-- What a user has done to sung notes, as lib/edits tells it.
local function add_seen(body, items)
  local text = lines.number_text
  body[#body + 1] = ("seen %d"):format(#items)
  for _, item in ipairs(items) do
    body[#body + 1] = ("item %s %s %s %d"):format(item.guid, item.part, text(item.strength), #item.notes)
    local pieces = lines.pieces("s", item.source)
    body[#body + 1] = ("source %d"):format(#pieces)
    table.move(pieces, 1, #pieces, #body + 1, body)
    for _, note in ipairs(item.notes) do
      body[#body + 1] = ("e %d %s %s %s %s %d"):format(
        note.pitch, text(note.meant_qn), text(note.played_qn), note.fate, text(note.now_qn), note.now_pitch)
    end
  end
end

-- transport: what `transport.snapshot` returns; notes: what `project_notes.near` does; remake: of a wish to make an
-- arrangement anew.
function M.command(id, name, sent_s, transport, wish, notes, remake)
  local text = lines.number_text
  local body = {
    "name " .. name,
    "sent_s " .. text(sent_s),
    ("play_state %d"):format(transport.play_state),
    "play_s " .. text(transport.play_s),
    ("cursor %s %s"):format(text(transport.cursor_s), text(transport.cursor_qn)),
    "bar_qn " .. text(transport.bar_qn),
    "tempo_qpm " .. text(transport.tempo_qpm),
    ("meter %d %d"):format(transport.meter.beats, transport.meter.unit),
  }
  add_tempo(body, transport.tempo_points)
  add_wish(body, wish or {})
  add_notes(body, notes or {})
  if remake then add_remake(body, remake) end
  if wish and wish.seen then add_seen(body, wish.seen) end
  return lines.seal("command", id, body)
end

-- observations: as lib/reports keeps them, in order.
function M.transport(owner, written_s, observations)
  local text = lines.number_text
  local body = { "written_s " .. text(written_s), ("observations %d"):format(#observations) }
  for _, seen in ipairs(observations) do
    local heard = ("%d %s %s %s"):format(seen.play_state, text(seen.play_s), text(seen.cursor_s), text(seen.rate))
    local loop = ("%d %s %s"):format(seen.loops and 1 or 0, text(seen.loop_start_s), text(seen.loop_stop_s))
    body[#body + 1] = ("o %d %s %s %s %d %d"):format(
      seen.number, text(seen.clock_s), heard, loop, seen.project, seen.map_number)
  end
  return lines.seal("transport", owner, body)
end

-- map: what `transport.map` returns, with its number and its project's.
function M.project_map(owner, map)
  local body = {
    ("number %d"):format(map.number), ("project %d"):format(map.project), ("meters %d"):format(#map.meters),
  }
  for _, point in ipairs(map.meters) do
    body[#body + 1] = ("m %s %d %d"):format(lines.number_text(point.qn), point.beats, point.unit)
  end
  add_tempo(body, map.tempo_points)
  return lines.seal("project_map", owner, body)
end

function M.heartbeat(id, time_s, app)
  return lines.seal("heartbeat", id, { "time_s " .. lines.number_text(time_s), "app " .. lines.one_line(app) })
end

-- Which request is being inserted into which project, for the bridge that comes after.
function M.claim(id, mark)
  return lines.seal("claim", id, { "project " .. mark })
end

local function read_claim(content)
  local reader = lines.open(content, "claim")
  local claim = { id = reader.id, project = reader:fields("project", 1) }
  reader:finish()
  return claim
end

-- { id, project } of a whole claim file, or `nil, reason`.
function M.read_claim(content)
  return lines.guarded(read_claim, content)
end

local function read_heartbeat(content)
  local reader = lines.open(content, "heartbeat")
  local beat = { id = reader.id, time_s = reader:number(reader:fields("time_s", 1), 0, MAX_CLOCK_S) }
  beat.app = reader:text("app")
  reader:finish()
  return beat
end

local function read_answer(content)
  local reader = lines.open(content, "receipt")
  local answer = { id = reader.id, status = reader:fields("status", 1) }
  if not STATUS[answer.status] then reader:refuse("the status is none of ok, refused, failed") end
  answer.message = reader:text("message")
  for _, kind in ipairs({ "items", "tracks" }) do reader:integer(reader:fields(kind, 1), 0, 0) end
  reader:finish()
  return answer
end

-- { id, status, message } of a whole answer file, or `nil, reason`.
function M.read_answer(content)
  return lines.guarded(read_answer, content)
end

-- { id, time_s, app } of a whole heartbeat file, or `nil, reason`.
function M.read_heartbeat(content)
  return lines.guarded(read_heartbeat, content)
end

return M
