-- @noindex
-- Wishes to have learnt how the user sounds and sings: granted by the bridge, asked of the daemon.

local lib = ...
local ask, edits, edits_watch, lines = lib("ask"), lib("edits"), lib("edits_watch"), lib("lines")
local projects, signals = lib("projects"), lib("signals")

local MAX_TAUGHT = 200 -- characters, as messages.py accepts

local WISHES = {}

-- A sound of the user's own, as "name=pff, key=56, ago_ms=2100".
function WISHES.teach(spool, text)
  text = lines.one_line(text)
  if not text:find("^name=") then
    return signals.tell("The sound needs a name, such as clap, or kick for a kick of your own.")
  end
  if #text > MAX_TAUGHT then return signals.tell("That name is too long.") end
  ask.send(spool, "teach", { set = text })
end

-- What the user did to what he sang: of the selected items, else of all that were edited.
function WISHES.learn(spool)
  local number, proj = projects.current()
  local items, why = edits.to_learn(proj)
  if not items then return signals.tell(why) end
  local function heard(answer)
    if answer and answer.status == "ok" then edits_watch.learnt(items) end
  end
  ask.send(spool, "learn", { seen = items }, nil, { number = number, proj = proj, heard = heard })
end

return WISHES
