-- Projects, tracks, items, takes: their identity, texts and order; and a project's whole state as one text to compare.

local fake = ...
local api = fake.api
fake.projects = {}
local next_guid = 0

local function guid()
  next_guid = next_guid + 1
  return ("{%08X-0000-4000-8000-%012X}"):format(next_guid, next_guid)
end

fake.new_guid = guid

function fake.add_project(path)
  local project = {
    kind = "ReaProject", alive = true, path = path or "", tracks = {}, ext = {}, markers = {}, cursor_s = 0.0,
    play_s = 0.0, play_state = 0, undo = {}, redo = {}, open_blocks = 0, changes = 0,
  }
  fake.projects[#fake.projects + 1] = project
  fake.current = fake.current or project
  return project
end

-- Runs `build` with the rule about undo blocks lifted: the user's own doing, not the scripts'.
function fake.as_user(build)
  fake.is_user = true
  local ok, why = pcall(build)
  fake.is_user = false
  for _, project in ipairs(fake.projects) do project.changes = project.changes + 1 end
  if not ok then error(why, 0) end
end

function fake.project_of(proj)
  if proj == nil or proj == 0 then return fake.current end
  return proj
end

local function changed(project)
  if not fake.is_user and project.open_blocks == 0 then fake.changed_aside(project) end
  project.changes = project.changes + 1
end
fake.changed = changed

local function new_track(project, index)
  local track = { kind = "MediaTrack", alive = true, guid = guid(), strings = {}, items = {}, project = project }
  table.insert(project.tracks, index + 1, track)
end

function fake.new_take(item, is_midi)
  local take = {
    kind = "MediaItem_Take", alive = true, strings = {}, item = item, is_midi = is_midi, events = {}, sorted = true,
    ppq = fake.options.ppq, play_rate = 1.0, source = is_midi and "MIDI" or "", offset_qn = 0.0,
  }
  item.takes[#item.takes + 1] = take
  item.take = item.take or take
  return take
end

-- An item without a take where `is_midi` is nil.
function fake.new_item(track, start_s, end_s, is_midi)
  local item = {
    kind = "MediaItem", alive = true, guid = guid(), strings = {}, track = track, start_s = start_s, end_s = end_s,
    takes = {},
  }
  if is_midi ~= nil then fake.new_take(item, is_midi) end
  track.items[#track.items + 1] = item
  return item
end

local function remove(list, member)
  for index, each in ipairs(list) do
    if each == member then
      table.remove(list, index)
      return true
    end
  end
  return false
end

function fake.bury(item)
  item.alive = false
  for _, take in ipairs(item.takes) do take.alive = false end
end

function api.EnumProjects(index)
  local project = index == -1 and fake.current or fake.projects[index + 1]
  if not project then return nil end
  return project, project.path
end

function api.SelectProjectInstance(project) fake.current = project end

function api.GetProjectStateChangeCount(proj) return fake.project_of(proj).changes end
function api.CountTracks(proj) return #fake.project_of(proj).tracks end
function api.GetTrack(proj, index) return fake.project_of(proj).tracks[index + 1] end
function api.GetTrackGUID(track) return track.guid end
function api.CountTrackMediaItems(track) return #track.items end
function api.GetTrackMediaItem(track, index) return track.items[index + 1] end
function api.GetMediaItem_Track(item) return item.track end
function api.GetActiveTake(item) return item.take end
function api.TakeIsMIDI(take) return take.is_midi end

function api.InsertTrackInProject(proj, index, _)
  local project = fake.project_of(proj)
  changed(project)
  new_track(project, index)
end

function api.InsertTrackAtIndex(index, _)
  api.InsertTrackInProject(nil, index, 1)
end

function api.DeleteTrack(track)
  changed(track.project)
  remove(track.project.tracks, track)
  track.alive = false
  for _, item in ipairs(track.items) do fake.bury(item) end
end

function api.AddMediaItemToTrack(track)
  changed(track.project)
  return fake.new_item(track, 0.0, 0.0, nil)
end

function api.AddTakeToMediaItem(item)
  changed(item.track.project)
  return fake.new_take(item, false)
end

function api.SetActiveTake(take)
  changed(take.item.track.project)
  take.item.take = take
end

function api.PCM_Source_CreateFromFile(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local head = file:read(12) or ""
  file:close()
  if not head:find("^RIFF....WAVE") then return nil end
  return { kind = "PCM_source", alive = true, name = path }
end

function api.PCM_Source_CreateFromType(kind)
  if kind ~= "MIDI" then fake.violate("only MIDI sources are known here") end
  return { kind = "PCM_source", alive = true, name = kind }
end

function api.SetMediaItemTake_Source(take, source)
  changed(take.item.track.project)
  take.source, take.is_midi = source.name, source.name == "MIDI"
  return true
end

function api.GetMediaItemInfo_Value(item, name)
  if name == "D_POSITION" then return item.start_s end
  if name == "D_LENGTH" then return item.end_s - item.start_s end
  if name == "B_MUTE" then return item.is_muted and 1 or 0 end
  if name == "I_FIXEDLANE" then return item.lane or 0 end
  if name == "C_LOCK" then return item.lock or 0 end -- bit 1: locked by the user
  fake.violate("no such number: " .. name)
end

function api.SetMediaItemInfo_Value(item, name, value)
  changed(item.track.project)
  if name == "D_POSITION" then
    if value < 0 then fake.violate("an item before the project's start") end
    item.start_s, item.end_s = value, value + item.end_s - item.start_s
  elseif name == "D_LENGTH" then
    if not (value > 0 and value < math.huge) then fake.violate("an item of no length") end
    item.end_s = item.start_s + value
  elseif name == "I_FIXEDLANE" then
    fake.set_lane(item, value)
  else
    fake.violate("no such number: " .. name)
  end
  return true
end

function api.SetMediaItemTakeInfo_Value(take, name, value)
  changed(take.item.track.project)
  if name ~= "D_PLAYRATE" or not (value > 0 and value < 100) then fake.violate("no such number: " .. name) end
  take.play_rate = value
  return true
end

function api.UpdateItemInProject(_) end

function api.GetProjectPathEx(proj)
  return fake.project_of(proj).media or fake.options.resource_path .. "/Media"
end

function api.DeleteTrackMediaItem(track, item)
  changed(track.project)
  fake.bury(item)
  return remove(track.items, item)
end

local function items_of(proj)
  local items = {}
  for _, track in ipairs(fake.project_of(proj).tracks) do
    table.move(track.items, 1, #track.items, #items + 1, items)
  end
  return items
end

function api.CountMediaItems(proj) return #items_of(proj) end
function api.GetMediaItem(proj, index) return items_of(proj)[index + 1] end

-- The test selects items by `item.selected = true`.
local function selected(proj)
  local items = {}
  for _, item in ipairs(items_of(proj)) do
    if item.selected then items[#items + 1] = item end
  end
  return items
end

function api.CountSelectedMediaItems(proj) return #selected(proj) end
function api.GetSelectedMediaItem(proj, index) return selected(proj)[index + 1] end

function api.IsMediaItemSelected(item) return item.selected == true end

-- As Reaper's GetSet…Info_String: an unknown name is refused, P_EXT takes any key, an empty text removes it. A project
-- file keeps a text of ours in one line.
local function text_access(known, project_of)
  return function(object, name, text, is_set)
    if name == "GUID" and not is_set then return true, object.guid or "" end
    if not known[name] and not name:find("^P_EXT:[%w_]+$") then fake.violate("no such text: " .. name) end
    if is_set then
      if name:find("^P_EXT:") and text:find("[\r\n]") then fake.violate("a line end in " .. name) end
      changed(project_of(object))
      object.strings[name] = text ~= "" and text or nil
      return true, text
    end
    return object.strings[name] ~= nil, object.strings[name] or ""
  end
end

local of_track = setmetatable({ P_NAME = true, P_ICON = true }, {
  __index = function(_, name) return name:find("^P_LANENAME:%d+$") ~= nil end,
})
api.GetSetMediaTrackInfo_String = text_access(of_track, function(track) return track.project end)
api.GetSetMediaItemInfo_String = text_access({ P_NOTES = true }, function(item) return item.track.project end)
api.GetSetMediaItemTakeInfo_String = text_access({ P_NAME = true }, function(take) return take.item.track.project end)

function api.GetProjExtState(proj, extension, key)
  local value = fake.project_of(proj).ext[extension .. "\0" .. key]
  return value and #value or 0, value or ""
end

function api.SetProjExtState(proj, extension, key, value)
  local project = fake.project_of(proj)
  changed(project)
  project.ext[extension .. "\0" .. key] = value ~= "" and value or nil
  return #value
end

function api.ValidatePtr2(proj, pointer, kind)
  local owner = pointer.project or pointer.track and pointer.track.project or pointer
  return pointer.alive and pointer.kind .. "*" == kind and (owner == pointer or owner == fake.project_of(proj))
end

local function sorted_text(map)
  local lines = {}
  for key, value in pairs(map) do lines[#lines + 1] = ("%q=%q"):format(key, value) end
  table.sort(lines)
  return table.concat(lines, ",")
end

-- All that an item holds: equal texts mean an untouched item.
function fake.item_state(item)
  local span = ("%.9f %.9f"):format(item.start_s, item.end_s)
  local lines = { ("item %s %s %d %s"):format(item.guid, span, item.lane or 0, sorted_text(item.strings)) }
  for _, take in ipairs(item.takes) do
    local way = ("%s %.6f %s"):format(take.source, take.play_rate, take == item.take and "active" or "")
    lines[#lines + 1] = "take " .. way .. sorted_text(take.strings) .. fake.midi_text(take)
  end
  return table.concat(lines, "\n")
end

-- All that a project holds, without its undo history and what is passed over: equal texts mean an untouched project.
function fake.state(project, is_passed_over)
  is_passed_over = is_passed_over or function() return false end
  local lines = { "ext " .. sorted_text(project.ext) }
  for _, track in ipairs(project.tracks) do
    local row = "track " .. track.guid .. " " .. sorted_text(track.strings) .. fake.lanes_text(track)
    if not is_passed_over(track) then lines[#lines + 1] = row end
    for _, item in ipairs(track.items) do
      if not is_passed_over(item) then lines[#lines + 1] = fake.item_state(item) end
    end
  end
  return table.concat(lines, "\n")
end
