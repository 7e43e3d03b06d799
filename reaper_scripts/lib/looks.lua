-- @noindex
-- How the tracks look that we make: a colour and an icon for each part, the same as in the pictures of
-- `vocalmidi convert --plot`. A track that the user made or coloured is left as it is. The icons lie in
-- Data/track_icons/Vocal MIDI; where they are not installed, a track has its colour alone.

local M = {}
local COLOURS = { -- red, green, blue
  melody = { 0xC8, 0x32, 0x4F }, chords = { 0x2B, 0x6C, 0xB0 }, bass = { 0x2F, 0x85, 0x5A },
  drums = { 0x8A, 0x5A, 0x00 }, voice = { 0x6B, 0x46, 0xC1 },
}
local IS_SET = 0x1000000 -- without this bit a track's colour is the theme's
local ICONS = "/Data/track_icons/" -- P_ICON is meant from there, so that a project finds its icons on any computer

-- Gives a track that was just made the looks of its part, within the undo block in which it was.
function M.give(track, part_name)
  local rgb, icon = COLOURS[part_name], ("Vocal MIDI/%s.png"):format(part_name)
  reaper.SetMediaTrackInfo_Value(track, "I_CUSTOMCOLOR", reaper.ColorToNative(rgb[1], rgb[2], rgb[3]) | IS_SET)
  if reaper.file_exists(reaper.GetResourcePath() .. ICONS .. icon) then
    reaper.GetSetMediaTrackInfo_String(track, "P_ICON", icon, true)
  end
end

return M
