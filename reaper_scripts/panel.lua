-- @noindex
-- The panel: a window that can be docked, with what the daemon hears and how it is set, and buttons for what it can be
-- asked. It only looks (docs/SPOOL.md, `status`) and sends wishes to the bridge, as the actions do. While it is open it
-- renews a lease once a second, by which the daemon knows that somebody looks.

local dir = debug.getinfo(1, "S").source:match("^@(.*)[/\\]")
local lib = dofile(dir .. "/lib/load.lua")(dir)
local ids, lines, menu, parts = lib("ids"), lib("lines"), lib("panel_menu"), lib("panel_parts")
local projects, replies, signals, status_file = lib("projects"), lib("replies"), lib("signals"), lib("status")
local theme_of, view = lib("panel_theme"), lib("panel_view")

local WIDTH, HEIGHT = 300, 520 -- points
local LOOK_TURNS = 3 -- of Reaper's about 30 a second, as often as the daemon writes
local SLOW_TURNS = 15 -- parts and theme
local LEASE_S = 1.0
local ESCAPE, CLOSED = 27, -1
local LEFT_BUTTON, RIGHT_BUTTON = 1, 2
local PLACE = "panel_place" -- remembered: "WIDTH HEIGHT DOCK X Y"

local spool = lib("spool").new(reaper.GetResourcePath() .. "/Data/vocalmidi")
local meaning = lib("panel_state")
local owner, state = ids(), meaning.new()
local _, _, section, command = reaper.get_action_context()
local turns, lease_s, held, picture, drawn, said = 0, -math.huge, 0, nil, "", signals.last_said()
local known = { parts = {}, theme = theme_of.now() }

local function remembered_place()
  local list = {}
  for number in signals.remembered(PLACE):gmatch("%-?%d+") do list[#list + 1] = math.tointeger(tonumber(number)) end
  return list[1] or WIDTH, list[2] or HEIGHT, list[3] or 0, list[4] or 100, list[5] or 100
end

local function light(is_open)
  if not section or command == 0 then return end
  reaper.SetToggleCommandState(section, command, is_open and 1 or 0)
  reaper.RefreshToolbar2(section, command)
end

local function open()
  gfx.ext_retina = 1 -- asks for real pixels; from then on it holds how many one point has
  gfx.init("Vocal MIDI", remembered_place())
  light(true)
  signals.say("Vocal MIDI panel: Tab goes from one control to the next, Escape closes it")
end

local function close()
  local dock, x, y, w, h = gfx.dock(-1, 0, 0, 0, 0)
  local place = ("%d %d %d %d %d"):format(w // 1, h // 1, dock // 1, x // 1, y // 1)
  if w > 0 and h > 0 then signals.remember(PLACE, place) end
  spool:remove("panel.lease")
  light(false)
  gfx.quit()
  signals.say("Vocal MIDI panel closed")
end

local function renew_lease(now_s)
  if now_s - lease_s < LEASE_S then return end
  lease_s = now_s
  spool:put(replies.heartbeat(owner, os.time(), "panel"), "panel.lease")
end

local function read_status()
  local content = spool:read(lines.MAX_BYTES, "daemon.status")
  return content and status_file.read(content) or nil
end

local function look()
  if turns % SLOW_TURNS == 1 then
    known.parts, known.theme = parts.standing(select(2, projects.current())), theme_of.now()
  end
  said = signals.last_said()
  state:take({
    now_s = os.time(), bridge_lives = signals.bridge_lives(), status = read_status(), parts = known.parts, said = said,
    is_recording = signals.kept("recording") == "1",
  })
end

local function scale()
  return gfx.ext_retina > 0 and gfx.ext_retina or 1
end

local function choose(choice)
  local id = state:focused().id
  for _, each in ipairs(picture and picture.boxes or {}) do
    if each.id == id then gfx.x, gfx.y = each.box.x * scale(), (each.box.y + each.box.h) * scale() end
  end
  menu.choose(choice)
end

-- Does what a key, a click or the wheel means.
local function act(meant)
  if not meant then return end
  if meant.words then signals.say(meant.words) end
  if meant.wish then signals.send(meant.wish[1], meant.wish[2]) end
  if meant.choice then choose(meant.choice) end
end

local function own_menu()
  local is_docked = gfx.dock(-1) & 1 == 1
  gfx.x, gfx.y = gfx.mouse_x, gfx.mouse_y
  local index = gfx.showmenu((is_docked and "!" or "") .. "Dock|Close")
  if index == 1 then gfx.dock(is_docked and 0 or 1) end
  return index == 2
end

-- Takes what the mouse did since the last turn; true where the panel is to be closed.
local function hear_mouse()
  local fresh = gfx.mouse_cap & ~held
  held = gfx.mouse_cap
  if fresh & RIGHT_BUTTON ~= 0 then return own_menu() end
  local id = picture and picture:hit(gfx.mouse_x / scale(), gfx.mouse_y / scale())
  if id and fresh & LEFT_BUTTON ~= 0 then act(meaning.pressed(state:focus_on(id))) end
  if id and gfx.mouse_wheel ~= 0 then act(meaning.turned(state:focus_on(id), gfx.mouse_wheel < 0)) end
  gfx.mouse_wheel = 0
end

-- Takes the keys of this turn; true where the panel is to be closed.
local function hear_keys()
  for _ = 1, 16 do
    local char = gfx.getchar()
    if char == CLOSED or char == ESCAPE then return true end
    if char == 0 then return false end
    act(state:key(math.tointeger(char) or 0, math.tointeger(gfx.mouse_cap) or 0))
  end
end

local function draw()
  local points = scale()
  picture = view.picture(state.shown, known.theme, gfx.w / points, gfx.h / points)
  picture:draw(points)
end

-- Whether a picture is due: something was pressed, the size is another, or it is time to look.
local function is_due(was_touched)
  local size = ("%d %d %s"):format(gfx.w // 1, gfx.h // 1, scale())
  local is_resized = size ~= drawn
  drawn = size
  return is_resized or was_touched or turns % LOOK_TURNS == 1
end

local function turn()
  turns = turns + 1
  renew_lease(reaper.time_precise())
  if turns % LOOK_TURNS == 1 then look() end
  local before = state.focus
  if hear_mouse() or hear_keys() then return end
  if is_due(state.focus ~= before) then draw() end
  gfx.update()
  reaper.defer(turn)
end

open()
reaper.atexit(close)
turn()
