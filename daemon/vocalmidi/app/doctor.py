"""What works on this machine, and what to do about what does not.

Comes in: settings. Goes out: checks, each with a status, what was found, and advice where something is to be done.
A check never raises: whatever goes wrong is its finding.
"""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from native_ringbuf import Ring

from vocalmidi import __version__
from vocalmidi.app.convert import hear_file
from vocalmidi.app.ears import open_ears
from vocalmidi.app.job import demo_voice
from vocalmidi.app.live_playing import playing_of
from vocalmidi.app.simulate import open_live_path
from vocalmidi.arrange import load_style, style_names
from vocalmidi.capture import list_devices
from vocalmidi.config import Settings, profile_file, reaper_folder, user_file
from vocalmidi.errors import VocalMidiError
from vocalmidi.live import open_port
from vocalmidi.profile import read_profile
from vocalmidi.realtime import may_lock_all, probe
from vocalmidi.reaper import find_resource_path, status


class Status(StrEnum):
    """Whether a part works (ok), is missing but not needed for files (warn), or is broken (fail)."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was looked at, how it stands, what was seen, and what to do (empty when nothing)."""

    name: str
    status: Status
    detail: str
    advice: str = ""


def examine(settings: Settings) -> tuple[Check, ...]:
    """Look at everything, in the order in which the parts depend on each other."""
    parts: tuple[tuple[str, Status, Callable[[Settings], Check]], ...] = (
        ("version", Status.FAIL, _version),
        ("settings", Status.FAIL, _settings),
        ("styles", Status.FAIL, _styles),
        ("ring", Status.FAIL, _ring),
        ("model", Status.FAIL, _model),
        ("hearing", Status.FAIL, _hearing),
        ("profile", Status.FAIL, _profile),
        ("microphone", Status.WARN, _microphone),
        ("midi", Status.WARN, _midi),
        ("realtime", Status.WARN, _realtime),
        ("reaper", Status.WARN, _reaper),
    )
    return tuple(_look(name, worst, look, settings) for name, worst, look in parts)


def _look(name: str, worst: Status, look: Callable[[Settings], Check], settings: Settings) -> Check:
    try:
        return look(settings)
    except (VocalMidiError, OSError, ImportError) as error:
        what, _, advice = str(error).partition("; ")
        return Check(name, worst, what, advice)


def _version(_settings: Settings) -> Check:
    detail = f"vocalmidi {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return Check("version", Status.OK, detail)


def _settings(_settings: Settings) -> Check:
    path = user_file()
    return Check("settings", Status.OK, str(path) if path.is_file() else f"the defaults hold; yours would be {path}")


def _styles(settings: Settings) -> Check:
    names = style_names()
    for name in names:
        load_style(name)
    load_style(settings.genre)
    return Check("styles", Status.OK, ", ".join(names))


def _ring(_settings: Settings) -> Check:
    ring = Ring(1024)
    kind = "mirrored" if ring.mirrored else "two-span"
    ring.close()
    return Check("ring", Status.OK, f"{kind} memory")


def _model(settings: Settings) -> Check:
    models = (*open_ears(settings.provider).models, open_live_path(settings).model)
    where = ", ".join(f"{model.card.name} on {model.placement.words}" for model in models)
    fallen = [model.placement for model in models if model.placement.is_fallback]
    if not fallen:
        return Check("model", Status.OK, where)
    return Check("model", Status.WARN, where, fallen[0].advice or 'set provider = "cpu" in [model] to have it so')


def _hearing(settings: Settings) -> Check:
    events = hear_file(demo_voice(), open_ears(settings.provider))
    if not events.notes:
        return Check("hearing", Status.FAIL, "no note is heard in the bundled recording", "install Vocal MIDI again")
    heard = f"{len(events.notes)} notes and {len(events.hits)} hits in the bundled recording"
    return Check("hearing", Status.OK, heard)


def _profile(settings: Settings) -> Check:
    path = profile_file(settings)
    if path is None:
        return Check("profile", Status.OK, "no voice profile is used")
    if not path.exists():
        return Check("profile", Status.OK, f"no sounds of your own are taught; they would be in {path}")
    names = read_profile(path).names
    return Check("profile", Status.OK, f"{path}: " + (", ".join(names) or "nothing is taught"))


def _microphone(_settings: Settings) -> Check:
    found = list_devices()
    if not found:
        return Check("microphone", Status.WARN, "no input is found", "plug in a microphone; files convert without one")
    chosen = next((device for device in found if device.is_default), found[0])
    return Check("microphone", Status.OK, f"{len(found)} inputs, default {chosen.label}")


def _midi(settings: Settings) -> Check:
    if not settings.midi_port:
        return Check("midi", Status.OK, "nothing is played live; midi_port in [midi] names where to")
    playing_of(settings)
    # Opened and closed: nothing is sent, so a run that plays there meanwhile is not disturbed.
    port = open_port(settings.midi_port)
    port.close()
    return Check("midi", Status.OK, f"{port.label} can be played at")


def _realtime(settings: Settings) -> Check:
    if settings.realtime == "off":
        return Check("realtime", Status.OK, "switched off in the settings")
    grant = probe()
    memory = "its memory can be locked" if may_lock_all() else "its memory can't be locked"
    status = Status.OK if grant.is_raised else Status.WARN
    return Check("realtime", status, f"what plays live gets {grant.how}, {memory}", grant.advice)


def _reaper(settings: Settings) -> Check:
    found = status(find_resource_path(reaper_folder(settings)))
    if not found.is_installed:
        state = "the scripts are out of date" if found.outdated else "the scripts are not installed"
        return Check("reaper", Status.WARN, f"{found.resource_path}: {state}", "run vocalmidi reaper install")
    if not found.bridge.is_alive:
        detail = f"{found.resource_path}: installed, the bridge is not running"
        return Check("reaper", Status.WARN, detail, "start Reaper, or its action 'Vocal MIDI: Start bridge'")
    return Check("reaper", Status.OK, f"{found.resource_path}: the bridge runs in {found.bridge.app}")
