"""What is meant by "write": which events, and where in the project each was sung.

Comes in: a command, what was heard, what the project played. Goes out: `Take`s, each to be written as one: a phrase
sung while the transport stood still, a piece that the project played through, or the passes of a loop. A phrase in
whose middle the transport jumped is as many takes as there were pieces, so that each note goes where it was sung.
"""

from dataclasses import dataclass
from itertools import pairwise

from vocalmidi.app.following import Following
from vocalmidi.app.hearing import Hearing, cut
from vocalmidi.errors import PhraseError
from vocalmidi.reaper import BridgeCommand, CommandName
from vocalmidi.transport import Began, Piece
from vocalmidi.units import SampleIndex, Seconds, seconds_to_samples
from vocalmidi.values import Events

EARLY_S = 0.06
"""Who comes in so much before a loop begins anew, or the transport jumps, means what comes after: singers anticipate a
beat by some 20–50 ms."""
LEAST_SHARE = 0.5
"""Of a phrase that was sung while the project played; with less of it the transport was not what it was sung to."""


@dataclass(frozen=True, slots=True)
class Sung:
    """Events, and the piece that the project played meanwhile; None where it stood still."""

    events: Events
    piece: Piece | None


@dataclass(frozen=True, slots=True)
class Take:
    """What is written as one: something sung, or all passes of one loop, oldest first."""

    passes: tuple[Sung, ...]

    @property
    def last(self) -> Sung:
        """Return what was sung last."""
        return self.passes[-1]

    @property
    def events(self) -> Events:
        """Return all that was sung in it."""
        first, last = self.passes[0].events, self.passes[-1].events
        return Events(
            start=first.start,
            stop=last.stop,
            sample_rate_hz=first.sample_rate_hz,
            notes=tuple(note for sung in self.passes for note in sung.events.notes),
            hits=tuple(hit for sung in self.passes for hit in sung.events.hits),
        )


@dataclass(frozen=True, slots=True)
class Memory:
    """Where takes are looked for: what was heard, what the project played, and the silence that ends a phrase.

    device: the name of the microphone, for what is written to remember.
    """

    hearing: Hearing
    following: Following
    gap_s: float
    device: str = ""

    def takes(self, command: BridgeCommand) -> tuple[Take, ...]:
        """Return what a command means.

        Raises:
            PhraseError: nothing was sung there, or to another project.
            CaptureError: it is older than the history.
        """
        match command.name:
            case CommandName.WRITE:
                found = self.last_phrase()
            case CommandName.WRITE_SELECTION:
                found = self._selection(command)
            case CommandName.WRITE_BARS:
                found = self._bars(command)
            case _:
                raise ValueError(f"to {command.name} is not to write what was sung")
        self._refuse_other_projects(found, command.wish.project)
        return found

    def last_phrase(self) -> tuple[Take, ...]:
        """Return what was just sung; raise PhraseError where that is nothing."""
        return self._placed(self.hearing.last_phrase(self.gap_s))

    def recorded(self, start: SampleIndex, stop: SampleIndex, project: int | None) -> tuple[Take, ...]:
        """Return what was sung from one sample to another to a project, as far back as the history reaches.

        Raises:
            PhraseError: nothing was, or to other projects.
        """
        oldest = SampleIndex(max(start, self.hearing.history.available.start))
        heard = self.hearing.events(oldest, stop)
        if not (heard.notes or heard.hits):
            raise PhraseError("nothing was sung while the phrase was recorded, so nothing is written")
        # From its first sound on, as every phrase: written by other means as well, it is there once.
        found = self._placed(cut(heard, _start_of(heard), heard.stop))
        own = tuple(take for take in found if self._is_of(take, project))
        if not own:
            self._refuse_other_projects(found, project)
        return own

    def _placed(self, heard: Events) -> tuple[Take, ...]:
        """Return something sung where the project played to it, or by itself where it stood still."""
        stop = _end_of(heard)
        phrase = cut(heard, heard.start, stop)
        pieces = self.following.pieces(phrase.start, stop)
        if not pieces or _share_within(phrase, pieces) < LEAST_SHARE:
            return (Take((Sung(phrase, None),)),)
        # Before the transport began and after it stopped, its line is drawn on.
        early = seconds_to_samples(EARLY_S, phrase.sample_rate_hz)
        bounds = [int(phrase.start), *(piece.start - early for piece in pieces[1:]), stop]
        spans = zip(pieces, pairwise(bounds), strict=True)
        return _grouped([Sung(_part(phrase, *bound), piece) for piece, bound in spans])

    def _selection(self, command: BridgeCommand) -> tuple[Take, ...]:
        selection_s = command.wish.selection_s
        if selection_s is None:
            raise ValueError("the command names no time selection")
        takes = self._between(*selection_s, command.wish.project)
        if not takes:
            raise PhraseError(
                "nothing was sung while the project played through the time selection, so nothing is written; sing "
                "while it plays, or write what was just sung at the edit cursor"
            )
        return takes

    def _bars(self, command: BridgeCommand) -> tuple[Take, ...]:
        bars = command.wish.bars or 1
        here = self.hearing.history.available
        pieces = self.following.pieces(SampleIndex(here.start), SampleIndex(here.stop))
        if not pieces:
            raise PhraseError(
                "the project has not played since listening began, so it has no last bars; write what was just sung"
            )
        start_s, stop_s = _last_bars(pieces[-1], bars)
        takes = self._between(start_s, stop_s, command.wish.project)
        if not takes:
            raise PhraseError(
                f"nothing was sung in the last {bars} bars, so nothing is written; sing, then write again"
            )
        return takes

    def _between(self, start_s: float, stop_s: float, project: int | None) -> tuple[Take, ...]:
        """Return what was sung in a span of the project, the last time it was played, with passes of a loop."""
        here = self.hearing.history.available
        pieces = self.following.pieces(SampleIndex(0), SampleIndex(here.stop))
        found: list[Sung] = []
        for at in range(len(pieces) - 1, -1, -1):
            piece = pieces[at]
            span = _samples_between(piece, start_s, stop_s)
            is_other = project is not None and self.following.project_of(piece) != project
            if span is None or is_other or _was_played_again(piece, pieces[at + 1 :], (start_s, stop_s)):
                continue
            if found and span[0] < here.start:
                break  # passes that the history has forgotten; that nothing is left at all is said by `events`
            events = self.hearing.events(*span)
            if events.notes or events.hits:
                found.append(Sung(events, piece))
        return _grouped(found[::-1])

    def _is_of(self, take: Take, project: int | None) -> bool:
        """Return whether a take was sung to a project, or to none that played."""
        pieces = [sung.piece for sung in take.passes if sung.piece is not None]
        return project is None or all(self.following.project_of(piece) == project for piece in pieces)

    def _refuse_other_projects(self, takes: tuple[Take, ...], project: int | None) -> None:
        if not all(self._is_of(take, project) for take in takes):
            raise PhraseError(
                "this was sung to another project than the one that is open now, or before the bridge was started "
                "anew, so nothing is written; open that project, or sing it again"
            )


def _share_within(phrase: Events, pieces: tuple[Piece, ...]) -> float:
    """Return how many of the events begin while one of the pieces is played, 0–1."""
    onsets = [note.onset for note in phrase.notes] + [hit.onset for hit in phrase.hits]
    within = [any(piece.start <= onset < piece.stop for piece in pieces) for onset in onsets]
    return sum(within) / len(within)


def _start_of(phrase: Events) -> SampleIndex:
    """Return the first sample of the first sound."""
    return SampleIndex(min([note.onset for note in phrase.notes[:1]] + [hit.onset for hit in phrase.hits[:1]]))


def _end_of(phrase: Events) -> SampleIndex:
    """Return the sample after the last sound."""
    ends = [note.offset for note in phrase.notes] + [hit.onset + 1 for hit in phrase.hits]
    return SampleIndex(max(ends))


def _part(phrase: Events, start: int, stop: int) -> Events:
    return cut(phrase, SampleIndex(start), SampleIndex(stop))


def _grouped(sung: list[Sung]) -> tuple[Take, ...]:
    """Return each by itself but for the passes of one loop, which follow each other; what is empty is left out."""
    groups: list[list[Sung]] = []
    for each in sung:
        if groups and each.piece is not None and each.piece.began is Began.LOOP:
            groups[-1].append(each)
        else:
            groups.append([each])
    parted = [part for group in groups for part in _from_loop_start(group)]
    kept = [tuple(each for each in group if each.events.notes or each.events.hits) for group in parted]
    return tuple(Take(group) for group in kept if group)


def _from_loop_start(group: list[Sung]) -> list[list[Sung]]:
    """Return passes of a loop, and before them what was sung on the way to its start, if play began there."""
    first = group[0].piece
    second = group[1].piece if len(group) > 1 else None
    if first is None or second is None:
        return [group]
    events, loop_s = group[0].events, second.project_s(second.start)
    early_s = loop_s - EARLY_S
    if first.project_s(first.start) >= early_s:
        return [group]
    at = SampleIndex(round(first.sample_at(early_s)))
    before, after = cut(events, events.start, max(events.start, at)), cut(events, max(events.start, at), events.stop)
    return [[Sung(before, first)], [Sung(after, first), *group[1:]]]


def _samples_between(piece: Piece, start_s: float, stop_s: float) -> tuple[SampleIndex, SampleIndex] | None:
    """Return the samples of a piece that were sung within a span of the project, None where there are none."""
    if piece.project_s(piece.stop) <= start_s or piece.project_s(piece.start) >= stop_s:
        return None
    first = max(piece.start, round(piece.sample_at(start_s)))
    last = min(piece.stop, round(piece.sample_at(stop_s)))
    return (SampleIndex(first), SampleIndex(last)) if last > first else None


def _was_played_again(piece: Piece, later: tuple[Piece, ...], span_s: tuple[float, float]) -> bool:
    """Return whether most of what a piece has of a span was played anew later, and not as another pass of a loop."""
    low, high = max(span_s[0], piece.project_s(piece.start)), min(span_s[1], piece.project_s(piece.stop))
    for other in later:
        if other.began is Began.LOOP:
            continue
        shared_s = min(high, other.project_s(other.stop)) - max(low, other.project_s(other.start))
        if shared_s > (high - low) / 2:
            return True
    return False


def _last_bars(piece: Piece, bars: int) -> tuple[Seconds, Seconds]:
    """Return where the last bars lie in the project: those before the bar line next to where it is, or has stopped."""
    at_qn = piece.grid.tempo_map.qn_at(piece.project_s(piece.stop))
    bar = piece.grid.bar_at(at_qn)
    stop_qn = bar.qn if at_qn - bar.qn < bar.meter.bar_qn / 2 else bar.qn + bar.meter.bar_qn
    start_qn = stop_qn
    for _ in range(bars):
        start_qn = piece.grid.bar_at(start_qn - 1e-6).qn
    return piece.grid.tempo_map.time_at(start_qn), piece.grid.tempo_map.time_at(stop_qn)
