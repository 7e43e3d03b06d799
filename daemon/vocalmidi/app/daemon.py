"""`vocalmidi run`: what is opened, in which order, and closed the other way round.

Comes in: settings. Goes out: nothing; `writer` does what there is to do, `serving` gives it its threads.
"""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from vocalmidi import __version__
from vocalmidi.app.calibration import save, saved_shift_s
from vocalmidi.app.ears import open_own_ears
from vocalmidi.app.following import Following
from vocalmidi.app.gauge_door import answering
from vocalmidi.app.gauge_sources import facts_of, program_of
from vocalmidi.app.hearing import Hearing
from vocalmidi.app.live_play import live_play
from vocalmidi.app.osc_control import controlled_by_osc
from vocalmidi.app.osc_in import hear_osc
from vocalmidi.app.serving import Say, paced, serve, told_of_gaps
from vocalmidi.app.takes import Memory
from vocalmidi.app.wishes import check_music
from vocalmidi.app.writer import Writer
from vocalmidi.app.writing import Band
from vocalmidi.arrange import open_networks
from vocalmidi.capture import Microphone, ReaStream, open_source
from vocalmidi.config import Settings, calibration_file, lonely_spool, reaper_folder
from vocalmidi.gauge import Gauges
from vocalmidi.realtime import RealTime
from vocalmidi.reaper import (
    Spool,
    resource_path_if_any,
    sole_daemon,
    spool_root,
)


def run_daemon(settings: Settings, say: Say) -> None:
    """Listen to the microphone and answer Reaper until interrupted or stopped from there."""
    root = _spool_root(settings, say)
    with sole_daemon(root), opened(settings, root, say) as daemon:
        daemon.serve()


def _spool_root(settings: Settings, say: Say) -> Path:
    """Return Reaper's spool, or one that no Reaper reads: who only plays live or tries a controller needs none."""
    folder = resource_path_if_any(reaper_folder(settings))
    if folder is not None:
        return spool_root(folder)
    say(
        "there is no Reaper in the usual places, so nothing can be written; start Reaper once and then this again, or "
        "name its folder with --resource-path"
    )
    return lonely_spool()


@dataclass(frozen=True, slots=True)
class Daemon:
    """All that is open, ready to be served by the thread that opened it."""

    writer: Writer
    spool: Spool
    microphone: Microphone | ReaStream
    real_time: RealTime
    say: Say

    def serve(self) -> None:
        """Listen and answer until stopped."""
        blocks = paced(self.microphone.blocks(), self.microphone, self.writer)
        serve(told_of_gaps(blocks, self.say), self.writer, self.spool, self.real_time.tidy)


@contextmanager
def opened(settings: Settings, root: Path, say: Say) -> Generator[Daemon]:
    """Open everything meanwhile, the spool at `root`."""
    style, _ = check_music(settings)
    band = Band(settings, open_own_ears(settings), style, open_networks(settings.provider))
    spool = Spool(root, app=f"vocalmidi {__version__}")
    spool.prepare()
    with open_source(settings.device, settings.reastream_from, prompt=bool(settings.midi_port)) as microphone:
        rate_hz = microphone.sample_rate_hz
        hearing = Hearing(band.ears, settings.history_minutes, rate_hz)
        place = (calibration_file(), microphone.device, rate_hz)
        following = Following(spool, rate_hz, shift_s=saved_shift_s(*place))
        memory = Memory(hearing, following, settings.phrase_gap_s, microphone.device.label)
        writer = Writer(band, memory, spool, say, keep=lambda found: save(*place, found))
        real_time = RealTime(settings.realtime)
        writer.gauge = hearing.gauge = gauges = Gauges()
        say(f"listening to {microphone.device.label}; in Reaper: Vocal MIDI: Write what I just sang. Stop with Ctrl-C")
        with ExitStack() as doors:
            doors.callback(writer.close)
            if settings.osc_port:
                doors.enter_context(hear_osc(settings.osc_port, following.sighted))
            writer.play = doors.enter_context(live_play(settings, rate_hz, say, real_time, gauges))
            if settings.port:
                doors.enter_context(controlled_by_osc(writer, spool, settings, say, real_time))
            if settings.midi_port:
                # It hands the blocks on: late here is late there.
                doors.enter_context(real_time.raised("reader"))
            facts = partial(facts_of, writer, microphone.device, rate_hz)
            program = program_of(gauges, microphone, writer.play, real_time, facts)
            doors.enter_context(answering(root, replace(program, main="reader")))
            doors.enter_context(real_time.settled())
            say(real_time.in_words())
            yield Daemon(writer, spool, microphone, real_time, say)
