-- @noindex
-- The recording of a phrase, from one press of its action to the next, or to the transport's stop: the daemon is told,
-- what it hears is drawn, and at the end it is asked for the considered notes, which take the draft's place. Whatever
-- ends it otherwise leaves nothing behind.

local lib = ...
local ask, draft_of, ids, projects = lib("ask"), lib("draft"), lib("ids"), lib("projects")
local signals, toggles, transport = lib("signals"), lib("toggles"), lib("transport")

local M = {}
local LOOK_S = 1.0 -- between looks whether the daemon still runs
local STANDING = 0 -- neither playing nor recording nor paused

local now -- the one that goes on: { draft, id, proj, number, state, we_play, has_moved, next_look_s }

-- Shows whether a phrase is recorded: by the lit action, and to the panel.
local function light(is_on)
  toggles.set("recording", is_on)
  signals.keep("recording", is_on and "1" or "")
end

local function ended()
  local last = now
  now = nil
  light(false)
  if last then pcall(last.draft.clear, last.draft) end
end

local function is_open(recording)
  return projects.is_open(recording.proj)
end

local function send(spool, recording, way, heard)
  local about = { number = recording.number, proj = recording.proj, heard = heard }
  return ask.send(spool, "record", { record = { way = way, id = recording.id } }, nil, about)
end

local function play()
  local state = reaper.GetPlayStateEx(now.proj)
  if transport.is_moving(state) then return end
  reaper.OnPlayButtonEx(now.proj)
  now.we_play = true
end

-- The daemon listens, or says why not; then there was no recording.
local function begun(recording)
  return function(answer)
    if now ~= recording then return end
    if not answer or answer.status ~= "ok" then return ended() end
    if now.state ~= "begun" then return end -- it has been ended meanwhile
    now.state = "recording"
    play()
  end
end

local function begin(spool)
  local number, proj = projects.current()
  local id = ids()
  local recording = {
    draft = draft_of.new(proj, id), id = id, proj = proj, number = number, state = "begun", next_look_s = 0,
  }
  if not send(spool, recording, "start", begun(recording)) then return end
  now = recording
  light(true)
end

local function finish(spool)
  local recording = now
  local is_sent = send(spool, recording, "stop", function()
    if now == recording then ended() end
  end)
  recording.state = "ending"
  light(false)
  if recording.we_play and transport.is_moving(reaper.GetPlayStateEx(recording.proj)) then
    reaper.OnStopButtonEx(recording.proj)
  end
  if not is_sent then ended() end
end

-- Begins a recording, or ends the one that goes on.
function M.toggle(spool)
  if not now then return begin(spool) end
  if now.state == "ending" then return signals.tell("The last phrase is still being written; wait a moment.") end
  finish(spool)
end

-- The project is gone, and the draft with it: the daemon need not go on.
local function drop(spool)
  local id = now.id
  ended()
  if ask.daemon_lives(spool) then ask.send(spool, "record", { record = { way = "drop", id = id } }) end
  signals.log("the project was closed while a phrase was recorded; it was not written")
end

local function is_orphaned(spool, now_s)
  if now_s < now.next_look_s then return false end
  now.next_look_s = now_s + LOOK_S
  return not ask.daemon_lives(spool)
end

-- Whether the transport that moved was stopped, by whatever; to pause is not to stop.
local function was_stopped()
  local state = reaper.GetPlayStateEx(now.proj)
  now.has_moved = now.has_moved or transport.is_moving(state)
  return now.has_moved and state == STANDING
end

local function go_on(spool, now_s)
  if not is_open(now) then return drop(spool) end
  if now.state == "ending" then return end
  if is_orphaned(spool, now_s) then
    ended()
    return signals.tell("Vocal MIDI has ended while you were recording, so the phrase can't be written.")
  end
  if now.state ~= "recording" then return end
  if was_stopped() then return finish(spool) end
  local ok, why = now.draft:look(spool)
  if not ok then error("the draft can't be drawn: " .. tostring(why), 0) end
end

local is_known_off = false

-- Every second turn of the bridge's loop.
function M.turn(spool, now_s)
  if not is_known_off then
    is_known_off = true
    light(now ~= nil)
  end
  if now then go_on(spool, now_s) end
  if draft_of.sweep(now_s, now) > 0 then
    signals.log("the draft of a recording that was not ended was taken away")
  end
end

-- The bridge ends.
function M.leave()
  if now then ended() end
end

return M
