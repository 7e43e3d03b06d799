-- @noindex
-- The envelope every spool file shares (docs/SPOOL.md), as daemon/vocalmidi/reaper/lines.py has it: bytes in, checked
-- lines out, and the other way round. Knows no file, no Reaper, and runs nothing it reads.
-- Inside, a refusal travels as an error holding a table; `M.guarded` turns it into `nil, reason` at the door.

local lib = ...
local crc32 = lib("crc32")

local M = { MAX_BYTES = 8 * 1024 * 1024, MAX_TEXT = 500 }
local MAGIC, VERSION = "VOCALMIDI", "3"
local SHORT = 20 -- a number this short keeps the limits of digits
local SPACE = 32
local VALUE = " ([^ ]+)"

local Reader = {}
Reader.__index = Reader

local function refuse(line, reason)
  error({ refusal = ("line %d: %s"):format(line, reason) }, 0)
end

local function shown(text)
  return "'" .. text:sub(1, 40):gsub("[^\x20-\x7e]", "?") .. "'"
end

function M.is_id(text)
  return #text >= 8 and #text <= 64 and not text:find("[^0-9a-f-]")
end

function M.is_guid(text)
  local hex = "%x"
  local groups = { hex:rep(8), hex:rep(4), hex:rep(4), hex:rep(4), hex:rep(12) }
  local pattern = "^{" .. table.concat(groups, "%-") .. "}$"
  return text:find(pattern) ~= nil and not text:find("%l")
end

local function is_decimal(text)
  -- Nearly every number is this short; a pattern without captures is three times as fast.
  if #text <= SHORT and text:find("^%-?%d+%.%d+$") then return true end
  local whole, rest = text:match("^%-?(%d+)(.*)$")
  if not whole or #whole > 19 then return false end
  local fraction, after = rest:match("^%.(%d+)(.*)$")
  if fraction then rest = after end
  return (not fraction or #fraction <= 25) and (rest == "" or rest:find("^e%-%d%d%d?$") ~= nil)
end

local function is_text(text)
  return not text:find("[\x00-\x1f\x7f]") and utf8.len(text) <= M.MAX_TEXT
end

local patterns = {}

local function pattern_of(key, count)
  local of_key = patterns[key] or {}
  patterns[key] = of_key
  of_key[count] = of_key[count] or "^" .. key .. VALUE:rep(count) .. "$"
  return of_key[count]
end

-- The values of the next line, which must be called `key` and have exactly `count` of them.
function Reader:fields(key, count)
  local line = self:take(key)
  if not line:find(pattern_of(key, count)) then
    self:refuse(("%s is not '%s' with %d values"):format(shown(line), key, count))
  end
  return line:match(pattern_of(key, count))
end

-- The text of the next line, which must be called `key`.
function Reader:text(key)
  local line = self:take(key)
  if line:sub(1, #key + 1) ~= key .. " " then self:refuse(("%s is not '%s' with a text"):format(shown(line), key)) end
  local text = line:sub(#key + 2)
  if not is_text(text) then
    self:refuse(("the text of '%s' must be one line of at most %d characters"):format(key, M.MAX_TEXT))
  end
  return text
end

function Reader:number(text, low, high)
  local number = is_decimal(text) and tonumber(text)
  if not number or number < low or number > high then
    self:refuse(("%s is not a number within %g–%g"):format(shown(text), low, high))
  end
  return number + 0.0
end

function Reader:integer(text, low, high)
  local number = text:find("^%-?%d+$") and #text <= 20 and math.tointeger(tonumber(text))
  if not number or number < low or number > high then
    self:refuse(("%s is not a whole number within %d–%d"):format(shown(text), low, high))
  end
  return number
end

function Reader:next_is(key)
  local line = self.lines[self.at + 1]
  return line ~= nil and line:byte(#key + 1) == SPACE and line:sub(1, #key) == key
end

function Reader:take(key)
  if self.at >= #self.lines then self:refuse(("the message ends where '%s' should follow"):format(key)) end
  self.at = self.at + 1
  return self.lines[self.at]
end

function Reader:refuse(reason)
  refuse(self.at, reason)
end

function Reader:finish()
  if self.at < #self.lines then
    self.at = self.at + 1
    self:refuse("unknown field " .. shown(self.lines[self.at]))
  end
end

local function check_head(line)
  local magic, version, kind, id = line:match("^([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*)$")
  if magic ~= MAGIC then refuse(1, ("it does not begin with '%s', a version, a kind and an id"):format(MAGIC)) end
  if version ~= VERSION then refuse(1, ("version %s is not %s"):format(shown(version), VERSION)) end
  if not M.is_id(id) then refuse(1, ("id %s must be 8–64 characters of 0-9, a-f and -"):format(shown(id))) end
  return kind, id
end

local function check_end(content, lines)
  local last = table.remove(lines)
  local count, crc = last:match("^end (%d+) (%x+)$")
  if not count or #count > 7 or #crc ~= 8 or crc:find("%u") then
    refuse(#lines + 1, "the end line is missing: cut short, or something follows it")
  end
  if tonumber(count) ~= #lines then
    refuse(#lines + 1, ("%s lines are announced, %d are there"):format(count, #lines))
  end
  if tonumber(crc, 16) ~= crc32(content:sub(1, -#last - 2)) then
    refuse(#lines + 1, ("checksum %s does not match what is written"):format(crc))
  end
end

-- A reader of the lines of one whole message of `kind`; refuses everything else.
function M.open(content, kind)
  if #content > M.MAX_BYTES then
    error({ refusal = ("%d bytes, at most %d are read"):format(#content, M.MAX_BYTES) }, 0)
  end
  -- Lua 5.3 takes halves of UTF-16 pairs for text; nothing else does.
  if not utf8.len(content) or content:find("\xED[\xA0-\xBF]") then error({ refusal = "not UTF-8 text" }, 0) end
  local lines = {}
  for line in content:gmatch("([^\n]*)\n") do lines[#lines + 1] = line end
  if #lines < 2 or content:sub(-1) ~= "\n" then error({ refusal = "the end line is missing, it was cut short" }, 0) end
  local found, id = check_head(lines[1])
  check_end(content, lines)
  if found ~= kind then refuse(1, ("kind %s is not '%s'"):format(shown(found), kind)) end
  return setmetatable({ id = id, lines = lines, at = 1 }, Reader)
end

-- Calls `read`; a refusal comes back as `nil, reason`, an error of our own as `nil, "unreadable: …"`.
function M.guarded(read, ...)
  local ok, result = pcall(read, ...)
  if ok then return result end
  if type(result) == "table" and result.refusal then return nil, result.refusal end
  return nil, "unreadable: " .. M.one_line(result)
end

-- A long ASCII text as lines of at most MAX_TEXT characters, each after `key`.
function M.pieces(key, text)
  local pieces = {}
  for at = 1, #text, M.MAX_TEXT do
    pieces[#pieces + 1] = key .. " " .. text:sub(at, at + M.MAX_TEXT - 1)
  end
  return pieces
end

-- The whole file of a message.
function M.seal(kind, id, body)
  local lines = { ("%s %s %s %s"):format(MAGIC, VERSION, kind, id) }
  table.move(body, 1, #body, 2, lines)
  local content = table.concat(lines, "\n") .. "\n"
  return content .. ("end %d %08x\n"):format(#lines, crc32(content))
end

-- A decimal that reads back as the same float64; in some languages of the system %g writes a comma.
function M.number_text(number)
  return (("%.17g"):format(number):gsub(",", "."))
end

-- Anything as text that fits one field.
function M.one_line(text)
  text = tostring(text):gsub("[\x00-\x1f\x7f]+", " ")
  if not utf8.len(text) then text = text:gsub("[^\x20-\x7e]", "?") end
  local stop = utf8.len(text) > M.MAX_TEXT and utf8.offset(text, M.MAX_TEXT + 1)
  return stop and text:sub(1, stop - 1) or text
end

return M
