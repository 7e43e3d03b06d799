-- A strict Reaper in memory, for running the real scripts against: make(options) gives a table with `reaper` (the
-- API the scripts see) and controls for the test. Strict means: a function Reaper does not have, a wrong number or
-- type of arguments, a pointer that is gone, a change outside an undo block, MIDI read before it is sorted: each
-- raises, and is kept in `violations`, since scripts may catch what is raised. Built from Reaper's own signature
-- list and the facts in docs/SPOOL.md; what Reaper does beyond those is not known here.
--
-- options: dir (this folder), sig (signature table), resource_path, list_files(path) → names joined by "\n",
--   make_folder(path), ppq (ticks a quarter note), removed ({ name = true }, an older Reaper).

local FILES = {
  "project", "user", "takes", "timemap", "midi", "undo", "shell", "scripts", "files", "toolbar", "gfx", "tabs",
  "sources", "drafts",
}
local EXTENSIONS = { osara_outputMessage = true } -- of others; `fake.extensions` holds those that are installed

return function(options)
  local fake = {
    options = options, api = {}, violations = {}, calls = {}, call_count = 0, calls_s = 0.0, extensions = {},
    signatures = options.sig,
  }

  function fake.violate(text)
    fake.violations[#fake.violations + 1] = text
    error("fake Reaper: " .. text, 0)
  end

  local function load(name)
    return assert(loadfile(options.dir .. "/reaper/" .. name .. ".lua"))
  end

  local check = load("signature")(fake, options.sig)
  for _, name in ipairs(FILES) do load(name)(fake) end

  -- The processor seconds that went into calls are Reaper's (and this fake's strictness), not the scripts'.
  local function timed(name, ...)
    local began_s = os.clock()
    local results = table.pack(pcall(fake.call, name, ...))
    fake.calls_s = fake.calls_s + os.clock() - began_s
    if not results[1] then error(results[2], 0) end
    return table.unpack(results, 2, results.n)
  end

  function fake.call(name, ...)
    check.arguments(name, ...)
    fake.call_count = fake.call_count + 1
    fake.calls[fake.call_count] = name
    fake.meddle(name, "before")
    local results = table.pack(fake.api[name](...))
    check.results(name, results.n)
    fake.meddle(name, "after")
    return table.unpack(results, 1, results.n)
  end

  local bound = {}
  fake.reaper = setmetatable({}, {
    __index = function(_, name)
      if EXTENSIONS[name] then return fake.extensions[name] end
      if not check.exists(name) then fake.violate("there is no reaper." .. tostring(name)) end
      if (options.removed or {})[name] then return nil end
      if not fake.api[name] then fake.violate("this fake has no reaper." .. name) end
      bound[name] = bound[name] or function(...) return (fake.is_timed and timed or fake.call)(name, ...) end
      return bound[name]
    end,
    __newindex = function(_, name) fake.violate("reaper." .. tostring(name) .. " can't be set") end,
  })

  function fake.pause(name, number, moment)
    if fake.freeze and fake.freeze(name, number, moment) then coroutine.yield("frozen") end
  end

  -- What a test does to calls: raise in one (`fail`), or stop the world in one (`freeze`), before or after its effect.
  function fake.meddle(name, moment)
    if fake.fail and moment == "before" and fake.fail(name, fake.call_count) then
      error("injected fault in reaper." .. name, 0)
    end
    fake.pause(name, fake.call_count, moment)
  end

  return fake
end
