-- @noindex
-- What is sung, drawn into items while it is sung: a picture from the daemon in, items on the parts' tracks out. What
-- the user deletes is not drawn again in that recording, and what he changes is left as he left it. Drafts that belong
-- to no recording that goes on (Reaper or the bridge ended, or an undo brought them back) are taken away.

local lib = ...
local draft_file, draft_items, fill = lib("draft_file"), lib("draft_items"), lib("fill")
local lines, projects, signals = lib("lines"), lib("projects"), lib("signals")
local tracks, undo, written = lib("tracks"), lib("undo"), lib("written")

local M = {}
local SWEEP_S = 1.0
local DREW = "drew" -- remembered as long as Reaper runs: only then may an undo bring drafts back

local Draft = {}
Draft.__index = Draft

-- The draft of one recording in a project.
function M.new(proj, id)
  return setmetatable({ proj = proj, id = id, number = 0, parts = {} }, Draft)
end

-- The item drawn before, as { item, part, place_qn }; nil where there is none. After an undo its pointer is another.
function Draft:drawn(part)
  local known = self.parts[part]
  if not known then return nil end
  if reaper.ValidatePtr2(self.proj, known.item, "MediaItem*") then return known end
  for _, each in ipairs(draft_items.find(self.proj, draft_items.with_id(self.id))) do
    if each.part == part then
      known.item = each.item
      return known
    end
  end
end

local function make(self, part, draft, step)
  local track = draft_items.track(self.proj, self.id, part.name, step)
  local stop_qn = draft.place_qn + draft.length_qn
  local item = reaper.CreateNewMIDIItemInProj(track, draft.place_qn, stop_qn, true)
  assert(item, "Reaper made no MIDI item")
  step(function()
    if reaper.ValidatePtr2(self.proj, item, "MediaItem*") then draft_items.delete(item) end
  end)
  local take = reaper.GetActiveTake(item)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", tracks.title(part.name) .. ", as you sing", true)
  return item
end

-- Draws one part. The mark goes first: whatever is left behind half done is known as a draft.
local function draw_part(self, part, draft, known, step)
  local item = known and known.item or make(self, part, draft, step)
  if known then
    -- Half drawn over it would look like the user's: it goes, and is drawn anew.
    step(function()
      self.parts[part.name] = nil
      draft_items.delete(item)
    end)
  end
  draft_items.place(self.proj, item, self.id .. " " .. part.name, draft.place_qn, draft.length_qn)
  local take = reaper.GetActiveTake(item)
  local origins = fill.take(take, part, nil, draft.place_qn, draft.length_qn)
  written.remember(self.proj, item, take, origins)
  reaper.UpdateItemInProject(item)
  self.parts[part.name] = { item = item, part = part.name, place_qn = draft.place_qn }
end

-- Whether a part is drawn on: not when the user has deleted or changed what was drawn of it.
local function goes_on(self, part)
  local before = self.parts[part]
  if not before then return true end
  if before.is_left then return false end
  local known = self:drawn(part)
  if known and draft_items.is_untouched(self.proj, known) then return true end
  self.parts[part] = { is_left = true }
  return false
end

local function draw(self, draft, step)
  local has = {}
  for _, part in ipairs(draft.parts) do
    has[part.name] = true
    if goes_on(self, part.name) then draw_part(self, part, draft, self:drawn(part.name), step) end
  end
  -- What was heard was something else after all, or the loop has begun anew.
  for part, known in pairs(self.parts) do
    if not has[part] and not known.is_left and goes_on(self, part) then
      draft_items.delete(self:drawn(part).item)
      self.parts[part] = nil
    end
  end
end

-- Draws what the daemon has heard since the last look. Returns true, or nil and why it did not work.
function Draft:look(spool)
  local content = spool:read(lines.MAX_BYTES, draft_file.NAME)
  if not content or content == self.content then return true end
  self.content = content
  local draft, why = draft_file.read(content)
  if not draft then return nil, why end
  if draft.id ~= self.id or draft.number <= self.number then return true end
  self.number = draft.number
  signals.keep(DREW, "1")
  local ok, problem = undo.aside(function(step) draw(self, draft, step) end)
  if ok then return true end
  return nil, problem
end

local swept, next_sweep_s = {}, 0 -- by project: which change of it was looked through last

-- Takes the draft away, but for what the user has touched. What is left by a failure is swept.
function Draft:clear()
  swept[self.proj] = nil
  if projects.is_open(self.proj) then draft_items.clear(self.proj, draft_items.with_id(self.id)) end
end

local function is_due(proj, path)
  local changes, before = reaper.GetProjectStateChangeCount(proj), swept[proj]
  if before and before.path == path and (before.changes == changes or signals.kept(DREW) == "") then return false end
  swept[proj] = { path = path, changes = changes }
  return true
end

-- Takes away drafts that nobody draws on; `live` is the recording that goes on, if any. Returns how many there were.
function M.sweep(now_s, live)
  if now_s < next_sweep_s then return 0 end
  next_sweep_s = now_s + SWEEP_S
  local count, index = 0, 0
  local proj, path = reaper.EnumProjects(0)
  while proj do
    if is_due(proj, path or "") then
      local found, why = draft_items.clear(proj, function(id) return not live or id ~= live.id end)
      if not found then swept[proj] = nil end
      count = count + assert(found, why)
    end
    index = index + 1
    proj, path = reaper.EnumProjects(index)
  end
  return count
end

return M
