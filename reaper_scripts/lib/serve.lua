-- @noindex
-- What the bridge does with a request file and with a user's wish. Each ends in an answer: a receipt and a move to
-- done/ or failed/, a command for the daemon, or words to the user. Timing and life of the loop are bridge.lua's.

local lib = ...
local ids, insert, lines, projects, replies = lib("ids"), lib("insert"), lib("lines"), lib("projects"), lib("replies")
local locks, project_notes, remake_of = lib("locks"), lib("project_notes"), lib("remake")
local request_files, requantise = lib("request"), lib("requantise")
local recover, signals, spool_files, transport = lib("recover"), lib("signals"), lib("spool"), lib("transport")

local M = {}
local DAEMON_STALE_S = 6 -- the daemon's 5 s and one for os.time, which counts whole seconds
local MAX_BARS = 1000 -- as messages.py accepts
local ALL_NOTES_OFF = 40345 -- "Send all notes off to all MIDI outputs/plug-ins", in Reaper's main section
local ANSWER_S = 30 -- the longest history is worked through in less

local asked = {} -- the commands that the daemon has not answered yet, oldest first: { id, since_s, proj }

local function refused(id, why)
  return { id = id, status = "refused", message = why }
end

-- The decoded request of a file, or nil and why not.
local function read_request(path)
  local content, why = spool_files.read(path, lines.MAX_BYTES)
  if not content then return nil, why end
  return request_files.decode(content)
end

local function judge(spool, name, proj, why_not)
  local id = spool_files.id_of(name)
  local request, why = read_request(spool:path("processing", name))
  if not request then return refused(id, why) end
  if request.id ~= id then return refused(id, "it holds another request: " .. request.id) end
  local already = insert.already(id)
  if already then return already end
  if not proj then return refused(id, why_not) end
  local receipt = insert.insert(proj, request, spool)
  if receipt.status == "ok" and not (request.replaces and #request.replaces > 0) then signals.wrote(id) end
  return receipt
end

-- Inserts the claimed request `name` into a project, or refuses it, where there is none, for the reason given. No error
-- leaves this function, so that no request can stop the bridge.
local function serve(spool, name, proj, why_not)
  local ok, receipt = pcall(judge, spool, name, proj, why_not)
  if not ok then
    local why = "nothing was inserted: " .. tostring(receipt)
    receipt = { id = spool_files.id_of(name), status = "failed", message = why }
  end
  if lines.is_id(receipt.id) then
    local written, why = spool:put(replies.receipt(receipt), "results", receipt.id .. ".receipt")
    if not written then signals.log("can't write the receipt of " .. receipt.id .. ": " .. tostring(why)) end
  else
    receipt.message = "the file's name is not an id of 8–64 characters of 0-9, a-f and -; " .. receipt.message
  end
  local reason = receipt.status ~= "ok" and receipt.status .. ": " .. lines.one_line(receipt.message) or nil
  spool:finish(name, reason)
  if reason then signals.log("request " .. lines.one_line(name) .. " " .. reason) end
end

-- Takes up what an earlier bridge left (`recover.look`). What is in a project is only answered; what was half done is
-- tried once more where its project is open; what comes too late is refused.
function M.recover(spool, left)
  local seen = {}
  for _, name in ipairs(spool:requests("processing")) do
    local id = spool_files.id_of(name)
    local proj, why_not = recover.verdict(spool, left, name)
    -- Of two files of one request the second only goes: the first is answered.
    if seen[id] then spool:remove("processing", name) else serve(spool, spool:mark_retried(name), proj, why_not) end
    seen[id] = true
  end
  for _, name in ipairs(spool:requests("inbox")) do
    if left.inbox[name] and spool:claim(name) then
      serve(spool, name, nil, "it waited more than a minute for Reaper; write it again")
    end
  end
end

-- The project that a request is for: the one in which the user asked, whatever tab is in front by now; where nobody
-- asked, the one in front. Nil and why not, where it was closed.
local function meant()
  if #asked == 0 then return select(2, projects.current()) end
  if projects.is_open(asked[1].proj) then return asked[1].proj end
  return nil, "the project in which it was asked for was closed"
end

-- Serves one waiting request, so that many of them never hold Reaper's window for long.
function M.next_request(spool)
  for _, name in ipairs(spool:requests("inbox")) do
    local proj, why_not = meant()
    if recover.claim(spool, name, proj) then return serve(spool, name, proj, why_not) end
  end
end

local function daemon_lives(spool)
  local content = spool:read(lines.MAX_BYTES, "daemon.heartbeat")
  local beat = content and replies.read_heartbeat(content)
  return beat and math.abs(os.time() - beat.time_s) <= DAEMON_STALE_S
end

local WISHES = {}

local function ask(spool, name, wish, remake)
  if not daemon_lives(spool) then
    return signals.tell("Vocal MIDI is not listening.\n\nStart it with `vocalmidi run`, sing, and try again.")
  end
  local id = ids()
  local project, proj = projects.current()
  wish.project = project
  local stands = transport.snapshot(proj)
  local notes = not (remake or wish.set) and project_notes.near(proj, stands.play_s) or {}
  local command = replies.command(id, name, os.time(), stands, wish, notes, remake)
  assert(spool:put(command, "commands", id .. ".command"))
  asked[#asked + 1] = { id = id, since_s = reaper.time_precise(), proj = proj }
end

function WISHES.write(spool)
  ask(spool, "write", {})
end

function WISHES.write_audio(spool)
  ask(spool, "write", { audio = true })
end

function WISHES.write_selection(spool)
  local start_s, stop_s = reaper.GetSet_LoopTimeRange2(select(2, projects.current()), false, false, 0, 0, false)
  if start_s >= stop_s then
    return signals.tell("There is no time selection.\n\nSelect the time in which you sang, and try again.")
  end
  ask(spool, "write_selection", { selection = { start_s, stop_s } })
end

function WISHES.calibrate(spool)
  ask(spool, "calibrate", {})
end

function WISHES.write_bars(spool, text)
  local bars = math.tointeger(tonumber(text))
  if not bars or bars < 1 or bars > MAX_BARS then
    return signals.tell(("'%s' is no number of bars from 1 to %d."):format(lines.one_line(text), MAX_BARS))
  end
  ask(spool, "write_bars", { bars = bars })
end

local function remake(spool, way, change)
  local wanted, why = remake_of.of_selected(select(2, projects.current()), way, change)
  if not wanted then return signals.tell(why) end
  ask(spool, "remake", {}, wanted)
end

function WISHES.roll(spool) remake(spool, "roll") end
function WISHES.roll_all(spool) remake(spool, "all") end
function WISHES.again(spool) remake(spool, "again") end
function WISHES.change(spool, text) remake(spool, "change", text) end

-- What the panel and its actions ask of the arrangement they are about.
local function remake_panel(spool, way, change, is_meant)
  local wanted, why = remake_of.of_panel(select(2, projects.current()), way, change, is_meant)
  if not wanted then return signals.tell(why) end
  ask(spool, "remake", {}, wanted)
end

function WISHES.roll_part(spool, part) remake_panel(spool, "roll", nil, remake_of.is_part(part)) end
function WISHES.continue(spool, bars) remake_panel(spool, "change", "continue_bars=" .. bars) end
function WISHES.octave(spool, step) remake_panel(spool, "change", "octave=" .. step, remake_of.is_sung) end

-- Settings of the daemon's session, such as "genre=next".
function WISHES.set(spool, text)
  ask(spool, "set", { set = lines.one_line(text) })
end

-- Reaper's own command reaches every instrument, whoever plays it.
function WISHES.panic()
  reaper.Main_OnCommand(ALL_NOTES_OFF, 0)
  signals.log("all notes off")
end

-- The daemon has no part in it.
function WISHES.lock_part(_, part)
  local ok, said = locks.toggle(select(2, projects.current()), part)
  if ok then signals.log(said) else signals.tell(said) end
end

function WISHES.lock()
  local ok, said = locks.toggle(select(2, projects.current()))
  if ok then signals.log(said) else signals.tell(said) end
end

-- Takes the daemon's answer to a command: what went well is logged, what did not is told to the user. Returns whether
-- that command needs no more waiting for.
local function is_settled(spool, command)
  local name = command.id .. ".answer"
  local content = spool:read(lines.MAX_BYTES, "commands", name)
  if not content then
    if reaper.time_precise() - command.since_s < ANSWER_S then return false end
    signals.tell("Vocal MIDI has not answered. `vocalmidi doctor` says what works and what does not.")
    return true
  end
  spool:remove("commands", name)
  local answer, why = replies.read_answer(content)
  if not answer then
    signals.log("the daemon's answer can't be read: " .. why)
  elseif answer.status == "ok" then
    signals.log(answer.message)
  else
    signals.tell(answer.message)
  end
  return true
end

-- Takes what the daemon has answered since the last call.
function M.hear_answer(spool)
  local waiting = asked
  asked = {}
  for _, command in ipairs(waiting) do
    if not is_settled(spool, command) then asked[#asked + 1] = command end
  end
end

-- A file may be inserted as often as the user likes, hence the new id each time.
function WISHES.insert_file(_, path)
  local request, why = read_request(path)
  if not request then return signals.tell(path .. "\n\ncan't be inserted: " .. why) end
  if request.audio then return signals.tell(path .. "\n\nneeds the sound that was beside it.") end
  request.id, request.place_qn = ids(), nil
  local receipt = insert.insert(select(2, projects.current()), request)
  if receipt.status ~= "ok" then signals.tell(path .. "\n\n" .. receipt.message) end
end

-- The daemon has no part in it: the items remember all that it takes.
function WISHES.quantise(_, text)
  local percent = tonumber(text)
  if not percent or percent < 0 or percent > 100 then
    return signals.tell(("'%s' is no strength from 0 to 100 percent."):format(lines.one_line(text)))
  end
  local ok, said = requantise.selected_items(select(2, projects.current()), percent / 100)
  if ok then signals.log(said) else signals.tell(said) end
end

-- Does what an action asked for; what goes wrong is told to the user, who is waiting for it.
function M.wish(spool, name, argument)
  local ok, why = pcall(function()
    local grant = assert(WISHES[name], "no such wish: " .. name)
    grant(spool, argument)
  end)
  if not ok then signals.tell("It did not work: " .. lines.one_line(why)) end
end

return M
