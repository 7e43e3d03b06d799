-- The whole way in plain Lua, without Python: lua5.4 tests/lua/run.lua (from the repository's root).
-- A golden request goes through the real bridge into the in-memory Reaper.

local root = assert(io.popen("mktemp -d")):read("l")
local function shell(command) return assert(io.popen(command)):read("a") end

local fake = dofile("tests/fakes/fake_reaper.lua")({
  dir = "tests/fakes", sig = dofile("tests/fakes/reaper_sig_used.lua"), resource_path = root, ppq = 960,
  list_files = function(path) return shell(("ls -1 '%s'"):format(path)) end,
  make_folder = function(path) shell(("mkdir -p '%s'"):format(path)) end,
})
reaper = fake.reaper
local project = fake.add_project()

local function copy(from, to)
  local source, target = assert(io.open(from, "rb")), assert(io.open(to, "wb"))
  target:write(source:read("a"))
  source:close()
  target:close()
end

fake.run("reaper_scripts/bridge.lua")
copy("tests/reaper/golden/insert.txt", root .. "/Data/vocalmidi/inbox/0123456789abcdef0123456789abcdef.vocalmidi")
fake.turn(80)
fake.check_balance()
shell(("rm -r '%s'"):format(root))
for _, text in ipairs(fake.violations) do print(text) end
for _, text in ipairs(fake.script_errors) do print(text) end
assert(#fake.violations == 0 and #fake.script_errors == 0)
print(("%d items, %d undo point"):format(fake.api.CountMediaItems(0), #project.undo))
