"""The Lua side, shipped inside the wheel so that `vocalmidi reaper install` can copy it."""
