-- Running scripts, 30 turns a second of a clock that only the test moves. A script lives while something of it is
-- deferred; an error ends it. Each runs in a coroutine, so that a test can stop the world inside any call.

local fake = ...
local api = fake.api
local TURN_S = 1 / 30
local deferred, running = {}, nil
fake.clock_s, fake.script_errors = 1000.0, {}

function api.time_precise() return fake.clock_s end
function api.set_action_options(_) end

function api.defer(f)
  deferred[#deferred + 1] = { f = f, script = running }
  running.waiting = running.waiting + 1
  return true
end

function api.atexit(f)
  running.at_exit[#running.at_exit + 1] = f
  return true
end

local function finish(script)
  script.alive = false
  for _, f in ipairs(script.at_exit) do f() end
end

-- Runs f for a script; true unless the world was stopped in it.
local function run_in(script, f)
  running = script
  local thread = coroutine.create(f)
  local ok, word = coroutine.resume(thread)
  if coroutine.status(thread) == "suspended" then
    assert(word == "frozen")
    script.alive = false
    return false
  end
  if not ok then
    fake.script_errors[#fake.script_errors + 1] = tostring(word)
    script.waiting = 0
  end
  if script.waiting == 0 and script.alive then finish(script) end
  fake.check_aside()
  return true
end

function fake.run(path)
  local script = { waiting = 0, at_exit = {}, alive = true, path = path }
  return run_in(script, assert(loadfile(path)))
end

-- The path of the script that runs now.
function fake.running_path() return running and running.path or "" end

-- Ends the scripts that were started from `path`, as Reaper does when one is run again that asked for that.
function fake.end_script(path)
  local kept = {}
  for _, entry in ipairs(deferred) do
    if entry.script.path ~= path then
      kept[#kept + 1] = entry
    elseif entry.script.alive then
      running = entry.script
      finish(entry.script)
    end
  end
  deferred = kept
end

-- Lets `count` turns pass; false when the world was stopped in one of them.
function fake.turn(count)
  for _ = 1, count or 1 do
    fake.clock_s = fake.clock_s + TURN_S
    local now = deferred
    deferred = {}
    for _, entry in ipairs(now) do
      entry.script.waiting = entry.script.waiting - 1
      if entry.script.alive and not run_in(entry.script, entry.f) then return false end
    end
  end
  return true
end

-- Ends all scripts: `politely`, as when Reaper is closed, or not, as when it dies.
function fake.end_scripts(politely)
  local now = deferred
  deferred = {}
  for _, entry in ipairs(now) do
    if politely and entry.script.alive then finish(entry.script) end
  end
end
