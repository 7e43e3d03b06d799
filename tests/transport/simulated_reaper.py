"""A Reaper, a singer and two sound cards in true time: what the time map is held against.

It knows nothing of the code under test: positions are integrated from a script of what the user does, audio block by
block; what reaches the daemon is late, rough and drifting, as on a busy computer. `heard_s` is the truth.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass, field, replace

import numpy as np

HOST_EPOCH_S = 5000.0
"""What the host's monotonic clock shows at true time 0; the wall clock shows WALL_EPOCH_S."""
WALL_EPOCH_S = 1.8e9


@dataclass(frozen=True)
class Studio:
    """The hardware and how ill it is.

    *_ppm: how much faster a card runs than it says.
    input_latency_s, output_latency_s: latency that a driver reports; *_error_s: what it does not.
    *_hiccup_share: of deliveries that come up to 100 ms late.
    told_s: how often the bridge tells where it is, unless something happens; 0 is each turn of its loop.
    """

    sample_rate_hz: int = 48_000
    input_ppm: float = 0.0
    output_ppm: float = 0.0
    input_error_s: float = 0.0
    output_error_s: float = 0.0
    input_latency_s: float = 0.008
    output_latency_s: float = 0.025
    play_block_s: float = 512 / 48_000
    device_block: int = 128
    device_jitter_s: float = 0.0005
    device_hiccup_share: float = 0.0
    turn_s: float = 0.033
    bridge_hiccup_share: float = 0.0
    stamp_hiccup_share: float = 0.0
    stamp: str = "host"
    told_s: float = 0.0


@dataclass(frozen=True)
class Act:
    """At true time `at_s` the user (or the computer) does `what` with `value`."""

    at_s: float
    what: str
    value: object = None


@dataclass(frozen=True)
class Saw:
    """What one turn of the bridge read; `read_s` is when the daemon read it, true time."""

    read_s: float
    stamp_s: float
    play_state: int
    play_s: float
    cursor_s: float
    play_rate: float
    loop: tuple[float, float] | None
    grid: int
    project: str


def _is_news(before, saw):
    """Whether the bridge tells this at once: something is another, or the position is not where it should be."""
    fixed = [(s.play_state, s.play_rate, s.loop, s.grid, s.project) for s in (before, saw)]
    if fixed[0] != fixed[1]:
        return True
    moves = bool(saw.play_state & 5) and not saw.play_state & 2
    due_s = before.play_s + (saw.stamp_s - before.stamp_s) * saw.play_rate * moves
    return abs(saw.play_s - due_s) > 0.05


@dataclass
class _State:
    play_state: int = 0
    position_s: float = 0.0
    cursor_s: float = 0.0
    rate: float = 1.0
    loop: tuple[float, float] | None = None
    grid: int = 0
    project: str = "song"
    stalled_until_s: float = -1.0


@dataclass
class SimulatedReaper:
    """Plays a script through; ask afterwards."""

    studio: Studio
    script: list[Act]
    length_s: float
    seed: int = 1
    _spans: list[tuple[float, float, float, float]] = field(default_factory=list)  # from, to, position, speed
    _states: list[tuple[float, _State]] = field(default_factory=list)

    def __post_init__(self):
        self._random = random.Random(self.seed)
        self._play()
        self._columns = np.array(self._spans).reshape(-1, 4).T

    # -- the truth --

    def heard_s(self, at_s):
        """Return the project position that comes out of the loudspeaker at a true time; None when none does."""
        return self._engine_s(at_s - self.studio.output_latency_s - self.studio.output_error_s)

    def moments(self, project_s):
        """Return every true time at which a project position is heard."""
        late_s = self.studio.output_latency_s + self.studio.output_error_s
        begin, end, position, speed = self._columns
        at = (position <= project_s) & (project_s < position + (end - begin) * speed)
        return [float(at_s) for at_s in begin[at] + (project_s - position[at]) / speed[at] + late_s]

    def sample_sung_at(self, at_s):
        """Return the sample that holds a sound made at a true time; sound that was lost has none after it."""
        lost_s = sum(act.value for act in self.script if act.what == "lose_input" and act.at_s + act.value <= at_s)
        rate_hz = self.studio.sample_rate_hz * (1 + self.studio.input_ppm * 1e-6)
        return (at_s - lost_s + self.studio.input_error_s) * rate_hz

    def command_at(self, at_s):
        """Return what a user's command brings: where Reaper is, and the newest sample that is there when it comes."""
        came_s = at_s + self._random.uniform(0.002, 0.035)  # the file is written, the daemon looks every 20 ms
        block_s = self.studio.device_block / self.studio.sample_rate_hz
        taken_s = came_s - self.studio.input_latency_s - block_s - self._random.uniform(0.0, 0.01)  # the reader's poll
        return self._seen(at_s, self._stamp_s(at_s), came_s), int(
            self.sample_sung_at(taken_s - self.studio.input_error_s)
        )

    # -- what the daemon gets --

    def sightings(self):
        """Return (sample, host time that the driver gives for it), a block each."""
        studio, found, sample = self.studio, [], 0
        losses = sorted((act.at_s, act.value) for act in self.script if act.what == "lose_input")
        rate_hz = studio.sample_rate_hz * (1 + studio.input_ppm * 1e-6)
        lost_s, hiccup_until = 0.0, -1.0
        while (true_s := sample / rate_hz + lost_s) < self.length_s:
            if losses and true_s >= losses[0][0]:
                lost_s += losses.pop(0)[1]
                continue
            if self._random.random() < studio.device_hiccup_share:
                hiccup_until = true_s + 0.1
            late_s = max(hiccup_until - true_s, 0.0) + self._random.expovariate(1 / studio.device_jitter_s)
            found.append((sample, HOST_EPOCH_S + true_s + late_s))
            sample += studio.device_block
        return found

    def reports(self):
        """Return what the bridge tells, in order."""
        told, before, told_at_s = [], None, -1.0
        for saw in self._turns():
            news = before is None or _is_news(before, saw)
            if news and before is not None and told[-1] is not before:
                told.append(replace(before, read_s=saw.read_s))
            if news or saw.stamp_s - told_at_s >= self.studio.told_s:
                told.append(saw)
                told_at_s = saw.stamp_s
            before = saw
        return told

    def _turns(self):
        """Return what the bridge read at each of its turns, in order."""
        studio, found, at_s = self.studio, [], 0.01
        read_s = 0.0
        while at_s < self.length_s:
            stamp_late_s = self._random.expovariate(1 / 0.00005)
            if self._random.random() < studio.stamp_hiccup_share:
                stamp_late_s += 0.1
            read_s = max(read_s, at_s + stamp_late_s + self._random.uniform(0.001, 0.03))
            found.append(self._seen(at_s, self._stamp_s(at_s + stamp_late_s), read_s))
            pause_s = studio.turn_s + self._random.expovariate(1 / 0.003) + stamp_late_s
            if self._random.random() < studio.bridge_hiccup_share:
                pause_s += 0.1
            at_s += pause_s
            for act in self.script:
                if act.what == "dialog" and act.at_s <= at_s < act.at_s + act.value:
                    at_s = act.at_s + act.value
        return found

    def _stamp_s(self, at_s):
        epochs = {"host": HOST_EPOCH_S, "wall": WALL_EPOCH_S, "foreign": 123_456.0}
        return epochs[self.studio.stamp] + at_s

    def _seen(self, at_s, stamp_s, read_s):
        state = self._states[bisect_right(self._states, at_s, key=lambda entry: entry[0]) - 1][1]
        playing = bool(state.play_state & 5) and not state.play_state & 2
        # The audio thread moves the position once a block; it takes its own latency, as it knows it, off.
        block_s = at_s // self.studio.play_block_s * self.studio.play_block_s
        heard_s = self._engine_s(block_s - self.studio.output_latency_s) if playing else None
        # Until the first block is out the position waits where play begins.
        play_s = heard_s if heard_s is not None else state.position_s if playing else state.cursor_s
        return Saw(
            read_s, stamp_s, state.play_state, play_s, state.cursor_s, state.rate, state.loop, state.grid, state.project
        )

    # -- playing --

    def _engine_s(self, at_s):
        index = bisect_right(self._spans, at_s, key=lambda span: span[0]) - 1
        if index < 0:
            return None
        begin, end, position, speed = self._spans[index]
        return position + (at_s - begin) * speed if at_s <= end else None

    def _play(self):
        state, script, at_s = _State(), sorted(self.script, key=lambda act: act.at_s), 0.0
        self._states.append((-1.0, _State()))
        while at_s < self.length_s:
            while script and script[0].at_s <= at_s:
                self._act(state, script.pop(0), at_s)
                self._states.append((at_s, _State(**vars(state))))
            self._advance(state, at_s, at_s + self.studio.play_block_s)
            at_s += self.studio.play_block_s

    def _act(self, state, act, at_s):
        if act.what in ("play", "record"):
            if not state.play_state & 2:
                state.position_s = state.cursor_s
            state.play_state = 1 if act.what == "play" else 5
        elif act.what == "count_in":  # the metronome first, while the position waits at the cursor
            state.position_s, state.play_state, state.stalled_until_s = state.cursor_s, 5, at_s + act.value
        elif act.what == "stop":
            state.play_state = 0
        elif act.what == "pause":
            state.play_state |= 2
        elif act.what == "seek":
            state.cursor_s = state.position_s = act.value
        elif act.what == "leap":  # a smooth seek, or a script's: play goes elsewhere, the cursor stays
            state.position_s = act.value
        elif act.what == "stall":
            state.stalled_until_s = at_s + act.value
        elif act.what in ("rate", "loop", "grid", "project"):
            setattr(state, act.what, act.value)

    def _advance(self, state, from_s, to_s):
        """Let the engine play one block, turning at the loop's end to the sample."""
        if not state.play_state & 5 or state.play_state & 2:
            return
        if from_s < state.stalled_until_s:
            self._spans.append((from_s, to_s, state.position_s, 0.0))
            return
        speed = state.rate * (1 + self.studio.output_ppm * 1e-6)
        while to_s - from_s > 1e-12:
            until_s = to_s
            if state.loop and state.position_s < state.loop[1]:
                until_s = min(to_s, from_s + (state.loop[1] - state.position_s) / speed)
            self._spans.append((from_s, until_s, state.position_s, speed))
            state.position_s += (until_s - from_s) * speed
            if state.loop and abs(state.position_s - state.loop[1]) < 1e-9:
                state.position_s = state.loop[0]
            from_s = until_s
