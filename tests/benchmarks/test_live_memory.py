"""The live path leaves nothing behind that only the collector would free, and holds little for a moment."""

import gc

from benchmarks.live_midi import song_of

from benchmarks import live_memory
from vocalmidi.app.job import demo_voice


def test_a_hop_leaves_no_garbage_that_waits_for_the_collector(monkeypatch):
    """The collector is off while it plays: cycles would pile up. Whether all of it stays flat: the command itself."""
    monkeypatch.setattr(live_memory, "WARM_S", 3.0)
    report = live_memory.counted(live_memory.Live(song_of(demo_voice())), 3.0)
    assert report["hops"] == 300
    assert report["for_the_collector_a_hop"] < 0.05
    assert report["most_for_a_moment_bytes"] < 2_000_000
    assert gc.isenabled()
