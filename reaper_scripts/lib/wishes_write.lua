-- @noindex
-- Wishes to have written what was sung, or a file, or to be calibrated: granted by the bridge, asked of the daemon.

local lib = ...
local ask, ids, insert, lines, projects = lib("ask"), lib("ids"), lib("insert"), lib("lines"), lib("projects")
local request_files, signals = lib("request"), lib("signals")

local MAX_BARS = 1000 -- as messages.py accepts

local WISHES = {}

function WISHES.write(spool)
  ask.send(spool, "write", {})
end

function WISHES.write_audio(spool)
  ask.send(spool, "write", { audio = true })
end

function WISHES.write_selection(spool)
  local start_s, stop_s = reaper.GetSet_LoopTimeRange2(select(2, projects.current()), false, false, 0, 0, false)
  if start_s >= stop_s then
    return signals.tell("There is no time selection.\n\nSelect the time in which you sang, and try again.")
  end
  ask.send(spool, "write_selection", { selection = { start_s, stop_s } })
end

function WISHES.calibrate(spool)
  ask.send(spool, "calibrate", {})
end

function WISHES.write_bars(spool, text)
  local bars = math.tointeger(tonumber(text))
  if not bars or bars < 1 or bars > MAX_BARS then
    return signals.tell(("'%s' is no number of bars from 1 to %d."):format(lines.one_line(text), MAX_BARS))
  end
  ask.send(spool, "write_bars", { bars = bars })
end

-- A file may be inserted as often as the user likes, hence the new id each time.
function WISHES.insert_file(_, path)
  local request, why = request_files.read(path)
  if not request then return signals.tell(path .. "\n\ncan't be inserted: " .. why) end
  if request.audio then return signals.tell(path .. "\n\nneeds the sound that was beside it.") end
  if #request.replaces + #request.joins > 0 then
    return signals.tell(path .. "\n\nis about items that are in a project already.")
  end
  request.id, request.place_qn = ids(), nil
  local receipt = insert.insert(select(2, projects.current()), request)
  if receipt.status ~= "ok" then signals.tell(path .. "\n\n" .. receipt.message) end
end

return WISHES
