-- @noindex
-- What the bridge does with a request file. Each ends in a receipt and a move to done/ or failed/. Timing and life of
-- the loop are bridge.lua's.

local lib = ...
local ask, insert, lines, recover, replies = lib("ask"), lib("insert"), lib("lines"), lib("recover"), lib("replies")
local request_files, signals, spool_files = lib("request"), lib("signals"), lib("spool")

local M = {}

local function refused(id, why)
  return { id = id, status = "refused", message = why }
end

local function judge(spool, name, proj, why_not)
  local id = spool_files.id_of(name)
  local request, why = request_files.read(spool:path("processing", name))
  if not request then return refused(id, why) end
  if request.id ~= id then return refused(id, "it holds another request: " .. request.id) end
  local already = insert.already(id)
  if already then return already end
  if not proj then return refused(id, why_not) end
  local receipt = insert.insert(proj, request, spool)
  -- What is in the project is in the project, whether or not it can be noted as the newest.
  if receipt.status == "ok" and #request.replaces + #request.joins == 0 then pcall(signals.wrote, id) end
  return receipt
end

-- Inserts the claimed request `name` into a project, or refuses it, where there is none, for the reason given. No error
-- leaves this function, so that no request can stop the bridge.
local function serve(spool, name, proj, why_not)
  local ok, receipt = pcall(judge, spool, name, proj, why_not)
  if not ok then
    local why = "nothing was inserted: " .. tostring(receipt)
    receipt = { id = spool_files.id_of(name), status = "failed", message = why }
  end
  if lines.is_id(receipt.id) then
    local written, why = spool:put(replies.receipt(receipt), "results", receipt.id .. ".receipt")
    if not written then signals.log("can't write the receipt of " .. receipt.id .. ": " .. tostring(why)) end
  else
    receipt.message = "the file's name is not an id of 8–64 characters of 0-9, a-f and -; " .. receipt.message
  end
  local reason = receipt.status ~= "ok" and receipt.status .. ": " .. lines.one_line(receipt.message) or nil
  spool:finish(name, reason)
  if reason then signals.log("request " .. lines.one_line(name) .. " " .. reason) end
end

-- Takes up what an earlier bridge left (`recover.look`). What is in a project is only answered; what was half done is
-- tried once more where its project is open; what comes too late is refused.
function M.recover(spool, left)
  local seen = {}
  for _, name in ipairs(spool:requests("processing")) do
    local id = spool_files.id_of(name)
    local proj, why_not = recover.verdict(spool, left, name)
    -- Of two files of one request the second only goes: the first is answered.
    if seen[id] then spool:remove("processing", name) else serve(spool, spool:mark_retried(name), proj, why_not) end
    seen[id] = true
  end
  for _, name in ipairs(spool:requests("inbox")) do
    if left.inbox[name] and spool:claim(name) then
      serve(spool, name, nil, "it waited more than a minute for Reaper; write it again")
    end
  end
end

-- Serves one waiting request, so that many of them never hold Reaper's window for long.
function M.next_request(spool)
  for _, name in ipairs(spool:requests("inbox")) do
    local proj, why_not = ask.meant()
    if recover.claim(spool, name, proj) then return serve(spool, name, proj, why_not) end
  end
end

return M
