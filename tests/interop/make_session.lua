-- For ardour7-lua: make_session.lua FOLDER NAME TEMPO BEATS UNIT TRACK... makes a session of empty MIDI tracks of these
-- names, with a tempo (quarter notes a minute) and a metre, without a sound card or a screen.

local folder, name = arg[1], arg[2]
local tempo, beats, unit = tonumber(arg[3]), tonumber(arg[4]), tonumber(arg[5])
local BACKEND = "None (Dummy)"
AudioEngine:set_backend(BACKEND, "vocalmidi", "")
local session = assert(create_session(folder, name, 48000))
local one_in = ARDOUR.ChanCount(ARDOUR.DataType("midi"), 1)
local two_out = ARDOUR.ChanCount(ARDOUR.DataType("audio"), 2)
for index = 6, #arg do
  session:new_midi_track(
    one_in, two_out, true, ARDOUR.PluginInfo(), nil, nil, 1, arg[index], ARDOUR.PresentationInfo.max_order,
    ARDOUR.TrackMode.Normal, true)
end
local map = Temporal.TempoMap.write_copy()
map:set_meter(Temporal.Meter(beats, unit), Temporal.timepos_t(0))
map:set_tempo(Temporal.Tempo(tempo, tempo, 4), Temporal.timepos_t(0))
Temporal.TempoMap.update(map)
session:save_state("", false, false, false, false, false)
