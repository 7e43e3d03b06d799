-- @noindex
-- What an earlier bridge left behind: a request that it had begun, and those that nobody took. Decides whether each may
-- still be inserted and into which project; `serve` does it. Nothing comes late, and nothing goes into a project that
-- it was not for: Reaper may come back with another one, or none, while the one that has the items is closed.

local lib = ...
local lines, projects, replies, spool_files = lib("lines"), lib("projects"), lib("replies"), lib("spool")

local M = {}
local LATE_S = 60 -- Reaper starts again in less, and the singer still knows what was asked for
local CLAIM = "bridge.claim"

-- What waits when a bridge starts, before its own first sign of life: { is_late, inbox = { name = true } }.
-- A request is posted to a bridge that lives, so it is at least as old as the last sign of life.
function M.look(spool)
  local content = spool:read(lines.MAX_BYTES, "bridge.heartbeat")
  local beat = content and replies.read_heartbeat(content)
  local left = { is_late = not beat or math.abs(os.time() - beat.time_s) > LATE_S, inbox = {} }
  if left.is_late then
    for _, name in ipairs(spool:requests("inbox")) do left.inbox[name] = true end
  end
  return left
end

-- Takes a request out of the inbox for a project; false when somebody else was quicker or the folder refuses.
function M.claim(spool, name, proj)
  local id = spool_files.id_of(name)
  local is_noted = not lines.is_id(id) or spool:put(replies.claim(id, projects.mark(proj)), CLAIM)
  return is_noted and spool:claim(name)
end

-- What may become of a request found half done: the project to insert it into, or nil and why it is not tried again.
function M.verdict(spool, left, name)
  if spool_files.is_retried(name) then return nil, "Reaper ended twice while inserting it, it is not tried again" end
  local earlier = spool:reason(name)
  if earlier then return nil, earlier end
  if left.is_late then return nil, "Reaper ended while inserting it, more than a minute ago; write it again" end
  local content = spool:read(lines.MAX_BYTES, CLAIM)
  local claim = content and replies.read_claim(content)
  local proj = claim and claim.id == spool_files.id_of(name) and projects.marked(claim.project)
  if proj then return proj end
  return nil, "Reaper ended while inserting it, and its project is not open now; write it again"
end

return M
