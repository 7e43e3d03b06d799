-- @noindex
-- The functions of Reaper that the bridge can't do without. Made by: .venv/bin/python tests/lua/signatures.py
return {
  "AddMediaItemToTrack", "AddRemoveReaScript", "AddTakeToMediaItem", "ColorToNative", "CountMediaItems",
  "CountSelectedMediaItems", "CountTakes", "CountTempoTimeSigMarkers", "CountTrackMediaItems", "CountTracks",
  "CreateNewMIDIItemInProj", "DeleteExtState", "DeleteTrack", "DeleteTrackMediaItem", "EnumProjects",
  "EnumerateFiles", "ExecProcess", "GetActiveTake", "GetAppVersion", "GetCursorPositionEx", "GetExtState",
  "GetItemStateChunk", "GetMediaItem", "GetMediaItemInfo_Value", "GetMediaItem_Track", "GetMediaTrackInfo_Value",
  "GetPlayPositionEx", "GetPlayStateEx", "GetProjExtState", "GetProjectPathEx", "GetProjectStateChangeCount",
  "GetResourcePath", "GetSelectedMediaItem", "GetSetMediaItemInfo_String", "GetSetMediaItemTakeInfo_String",
  "GetSetMediaTrackInfo_String", "GetSetRepeatEx", "GetSet_LoopTimeRange2", "GetTake", "GetTempoTimeSigMarker",
  "GetTrack", "GetTrackGUID", "GetTrackMediaItem", "InsertTrackAtIndex", "IsMediaItemSelected", "MIDI_CountEvts",
  "MIDI_GetAllEvts", "MIDI_GetNote", "MIDI_GetPPQPosFromProjQN", "MIDI_GetProjQNFromPPQPos", "MIDI_SetAllEvts",
  "MIDI_SetItemExtents", "MIDI_Sort", "Main_OnCommand", "Master_GetPlayRate", "NamedCommandLookup", "OnPlayButtonEx",
  "OnStopButtonEx", "PCM_Source_CreateFromFile", "PCM_Source_CreateFromType", "PreventUIRefresh",
  "RecursiveCreateDirectory", "RefreshToolbar2", "ReverseNamedCommandLookup", "SetActiveTake", "SetExtState",
  "SetItemStateChunk", "SetMediaItemInfo_Value", "SetMediaItemTakeInfo_Value", "SetMediaItemTake_Source",
  "SetMediaTrackInfo_Value", "SetProjExtState", "SetToggleCommandState", "ShowConsoleMsg", "ShowMessageBox",
  "TakeIsMIDI", "TimeMap2_QNToTime", "TimeMap2_timeToBeats", "TimeMap2_timeToQN", "TimeMap_GetMeasureInfo",
  "TrackFX_GetCount", "Undo_BeginBlock2", "Undo_EndBlock2", "UpdateArrange", "UpdateItemInProject", "UpdateTimeline",
  "ValidatePtr2", "atexit", "defer", "file_exists", "time_precise",
}
