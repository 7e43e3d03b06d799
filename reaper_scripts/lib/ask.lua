-- @noindex
-- Commands for the daemon: one goes out with the transport of that moment and is waited for, until its answer is told
-- to the user. While it is, the requests that come are for the project in which it was given.

local lib = ...
local ids, lines, projects, project_notes = lib("ids"), lib("lines"), lib("projects"), lib("project_notes")
local replies, signals, transport = lib("replies"), lib("signals"), lib("transport")

local M = {}
local DAEMON_STALE_S = 6 -- the daemon's 5 s and one for os.time, which counts whole seconds
local ANSWER_S = 30 -- the longest history is worked through in less

local asked = {} -- the commands that the daemon has not answered yet, oldest first: { id, since_s, proj, is_remote }

local function daemon_lives(spool)
  local content = spool:read(lines.MAX_BYTES, "daemon.heartbeat")
  local beat = content and replies.read_heartbeat(content)
  return beat and math.abs(os.time() - beat.time_s) <= DAEMON_STALE_S
end

M.daemon_lives = daemon_lives

-- Leaves the command `name` for the daemon; says so in words where none runs, and returns whether it was left. wish,
-- remake: as replies.command takes them. about: { number, proj } of the project that is meant where it need not be the
-- one in front, and `heard(answer)`, called with the daemon's answer, nil where none came.
function M.send(spool, name, wish, remake, about)
  if not daemon_lives(spool) then
    signals.tell("Vocal MIDI is not listening.\n\nRun the action \"Vocal MIDI_Start daemon\", sing, and try again.")
    return false
  end
  local id = ids()
  local project, proj = projects.current()
  if about then project, proj = about.number, about.proj end
  wish.project = project
  local stands = transport.snapshot(proj, remake and remake.at_s)
  local notes = not (remake or wish.set or wish.seen) and project_notes.near(proj, stands.play_s) or {}
  local command = replies.command(id, name, os.time(), stands, wish, notes, remake)
  assert(spool:put(command, "commands", id .. ".command"))
  asked[#asked + 1] = {
    id = id, since_s = reaper.time_precise(), proj = proj, heard = about and about.heard or function() end,
    is_remote = signals.is_overheard(),
  }
  return true
end

-- The project that a request is for: the one in which the user asked, whatever tab is in front by now; where nobody
-- asked, the one in front. Nil and why not, where it was closed.
function M.meant()
  if #asked == 0 then return select(2, projects.current()) end
  if projects.is_open(asked[1].proj) then return asked[1].proj end
  return nil, "the project in which it was asked for was closed"
end

-- Takes the daemon's answer to a command: what went well is logged, what did not is told to the user. Returns whether
-- that command needs no more waiting for.
local function is_settled(spool, command)
  local name = command.id .. ".answer"
  local tell = command.is_remote and signals.log or signals.tell -- a controller hears it from the daemon
  local content = spool:read(lines.MAX_BYTES, "commands", name)
  if not content then
    if reaper.time_precise() - command.since_s < ANSWER_S then return false end
    tell("Vocal MIDI has not answered. `vocalmidi doctor` says what works and what does not.")
    command.heard(nil)
    return true
  end
  spool:remove("commands", name)
  local answer, why = replies.read_answer(content)
  if not answer then
    signals.log("the daemon's answer can't be read: " .. why)
  elseif answer.status == "ok" then
    signals.log(answer.message)
  else
    tell(answer.message)
  end
  command.heard(answer)
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

return M
