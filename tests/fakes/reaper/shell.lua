-- Reaper around the project: folders, remembered states, dialogs, console, action list, versions.

local fake = ...
local api = fake.api
local listings, states = {}, {}
fake.persisted, fake.console, fake.messages, fake.actions = {}, {}, {}, {}

function api.GetResourcePath() return fake.options.resource_path end
function api.GetAppVersion() return "7.78/fake" end
function api.GetOS() return "Other" end

-- The listing is cached, as Reaper's is; only index -1 reads the folder again.
function api.EnumerateFiles(path, index)
  if index == -1 or not listings[path] then
    listings[path] = {}
    for name in fake.options.list_files(path):gmatch("[^\n]+") do table.insert(listings[path], name) end
  end
  return listings[path][index + 1]
end

function api.RecursiveCreateDirectory(path, _)
  fake.options.make_folder(path)
  return 1
end

function api.GetExtState(section, key)
  local name = section .. "\0" .. key
  return states[name] or fake.persisted[name] or ""
end

function api.SetExtState(section, key, value, persist)
  if persist and value:find("[\r\n]") then fake.violate("a line end in a remembered state breaks its .ini file") end
  states[section .. "\0" .. key] = value
  if persist then fake.persisted[section .. "\0" .. key] = value end
end

function api.DeleteExtState(section, key, persist)
  states[section .. "\0" .. key] = nil
  if persist then fake.persisted[section .. "\0" .. key] = nil end
end

-- Reaper's end: what was not remembered is gone, every script too.
function fake.forget_session()
  states, listings = {}, {}
  fake.refresh_stops = 0
  for _, project in ipairs(fake.projects) do
    project.open_blocks, project.undo, project.redo, project.aside, project.has_recorded_drafts = 0, {}, {}, nil, nil
  end
end

function api.ShowConsoleMsg(text) fake.console[#fake.console + 1] = text end

function api.ShowMessageBox(text, _, _)
  fake.messages[#fake.messages + 1] = text
  return 1
end

function api.GetUserFileNameForRead(_, _, _)
  return fake.chosen_file ~= nil, fake.chosen_file or ""
end

-- The test says what the user types: `fake.typed`; nothing typed is a dialog that was closed.
function api.GetUserInputs(_, _, _, given)
  fake.offered = given
  return fake.typed ~= nil, fake.typed or given
end

function api.AddRemoveReaScript(add, section, path, commit)
  local file = io.open(path, "rb")
  if not file then return 0 end
  file:close()
  if not add or section ~= 0 then fake.violate("only adding to the main section is known here") end
  for index, action in ipairs(fake.actions) do
    if action.path == path then return 50000 + index end
  end
  fake.actions[#fake.actions + 1] = { path = path, commit = commit }
  return 50000 + #fake.actions
end
