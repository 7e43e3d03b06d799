-- @noindex
-- The self-test's report: rows in; a text to read and to send, a JSON for programs, and words for the user out. Holds
-- no path and no name of the user's.

local lib = ...
local lines, replies, signals = lib("lines"), lib("replies"), lib("signals")

local M = {}
local TEXT, JSON = "selftest.txt", "selftest.json"
local DAEMON_S = 6

local function version_of(dir)
  local file = io.open(dir .. "/bridge.lua", "rb")
  local text = file and file:read("a") or ""
  if file then file:close() end
  return text:match("@version (%S+)") or "unknown"
end

local function daemon_lives(spool)
  local content = spool:read(lines.MAX_BYTES, "daemon.heartbeat")
  local beat = content and replies.read_heartbeat(content)
  return beat ~= nil and math.abs(os.time() - beat.time_s) <= DAEMON_S
end

-- What the report begins with, in this order.
local function facts(room)
  return {
    { "vocalmidi", version_of(room.dir) },
    { "reaper", reaper.GetAppVersion() },
    { "system", reaper.GetOS() },
    { "lua", _VERSION },
    { "decimal", ("%.1f"):format(0.5) },
    { "speech", reaper["osara_outputMessage"] and "OSARA" or "none" },
    { "bridge", signals.bridge_lives() and "runs" or "does not run" },
    { "daemon", daemon_lives(room.spool) and "runs" or "does not run" },
    { "date", os.date("!%Y-%m-%d %H:%M:%S") .. " UTC" },
  }
end

local function counts(rows)
  local count = { ok = 0, failed = 0, skipped = 0 }
  for _, row in ipairs(rows) do count[row.verdict] = count[row.verdict] + 1 end
  return count
end

-- The outcome in one sentence.
function M.summary(rows)
  local count = counts(rows)
  local text = ("%d of %d checks hold"):format(count.ok, #rows)
  if count.failed > 0 then text = text .. (", %d failed"):format(count.failed) end
  if count.skipped > 0 then text = text .. (", %d could not be tried"):format(count.skipped) end
  return text
end

function M.text(known, rows)
  local list = { "Vocal MIDI self-test", "" }
  for _, fact in ipairs(known) do list[#list + 1] = ("%-10s %s"):format(fact[1], fact[2]) end
  list[#list + 1] = ""
  list[#list + 1] = M.summary(rows) .. "."
  list[#list + 1] = ""
  for _, row in ipairs(rows) do
    list[#list + 1] = ("%-8s%s%s"):format(row.verdict, row.name, row.told ~= "" and ": " .. row.told or "")
  end
  return table.concat(list, "\n") .. "\n"
end

local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', function(char) return ("\\u%04x"):format(char:byte()) end) .. '"'
end

local function object(fields)
  local list = {}
  for index, field in ipairs(fields) do list[index] = quoted(field[1]) .. ": " .. quoted(field[2]) end
  return "{" .. table.concat(list, ", ") .. "}"
end

function M.json(known, rows)
  local list = {}
  for index, row in ipairs(rows) do
    list[index] = "  " .. object({ { "name", row.name }, { "verdict", row.verdict }, { "told", row.told } })
  end
  return ('{"version": 1, "about": %s, "checks": [\n%s\n]}\n'):format(object(known), table.concat(list, ",\n"))
end

local function failures(rows)
  local list = {}
  for _, row in ipairs(rows) do
    if row.verdict == "failed" then list[#list + 1] = ("%s: %s"):format(row.name, row.told) end
  end
  return table.concat(list, "\n")
end

-- Writes both files and says the outcome: in the console where all is well, in a message box where it is not.
function M.give(room, rows)
  local known = facts(room)
  local ok, why = room.spool:put(M.text(known, rows), TEXT)
  if ok then ok, why = room.spool:put(M.json(known, rows), JSON) end
  local where = ok and ("The report is Data/vocalmidi/%s in Reaper's resource folder."):format(TEXT)
    or "The report can't be written: " .. tostring(why)
  local failed = failures(rows)
  local said = ("Self-test: %s. %s"):format(M.summary(rows), where)
  if failed == "" and ok then signals.log(said) else signals.tell(said .. "\n\n" .. failed) end
end

return M
