-- @description Vocal MIDI: bridge
-- @version 0.1.0
-- @author Vocal MIDI
-- @about
--   Sing, hum or beatbox; get an editable Melody, Chords, Bass and Drums arrangement in the timeline.
--   The bridge runs in the background: it inserts what the Vocal MIDI daemon leaves in Data/vocalmidi/inbox,
--   one undo point each, and passes the actions' wishes on to the daemon. docs/SPOOL.md has the protocol.
-- @provides
--   [nomain] .
--   [main] actions/*.lua
--   [nomain] lib/*.lua
--   [nomain] panel.lua
--   [data] track_icons/Vocal MIDI/*.png
-- @changelog First version.

-- One deferred loop a Reaper: a bridge that starts takes the ownership, and the one before ends at its next turn.

local VERSION = "0.1.0"
local BEAT_S = 1.0
local POLL_TURNS = 2 -- of Reaper's about 30 a second: a request waits two at most, 0.07 s
local WISH_TURNS = 6 -- a wish from a controller waits 0.2 s at most; a multiple of POLL_TURNS
local SETTLE_S = 2.0 -- __startup.lua may run before the project is open; what was half done is looked for after that
local MAX_REMEMBERED_ERRORS = 20

local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]")
local lib = dofile(dir .. "/lib/load.lua")(dir)
for _, name in ipairs(lib("needed")) do
  if not reaper[name] then
    return reaper.ShowConsoleMsg(("Vocal MIDI needs a newer Reaper: this one has no %s.\n"):format(name))
  end
end

local ask, daemon, wishes = lib("ask"), lib("daemon"), lib("wishes")
local edits_watch = lib("edits_watch")
local ids, lines, recording = lib("ids"), lib("lines"), lib("recording")
local recover, register = lib("recover"), lib("register")
local parts_report = lib("parts_report")
local remote, replies, serve, signals = lib("remote"), lib("replies"), lib("serve"), lib("signals")
local status_file, toggles = lib("status"), lib("toggles")

local spool = lib("spool").new(reaper.GetResourcePath() .. "/Data/vocalmidi")
local owner = ids()
local reports = lib("reports").new(owner)
local app = "Reaper " .. reaper.GetAppVersion()
local started = reaper.time_precise()
local turns, next_beat_s, recovered, left = 0, 0, false, nil
local errors, error_count = {}, 0

-- An error that comes back 30 times a second is told once.
local function report(why)
  why = tostring(why)
  if errors[why] or error_count >= MAX_REMEMBERED_ERRORS then return end
  errors[why], error_count = true, error_count + 1
  signals.log(why)
end

-- Once a second: who watches the panel reads the same file ten times as often.
local function show_toggles()
  local content = spool:read(lines.MAX_BYTES, "daemon.status")
  toggles.show(content and status_file.read(content))
end

local function beat(now_s)
  if now_s < next_beat_s then return end
  next_beat_s = now_s + BEAT_S
  local ok, why = spool:put(replies.heartbeat(owner, os.time(), app), "bridge.heartbeat")
  show_toggles()
  local is_shown, why_not = pcall(parts_report.show, spool, owner)
  if not is_shown then report(why_not) end
  if not ok then report("can't write to " .. spool.root .. ": " .. tostring(why)) end
end

local function poll(now_s)
  if now_s - started < SETTLE_S or turns % POLL_TURNS ~= 0 then return end
  if not recovered then
    recovered = true
    serve.recover(spool, left)
  end
  if turns % WISH_TURNS == 0 then remote.next_wish(spool, owner) end
  serve.next_request(spool)
  ask.hear_answer(spool)
  daemon.turn(spool, now_s)
  recording.turn(spool, now_s)
end

local function turn()
  local now_s = reaper.time_precise()
  turns = turns + 1
  signals.turned(now_s)
  beat(now_s)
  local wish, argument = signals.take()
  if wish then wishes.grant(spool, wish, argument) end
  poll(now_s)
  if now_s - started < SETTLE_S then return end
  reports:turn(spool, turns, now_s)
  edits_watch.turn(now_s)
end

local function loop()
  local is_known, is_owner = pcall(signals.is_owner, owner)
  if is_known and not is_owner then return end
  local ok, why = pcall(turn)
  if not ok then report(why) end
  reaper.defer(loop)
end

local function farewell()
  if not signals.is_owner(owner) then return end
  pcall(recording.leave)
  signals.leave()
  for _, name in ipairs({ "heartbeat", "transport", "project_map", "parts" }) do spool:remove("bridge." .. name) end
end

signals.take_over(owner)
spool:make_folders()
left = recover.look(spool)
local registered, why = pcall(register, dir, VERSION, spool, owner)
if not registered then report(why) end
reaper.atexit(farewell)
loop()
