-- @noindex
-- Self-test, what needs no project: how often scripts are called, folders and files, what scripts tell each other,
-- commands, colours, sound files.

local lib = ...
local hold = lib("selftest_hold")

local SLOWEST_S, FASTEST_S = 0.06, 0.005 -- a turn of the loop; two of them are what a request may wait, 0.1 s
local PROBE, SECTION = "selftest.probe", "vocalmidi"
local COMMANDS = { [40345] = "notes off", [40860] = "close current project", [41929] = "new project tab" }
local RATE, SAMPLES = 8000, 4000

-- Whether a folder's listing, read `anew` or as it is, holds the probe.
local function listed(path, anew)
  if anew then reaper.EnumerateFiles(path, -1) end
  local index, name = 0, reaper.EnumerateFiles(path, 0)
  while name and name ~= PROBE do
    index = index + 1
    name = reaper.EnumerateFiles(path, index)
  end
  return name ~= nil
end

local function loop(room)
  local rate = 1 / room.turn_s
  hold.that(room.turn_s <= SLOWEST_S, "scripts are called %.1f times a second, so writing is felt to be late", rate)
  hold.that(room.turn_s >= FASTEST_S, "scripts are called %.0f times a second, so an idle bridge costs more", rate)
  return ("%.1f times a second"):format(rate)
end

local function listing(room)
  reaper.RecursiveCreateDirectory(room.spool.root, 0)
  room.spool:remove(PROBE)
  hold.that(not listed(room.spool.root, true), "a file that was taken away is still listed")
  hold.that(room.spool:put("one", PROBE), "no file can be written into the spool folder")
  local is_cached = not listed(room.spool.root, false)
  local is_seen = listed(room.spool.root, true)
  room.spool:remove(PROBE)
  hold.that(is_seen, "EnumerateFiles(path, -1) does not show a new file")
  return is_cached and "listings are cached" or "listings are not cached"
end

local function files(room)
  for _, content in ipairs({ "one", "two" }) do
    local ok, why = room.spool:put(content, PROBE)
    hold.that(ok, "a file can't be written and renamed: %s", tostring(why))
  end
  local content = room.spool:read(100, PROBE)
  room.spool:remove(PROBE)
  hold.equal(content, "two", "a file that was written anew")
  hold.that(not room.spool:read(100, PROBE), "a file that was taken away is still there")
  return ""
end

local function states()
  local text = "one\ntwo\t= \"three\""
  reaper.SetExtState(SECTION, PROBE, text, false)
  local kept = reaper.GetExtState(SECTION, PROBE)
  reaper.DeleteExtState(SECTION, PROBE, false)
  hold.that(kept == text, "a state with line ends came back as %q", kept)
  hold.equal(reaper.GetExtState(SECTION, PROBE), "", "a state that was taken away")
  return ""
end

local function own_command(room)
  if room.command == 0 then return "this action was run from outside the action list", true end
  hold.equal(reaper.AddRemoveReaScript(true, room.section, room.path, true), room.command, "its command, added again")
  local name = reaper.ReverseNamedCommandLookup(room.command)
  hold.that(name, "the command has no name")
  hold.equal(reaper.NamedCommandLookup("_" .. name), room.command, "the command of its name")
  return "_" .. name
end

local function toggle(room)
  if room.command == 0 then return "this action was run from outside the action list", true end
  for _, state in ipairs({ 0, 1 }) do
    reaper.SetToggleCommandState(room.section, room.command, state)
    hold.equal(reaper.GetToggleCommandStateEx(room.section, room.command), state, "the action's lamp")
  end
  return ""
end

local function commands()
  local seen = {}
  for command, words in pairs(COMMANDS) do
    local name = reaper.kbd_getTextFromCmd(command, 0)
    hold.that(name:lower():find(words, 1, true), "%d is called %q here, which in English should hold %q", command, name,
      words)
    seen[#seen + 1] = command
  end
  table.sort(seen)
  return table.concat(seen, ", ")
end

local function colours()
  local red, green, blue = reaper.ColorFromNative(reaper.ColorToNative(10, 20, 30))
  hold.equal(("%d %d %d"):format(red, green, blue), "10 20 30", "a colour there and back")
  return ""
end

local function wave()
  local format = string.pack("<c4I4I2I2I4I4I2I2", "fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
  local samples = string.pack("<c4I4", "data", SAMPLES * 2) .. ("\0\0"):rep(SAMPLES)
  return "RIFF" .. string.pack("<I4", 4 + #format + #samples) .. "WAVE" .. format .. samples
end

local function sound(room)
  local name = PROBE .. ".wav"
  hold.that(room.spool:put(wave(), name), "no file can be written into the spool folder")
  local source = reaper.PCM_Source_CreateFromFile(room.spool:path(name))
  local length, is_qn
  if source then
    length, is_qn = reaper.GetMediaSourceLength(source)
    reaper.PCM_Source_Destroy(source) -- Windows removes no file that is open
  end
  room.spool:remove(name)
  hold.that(source, "Reaper makes no source of a WAVE file")
  hold.that(not is_qn, "the length of a sound is told in quarter notes")
  hold.near(length, SAMPLES / RATE, "the length of half a second of sound", 0.001)
  return ""
end

return {
  { name = "scripts are called often enough", run = loop },
  { name = "a new file is seen when the folder is listed anew", run = listing },
  { name = "files are written, replaced and taken away", run = files },
  { name = "a script reads what another left, line ends too", run = states },
  { name = "an action added again keeps its command, and is found by name", run = own_command },
  { name = "an action shows whether it is on", run = toggle, needs = { "GetToggleCommandStateEx" } },
  { name = "Reaper's own commands are those we mean", run = commands, needs = { "kbd_getTextFromCmd" } },
  { name = "colours keep their order", run = colours },
  { name = "a sound file is a source of its length", run = sound },
}
