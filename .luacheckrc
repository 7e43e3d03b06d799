-- Lua of Reaper 6 (5.3) and 7 (5.4): only what both have. Used by `luacheck reaper_scripts tests`.
std = "lua53"
read_globals = { "reaper" }
max_line_length = 120
for _, name in ipairs({ "panel.lua", "lib/panel_canvas.lua", "lib/panel_menu.lua", "lib/selftest_window.lua" }) do
  files["reaper_scripts/" .. name] = { globals = { "gfx" } }
end
files["tests/fakes/reaper_sig_used.lua"] = { max_line_length = false }
files["tests"] = { globals = { "reaper", "gfx" } }
files["tests/fakes/reaper/files.lua"] = { globals = { "io", "os" } } -- it stands between the scripts and them
files["tests/interop"] = { -- run inside Ardour
  read_globals = { "ARDOUR", "AudioEngine", "Temporal", "create_session", "load_session" },
}
