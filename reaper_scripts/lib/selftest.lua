-- @noindex
-- The self-test: holds the Reaper it runs in against everything that Vocal MIDI rests on, and writes what it found to
-- Data/vocalmidi/selftest.txt and .json. The user's projects are not touched: what needs a project happens in a tab of
-- its own, opened and closed within one turn, in which nobody else can do anything. Needs neither bridge nor daemon.
--
-- A check is { name, run(room), needs }: `run` returns what it saw in words, or raises what is not as we rest on; a
-- second result says that it can't be tried here. `needs` names functions that not every Reaper has.

local lib = ...
local hold, report, signals, tab = lib("selftest_hold"), lib("selftest_report"), lib("signals"), lib("selftest_tab")

local M = {}
local ANYWHERE = { "selftest_shell", "selftest_window" }
local IN_TAB = {
  "selftest_tracks", "selftest_undo", "selftest_tempo", "selftest_takes", "selftest_whole", "selftest_midi",
}
local MEASURED_TURNS = 30

local function missing(check)
  for _, name in ipairs(check.needs or {}) do
    if not reaper[name] then return name end
  end
end

-- Tries one check; its row of the report.
local function tried(check, room)
  local absent = missing(check)
  if absent then return { name = check.name, verdict = "skipped", told = "this Reaper has no " .. absent } end
  local ok, told, is_skipped = pcall(check.run, room)
  local verdict = ok and (is_skipped and "skipped" or "ok") or "failed"
  return { name = check.name, verdict = verdict, told = hold.words(told) }
end

-- The checks of some files, in their order.
local function checks_of(files)
  local list = {}
  for _, file in ipairs(files) do
    for _, check in ipairs(lib(file)) do list[#list + 1] = check end
  end
  return list
end

local function try_in_tab(room, rows)
  local checks = checks_of(IN_TAB)
  checks[#checks + 1] = tab.SAVE
  for _, check in ipairs(checks) do
    rows[#rows + 1] = room.proj and tried(check, room)
      or { name = check.name, verdict = "skipped", told = "there is no tab to try it in" }
  end
end

-- All rows of the report; `room` is what the checks share.
function M.rows(room)
  local rows = {}
  for _, check in ipairs(checks_of(ANYWHERE)) do rows[#rows + 1] = tried(check, room) end
  rows[#rows + 1] = tried(tab.OPEN, room)
  try_in_tab(room, rows)
  rows[#rows + 1] = tried(tab.CLOSE, room)
  return rows
end

local function light(room, is_on)
  if room.command == 0 then return end
  reaper.SetToggleCommandState(room.section, room.command, is_on and 1 or 0)
  reaper.RefreshToolbar2(room.section, room.command)
end

local function conclude(room)
  local busy = tab.busy()
  if busy then return signals.tell(busy) end
  report.give(room, M.rows(room))
end

-- Measures how often Reaper calls, then tries everything and tells the user. `dir`: where the scripts lie.
function M.run(dir)
  local _, path, section, command = reaper.get_action_context()
  local root = reaper.GetResourcePath() .. "/Data/vocalmidi"
  local room = { dir = dir, path = path, section = section, command = command, spool = lib("spool").new(root) }
  local turns, began_s = 0, reaper.time_precise()
  local function turn()
    turns = turns + 1
    if turns < MEASURED_TURNS then return reaper.defer(turn) end
    room.turn_s = (reaper.time_precise() - began_s) / turns
    local ok, why = pcall(conclude, room)
    if not ok then signals.tell("The self-test ended early: " .. hold.words(why)) end
  end
  light(room, true)
  reaper.atexit(function() pcall(light, room, false) end)
  reaper.defer(turn)
end

return M
