"""The bodies of `transport` and `project_map` files in lines, and back; see docs/SPOOL.md."""

from collections.abc import Iterator

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.codec_replies import read_tempo_map, tempo_lines
from vocalmidi.reaper.lines import LineReader, number_text
from vocalmidi.reaper.ranges import MAX_CLOCK_S, MAX_NUMBER, MAX_QN, MAX_TIME_S
from vocalmidi.reaper.reports import (
    MAX_METERS,
    MAX_OBSERVATIONS,
    MAX_RATE,
    MIN_RATE,
    MeterPoint,
    Observation,
    ProjectMap,
    TransportReport,
)
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import Meter

TRANSPORT_KIND, MAP_KIND = "transport", "project_map"


def transport_lines(report: TransportReport) -> Iterator[str]:
    """Yield the body lines of a report."""
    yield f"written_s {number_text(report.written_s)}"
    yield f"observations {len(report.observations)}"
    for seen in report.observations:
        heard = f"{seen.play_state} {number_text(seen.play_s)} {number_text(seen.cursor_s)} {number_text(seen.rate)}"
        loop = f"{int(seen.loops)} {number_text(seen.loop_start_s)} {number_text(seen.loop_stop_s)}"
        yield f"o {seen.number} {number_text(seen.clock_s)} {heard} {loop} {seen.project} {seen.map_number}"


def read_transport(reader: LineReader) -> TransportReport:
    """Return the report; raise ReaperError where a line is not as it should be."""
    written_s = Seconds(reader.number(reader.fields("written_s", 1)[0], -MAX_CLOCK_S, MAX_CLOCK_S))
    count = reader.integer(reader.fields("observations", 1)[0], 1, MAX_OBSERVATIONS)
    observations = tuple(_observation(reader) for _ in range(count))
    try:
        return TransportReport(reader.message_id, written_s, observations)
    except ValueError as error:
        raise ReaperError(f"spool message refused: {error}; write it again with this version") from error


def _observation(reader: LineReader) -> Observation:
    fields = reader.fields("o", 11)
    number, clock_s, state, play_s, cursor_s, rate, loops, start_s, stop_s, project, project_map = fields
    return Observation(
        number=reader.integer(number, 1, MAX_NUMBER),
        clock_s=Seconds(reader.number(clock_s, -MAX_CLOCK_S, MAX_CLOCK_S)),
        play_state=reader.integer(state, 0, 7),
        play_s=_project_s(reader, play_s),
        cursor_s=_project_s(reader, cursor_s),
        rate=reader.number(rate, MIN_RATE, MAX_RATE),
        loops=bool(reader.integer(loops, 0, 1)),
        loop_start_s=_project_s(reader, start_s),
        loop_stop_s=_project_s(reader, stop_s),
        project=reader.integer(project, 1, MAX_NUMBER),
        map_number=reader.integer(project_map, 1, MAX_NUMBER),
    )


def _project_s(reader: LineReader, text: str) -> Seconds:
    # Positions may lie before the project's start (pre-roll), hence the negative bound.
    return Seconds(reader.number(text, -MAX_TIME_S, MAX_TIME_S))


def map_lines(project_map: ProjectMap) -> Iterator[str]:
    """Yield the body lines of a project's map."""
    yield f"number {project_map.number}"
    yield f"project {project_map.project}"
    yield f"meters {len(project_map.meters)}"
    for point in project_map.meters:
        yield f"m {number_text(point.qn)} {point.meter.beats} {point.meter.unit}"
    yield from tempo_lines(project_map.tempo_map)


def read_map(reader: LineReader) -> ProjectMap:
    """Return the map; raise ReaperError where a line is not as it should be."""
    number = reader.integer(reader.fields("number", 1)[0], 1, MAX_NUMBER)
    project = reader.integer(reader.fields("project", 1)[0], 1, MAX_NUMBER)
    count = reader.integer(reader.fields("meters", 1)[0], 1, MAX_METERS)
    try:
        meters = tuple(_meter_point(reader) for _ in range(count))
        return ProjectMap(reader.message_id, number, project, read_tempo_map(reader), meters)
    except ValueError as error:
        raise ReaperError(f"spool message refused: {error}; look at Reaper's tempo and metre") from error


def _meter_point(reader: LineReader) -> MeterPoint:
    qn, beats, unit = reader.fields("m", 3)
    place_qn = QuarterNotes(reader.number(qn, -MAX_QN, MAX_QN))
    return MeterPoint(place_qn, Meter(reader.integer(beats, 1, 32), reader.integer(unit, 1, 32)))
