-- @noindex
-- The project tab in which the self-test works: opened, saved and opened again, closed; and the guard that the user's
-- own projects stay as they were. Whatever of a self-test fails, the tab goes: it is any project that was not open
-- before and is either unsaved or our own file.

local lib = ...
local hold, written = lib("selftest_hold"), lib("written")

local M = {}
local NEW_TAB, CLOSE_TAB = 41929, 40860 -- "New project tab (ignore default template)", "Close current project tab"
local AS_THIS_FILE = 8 -- of Main_SaveProjectEx; what is saved closes without a question

local function open_projects()
  local list, index = {}, 0
  local proj, path = reaper.EnumProjects(0)
  while proj do
    index = index + 1
    list[index] = { proj = proj, path = path or "" }
    proj, path = reaper.EnumProjects(index)
  end
  return list
end

local function in_front()
  return (reaper.EnumProjects(-1))
end

-- Why the self-test must wait, nil where it need not: another tab in front may stop what plays or records.
function M.busy()
  for _, each in ipairs(open_projects()) do
    if reaper.GetPlayStateEx(each.proj) ~= 0 then
      return "Reaper plays or records.\n\nStop it and run the self-test again: it opens a project tab for a moment."
    end
  end
end

local function file_of(room)
  return room.spool:path("selftest.rpp")
end

-- Whether a project has no file yet or is ours. Reaper may tell the path with other slashes than it was given.
local function may_be_ours(path)
  return path == "" or path:gsub("\\", "/"):lower():find("/vocalmidi/selftest%.rpp$") ~= nil
end

-- The projects that were not open before.
local function strangers(room)
  local list = {}
  for _, each in ipairs(open_projects()) do
    local is_known = false
    for _, known in ipairs(room.before) do is_known = is_known or known.proj == each.proj end
    if not is_known and may_be_ours(each.path) then list[#list + 1] = each.proj end
  end
  return list
end

local function remember_projects(room)
  room.mine, room.before = in_front(), open_projects()
  for _, each in ipairs(room.before) do
    each.changes, each.items = reaper.GetProjectStateChangeCount(each.proj), reaper.CountMediaItems(each.proj)
    each.tracks = reaper.CountTracks(each.proj)
  end
end

M.OPEN = {
  name = "a project tab of its own can be opened",
  run = function(room)
    remember_projects(room)
    reaper.Main_OnCommand(NEW_TAB, 0)
    local found = strangers(room)
    hold.that(#found == 1 and in_front() == found[1], "command %d opened no new tab in front", NEW_TAB)
    room.proj = found[1]
    hold.equal(reaper.CountTracks(room.proj), 0, "its number of tracks")
    return ("%d tabs before"):format(#room.before)
  end,
}

-- All that should survive in a project file, one text an item.
local function kept(proj)
  local rows = {}
  for index = 0, reaper.CountMediaItems(proj) - 1 do
    local item = reaper.GetMediaItem(proj, index)
    local take, start_qn, length_qn = reaper.GetActiveTake(item), written.span_qn(proj, item)
    local is_midi = take and reaper.TakeIsMIDI(take)
    local notes = is_midi and written.digest(select(2, reaper.MIDI_GetAllEvts(take))) or 0
    local is_whole = is_midi and written.take_text(take, written.MARK) ~= "" and written.is_as_written(proj, item, take)
    local texts = {}
    for _, name in ipairs({ "GUID", "P_NOTES", written.REQUEST, written.GROUP, written.PART, written.SOURCE }) do
      texts[#texts + 1] = written.item_text(item, name)
    end
    rows[#rows + 1] = ("item %d: %.4f+%.4f, notes %08x, %s\n%s"):format(
      index + 1, start_qn, length_qn, notes, is_whole and "as written" or "not ours", table.concat(texts, "\n"))
  end
  return rows
end

local function tracks_kept(proj)
  local rows = {}
  for index = 0, reaper.CountTracks(proj) - 1 do
    local track = reaper.GetTrack(proj, index)
    local _, name = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)
    local _, mark = reaper.GetSetMediaTrackInfo_String(track, "P_EXT:vocalmidi_part", "", false)
    rows[#rows + 1] = ("track %d: %s %s %s"):format(index + 1, reaper.GetTrackGUID(track), name, mark)
  end
  return rows
end

local function same(before, after, what)
  hold.equal(#after, #before, "the number of " .. what)
  for index, row in ipairs(before) do
    hold.that(after[index] == row, "%s came back as %s", row, after[index])
  end
end

local function open_again(room)
  hold.that(in_front() == room.proj and strangers(room)[1] == room.proj, "the tab is no longer in front")
  reaper.Main_openProject("noprompt:" .. file_of(room))
  local found = strangers(room)
  hold.that(#found == 1, "the saved project did not open in its own tab")
  room.proj = found[1]
end

M.SAVE = {
  name = "a project that was saved comes back with its notes, marks and texts",
  needs = { "Main_SaveProjectEx", "Main_openProject" },
  run = function(room)
    local items, tracks = kept(room.proj), tracks_kept(room.proj)
    reaper.Main_SaveProjectEx(room.proj, file_of(room), AS_THIS_FILE)
    open_again(room)
    same(tracks, tracks_kept(room.proj), "tracks")
    same(items, kept(room.proj), "items")
    return ("%d tracks, %d items"):format(#tracks, #items)
  end,
}

-- Closes the tab; returns whether Reaper could do so without a question.
local function close(room)
  local is_saved = true
  for _, proj in ipairs(strangers(room)) do
    reaper.SelectProjectInstance(proj)
    reaper.Main_SaveProjectEx(proj, file_of(room), AS_THIS_FILE)
    is_saved = is_saved and reaper.IsProjectDirty(proj) == 0
    if in_front() == proj then reaper.Main_OnCommand(CLOSE_TAB, 0) end
  end
  for _, ending in ipairs({ "", "-bak", "-undo" }) do os.remove(file_of(room) .. ending) end
  reaper.SelectProjectInstance(room.mine)
  return is_saved
end

M.CLOSE = {
  name = "the tab closes, and the user's projects are as they were",
  needs = { "Main_SaveProjectEx" },
  run = function(room)
    local ok, is_saved = pcall(close, room)
    if not ok then close(room) end -- a second try, since no tab may stay
    hold.that(ok, "closing failed at first: %s", hold.words(is_saved))
    hold.equal(#open_projects(), #room.before, "the number of tabs")
    for index, each in ipairs(room.before) do
      local name = ("the number of %%s of tab %d"):format(index)
      hold.equal(reaper.GetProjectStateChangeCount(each.proj), each.changes, name:format("changes"))
      hold.equal(reaper.CountTracks(each.proj), each.tracks, name:format("tracks"))
      hold.equal(reaper.CountMediaItems(each.proj), each.items, name:format("items"))
    end
    hold.that(is_saved, "a project that was just saved counts as changed, so closing it asks")
    return ("%d tabs, unchanged"):format(#room.before)
  end,
}

return M
