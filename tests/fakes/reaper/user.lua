-- What a user does to projects and items with the mouse, for tests: tabs, the tempo map, cutting and dragging. Call it
-- within `fake.as_user`.

local fake = ...

-- The user's own doing with tabs: one is closed, with all that is in it; another is opened, or come back to.
function fake.close(project)
  project.alive = false
  for _, track in ipairs(project.tracks) do
    track.alive = false
    for _, item in ipairs(track.items) do fake.bury(item) end
  end
  for index, each in ipairs(fake.projects) do
    if each == project then table.remove(fake.projects, index) end
  end
  -- Reaper is never without a project: the last tab leaves an empty one.
  if fake.current == project then fake.current = fake.projects[1] or fake.add_project() end
  if #fake.projects == 0 then fake.current = fake.add_project() end
end

function fake.open(path, saved)
  local project = fake.add_project(path)
  if saved then fake.restore(project, saved) end
  fake.current = project
  return project
end

-- The user cuts an item in two: the right one is another item with all that is said of the first, its take begins
-- within the same source.
function fake.split(item, at_s)
  local right, project = fake.copy_item(item, item.track), item.track.project
  right.guid, right.start_s = fake.new_guid(), at_s
  for _, take in ipairs(right.takes) do
    take.offset_qn = take.offset_qn + fake.time_to_qn(project, at_s) - fake.time_to_qn(project, item.start_s)
  end
  item.end_s = at_s
end

-- The user drags an item: MIDI keeps its length in beats, whatever the tempo there.
function fake.move(item, by_qn)
  local project = item.track.project
  local start_qn, stop_qn = fake.time_to_qn(project, item.start_s), fake.time_to_qn(project, item.end_s)
  item.start_s = fake.qn_to_time(project, start_qn + by_qn)
  item.end_s = fake.qn_to_time(project, stop_qn + by_qn)
end

-- The user draws another tempo map, which is an undo point too; items keep their beats, as a project with Reaper's
-- usual time base does.
function fake.set_markers(project, markers)
  local spans = {}
  if fake.is_user then project.undo[#project.undo + 1] = { title = "Edit tempo map", saved = fake.saved(project) } end
  for _, track in ipairs(project.tracks) do
    for _, item in ipairs(track.items) do
      spans[item] = { fake.time_to_qn(project, item.start_s), fake.time_to_qn(project, item.end_s) }
    end
  end
  project.markers = markers
  for item, span in pairs(spans) do
    item.start_s, item.end_s = fake.qn_to_time(project, span[1]), fake.qn_to_time(project, span[2])
  end
end
