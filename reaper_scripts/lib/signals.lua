-- @noindex
-- What the action scripts and the bridge say to each other inside one Reaper, through ExtState (process memory,
-- gone with it): whose bridge runs, when it last turned, and the wishes that wait. Times are Reaper's
-- time_precise.

local M = { TITLE = "Vocal MIDI" }
local SECTION = "vocalmidi"
local MAX_WAITING = 4000 -- bytes of wishes that nobody has taken yet; far more than hands can ask for in a turn
local WAKE_S = 1.0 -- thirty turns of a bridge that runs
local ALIVE_S = 3.0 -- the loop turns 30 times a second; longer is a bridge that ended without its goodbye

function M.take_over(owner)
  reaper.SetExtState(SECTION, "owner", owner, false)
end

function M.is_owner(owner)
  return reaper.GetExtState(SECTION, "owner") == owner
end

function M.turned(now_s)
  reaper.SetExtState(SECTION, "turned", ("%.3f"):format(now_s):gsub(",", "."), false)
end

function M.bridge_lives()
  local turned = tonumber(reaper.GetExtState(SECTION, "turned"))
  return turned ~= nil and math.abs(reaper.time_precise() - turned) < ALIVE_S
end

function M.leave()
  reaper.DeleteExtState(SECTION, "owner", false)
  reaper.DeleteExtState(SECTION, "turned", false)
end

local function none_runs()
  reaper.DeleteExtState(SECTION, "wishes", false)
  M.tell("The bridge is not running.\n\nRun the action \"Vocal MIDI_Start bridge\" and try again.")
end

-- Nothing turns while a dialog is open: who has just answered one finds a bridge that has long not turned, but will.
local function wait_for_a_turn()
  local since_s = reaper.time_precise()
  local function look()
    if M.bridge_lives() then return end
    if reaper.time_precise() - since_s < WAKE_S then return reaper.defer(look) end
    none_runs()
  end
  reaper.defer(look)
end

-- Leaves a wish for the bridge and returns true; says so in words when no bridge runs.
function M.send(name, argument)
  if reaper.GetExtState(SECTION, "owner") == "" then return none_runs() end
  local waiting = reaper.GetExtState(SECTION, "wishes")
  local wish = name .. "\n" .. (argument or ""):gsub("%c", " ") .. "\n"
  if #waiting + #wish <= MAX_WAITING then reaper.SetExtState(SECTION, "wishes", waiting .. wish, false) end
  if not M.bridge_lives() then wait_for_a_turn() end
  return true
end

-- What a user typed into the fields of a dialog as "NAME=TEXT, NAME=TEXT", without the fields left empty.
function M.pairs(names, typed)
  local list, index = {}, 0
  for text in (typed .. ","):gmatch("([^,]*),") do
    index = index + 1
    text = text:gsub("%c", ""):match("^%s*(.-)%s*$")
    if names[index] and text ~= "" then list[#list + 1] = names[index] .. "=" .. text end
  end
  return table.concat(list, ", ")
end

-- The wish that has waited longest as name and argument, or nil; it is gone then.
function M.take()
  local waiting = reaper.GetExtState(SECTION, "wishes")
  local name, argument, others = waiting:match("^([^\n]*)\n([^\n]*)\n(.*)$")
  if not name then return nil end
  reaper.SetExtState(SECTION, "wishes", others, false)
  return name, argument
end

-- Which arrangement was written last in this session, by the id of its request.
function M.wrote(id)
  reaper.SetExtState(SECTION, "newest", id, false)
end

function M.newest()
  return reaper.GetExtState(SECTION, "newest")
end

-- Says something aloud where a screen reader's extension (OSARA) is there; also the panel shows it.
function M.say(text)
  local speak = reaper["osara_outputMessage"]
  if speak then speak(text) end
end

local function said(text)
  reaper.SetExtState(SECTION, "said", (text:gsub("%s+", " ")), false)
  M.say(text)
end

-- What was said last.
function M.last_said()
  return reaper.GetExtState(SECTION, "said")
end

local overheard -- what is said while a wish from a controller is granted

-- Does `act`, and returns what was said meanwhile, with `is_told` where it was meant for who asked. He does not sit
-- before Reaper then, so no box comes up, which would stop everything until somebody closes it.
function M.overhear(act)
  local heard = { is_told = false }
  overheard = heard
  local ok, why = pcall(act)
  overheard = nil
  if not ok then
    heard[#heard + 1], heard.is_told = tostring(why), true
  end
  return heard
end

function M.is_overheard()
  return overheard ~= nil
end

-- Says something to the user who has just asked for it.
function M.tell(text)
  if overheard then
    overheard.is_told = true
    return M.log(text)
  end
  said(text)
  reaper.ShowMessageBox(text, M.TITLE, 0)
end

-- Says something for later: the console is written to, not opened.
function M.log(text)
  if overheard then overheard[#overheard + 1] = text end
  said(text)
  reaper.ShowConsoleMsg("!SHOW:" .. M.TITLE .. ": " .. text .. "\n")
end

-- Keeps something for as long as Reaper runs.
function M.keep(key, value)
  reaper.SetExtState(SECTION, key, value, false)
end

function M.kept(key)
  return reaper.GetExtState(SECTION, key)
end

-- Remembers across restarts, in Reaper's own settings: one line, no line end.
function M.remember(key, value)
  reaper.SetExtState(SECTION, key, value, true)
end

function M.remembered(key)
  return reaper.GetExtState(SECTION, key)
end

return M
