-- Project tabs as scripts open, save, load and close them, and the names of commands. A saved project is a copy of its
-- tracks, texts and tempo map, kept by its path; loaded, nothing of the old one is alive, and nothing can be undone.
-- A question that Reaper would ask the user is kept in `fake.questions`.

local fake = ...
local api = fake.api
local SET_PATH = 8 -- of Main_SaveProjectEx: the project is that file from now on
fake.disk, fake.questions = {}, {}
fake.command_names = {
  [40345] = "Send all notes off to all MIDI outputs/plug-ins", [40860] = "Close current project tab",
  [41929] = "New project tab (ignore default template)",
}

-- A copy for another project: its tracks know that they are in it.
local function copied(saved, project)
  local copy = fake.saved(saved)
  for _, track in ipairs(copy.tracks) do track.project = project end
  return copy
end

local function is_dirty(project) return project.changes ~= (project.saved_changes or 0) end

function api.IsProjectDirty(proj) return is_dirty(fake.project_of(proj)) and 1 or 0 end

function api.Main_SaveProjectEx(proj, path, options)
  local project = fake.project_of(proj)
  local file = io.open(path, "wb")
  if not file then return end
  file:write("<REAPER_PROJECT\n>\n")
  file:close()
  fake.disk[path] = fake.saved(project)
  if options & SET_PATH ~= 0 then project.path, project.saved_changes = path, project.changes end
end

-- Puts what was saved under a path into a project.
function fake.load(project, path)
  fake.restore(project, copied(fake.disk[path], project))
  project.path, project.undo, project.redo = path, {}, {}
  project.saved_changes = project.changes
end

local function ask_about(project)
  if is_dirty(project) then fake.questions[#fake.questions + 1] = "Save changes to " .. project.path .. "?" end
end

function api.Main_openProject(name)
  local path = name:gsub("^noprompt:", "")
  if path == name then ask_about(fake.current) end
  if fake.disk[path] then fake.load(fake.current, path) end
end

fake.on_command[40860] = function()
  ask_about(fake.current)
  fake.close(fake.current)
end

fake.on_command[41929] = function() fake.current = fake.add_project() end

function api.kbd_getTextFromCmd(command, _) return fake.command_names[command] or "" end

function api.GetToggleCommandStateEx(_, command)
  return fake.toggle_of(command) or -1
end
