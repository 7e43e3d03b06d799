"""Sounds of mouths and hands that nobody recorded: kicks, snares, hats and others, drawn widely.

In: a generator. Out: `Made` sounds: layers of noise bursts, damped tones and glottal pulses, each with its attack,
plateau and decay, through the resonance of a mouth. KINDS is the table of who sounds how: bands after plosive and
fricative acoustics (Stevens, Acoustic Phonetics, 1998: lips low and diffuse, teeth above 3 kHz, velar compact at
1–3 kHz) and after what beatboxers describe (Stowell and Plumbley, Characteristics of the beatboxing vocal style, 2008).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import butter, sosfilt

from training.timbre.sounds import HAT_CLOSED, HAT_OPEN, KICK, OTHER, SNARE, Floats, Heard
from training.voice.data_hits import band_noise
from training.voice.data_world import RATE_HZ

LEAD_S = 0.01
LONGEST_S = 0.7
SAME = 0.06
"""Relative scatter of times and frequencies when one person repeats a sound."""
SAME_DB = 1.5


@dataclass(frozen=True, slots=True)
class Layer:
    """One part of a sound.

    shape: "noise" between low and high; "tone" falling or rising from low to high; "pulses" of a voice at low, heard
    up to high.
    """

    shape: str
    low_hz: float
    high_hz: float
    late_s: float
    rise_s: float
    hold_s: float
    fall_s: float
    level_db: float


Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The ranges a layer is drawn from; all but levels evenly in logarithm. `chance` that it is there at all."""

    shape: str
    low_hz: Range
    high_hz: Range
    fall_s: Range
    level_db: Range = (-3.0, 0.0)
    late_s: Range = (1e-5, 1e-4)
    rise_s: Range = (2e-4, 2e-3)
    hold_s: Range = (1e-5, 1e-4)
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to make a sound, the classes it may be, its share among the kinds."""

    name: str
    labels: frozenset[int]
    share: float
    parts: tuple[Drawn, ...]


def _only(*labels: int) -> frozenset[int]:
    return frozenset(labels)


_PUFF = Drawn("noise", (40, 200), (400, 2500), (0.004, 0.03), (-16, 0))
_TIP = Drawn("noise", (2000, 4500), (6500, 7900), (0.002, 0.006), (-8, 0))
_LIPS = Drawn("tone", (500, 1300), (250, 700), (0.003, 0.012), (-14, -3), chance=0.7)
_SMACK = Drawn("noise", (150, 1000), (5000, 7900), (0.001, 0.004), (-40, -16), chance=0.6)
"""Lips that part: the thin line across all bands that most recorded kicks begin with; other low sounds have it too."""
_SPIT = Drawn("noise", (1500, 4000), (5000, 7900), (0.002, 0.015), (-42, -20), chance=0.5)

KINDS = (
    Kind("kick of lips", _only(KICK), 3.0, (
        Drawn("tone", (110, 320), (45, 95), (0.02, 0.09)), _PUFF, _LIPS, _SPIT, _SMACK,
    )),
    Kind("kick of a drum machine", _only(KICK), 1.5, (
        Drawn("tone", (120, 260), (42, 75), (0.04, 0.12)),
        Drawn("noise", (60, 250), (700, 2200), (0.003, 0.012), (-18, -2), chance=0.8),
    )),
    Kind("kick of the chest", _only(KICK), 2.0, (
        Drawn("pulses", (55, 150), (200, 700), (0.03, 0.12), rise_s=(0.001, 0.008)), _PUFF, _LIPS, _SPIT, _SMACK,
    )),
    Kind("kick of breath", _only(KICK), 2.0, (
        Drawn("noise", (30, 90), (250, 900), (0.01, 0.05)), _LIPS,
        Drawn("noise", (300, 800), (1500, 4000), (0.004, 0.02), (-25, -9)), _SPIT, _SMACK,
    )),
    Kind("kick with a click", _only(KICK), 0.5, (
        Drawn("tone", (130, 300), (50, 110), (0.02, 0.07)),
        Drawn("tone", (900, 3000), (700, 2600), (0.001, 0.004), (-12, 0)), _PUFF,
    )),
    Kind("kick that rings", _only(KICK), 0.7, (
        Drawn("pulses", (60, 130), (250, 800), (0.08, 0.2), hold_s=(0.01, 0.06)), _PUFF, _LIPS,
    )),
    Kind("b", _only(KICK), 1.0, (
        Drawn("pulses", (80, 220), (300, 1200), (0.008, 0.04), late_s=(1e-5, 0.012)), _PUFF, _LIPS, _SMACK,
    )),
    Kind("pf", _only(SNARE), 2.5, (
        _PUFF, _LIPS, Drawn("noise", (500, 1800), (5000, 7900), (0.025, 0.09), (-8, 2), (0.003, 0.03), (0.002, 0.02),
                            (0.005, 0.06)),
    )),
    Kind("psh", _only(SNARE), 2.0, (
        _PUFF, _LIPS, Drawn("noise", (1200, 2600), (4500, 7500), (0.025, 0.1), (-4, 4), (0.003, 0.03), (0.002, 0.02),
                            (0.005, 0.07)),
    )),
    Kind("ksh", _only(SNARE), 2.0, (
        Drawn("noise", (800, 1800), (1800, 4000), (0.004, 0.02), (-6, 3)),
        Drawn("noise", (1500, 2800), (5000, 7900), (0.025, 0.1), (-5, 2), (0.003, 0.03), (0.002, 0.02), (0.005, 0.07)),
    )),
    Kind("inward k", _only(SNARE), 2.5, (
        Drawn("noise", (600, 1600), (1600, 3800), (0.012, 0.05)),
        Drawn("tone", (900, 2300), (900, 2300), (0.004, 0.02), (-14, 0), chance=0.6),
        Drawn("noise", (1500, 3500), (5000, 7900), (0.01, 0.06), (-16, -2), (1e-4, 0.01)),
    )),
    Kind("k with breath", _only(SNARE), 2.0, (
        Drawn("noise", (700, 1500), (1800, 4500), (0.004, 0.02)),
        Drawn("noise", (400, 900), (1500, 3500), (0.02, 0.09), (-12, -2), (0.002, 0.02), (0.002, 0.015), (0.001, 0.04)),
        Drawn("noise", (2500, 4000), (6000, 7900), (0.01, 0.06), (-18, -4), (1e-4, 0.02)),
    )),
    Kind("snare with a voice", _only(SNARE), 1.0, (
        Drawn("pulses", (110, 280), (500, 2500), (0.02, 0.08), (-10, 0)),
        Drawn("noise", (800, 2000), (5000, 7900), (0.03, 0.1), (-5, 3), rise_s=(5e-4, 0.008)), _PUFF,
    )),
    Kind("b with a hiss", _only(SNARE), 2.5, (
        Drawn("pulses", (80, 250), (250, 1200), (0.01, 0.04), rise_s=(0.0005, 0.004)), _PUFF, _LIPS,
        Drawn("noise", (1000, 3000), (6000, 7900), (0.025, 0.1), (-22, -3), (0.005, 0.035), (0.002, 0.015),
              (0.01, 0.07)),
    )),
    Kind("snare of the throat", _only(SNARE), 1.5, (
        Drawn("noise", (180, 350), (450, 800), (0.02, 0.06), (-4, 2), rise_s=(0.001, 0.006), hold_s=(0.02, 0.08)),
        Drawn("noise", (700, 1100), (1300, 2200), (0.02, 0.06), (-14, -2), hold_s=(0.01, 0.06)),
        Drawn("noise", (1500, 3000), (6000, 7900), (0.02, 0.08), (-10, 0), rise_s=(0.001, 0.008), hold_s=(0.02, 0.08)),
    )),
    Kind("tongue with noise", _only(SNARE), 0.8, (
        Drawn("tone", (900, 2500), (700, 2200), (0.003, 0.012)),
        Drawn("noise", (1000, 2500), (5000, 7900), (0.015, 0.07), (-10, 0), (0.001, 0.01)),
    )),
    Kind("t", _only(HAT_CLOSED), 2.5, (
        Drawn("noise", (2300, 4500), (6000, 7900), (0.003, 0.02)),
        Drawn("noise", (3500, 5500), (7000, 7900), (0.006, 0.03), (-12, 0), (1e-4, 0.004)),
    )),
    Kind("t of the whole tract", _only(HAT_CLOSED), 4.0, (
        Drawn("noise", (80, 600), (6000, 7900), (0.001, 0.005)),
        Drawn("noise", (3000, 5500), (7000, 7900), (0.003, 0.02), (-18, 0), (1e-5, 0.003)),
        Drawn("noise", (60, 300), (400, 1500), (0.002, 0.012), (-16, 0), chance=0.6),
    )),
    Kind("short ts", _only(HAT_CLOSED), 2.5, (
        _TIP, Drawn("noise", (3300, 5500), (7200, 7900), (0.01, 0.035), (-3, 4), (1e-4, 0.008), (5e-4, 0.006),
                    (0.002, 0.025)),
    )),
    Kind("tick", _only(HAT_CLOSED), 1.5, (
        Drawn("noise", (2800, 5500), (7000, 7900), (0.0015, 0.008)),
        Drawn("tone", (2500, 6000), (2500, 6000), (0.001, 0.004), (-14, 0), chance=0.5),
    )),
    Kind("short tch", _only(HAT_CLOSED), 1.0, (
        _TIP, Drawn("noise", (2300, 3300), (6000, 7600), (0.008, 0.03), (-3, 3), (1e-4, 0.006), (5e-4, 0.005),
                    (0.002, 0.02)),
    )),
    Kind("long ts", _only(HAT_OPEN), 3.0, (
        _TIP, Drawn("noise", (3300, 5500), (7200, 7900), (0.03, 0.15), (-3, 6), (1e-4, 0.01), (5e-4, 0.01),
                    (0.06, 0.3)),
    )),
    Kind("long tch", _only(HAT_OPEN), 1.5, (
        _TIP, Drawn("noise", (2400, 3500), (6500, 7800), (0.03, 0.15), (-3, 5), (1e-4, 0.01), (5e-4, 0.01),
                    (0.06, 0.25)),
    )),
    Kind("s that stops", _only(HAT_OPEN), 1.0, (
        Drawn("noise", (3600, 5500), (7300, 7900), (0.004, 0.02), rise_s=(0.002, 0.02), hold_s=(0.08, 0.3)),
    )),
    Kind("clap", _only(OTHER), 1.5, tuple(
        Drawn("noise", (500, 1300), (2000, 6000), (0.002, 0.006 if late[0] < 0.02 else 0.04), (-6, 0), late)
        for late in ((1e-5, 1e-4), (0.007, 0.013), (0.016, 0.024), (0.025, 0.034))
    )),
    Kind("one clap", _only(OTHER), 1.5, (
        Drawn("noise", (500, 1200), (1800, 7000), (0.003, 0.012)),
        Drawn("tone", (700, 1800), (700, 1800), (0.003, 0.012), (-14, -2)),
    )),
    Kind("snap", _only(OTHER), 1.0, (
        Drawn("tone", (1300, 3500), (1300, 3500), (0.002, 0.01)),
        Drawn("noise", (1500, 3000), (4000, 7900), (0.001, 0.006)),
    )),
    Kind("click of the tongue", _only(OTHER), 2.0, (
        Drawn("tone", (700, 2600), (600, 3000), (0.003, 0.02)),
        Drawn("noise", (800, 2500), (4000, 7900), (0.0005, 0.003)),
    )),
    Kind("pop", _only(OTHER), 1.5, (
        Drawn("tone", (250, 700), (600, 1800), (0.006, 0.03)), _SMACK,
        Drawn("noise", (300, 900), (1500, 4000), (0.001, 0.004), (-14, -3)),
    )),
    Kind("zap", _only(OTHER), 1.0, (
        Drawn("tone", (1500, 6000), (120, 500), (0.02, 0.1)),
        Drawn("noise", (500, 2000), (4000, 7900), (0.01, 0.05), (-20, -6)),
    )),
    Kind("rim", _only(OTHER), 1.5, (
        Drawn("tone", (350, 600), (350, 600), (0.004, 0.02), (-8, 0)),
        Drawn("tone", (1200, 2600), (1200, 2600), (0.003, 0.015)),
        Drawn("noise", (1000, 3000), (4000, 7900), (0.0005, 0.004), (-8, 0)),
    )),
    Kind("tom", _only(OTHER), 1.5, (
        Drawn("tone", (190, 450), (115, 280), (0.08, 0.25)), _SMACK, _SPIT,
        Drawn("noise", (100, 400), (800, 3000), (0.003, 0.02), (-16, -5)),
    )),
    Kind("tom of the voice", _only(OTHER), 1.5, (
        Drawn("pulses", (130, 320), (400, 2000), (0.05, 0.15), hold_s=(0.01, 0.08)), _SMACK, _SPIT,
        Drawn("noise", (300, 1500), (2000, 6000), (0.003, 0.02), (-14, -3)),
    )),
    Kind("scratch", _only(OTHER), 1.5, (
        Drawn("noise", (500, 1500), (1500, 4000), (0.02, 0.08), rise_s=(0.01, 0.06)),
        Drawn("tone", (300, 1200), (600, 3000), (0.03, 0.12), (-12, 0), rise_s=(0.005, 0.04)),
        Drawn("pulses", (40, 120), (1500, 4000), (0.03, 0.1), (-14, 0), chance=0.5),
    )),
    Kind("kiss", _only(OTHER), 1.0, (
        Drawn("noise", (1500, 3000), (4500, 7900), (0.01, 0.04), (-6, 0), rise_s=(0.008, 0.04)),
        Drawn("tone", (900, 2500), (1500, 4000), (0.003, 0.01), (-8, 0), (0.01, 0.04)),
    )),
    Kind("raspberry", _only(OTHER), 0.7, (
        Drawn("pulses", (25, 70), (800, 4000), (0.05, 0.15), hold_s=(0.05, 0.2)),
    )),
    Kind("crash", _only(OTHER, HAT_OPEN), 0.7, (
        _PUFF, Drawn("noise", (1200, 3000), (6500, 7900), (0.15, 0.4), (-3, 3), hold_s=(0.1, 0.3)),
    )),
)  # fmt: skip
"""Every line one sound. Frequencies in Hz, times in s, levels in dB re the sound's loudest layer."""
RESONANCES = 3
RESONANCES_HZ = (250.0, 6500.0)
RESONANCES_DB = (-5.0, 8.0)


@dataclass(frozen=True, slots=True)
class Made:
    """A computed sound and the mouth that it comes from: resonances as (Hz, dB)."""

    identity: str
    labels: frozenset[int]
    layers: tuple[Layer, ...]
    resonances: tuple[tuple[float, float], ...]
    source: str = "computed mouths"
    joined: bool = False

    def play(self, rng: np.random.Generator) -> Heard:
        """Return it with every number a little off and fresh noise."""
        lead = int(LEAD_S * RATE_HZ)
        parts = [_sounding(_again(layer, rng), rng) for layer in self.layers]
        sound = np.zeros(lead + max(len(part) for part in parts))
        for part in parts:
            sound[lead : lead + len(part)] += part
        for centre_hz, level_db in self.resonances:
            near = centre_hz * np.exp(rng.normal(0.0, SAME))
            band = butter(1, [0.85 * near, min(7900.0, 1.18 * near)], "bandpass", fs=RATE_HZ, output="sos")
            sound = sound + (10.0 ** (level_db / 20.0) - 1.0) * sosfilt(band, sound)
        return Heard(sound / (np.abs(sound).max() + 1e-9), lead)


def made(number: int, seed: int) -> Made:
    """Return the computed sound of that number."""
    rng = np.random.default_rng([seed, number])
    shares = np.array([kind.share for kind in KINDS])
    kind = KINDS[rng.choice(len(KINDS), p=shares / shares.sum())]
    layers = [_drawn(part, rng) for part in kind.parts if rng.random() < part.chance]
    resonances = tuple(
        (float(np.exp(rng.uniform(*np.log(RESONANCES_HZ)))), float(rng.uniform(*RESONANCES_DB)))
        for _ in range(rng.integers(RESONANCES + 1))
    )
    return Made(f"{kind.name} {seed}.{number}", kind.labels, tuple(layers), resonances)


def _drawn(part: Drawn, rng: np.random.Generator) -> Layer:
    def between(ends: Range) -> float:
        return float(np.exp(rng.uniform(np.log(ends[0]), np.log(ends[1]))))

    times = (between(part.late_s), between(part.rise_s), between(part.hold_s), between(part.fall_s))
    return Layer(part.shape, between(part.low_hz), between(part.high_hz), *times, float(rng.uniform(*part.level_db)))


def _again(layer: Layer, rng: np.random.Generator) -> Layer:
    names = ("low_hz", "high_hz", "late_s", "rise_s", "hold_s", "fall_s")
    scattered = {name: getattr(layer, name) * float(np.exp(rng.normal(0.0, SAME))) for name in names}
    return replace(layer, **scattered, level_db=layer.level_db + float(rng.normal(0.0, SAME_DB)))


def _sounding(layer: Layer, rng: np.random.Generator) -> Floats:
    late = int(layer.late_s * RATE_HZ)
    count = int(min(LONGEST_S, layer.rise_s + layer.hold_s + 7.0 * layer.fall_s + 0.004) * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    fallen = np.exp(-np.maximum(0.0, time_s - layer.rise_s - layer.hold_s) / layer.fall_s)
    shape = np.clip(time_s / layer.rise_s, 0.0, 1.0) * fallen * 10.0 ** (layer.level_db / 20.0)
    shape[-32:] *= np.linspace(1.0, 0.0, 32)[-count:]
    if layer.shape == "noise":
        # A burst's random energy is that of a few samples: its loudness is set after it is cut.
        own = shape * band_noise(count, layer.low_hz, max(layer.high_hz, 1.3 * layer.low_hz), rng)
        own *= 10.0 ** (layer.level_db / 20.0) / (np.abs(own).max() + 1e-9)
    elif layer.shape == "tone":
        gone = 1.0 - np.exp(-time_s / (0.5 * layer.fall_s + 0.002))
        own = shape * np.sin(2 * np.pi * np.cumsum(layer.low_hz * (layer.high_hz / layer.low_hz) ** gone) / RATE_HZ)
    else:
        own = _pulses(layer, count, rng) * shape
    return np.concatenate([np.zeros(late), own])


def _pulses(layer: Layer, count: int, rng: np.random.Generator) -> Floats:
    """Return glottal pulses of peak 1 that slow down a little, through a second-order low pass at high_hz."""
    pitch_hz = layer.low_hz * np.linspace(1.0, rng.uniform(0.6, 1.0), count)
    turned = np.cumsum(pitch_hz) / RATE_HZ
    struck = np.diff(np.floor(turned), prepend=-1.0)
    voice = sosfilt(butter(2, layer.high_hz, fs=RATE_HZ, output="sos"), struck)
    return np.asarray(voice / (np.abs(voice).max() + 1e-9))
