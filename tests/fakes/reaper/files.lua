-- The scripts' own file calls, so that a test can let one fail, as a full disk or a virus scanner does, or stop the
-- world before or after it: os.rename, os.remove, io.open, and write and close of what is open for writing. They are
-- counted with Reaper's calls once `fake.watch_files` was called; a failure is what Lua gives, nil and a reason.

local fake = ...
local WRITING = "wb"
local open_file = io.open

-- Reaper's own look at a file, which is no step of the scripts'.
function fake.api.file_exists(path)
  local file = open_file(path, "rb")
  if file then file:close() end
  return file ~= nil
end

local function step(name, work)
  fake.call_count = fake.call_count + 1
  local number = fake.call_count
  fake.calls[number] = name
  if fake.fail and fake.fail(name, number) then return nil, "injected fault in " .. name end
  fake.pause(name, number, "before")
  local results = table.pack(work())
  fake.pause(name, number, "after")
  return table.unpack(results, 1, results.n)
end

-- A file open for writing. What was not closed when the world ends is half there.
local function writer(file)
  return {
    write = function(self, content)
      return step("file:write", function()
        file:write(content:sub(1, #content // 2))
        file:flush()
        fake.pause("file:write", fake.call_count, "half")
        return file:write(content:sub(#content // 2 + 1)) and self
      end)
    end,
    close = function() return step("file:close", function() return file:close() end) end,
  }
end

-- Programs that scripts have started, as command lines; none is run here.
fake.processes = {}

function fake.api.ExecProcess(command, wait_ms)
  fake.processes[#fake.processes + 1] = command
  if wait_ms ~= -1 then fake.violate("Reaper's window would stand still until the program ends") end
  return "0\n"
end

function fake.watch_files()
  local rename, remove, open = os.rename, os.remove, io.open
  os.rename = function(from, to) return step("os.rename", function() return rename(from, to) end) end
  os.remove = function(path) return step("os.remove", function() return remove(path) end) end
  io.open = function(path, mode)
    return step("io.open", function()
      local file, why = open(path, mode)
      if file and mode == WRITING then return writer(file) end
      return file, why
    end)
  end
end
