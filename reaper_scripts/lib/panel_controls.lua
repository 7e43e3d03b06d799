-- @noindex
-- What can be pressed on the panel, in the order of the Tab key: each control's words, what it is worth now, and the
-- wish it sends. Pure: tables in, tables out; nothing is drawn and nothing sent here.
--
-- A control: { id, title, value, is_on, wish = { name, argument }, choice, back, forth }; `back` and `forth` are the
-- wishes of the arrow keys and the mouse wheel, `choice` opens a menu.

local lib = ...
local menu, parts, status_file = lib("panel_menu"), lib("panel_parts"), lib("status")

local M = {}
local CHOICES = {
  { "genre", "Genre" }, { "mood", "Mood" }, { "scale_lock", "Scale" }, { "bend", "Bend" }, { "octave", "Octave" },
  { "seed", "Seed" },
}

local function set(change)
  return { "set", change }
end

local function signed(value)
  local number = tonumber(value)
  return number and number > 0 and "+" .. value or value
end

local function of_choice(status, name, title)
  local choice = status_file.choice(status, name)
  if not choice then return { id = name, title = title, value = "–" } end
  local control = { id = name, title = title, back = set(name .. "=previous"), forth = set(name .. "=next") }
  control.value = name == "octave" and signed(choice.value) or menu.shown(choice.value)
  if #choice.options > 0 then control.choice = choice else control.wish = control.forth end
  return control
end

local function title_of(part)
  return part:sub(1, 1):upper() .. part:sub(2)
end

local function add_part(list, part, state)
  local title = title_of(part)
  local is_locked = state == "locked"
  list[#list + 1] = {
    id = "lock_" .. part, part = part, title = "Lock", said = "Lock " .. title, value = is_locked and "on" or "off",
    is_on = is_locked, wish = state and { "lock_part", part },
  }
  list[#list + 1] = {
    id = "roll_" .. part, part = part, title = "Roll", said = "Roll " .. title .. " again",
    wish = state and not is_locked and { "roll_part", part } or nil,
  }
end

-- Whether it listens; where no daemon runs, that one be started.
local function listen(shown)
  if shown.can_start then
    return { id = "listen", title = "Start", said = "Start daemon", wish = { "start_daemon" } }
  end
  return {
    id = "listen", title = "Listen", is_on = shown.is_listening, value = shown.is_listening and "on" or "off",
    wish = shown.status and set("listening=toggle"),
  }
end

-- shown: as lib/panel_state makes it.
function M.of(shown)
  local status = shown.status
  local list = {
    listen(shown),
    {
      id = "record", title = "Record", said = "Record phrase", is_on = shown.is_recording,
      value = shown.is_recording and "on" or "off", wish = status and { "record" },
    },
    { id = "write", title = "Write", said = "Write what I just sang", wish = status and { "write" } },
  }
  for _, each in ipairs(CHOICES) do list[#list + 1] = of_choice(status, each[1], each[2]) end
  for _, part in ipairs(parts.PARTS) do add_part(list, part, shown.parts[part]) end
  local any = next(shown.parts) ~= nil and status ~= nil
  for _, bars in ipairs({ "4", "8" }) do
    list[#list + 1] = {
      id = "continue_" .. bars, title = ("+%s bars"):format(bars), said = ("Continue %s bars"):format(bars),
      wish = any and { "continue", bars },
    }
  end
  list[#list + 1] = { id = "panic", title = "All notes off", wish = { "panic" } }
  return list
end

-- A control as a screen reader says it.
function M.words(control)
  local words = control.said or control.title
  if control.value then words = words .. ": " .. control.value end
  return M.is_able(control) and words or words .. ", not available"
end

function M.is_able(control)
  return (control.wish or control.choice) and true or false
end

return M
