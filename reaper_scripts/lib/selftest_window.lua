-- @noindex
-- Self-test, the window that the panel draws into: it opens as large as asked, measures words, tells of fine screens
-- and of the docker, hears keys, and closes.

local lib = ...
local hold = lib("selftest_hold")

local WIDTH, HEIGHT = 160, 60
local CLOSED = -1

local function measured()
  gfx.setfont(1, "Arial", 14)
  local narrow, wide = gfx.measurestr("i"), gfx.measurestr("Vocal MIDI")
  hold.that(narrow > 0 and wide > narrow, "words of 1 and 10 letters are %g and %g wide", narrow, wide)
end

local function window()
  gfx.ext_retina = 1
  gfx.init("Vocal MIDI self-test", WIDTH, HEIGHT, 0, 50, 50)
  local ok, why = pcall(function()
    local points = gfx.ext_retina > 0 and gfx.ext_retina or 1
    hold.that(gfx.w >= WIDTH and gfx.h >= HEIGHT, "a window of %d × %d is %g × %g", WIDTH, HEIGHT, gfx.w, gfx.h)
    measured()
    hold.that(gfx.getchar() ~= CLOSED, "a window that has just opened counts as closed")
    gfx.update()
    return ("%g pixels a point, docker %d"):format(points, gfx.dock(-1))
  end)
  gfx.quit()
  hold.that(ok, "%s", hold.words(why))
  hold.equal(gfx.getchar(), CLOSED, "the key of a closed window")
  return why
end

return { { name = "a window opens, measures words and closes", run = window } }
