from collections.abc import Iterator

import pytest

from reaper.in_memory import InMemoryReaper


@pytest.fixture(params=["lua53", "lua54"])
def reaper(tmp_path, request) -> Iterator[InMemoryReaper]:
    """Reaper with the bridge running, in the Lua of versions 6 and 7; held against the rules at the end."""
    host = InMemoryReaper(tmp_path, request.param)
    host.start()
    yield host
    host.check()
