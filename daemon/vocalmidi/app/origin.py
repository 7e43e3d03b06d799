"""Where an arrangement comes from, complete enough to tell years later whether it could be made the same again.

Comes in: the samples that were heard, the models that were there. Goes out: `Making`, which the items keep (in their
source), the way from and to the table they keep it as, and what is another now than it was then, in words. What was
sung cannot be had back from it: it holds a checksum of the sound, not the sound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

import numpy as np

from vocalmidi import __version__
from vocalmidi.app.convert import DIGEST, cards_of
from vocalmidi.app.ears import Ears
from vocalmidi.arrange import Networks
from vocalmidi.capture import History, Recording, SpanAheadError, SpanGoneError
from vocalmidi.inference import Model, ModelCard
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock, Events

MAX_NAMED = 4
"""Models that are named in one line; there are seven that arrange."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The sound that was heard: its samples as 32-bit floats, little endian, and where they came from.

    sha256: of the samples, 64 hexadecimal digits. start, stop: of them, counted from when the source was opened.
    device: the microphone's name, or the recording's.
    """

    sha256: str
    start: SampleIndex
    stop: SampleIndex
    sample_rate_hz: int
    device: str


@dataclass(frozen=True, slots=True)
class ModelMark:
    """Which network it was: its name and the SHA-256 of its file."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Making:
    """What made an arrangement, beside its phrase and settings.

    version: of this program, "" where nobody remembers.
    heard: None where nothing was, or where the sound was gone.
    ears: the networks that heard it; band: those that arranged it.
    around: parts of the user's own that it was arranged around, such as `melody`; "" where it was sung.
    """

    version: str = ""
    heard: Heard | None = None
    ears: tuple[ModelMark, ...] = ()
    band: tuple[ModelMark, ...] = ()
    around: str = ""


UNKNOWN = Making()


def marks_of(cards: Iterable[ModelCard]) -> tuple[ModelMark, ...]:
    """Return which networks cards are of."""
    return tuple(ModelMark(card.name, card.sha256) for card in cards)


def making_of(heard: Heard | None, ears: Ears, networks: Networks | None) -> Making:
    """Return what makes an arrangement now of what was heard."""
    models = [model for each in fields(ears) if isinstance(model := getattr(ears, each.name), Model)]
    return Making(__version__, heard, marks_of(model.card for model in models), marks_of(cards_of(networks)))


def heard_of(events: Events, history: History, device: str) -> Heard | None:
    """Return the sound of what was sung, None where it is older than the history."""
    try:
        block = history.span(events.start, events.stop)
    except (SpanGoneError, SpanAheadError):
        return None
    return _heard([block], device)


def heard_in(recording: Recording, start: SampleIndex, stop: SampleIndex, name: str) -> Heard:
    """Return the sound of a part of a recording."""
    return _heard(_cut(recording.blocks(), start, stop), name)


def _cut(blocks: Iterable[AudioBlock], start: int, stop: int) -> Iterable[AudioBlock]:
    for block in blocks:
        first, last = max(start, block.start), min(stop, block.start + len(block.samples))
        if first < last:
            samples = block.samples[first - block.start : last - block.start]
            yield AudioBlock(SampleIndex(first), block.sample_rate_hz, samples)


def _heard(blocks: Iterable[AudioBlock], device: str) -> Heard:
    digest, first, last = sha256(), None, None
    for last in blocks:
        first = first or last
        digest.update(np.asarray(last.samples, "<f4").tobytes())
    if first is None or last is None:
        raise ValueError("nothing was heard in no sound at all")
    stop = SampleIndex(last.start + len(last.samples))
    return Heard(digest.hexdigest(), first.start, stop, first.sample_rate_hz, device)


def changed_since(then: Making, now: Making) -> str:
    """Return what arranges now and is another than then, in words; "" where nothing is, or nobody remembers."""
    if not then.version:
        return ""
    told = _other_models(then.band, now.band)
    if then.version != now.version:
        told = [f"vocalmidi {now.version}, then {then.version}", *told]
    return ", ".join(told)


def _other_models(then: Sequence[ModelMark], now: Sequence[ModelMark]) -> list[str]:
    before, after = ({mark.name: mark.sha256 for mark in marks} for marks in (then, now))
    others = [name for name in sorted(before | after) if before.get(name) != after.get(name)]
    said = [f"{name} {_short(after.get(name))}, then {_short(before.get(name))}" for name in others[:MAX_NAMED]]
    return said + ([f"and {len(others) - MAX_NAMED} more"] if len(others) > MAX_NAMED else [])


def _short(digest: str | None) -> str:
    return digest[:DIGEST] if digest else "none"


def making_table(making: Making) -> dict[str, Any]:
    """Return it as a source keeps it."""
    heard = making.heard
    return {
        "version": making.version,
        "heard": [heard.sha256, heard.start, heard.stop, heard.sample_rate_hz, heard.device] if heard else None,
        "ears": [[mark.name, mark.sha256] for mark in making.ears],
        "band": [[mark.name, mark.sha256] for mark in making.band],
        "around": making.around,
    }


def read_making(table: dict[str, Any]) -> Making:
    """Return it from what a source keeps; raise KeyError, TypeError or ValueError where that is none."""
    heard = None
    if table["heard"] is not None:
        digest, start, stop, rate_hz, device = table["heard"]
        heard = Heard(str(digest), SampleIndex(int(start)), SampleIndex(int(stop)), int(rate_hz), str(device))
    ears, band = (tuple(ModelMark(str(name), str(its)) for name, its in table[key]) for key in ("ears", "band"))
    return Making(str(table["version"]), heard, ears, band, str(table["around"]))
