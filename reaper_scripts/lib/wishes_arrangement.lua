-- @noindex
-- Wishes about arrangements that are in the project: other notes for some of their parts, locks, strength.

local lib = ...
local ask, lines, locks, projects = lib("ask"), lib("lines"), lib("locks"), lib("projects")
local remake_of, requantise, signals = lib("remake"), lib("requantise"), lib("signals")

local WISHES = {}

local function remake(spool, way, change)
  local wanted, why = remake_of.of_selected(select(2, projects.current()), way, change)
  if not wanted then return signals.tell(why) end
  ask.send(spool, "remake", {}, wanted)
end

function WISHES.roll(spool) remake(spool, "roll") end
function WISHES.roll_all(spool) remake(spool, "all") end
function WISHES.again(spool) remake(spool, "again") end
function WISHES.change(spool, text) remake(spool, "change", text) end

-- What the panel and its actions ask of the arrangement they are about.
local function remake_panel(spool, way, change, is_meant)
  local wanted, why = remake_of.of_panel(select(2, projects.current()), way, change, is_meant)
  if not wanted then return signals.tell(why) end
  ask.send(spool, "remake", {}, wanted)
end

function WISHES.roll_part(spool, part) remake_panel(spool, "roll", nil, remake_of.is_part(part)) end
-- Of all parts that are free where none is named; commas between.
function WISHES.roll_parts(spool, names)
  if names == "" then return remake_panel(spool, "all") end
  local is_named = {}
  for name in names:gmatch("[^,%s]+") do is_named[name] = true end
  remake_panel(spool, "roll", nil, function(member) return is_named[member.part] end)
end

-- "bass 7": the bass by this seed.
function WISHES.seed_part(spool, text)
  local part, seed = text:match("^(%l+) (%d+)$")
  if not part then return signals.tell(("'%s' is no part and seed."):format(lines.one_line(text))) end
  remake_panel(spool, "change", "seed=" .. seed, remake_of.is_part(part))
end

function WISHES.continue(spool, bars) remake_panel(spool, "change", "continue_bars=" .. bars) end
function WISHES.octave(spool, step) remake_panel(spool, "change", "octave=" .. step, remake_of.is_sung) end

-- The daemon has no part in it.
function WISHES.lock_part(_, part)
  local ok, said = locks.toggle(select(2, projects.current()), part)
  if ok then signals.log(said) else signals.tell(said) end
end

-- "bass on" or "bass off".
function WISHES.set_lock(_, text)
  local part, word = text:match("^(%l+) (%l+)$")
  local ok, said = locks.set(select(2, projects.current()), part or text, word == "on")
  if ok then signals.log(said) else signals.tell(said) end
end

function WISHES.lock()
  local ok, said = locks.toggle(select(2, projects.current()))
  if ok then signals.log(said) else signals.tell(said) end
end

-- The daemon has no part in it: the items remember all that it takes.
function WISHES.quantise(_, text)
  local percent = tonumber(text)
  if not percent or percent < 0 or percent > 100 then
    return signals.tell(("'%s' is no strength from 0 to 100 percent."):format(lines.one_line(text)))
  end
  local ok, said = requantise.selected_items(select(2, projects.current()), percent / 100)
  if ok then signals.log(said) else signals.tell(said) end
end

return WISHES
