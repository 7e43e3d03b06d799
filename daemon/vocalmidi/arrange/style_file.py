"""A genre file (TOML) to a `Style`: everything is checked, and all faults are told at once.

The schema is written for musicians in docs/GENRES.md. Nothing has a silent default but `weight` (1) and
`steps_per_qn` (4).
"""

import tomllib

from vocalmidi.arrange.drum_voices import STYLES as DRUM_STYLES
from vocalmidi.arrange.drum_voices import VOICE_OF_KEY
from vocalmidi.arrange.kit import DRUM_KEYS
from vocalmidi.arrange.qualities import Degree, parse_numeral
from vocalmidi.arrange.strokes import REST
from vocalmidi.arrange.style import (
    BassWay,
    ChordWay,
    DrumRow,
    DrumWay,
    Fill,
    Groove,
    Harmony,
    KickWay,
    Learned,
    PartStyle,
    Span,
    Style,
    Voicing,
)
from vocalmidi.arrange.table import Complaints, Table
from vocalmidi.errors import ArrangeError
from vocalmidi.values import Meter

COMP_SYMBOLS = "Xxo123456.-"
BASS_SYMBOLS = "R3578wa.-"
DRUM_SYMBOLS = "Xxo?rt.-"
SEPARATORS = str.maketrans("", "", " |")
STEPS_PER_QN = (1, 2, 3, 4, 6, 8, 12)
SWING_NOTES_QN = {"1/8": 0.5, "1/16": 0.25}
CHORD_CHANGES = ("slow", "bar", "half bar")
NARROWEST_CHORDS = 19
"""Semitones: an open four-voice chord of any root finds a place in a twelfth."""
NARROWEST_BASS = 12
"""Semitones: every root finds a place in an octave."""
_KEYS = (
    *("title", "tempo_qpm", "swing", "swing_note", "voicing", "chord_change", "crash", "other_hit"),
    *("melody", "chords", "bass", "drums", "harmony", "groove", "fill"),
)


def read_style(name: str, toml: str) -> Style:
    """Return the style that a genre file's text describes; raise ArrangeError with every fault it has."""
    try:
        entries = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise ArrangeError(f"genre file {name}.toml is not TOML: {error}; mend it") from error
    complaints = Complaints()
    style = _style(name, Table(entries, "", complaints))
    if complaints.lines:
        raise ArrangeError(f"genre file {name}.toml can't be used: {'; '.join(complaints.lines)}")
    return style


def _style(name: str, table: Table) -> Style:
    table.only(*_KEYS)
    tempo_low_qpm, tempo_high_qpm = table.span("tempo_qpm", 20, 400)
    melody, drums = table.table("melody"), table.table("drums")
    chords, bass = table.table("chords"), table.table("bass")
    melody.only("program")
    drums.only("kit", "velocity", "timing", "learned")
    return Style(
        name=name,
        title=table.text("title"),
        tempo_low_qpm=tempo_low_qpm,
        tempo_high_qpm=tempo_high_qpm,
        swing=table.number("swing", 0.5, 0.75),
        swing_qn=SWING_NOTES_QN[table.choice("swing_note", tuple(SWING_NOTES_QN))],
        melody_program=melody.whole("program", 0, 127),
        chords=_part(chords, NARROWEST_CHORDS, ("room", "held")),
        chord_way=ChordWay(chords.number("room", 0, 1), chords.flag("held")),
        bass=_part(bass, NARROWEST_BASS, ("kick", "slide")),
        bass_way=BassWay(KickWay(bass.choice("kick", [way.value for way in KickWay])), bass.number("slide", 0, 1)),
        drum_kit=drums.whole("kit", 0, 127),
        drum_velocity=_span(drums, "velocity", 1),
        drum_way=DrumWay(drums.number("timing", 0, 1), _learned(drums) if "learned" in drums.entries else None),
        voicing=Voicing(table.choice("voicing", [voicing.value for voicing in Voicing])),
        harmony=_harmony(table),
        crash=table.flag("crash"),
        other_key=DRUM_KEYS[table.choice("other_hit", tuple(DRUM_KEYS))],
        grooves=_grooves(table),
        fills=tuple(_fill(fill) for fill in table.tables("fill")),
    )


def _span(table: Table, key: str, low: int) -> Span:
    first, last = table.span(key, low, 127)
    return Span(int(first), int(last))


def _part(table: Table, narrowest: int, ways: tuple[str, ...]) -> PartStyle:
    table.only("program", "velocity", "register", *ways)
    register = _span(table, "register", 0)
    if register.high - register.low < narrowest:
        table.complain("register", f"must be at least {narrowest} semitones wide, so that every chord has a place")
    return PartStyle(table.whole("program", 0, 127), _span(table, "velocity", 1), register)


def _learned(drums: Table) -> Learned:
    table = drums.table("learned")
    table.only("styles", "keep", "guidance", "heat")
    styles = table.texts("styles")
    for strange in sorted(set(styles) - set(DRUM_STYLES)):
        table.complain("styles", f"{strange!r} is none of {', '.join(DRUM_STYLES)}")
    kept = table.texts("keep") if "keep" in table.entries else ()
    for strange in sorted(set(kept) - {name for name, key in DRUM_KEYS.items() if key in VOICE_OF_KEY}):
        table.complain("keep", f"{strange!r} is no drum that the network plays")
    keeps = frozenset(DRUM_KEYS[name] for name in kept if name in DRUM_KEYS)
    return Learned(styles, keeps, table.number("guidance", 1, 5), table.number("heat", 0, 1))


def _harmony(table: Table) -> Harmony:
    harmony = table.table("harmony")
    harmony.only("stay", "inversions", "major", "minor")
    change = table.choice("chord_change", CHORD_CHANGES)
    stay = harmony.number("stay", 0.01, 0.9)
    inversions = harmony.number("inversions", 0, 1)
    return Harmony(
        major=_progressions(harmony, "major"),
        minor=_progressions(harmony, "minor"),
        half_bars=change == "half bar",
        slow=change == "slow",
        stay=stay,
        inversions=inversions,
    )


def _progressions(table: Table, mode: str) -> tuple[tuple[Degree, ...], ...]:
    progressions = list[tuple[Degree, ...]]()
    for line in table.texts(mode):
        try:
            progressions.append(tuple(parse_numeral(numeral, mode) for numeral in line.split()))
        except ValueError as error:
            table.complain(mode, str(error))
    if not any(degree.root == 0 for progression in progressions for degree in progression):
        table.complain(mode, "needs the tonic in some progression, to begin and end on")
    return tuple(progressions)


def _grooves(table: Table) -> tuple[Groove, ...]:
    grooves = tuple(_groove(groove) for groove in table.tables("groove"))
    if not any(groove.meter == Meter(4, 4) for groove in grooves):
        table.complain("groove", "needs at least one groove in 4/4, which other metres fall back on")
    return grooves


def _groove(table: Table) -> Groove:
    table.only("meter", "weight", "steps_per_qn", "comp", "bass", "drums")
    groove = Groove(
        meter=_meter(table),
        weight=table.number("weight", 0.01, 100, 1),
        steps_per_qn=_steps_per_qn(table),
        comp=tuple(_row(table, "comp", text, COMP_SYMBOLS) for text in table.texts("comp")),
        bass=tuple(_row(table, "bass", text, BASS_SYMBOLS) for text in table.texts("bass")),
        drums=_drum_rows(table.table("drums")),
    )
    bar_steps = groove.meter.bar_qn * groove.steps_per_qn
    for row in (*groove.comp, *groove.bass, *(drum.steps for drum in groove.drums)):
        if len(row) % bar_steps:
            table.complain("rows", f"{row!r} has {len(row)} steps, which makes no whole bars of {bar_steps:g}")
    return groove


def _fill(table: Table) -> Fill:
    table.only("steps_per_qn", "drums")
    fill = Fill(_steps_per_qn(table), _drum_rows(table.table("drums")))
    if len({len(row.steps) for row in fill.drums}) > 1:
        table.complain("drums", "rows of a fill must have one length, since they end together")
    return fill


def _steps_per_qn(table: Table) -> int:
    steps = table.whole("steps_per_qn", 1, 12, 4)
    if steps not in STEPS_PER_QN:
        table.complain("steps_per_qn", f"{steps} must be one of {', '.join(map(str, STEPS_PER_QN))}")
    return steps


def _meter(table: Table) -> Meter:
    match table.text("meter").split("/"):
        case [beats, unit] if beats.isdecimal() and unit.isdecimal():
            try:
                return Meter(int(beats), int(unit))
            except ValueError as error:
                table.complain("meter", str(error))
        case _:
            table.complain("meter", "must be a time signature such as 4/4")
    return Meter()


def _row(table: Table, key: str, text: str, symbols: str) -> str:
    """Return a row without its separators; complain about symbols that mean nothing and rows that never strike."""
    steps = text.translate(SEPARATORS)
    strange = sorted(set(steps) - set(symbols))
    if strange:
        table.complain(key, f"{''.join(strange)!r} in {text!r} means nothing; use {symbols} and spaces")
    if not steps.strip(".-"):
        table.complain(key, f"{text!r} has no stroke")
        return symbols[0] + REST
    return steps


def _drum_rows(table: Table) -> tuple[DrumRow, ...]:
    table.only(*DRUM_KEYS)
    names = [name for name in table.entries if name in DRUM_KEYS]
    return tuple(DrumRow(DRUM_KEYS[name], _row(table, name, table.text(name), DRUM_SYMBOLS)) for name in names)
