-- Drafts: items that show what is sung while it is recorded, and tracks made for them, known by their mark. Scripts may
-- change these, and nothing else, outside an undo block: at the end of each turn the project without its drafts must
-- be what it was. Reaper's undo points are whole states, so what was changed without one is in the next, and undoing
-- that leads to before it, unless a point of the user's came in between and holds the drafts.

local fake = ...
local MARK = "P_EXT:vocalmidi_draft"

function fake.is_draft(object) return object.strings[MARK] ~= nil end

-- A project's state without its drafts.
function fake.without_drafts(project) return fake.state(project, fake.is_draft) end

function fake.changed_aside(project) project.aside = project.aside or fake.without_drafts(project) end

function fake.has_drafts(project) return fake.state(project) ~= fake.without_drafts(project) end

-- At the end of a script's turn.
function fake.check_aside()
  for _, project in ipairs(fake.projects) do
    if project.aside and project.aside ~= fake.without_drafts(project) then
      fake.violations[#fake.violations + 1] = "a change outside an undo block, and not of a draft"
    end
    project.aside = nil
  end
end

local function kept(list)
  local others = {}
  for _, each in ipairs(list) do
    if not fake.is_draft(each) then others[#others + 1] = each end
  end
  return others
end

-- What the undo point before now holds.
function fake.recorded(project)
  local saved = fake.saved(project)
  if project.has_recorded_drafts then return saved end
  saved.tracks = kept(saved.tracks)
  for _, track in ipairs(saved.tracks) do track.items = kept(track.items) end
  return saved
end

-- The user does something that is an undo point: all that is there is in it, drafts too.
function fake.user_point(project, title)
  project.undo[#project.undo + 1] = { title = title, saved = fake.recorded(project) }
  project.has_recorded_drafts = fake.has_drafts(project)
end

function fake.api.TrackFX_GetCount(track) return track.fx_count or 0 end
