"""The layout's own Lua: it subscribes, and lights the choice that holds.

Comes in: which buttons stand for choices. Goes out: the script, which TouchOSC runs.
"""

from collections.abc import Mapping, Sequence

from vocalmidi.control import ROOT
from vocalmidi.touchosc.widgets import DIM

RECEIVE_PORT = 9011
"""Of the device; docs/OSC.md tells the user to set it."""
RENEW_S = 10
"""A third of the lease: two lost packets in a row don't end it."""


def script(choices: Mapping[str, Sequence[str]]) -> str:
    """Return the script; choices: the words of each address that has a button for each."""
    rows = "\n".join(f"  ['{name}'] = {{{', '.join(map(repr, words))}}}," for name, words in choices.items())
    return _SCRIPT.format(root=ROOT, port=RECEIVE_PORT, renew_ms=RENEW_S * 1000, rows=rows, dim=DIM)


_SCRIPT = """-- Vocal MIDI: subscribes at {root}, and lights the button of the choice that holds.
local CHOICES = {{
{rows}
}}
local DIM = {dim}
local due_ms = 0
local full = {{}} -- the colour of each button when it is lit, by its tag

function update()
  local now_ms = getMillis()
  if now_ms < due_ms then return end
  due_ms = now_ms + {renew_ms}
  sendOSC('{root}/subscribe', {port})
end

local function shade(button, is_lit)
  local tag = button.tag
  local color = full[tag]
  if not color then
    local r, g, b = button.color.r / DIM, button.color.g / DIM, button.color.b / DIM
    color = {{ r, g, b }}
    full[tag] = color
  end
  local share = is_lit and 1 or DIM
  button.color = Color(color[1] * share, color[2] * share, color[3] * share, 1)
end

function onReceiveOSC(message, connections)
  local name = message[1]:match('^{root}/(.+)$')
  local options = name and CHOICES[name]
  local argument = message[2][1]
  if not options or not argument then return end
  for _, option in ipairs(options) do
    local is_lit = argument.value == option or argument.value == tonumber(option)
    for _, button in ipairs(root:findAllByProperty('tag', name .. '=' .. option, true)) do
      shade(button, is_lit)
    end
  end
end
"""
