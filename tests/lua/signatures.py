"""Which functions of Reaper our scripts call, and two committed files that follow from it: the extract of Reaper's
signature list that holds them and those that the Reaper in memory models; and those that the bridge can't do without.

Write both anew after using another function: .venv/bin/python tests/lua/signatures.py
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]  # not from `needs`: this file is also a command of its own
SCRIPTS = ROOT / "reaper_scripts"
EXTRACT = ROOT / "tests" / "fakes" / "reaper_sig_used.lua"
FAKE = ROOT / "tests" / "fakes" / "reaper"
FULL = Path(os.environ.get("VOCALMIDI_SHARED", ROOT.parent / "shared")) / "reaper" / "api" / "reaper_sig.lua"

NEEDED = SCRIPTS / "lib" / "needed.lua"
OPTIONAL = {"InsertTrackInProject", "UpdateItemLanes", "set_action_options"}
"""Used only where a Reaper has them; a test of the bridge runs without."""
PANEL = {"ColorFromNative", "GetMousePosition", "GetThemeColor", "get_action_context"}
SELFTEST = {
    "GetOS",
    "GetMediaItemTake_Source",
    "GetMediaSourceLength",
    "GetToggleCommandStateEx",
    "IsProjectDirty",
    "Main_SaveProjectEx",
    "Main_openProject",
    "PCM_Source_Destroy",
    "SelectProjectInstance",
    "SetTempoTimeSigMarker",
    "Undo_CanUndo2",
    "Undo_DoRedo2",
    "Undo_DoUndo2",
    "kbd_getTextFromCmd",
}
ELSEWHERE = {"GetUserFileNameForRead", "GetUserInputs", *PANEL, *SELFTEST}
"""Used by an action of its own, the panel or the self-test, not by the bridge."""

HEADER = """\
-- Facts (names, parameter and return names and types) of the ReaScript functions that reaper_scripts/ and tests call,
-- taken from Cockos' reaper_plugin_functions.h (REAPER 7.78; zlib licence, (C) Cockos Incorporated; altered: only the
-- facts, only these functions). Made by: .venv/bin/python tests/lua/signatures.py
return {
"""

NEEDED_HEADER = """\
-- @noindex
-- The functions of Reaper that the bridge can't do without. Made by: .venv/bin/python tests/lua/signatures.py
return {
"""

_CALL = re.compile(r"\breaper\.(\w+)\s*(\()?")
_GFX_CALL = re.compile(r"\bgfx\.(\w+)\s*(\()")


def script_paths() -> list[Path]:
    return sorted(SCRIPTS.rglob("*.lua"))


def calls(text: str) -> Iterator[tuple[str, int | None]]:
    """Yield each function named in Lua code, with its number of arguments where it is called on the spot."""
    yield from _found(_CALL, text)


def gfx_calls(text: str) -> Iterator[tuple[str, int | None]]:
    """The same of the functions of a script's window."""
    yield from _found(_GFX_CALL, text)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, int | None]]:
    for found in pattern.finditer(text):
        yield found[1], _argument_count(text, found.end()) if found[2] else None


def _argument_count(text: str, at: int) -> int:
    depth, commas, empty, quote = 1, 0, True, ""
    while depth:
        char = text[at]
        if quote:
            quote = "" if char == quote and text[at - 1] != "\\" else quote
        elif char in "\"'":
            quote, empty = char, False
        elif char in "([{":
            depth, empty = depth + 1, False
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 1:
            commas += 1
        elif not char.isspace():
            empty = False
        at += 1
    return 0 if empty else commas + 1


def used_names() -> set[str]:
    return {name for path in script_paths() for name, _ in calls(path.read_text())}


def modelled_names() -> set[str]:
    """Return the functions that the Reaper in memory has."""
    return {name for path in FAKE.glob("*.lua") for name in re.findall(r"\bapi\.([A-Z]\w+)", path.read_text())}


def used_gfx_names() -> set[str]:
    return {name for path in script_paths() for name, _ in gfx_calls(path.read_text())}


def extract_text() -> str:
    """Return what the extract should hold, read from the full list."""
    lines = FULL.read_text().splitlines(keepends=True)
    used = {f"reaper.{name}" for name in used_names() | modelled_names()} | {f"gfx.{name}" for name in used_gfx_names()}
    wanted = [line for line in lines if (m := re.match(r'  \["([\w.]+)"\]', line)) and m[1] in used]
    return HEADER + "".join(wanted) + "}\n"


def needed_text() -> str:
    """Return what the list of functions that the bridge can't do without should hold."""
    names, rows = sorted(used_names() - OPTIONAL - ELSEWHERE), ["  "]
    for name in names:
        if len(rows[-1]) + len(name) > 114:
            rows.append("  ")
        rows[-1] += f'"{name}", '
    return NEEDED_HEADER + "\n".join(row.rstrip() for row in rows) + "\n}\n"


if __name__ == "__main__":
    NEEDED.write_text(needed_text())
    EXTRACT.write_text(extract_text())
