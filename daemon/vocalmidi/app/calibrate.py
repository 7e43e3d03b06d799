"""`vocalmidi calibrate`: listen to claps to the project's click, or to the click itself, until they tell enough.

Comes in: blocks of sound, and what Reaper tells of its transport meanwhile. Goes out: a calibration, or the reason why
there is none. It hears the whole session again every second, which is cheap, and ends at the first second that tells.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import pairwise

from vocalmidi import __version__
from vocalmidi.app.calibration import forget, save
from vocalmidi.app.following import Following
from vocalmidi.capture import History, find_device, open_source
from vocalmidi.config import Settings, calibration_file, reaper_folder
from vocalmidi.errors import TransportError
from vocalmidi.reaper import Spool, find_resource_path, spool_root
from vocalmidi.transport import Calibration, calibrate, find_claps
from vocalmidi.units import SampleIndex, samples_to_seconds, seconds_to_samples
from vocalmidi.values import AudioBlock

MOST_S = 120.0
"""190 claps at 100 BPM and time to begin: enough for one who is unsteady by 20 ms."""
CLAPS = 16
"""Four bars of four; a microphone at the loudspeaker is done then, somebody who is unsteady by 12 ms needs 67."""
LOOK_S = 1.0
APART_S = 3.0
"""Between two claps of one session: who misses a click at 60 BPM claps again after two seconds."""
Heard = Callable[[int], object]


def listen_and_calibrate(
    blocks: Iterable[AudioBlock], following: Following, sample_rate_hz: int, claps: int = CLAPS, heard: Heard = int
) -> Calibration:
    """Return what is found as soon as `claps` of them, or more where they are unsteady, tell it; `heard` is told each.

    Raises:
        TransportError: what was heard in `MOST_S`, or until the blocks ended, does not tell.
    """
    history = History(MOST_S / 60, sample_rate_hz)
    look = 0
    for block in blocks:
        history.append(block)
        following.heard(block)
        if samples_to_seconds(history.available.stop - look, sample_rate_hz) >= LOOK_S:
            look = history.available.stop
            found = _claps(history)
            heard(len(found))
            if len(found) >= claps:
                with suppress(TransportError):
                    return _calibrate(found, following, history)
        if samples_to_seconds(len(history.available), sample_rate_hz) >= MOST_S:
            break
    return _calibrate(_claps(history), following, history)


def calibrate_by_last_claps(history: History, following: Following) -> Calibration:
    """Return what the claps tell that were heard last, one after another; what was sung before them does not count.

    Raises:
        TransportError: they do not tell.
    """
    here = history.available
    start = max(here.start, here.stop - seconds_to_samples(MOST_S, history.sample_rate_hz))
    claps = find_claps(history.span(SampleIndex(start), SampleIndex(here.stop)))
    following.look()
    pieces = following.pieces(SampleIndex(start), SampleIndex(here.stop))
    apart = seconds_to_samples(APART_S, history.sample_rate_hz)
    return calibrate(_last_in_a_row(claps, apart), pieces, following.shift_s)


def in_words(found: Calibration) -> str:
    """Return what was found in one line."""
    late_ms, sure_ms = 1000 * found.shift_s, 2000 * found.sure_s
    return (
        f"sound comes {late_ms:.1f} ms later than the drivers say, within {sure_ms:.1f} ms; {found.claps} claps; kept"
    )


def _last_in_a_row(claps: tuple[SampleIndex, ...], apart: int) -> tuple[SampleIndex, ...]:
    """Return the claps back to the last gap of more than `apart` samples."""
    gaps = [at for at, (clap, following) in enumerate(pairwise(claps), 1) if following - clap > apart]
    return claps[gaps[-1] if gaps else 0 :]


def _claps(history: History) -> tuple[SampleIndex, ...]:
    here = history.available
    return find_claps(history.span(SampleIndex(here.start), SampleIndex(here.stop)))


def _calibrate(claps: tuple[SampleIndex, ...], following: Following, history: History) -> Calibration:
    following.look()
    here = history.available
    return calibrate(claps, following.pieces(SampleIndex(here.start), SampleIndex(here.stop)))


def run_calibration(settings: Settings, claps: int, heard: Heard) -> Calibration:
    """Listen to the chosen microphone while Reaper plays its click, and keep what was found.

    Raises:
        VocalMidiError: there is no microphone, no bridge, or what was heard does not tell.
    """
    spool = Spool(spool_root(find_resource_path(reaper_folder(settings))), app=f"vocalmidi {__version__}")
    spool.prepare()
    with open_source(settings.device, settings.reastream_from) as microphone:
        rate_hz = microphone.sample_rate_hz
        found = listen_and_calibrate(microphone.blocks(), Following(spool, rate_hz), rate_hz, claps, heard)
        save(calibration_file(), microphone.device, rate_hz, found)
    return found


def forget_calibration(settings: Settings) -> bool:
    """Drop what was found for the chosen microphone, and return whether anything was."""
    device = find_device(settings.device or None)
    return forget(calibration_file(), device, device.default_rate_hz)
