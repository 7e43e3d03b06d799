-- @noindex
-- Loads our library files from one folder, each once and by plain name: load(dir) gives lib(name). Only files that were
-- installed with this one are run; nothing a message says is ever a name here.

return function(dir)
  local loaded = {}
  local function lib(name)
    if loaded[name] == nil then
      loaded[name] = assert(loadfile(("%s/lib/%s.lua"):format(dir, name)))(lib)
    end
    return loaded[name]
  end
  return lib
end
