"""Requests about an arrangement that is in the project: beside what was edited, rebuilt, joining, passes in lanes."""

from dataclasses import replace

from reaper.music import GUIDS, SOURCE, passes_request, replacing_request, small_arrangement
from vocalmidi.reaper import InsertRequest, Joined, Replaced
from vocalmidi.values import PART_NAMES, PartName

CHANGE_ID = "abcdef-99"


def aside_request(*names: PartName, guids: tuple[str, ...] = GUIDS, request_id: str = CHANGE_ID) -> InsertRequest:
    """Return the request that replaces, with all its parts beside the items that are there."""
    request = replacing_request(*names, guids=guids, request_id=request_id)
    return replace(request, replaces=tuple(replace(each, aside=True) for each in request.replaces))


def rebuild_request(*names: PartName, guids: tuple[str, ...] = GUIDS, request_id: str = CHANGE_ID) -> InsertRequest:
    """Return the request for parts of the small arrangement as they were."""
    music = small_arrangement()
    parts = tuple(part for part in music.parts if part.name in names)
    replaces = tuple(Replaced(part.name, guid) for part, guid in zip(parts, guids, strict=False))
    arrangement = replace(music, parts=parts)
    return InsertRequest(request_id, 16.0, arrangement, "again", sources=(SOURCE,), replaces=replaces, rebuild=True)


def joining_request(
    *new: PartName, joins: dict[PartName, str], replaces: dict[PartName, str] | None = None, request_id: str = CHANGE_ID
) -> InsertRequest:
    """Return the request for parts of the small arrangement that join items, and for those whose items are replaced."""
    music, replaced = small_arrangement(), replaces or {}
    return InsertRequest(
        request_id,
        16.0,
        replace(music, parts=tuple(part for part in music.parts if part.name in new or part.name in replaced)),
        "around",
        sources=(SOURCE,),
        replaces=tuple(Replaced(name, replaced[name]) for name in PART_NAMES if name in replaced),
        joins=tuple(Joined(name, joins[name]) for name in PART_NAMES if name in joins),
    )


def lanes_request(strength: float = 1.0) -> InsertRequest:
    """Return the request with two passes of the melody, in lanes."""
    return replace(passes_request(strength), in_lanes=True)
