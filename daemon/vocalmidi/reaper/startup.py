"""Our block in Scripts/__startup.lua, the file Reaper runs at its start: bytes in, bytes out, every other byte kept.

The file belongs to the user and to every vendor, so the block stands between marks, at the top (a script may end in
`return`, after which nothing may follow), and a file whose marks don't match is refused. Reads and writes no file.
"""

from vocalmidi.errors import ReaperError

BEGIN = b"-- BEGIN Vocal MIDI"
END = b"-- END Vocal MIDI"
_BLOCK = (
    BEGIN
    + b""" (`vocalmidi reaper install` writes this block, `vocalmidi reaper uninstall` takes it out)
do
  local bridge, why = loadfile(reaper.GetResourcePath() .. "/Scripts/Vocal MIDI/bridge.lua")
  if bridge then bridge, why = pcall(bridge) end
  if not bridge then reaper.ShowConsoleMsg("!SHOW:Vocal MIDI: " .. tostring(why) .. "\\n") end
end
"""
    + END
    + b"\n"
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def with_block(content: bytes) -> bytes:
    """Return the file with exactly one, current block; raise ReaperError when its marks don't match."""
    span = _span(content)
    if span is None:
        at = len(_BYTE_ORDER_MARK) if content.startswith(_BYTE_ORDER_MARK) else 0
        span = at, at
    return content[: span[0]] + _BLOCK + content[span[1] :]


def without_block(content: bytes) -> bytes:
    """Return the file without our block; raise ReaperError when its marks don't match."""
    span = _span(content)
    return content if span is None else content[: span[0]] + content[span[1] :]


def has_block(content: bytes) -> bool:
    """Return whether our block is there; raise ReaperError when its marks don't match."""
    return _span(content) is not None


def _span(content: bytes) -> tuple[int, int] | None:
    """Return where our block begins and ends (after its line end), None when there is none."""
    begins, ends = content.count(BEGIN), content.count(END)
    if begins == ends == 0:
        return None
    begin, end = content.find(BEGIN), content.find(END)
    if begins != 1 or ends != 1 or end < begin:
        raise ReaperError(
            f"Scripts/__startup.lua has {begins} lines '{BEGIN.decode()}' and {ends} lines '{END.decode()}'; "
            "remove what is left of the block by hand, then run this again"
        )
    line_end = content.find(b"\n", end)
    return begin, len(content) if line_end < 0 else line_end + 1
