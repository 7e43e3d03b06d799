-- @noindex
-- Wishes that the daemon passes on from a controller (docs/SPOOL.md): each is granted as an action's is, with the
-- transport of this moment. What is said of it goes back in words, and no box comes up.

local lib = ...
local lines, parts_report, replies = lib("lines"), lib("parts_report"), lib("replies")
local signals, wishes = lib("signals"), lib("wishes")

local M = {}
local STALE_S = 6 -- 5 s and one for os.time, which counts whole seconds
local MAX_CLOCK_S = 1e11
-- What may be wished from outside: nothing that takes a path or opens a dialog.
local MAY = {
  write = true, write_audio = true, write_selection = true, write_bars = true, roll_parts = true, seed_part = true,
  continue = true, set_lock = true, panic = true,
}

local function read_wish(content)
  local reader = lines.open(content, "wish")
  local wish = { id = reader.id, name = reader:fields("name", 1) }
  if not MAY[wish.name] then reader:refuse("no such wish may come from outside") end
  wish.sent_s = reader:number(reader:fields("sent_s", 1), 0, MAX_CLOCK_S)
  wish.argument = reader:text("argument")
  reader:finish()
  return wish
end

-- Returns status and words.
local function granted(spool, wish)
  if math.abs(os.time() - wish.sent_s) > STALE_S then return "refused", "it came too late to be meant now" end
  local said = signals.overhear(function() wishes.grant(spool, wish.name, wish.argument) end)
  return said.is_told and "refused" or "ok", table.concat(said, "; ")
end

-- Grants the wish that came first, if there is one; the others wait for the next turn.
function M.next_wish(spool, owner)
  local name = spool:wishes()[1]
  if not name then return end
  local content, why = spool:read(lines.MAX_BYTES, "wishes", name)
  -- What can't be removed is not granted, or it would be again at every turn.
  if not os.remove(spool:path("wishes", name)) then return end
  local wish
  if content then wish, why = lines.guarded(read_wish, content) end
  if not wish or wish.id .. ".wish" ~= name then
    return signals.log("a wish can't be read: " .. lines.one_line(tostring(why or name)))
  end
  local status, said = granted(spool, wish)
  pcall(parts_report.show, spool, owner) -- before the answer: who hears that it is locked sees it locked
  local answer = replies.receipt({ id = wish.id, status = status, message = said })
  local ok, problem = spool:put(answer, "wishes", wish.id .. ".answer")
  if not ok then signals.log("can't answer a wish: " .. tostring(problem)) end
end

return M
