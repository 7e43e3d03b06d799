-- For ardour7-lua: read_session.lua FOLDER NAME loads a session and prints what Ardour makes of it: a line `track NAME`
-- each, with `region START LENGTH` in samples and `note START LENGTH KEY VELOCITY CHANNEL` in ticks (1920 a quarter
-- note) after it.

local TICKS = 1920
io.stdout:setvbuf("no")
AudioEngine:set_backend("None (Dummy)", "vocalmidi", "")
local session = assert(load_session(arg[1], arg[2]))

-- Ardour tells beats as BEATS:TICKS.
local function in_ticks(beats)
  local whole, rest = beats:str():match("^(%d+):(%d+)$")
  return TICKS * tonumber(whole) + tonumber(rest)
end

local function print_region(region)
  print(("region %d %d"):format(region:position():samples(), region:length():samples()))
  for note in ARDOUR.LuaAPI.note_list(region:midi_source(0):model()):iter() do
    local start, length = in_ticks(note:time()), in_ticks(note:length())
    print(("note %d %d %d %d %d"):format(start, length, note:note(), note:velocity(), note:channel()))
  end
end

for track in session:get_tracks():iter() do
  print("track " .. track:name())
  for region in track:to_track():playlist():region_list():iter() do
    local midi = region:to_midiregion()
    if not midi:isnil() then print_region(midi) end
  end
end
