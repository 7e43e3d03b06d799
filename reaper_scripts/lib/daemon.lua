-- @noindex
-- Starts the daemon, and tells what came of it. What is started is the command that `vocalmidi reaper install` wrote
-- down beside these scripts: no message from the spool ever names a program. The log of a daemon that ended is shown
-- as text, no more.

local lib = ...
local ask, lines, signals = lib("ask"), lib("lines"), lib("signals")
local read = lib("spool").read

local M = {}
local START_FILE, LOG_FILE = "daemon.txt", "daemon.log"
local MAX_COMMAND = 64 * 1024 -- bytes; paths are a few hundred
local WAIT_S = 60 -- models are read in seconds; a cold disk or a virus scanner takes its time
local LOOK_S = 0.5
local NO_WAIT = -1 -- ExecProcess returns at once, and leaves the program alone
local ERROR = "^vocalmidi: (.+)" -- how the command line begins its last words

local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]lib[/\\]")
local since_s, next_look_s -- while one is being started

local HOW = "Where you installed it (pip install vocalmidi), run `vocalmidi reaper install`, then restart Reaper. "
  .. "Or start it by hand with `vocalmidi run`."

-- The command line that starts the daemon, or nil and why there is none.
local function command_line()
  local content = read(dir .. "/" .. START_FILE, MAX_COMMAND)
  if not content then return nil, "This Reaper was not told how to start Vocal MIDI.\n\n" .. HOW end
  local words = {}
  for word in content:gmatch("([^\r\n]+)\r?\n") do
    if word:find('[%c"]') then return nil, START_FILE .. " is damaged.\n\n" .. HOW end
    words[#words + 1] = word
  end
  if not words[1] or not reaper.file_exists(words[1]) then
    return nil, ("Vocal MIDI is not there any more: %s\n\n%s"):format(lines.one_line(words[1] or START_FILE), HOW)
  end
  return '"' .. table.concat(words, '" "') .. '"'
end

-- Starts the daemon, or says why it does not.
function M.start(spool)
  if ask.daemon_lives(spool) then return signals.tell("Vocal MIDI runs already.") end
  if since_s then return signals.tell("Vocal MIDI is being started.") end
  local command, why = command_line()
  if not command then return signals.tell(why) end
  spool:remove(LOG_FILE)
  reaper.ExecProcess(command, NO_WAIT)
  since_s = reaper.time_precise()
  next_look_s = since_s + LOOK_S
  signals.log("starting …")
end

-- What a daemon that could not start said last, or nil.
local function last_words(spool)
  local content = spool:read(lines.MAX_BYTES, LOG_FILE)
  local last = content and content:match("([^\r\n]+)%s*$")
  return last and last:match(ERROR)
end

-- Looks whether the daemon that is being started has come up; called every turn or two.
function M.turn(spool, now_s)
  if not since_s or now_s < next_look_s then return end
  next_look_s = now_s + LOOK_S
  local why = last_words(spool)
  if ask.daemon_lives(spool) then
    signals.log("listening to the microphone")
  elseif why then
    signals.tell("Vocal MIDI could not start.\n\n" .. lines.one_line(why))
  elseif now_s - since_s > WAIT_S then
    signals.tell("Vocal MIDI has not started. `vocalmidi run` in a terminal tells why.")
  else
    return
  end
  since_s = nil
end

return M
