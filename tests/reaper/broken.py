"""Reapers in memory that are broken in one thing each, so that exactly one check of the self-test must fail."""

BROKEN = {
    "scripts are called often enough": (
        "local real = api.time_precise api.time_precise = function() return real() * 4 end"
    ),
    "a new file is seen when the folder is listed anew": (
        "local real = api.EnumerateFiles "
        "api.EnumerateFiles = function(path, index) if index ~= -1 then return real(path, index) end end"
    ),
    "files are written, replaced and taken away": (
        "local real, count = os.rename, 0 os.rename = function(from, to) "
        "if to:find('probe$') then count = count + 1 end "
        "if count > 2 and to:find('probe$') then return nil, 'it is open' end return real(from, to) end"
    ),
    "a script reads what another left, line ends too": (
        "local real = api.SetExtState api.SetExtState = function(section, key, text, keep) "
        "real(section, key, (text:gsub('\\n', ' ')), keep) end"
    ),
    "an action added again keeps its command, and is found by name": (
        "api.AddRemoveReaScript = function() return 50999 end"
    ),
    "an action shows whether it is on": "api.GetToggleCommandStateEx = function() return -1 end",
    "Reaper's own commands are those we mean": "fake.command_names[40345] = 'Markers: Insert marker'",
    "colours keep their order": (
        "local real = api.ColorFromNative "
        "api.ColorFromNative = function(colour) local r, g, b = real(colour) return b, g, r end"
    ),
    "a sound file is a source of its length": (
        "local real = api.GetMediaSourceLength api.GetMediaSourceLength = function(source) "
        "local length, is_qn = real(source) return is_qn and length or 2 * length, is_qn end"
    ),
    "a window opens, measures words and closes": "rawset(fake.gfx, 'measurestr', function() return 0, 0 end)",
    "a project tab of its own can be opened": "fake.on_command[41929] = function() end",
    "a track is made, named, marked and told from others": (
        "local real = api.GetSetMediaTrackInfo_String "
        "api.GetSetMediaTrackInfo_String = function(track, name, text, is_set) "
        "return real(track, name, is_set and name == 'P_NAME' and text:sub(1, 4) or text, is_set) end"
    ),
    "a track keeps its colour": (
        "local real = api.SetMediaTrackInfo_Value api.SetMediaTrackInfo_Value = function(track, name, value) "
        "return name == 'I_CUSTOMCOLOR' or real(track, name, value) end"
    ),
    "a project keeps what is noted in it": "api.SetProjExtState = function() return 0 end",
    "an item that is gone is known as gone": "api.ValidatePtr2 = function() return true end",
    "a change is one undo point by its name": (
        "local real = api.Undo_EndBlock2 "
        "api.Undo_EndBlock2 = function(proj, title, flags) real(proj, title:sub(1, 9), flags) end"
    ),
    "a block without flags leaves no undo point": (
        "local real = api.Undo_EndBlock2 api.Undo_EndBlock2 = function(proj, title, flags) real(proj, title, -1) end"
    ),
    "undo takes an item and its mark away, redo brings both back": "api.Undo_DoRedo2 = function() return 0 end",
    "what is made without an undo block goes with the next point": "fake.recorded = fake.saved",
    "our tempo map is the project's, through ramps": (
        "local real = api.GetTempoTimeSigMarker api.GetTempoTimeSigMarker = function(proj, index) "
        "local found = table.pack(real(proj, index)) found[8] = false return table.unpack(found, 1, found.n) end"
    ),
    "seconds and quarter notes go both ways": (
        "local real = api.TimeMap2_QNToTime api.TimeMap2_QNToTime = function(proj, qn) "
        "return real(proj, qn) + (qn > 0 and qn < 3 and 0.001 or 0) end"
    ),
    "bars begin where the metre changes": (
        "local real = api.TimeMap_GetMeasureInfo api.TimeMap_GetMeasureInfo = function(proj, measure) "
        "local a, b, c, _, _, tempo = real(proj, measure) return a, b, c, 4, 4, tempo end"
    ),
    "ticks are even in quarter notes whatever the tempo does": (
        "local real = api.MIDI_GetPPQPosFromProjQN api.MIDI_GetPPQPosFromProjQN = function(take, qn) "
        "return real(take, qn) + (qn > 33 and 5 or 0) end"
    ),
    "an item begins and ends at its quarter notes": (
        "local real = api.CreateNewMIDIItemInProj api.CreateNewMIDIItemInProj = function(track, start, stop, is_qn) "
        "return real(track, math.floor(start) + 0.0, stop, is_qn) end"
    ),
    "a tab that is not in front is written alike": (
        "local real = api.CreateNewMIDIItemInProj api.CreateNewMIDIItemInProj = function(track, start, stop, is_qn) "
        "if not is_qn or track.project == fake.current then return real(track, start, stop, is_qn) end "
        "return real(track, fake.qn_to_time(fake.current, start), fake.qn_to_time(fake.current, stop), false) end"
    ),
    "MIDI comes back as it was written": (
        "local real = api.MIDI_GetAllEvts api.MIDI_GetAllEvts = function(take) "
        "local ok, packed = real(take) local at, rows = 1, {} while at <= #packed do "
        "local shift, flags, bytes shift, flags, bytes, at = string.unpack('<i4Bs4', packed, at) "
        "rows[#rows + 1] = string.pack('<i4Bs4', shift, flags & 15, bytes) end return ok, table.concat(rows) end"
    ),
    "a MIDI source ends where its item ends": (
        "local real = api.GetMediaSourceLength api.GetMediaSourceLength = function(source) "
        "local length, is_qn = real(source) return is_qn and 2 * length or length, is_qn end"
    ),
    "notes are told one by one as they lie": (
        "local real = api.MIDI_GetNote api.MIDI_GetNote = function(take, index) "
        "local found = table.pack(real(take, index)) found[6] = 0 return table.unpack(found, 1, found.n) end"
    ),
    "10,000 notes are written in one call": (
        "local real = api.MIDI_CountEvts api.MIDI_CountEvts = function(take) "
        "local all, notes, controls, texts = real(take) return all, math.min(notes, 9999), controls, texts end"
    ),
    "a MIDI item grows": "api.MIDI_SetItemExtents = function() return true end",
    "a MIDI item that is moved begins at its first tick": (
        "local real = api.SetMediaItemInfo_Value api.SetMediaItemInfo_Value = function(item, name, value) "
        "if name == 'D_POSITION' then item.take.offset_qn = 1.0 end return real(item, name, value) end"
    ),
    "a change of notes counts as a change of the project": "api.GetProjectStateChangeCount = function() return 7 end",
    "an item's own text takes a later take away": "api.SetItemStateChunk = function() return true end",
    "an item has further takes of MIDI": "api.PCM_Source_CreateFromType = function() end",
    "a track has lanes, of which one plays": (
        "local real = api.SetMediaTrackInfo_Value api.SetMediaTrackInfo_Value = function(track, name, value) "
        "return name:find('LANE') or name == 'I_FREEMODE' or real(track, name, value) end"
    ),
    "an arrangement is written as it was meant": (
        "local real = api.GetSetMediaItemInfo_String "
        "api.GetSetMediaItemInfo_String = function(item, name, text, is_set) "
        "if is_set and name == 'P_NOTES' then return true, text end return real(item, name, text, is_set) end"
    ),
    "a project that was saved comes back with its notes, marks and texts": (
        "local real = api.Main_openProject api.Main_openProject = function(name) real(name) "
        "for _, track in ipairs(fake.current.tracks) do for _, item in ipairs(track.items) do "
        "for _, event in ipairs(item.take.events) do event.bytes = event.bytes:gsub('^(\\x99.).', '%1\\x40') end "
        "end end end"
    ),
    "the tab closes, and the user's projects are as they were": (
        "local real = fake.on_command[40860] fake.on_command[40860] = function() "
        "project.changes = project.changes + 1 real() end"
    ),
}
"""By the name of the check: Lua that breaks it, with `fake`, `api` and `project` at hand."""
