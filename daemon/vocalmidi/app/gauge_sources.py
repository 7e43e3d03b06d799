"""What may be measured of `vocalmidi run`, or of the live path alone: which counters, levels and facts there are.

Comes in: the parts that count, each for itself. Goes out: a `Measurable`.
"""

import platform
from collections.abc import Callable, Iterable

from vocalmidi import __version__
from vocalmidi.app.gauging import Measurable, Stand
from vocalmidi.app.live_play import LivePlay
from vocalmidi.app.writer import Writer
from vocalmidi.capture import Device, Microphone, ReaStream
from vocalmidi.gauge import Counter, Fact, Gauges
from vocalmidi.inference import Model
from vocalmidi.realtime import RealTime

Source = object
"""A microphone, a ReaStream, or, in tests and for recordings, anything that counts nothing."""


def program_of(
    gauges: Gauges, source: Source, play: LivePlay | None, real_time: RealTime, facts: Callable[[], Iterable[Fact]]
) -> Measurable:
    """Return what may be measured of a source, what is played by it, and what `facts` adds."""

    def counters() -> tuple[Counter, ...]:
        return (*_captured(source), *_played(play))

    def levels() -> tuple[Stand, ...]:
        return (*_in_ring(source), *(() if play is None else (Stand("waiting blocks", play.waiting),)))

    def all_facts() -> tuple[Fact, ...]:
        return (*facts(), Fact("real time", real_time.in_words().removeprefix("real time: ")))

    return Measurable(gauges, counters, levels, all_facts)


def live_facts(device: Device, sample_rate_hz: int, play: LivePlay) -> tuple[Fact, ...]:
    """Return what live playing alone runs on."""
    return (*_plain_facts(device, sample_rate_hz), models_fact("live", play.models))


def facts_of(writer: Writer, device: Device, sample_rate_hz: int) -> tuple[Fact, ...]:
    """Return what a daemon runs on."""
    ears = writer.ears
    considered = models_fact("considered", (ears.voice, ears.timbre, ears.context))
    if writer.play is None:
        return (*_plain_facts(device, sample_rate_hz), considered)
    return (*live_facts(device, sample_rate_hz, writer.play), considered)


def _plain_facts(device: Device, sample_rate_hz: int) -> tuple[Fact, ...]:
    program = f"vocalmidi {__version__}, Python {platform.python_version()}, {platform.system()}"
    return Fact("program", program), Fact("sound", f"{device.label}, {sample_rate_hz} Hz")


def models_fact(name: str, models: Iterable[Model]) -> Fact:
    """Return which models run on what in truth."""
    return Fact(name, ", ".join(f"{model.card.name} on {model.placement.words}" for model in models))


def _captured(source: Source) -> tuple[Counter, ...]:
    if isinstance(source, Microphone):
        seen = source.statistics()
        return (
            Counter("device blocks", seen.blocks),
            Counter("xruns told by the device", seen.input_overflows),
            Counter("blocks without input", seen.missing_blocks),
            Counter("samples lost since the ring was full", seen.dropped_samples),
            Counter("bad samples", seen.bad_samples),
        )
    if isinstance(source, ReaStream):
        counts = source.counts
        return (
            Counter("packets", counts.packets),
            Counter("samples missing", counts.missing),
            Counter("samples left out", counts.surplus),
            Counter("damaged packets", counts.damaged),
            Counter("doubled packets", counts.doubled),
            Counter("packets of others", counts.others),
        )
    return ()


def _played(play: LivePlay | None) -> tuple[Counter, ...]:
    if play is None:
        return ()
    figures = play.figures
    return (
        Counter("blocks played", figures.blocks),
        Counter("blocks left out since late", figures.skipped),
        Counter("gaps", figures.gaps),
        Counter("MIDI messages", figures.messages),
    )


def _in_ring(source: Source) -> tuple[Stand, ...]:
    if not isinstance(source, Microphone):
        return ()
    return (Stand("ring samples", source.waiting_samples, source.ring_samples),)
