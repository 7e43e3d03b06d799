"""The demo song: an original melody, its syllables, and the groove that follows; and the score as MusicXML.

In: nothing. Out: `MELODY`, `GROOVE` in quarter notes from the first bar line, and `musicxml` for a singing synthesiser.
Eight bars of G major in 4/4 (I V vi IV, I V ii-V I), with repeated notes, slurs and long notes, then two bars of
beatbox. Written for this project and given to the public domain (CC0).
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

TEMPO_QPM = 122.0
BEATS = 4
SUNG_BARS, GROOVE_BARS = 8, 2
_DIVISIONS = 4  # MusicXML units a quarter note
_STEPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True, slots=True)
class ScoreNote:
    """A written note; a slurred one carries on the syllable of the note before. Peak vibrato in cents."""

    start_qn: float
    length_qn: float
    pitch_midi: int
    syllable: str
    vibrato_cents: float = 0.0

    @property
    def slurred(self) -> bool:
        """Whether the note has no syllable of its own."""
        return self.syllable == "ー"


@dataclass(frozen=True, slots=True)
class ScoreHit:
    """A beatbox sound: place, label of `vocalmidi.values.HitLabel`, peak level dB re full scale."""

    start_qn: float
    label: str
    level_db: float


def _line(*notes: tuple[float, int, str] | tuple[float, int, str, float]) -> tuple[ScoreNote, ...]:
    """Return notes that follow each other from (length, pitch or 0 for a rest, syllable[, vibrato])."""
    line, now_qn = [], 0.0
    for length_qn, pitch, syllable, *vibrato in notes:
        if pitch:
            line.append(ScoreNote(now_qn, length_qn, pitch, syllable, *vibrato))
        now_qn += length_qn
    return tuple(line)


MELODY = _line(
    (1, 71, "な"), (0.5, 71, "ら"), (0.5, 69, "り"), (1, 67, "ら"), (1, 62, "ろ"),
    (1.5, 69, "ら"), (0.5, 71, "り"), (1.5, 69, "ら", 25), (0.5, 0, ""),
    (1, 67, "ま"), (0.5, 67, "ら"), (0.5, 69, "れ"), (1, 71, "ら"), (1, 74, "ろ"),
    (1.5, 72, "ら"), (0.5, 71, "ー"), (2, 67, "る", 35),
    (1, 71, "な"), (0.5, 74, "ら"), (0.5, 71, "ー"), (1, 69, "ら"), (1, 67, "ろ"),
    (1.5, 69, "ら"), (0.5, 67, "り"), (1, 66, "ら"), (1, 69, "ろ"),
    (1, 67, "ま"), (1, 64, "ら"), (1, 69, "り"), (1, 66, "れ"),
    (3, 67, "ら", 35),
)  # fmt: skip

_BAR = (
    (0.0, "kick", -5.0), (0.5, "hihat_closed", -15.0), (1.0, "snare", -8.0), (1.5, "hihat_closed", -14.0),
    (1.75, "kick", -9.0), (2.0, "hihat_closed", -15.0), (2.5, "kick", -6.0), (3.0, "snare", -7.0),
)  # fmt: skip
GROOVE = tuple(
    ScoreHit(BEATS * (SUNG_BARS + bar) + start, label, level)
    for bar, ending in enumerate((("hihat_closed", -15.0), ("hihat_open", -12.0)))
    for start, label, level in (*_BAR, (3.5, *ending))
)


def musicxml(melody: tuple[ScoreNote, ...], lead_in_bars: int) -> str:
    """Return the melody as one part of partwise MusicXML, after empty bars that give the singer time to breathe."""
    bars = [_bar_xml([], 0)] * lead_in_bars
    for number in range(SUNG_BARS):
        bars.append(_bar_xml([n for n in melody if n.start_qn // BEATS == number], number * BEATS))
    bars.append(_bar_xml([], 0))
    head = (
        f"<attributes><divisions>{_DIVISIONS}</divisions><key><fifths>1</fifths></key>"
        f"<time><beats>{BEATS}</beats><beat-type>4</beat-type></time></attributes>"
        f'<direction><sound tempo="{TEMPO_QPM:g}"/></direction>'
    )
    measures = "".join(
        f'<measure number="{i + 1}">{head if i == 0 else ""}{bar}</measure>' for i, bar in enumerate(bars)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="2.0"><part-list><score-part id="P1">'
        f'<part-name>Voice</part-name></score-part></part-list><part id="P1">{measures}</part></score-partwise>\n'
    )


def _bar_xml(notes: list[ScoreNote], start_qn: float) -> str:
    xml, now_qn = "", 0.0
    for note in notes:
        if note.start_qn - start_qn > now_qn:
            xml += _rest_xml(note.start_qn - start_qn - now_qn)
        xml += _note_xml(note)
        now_qn = note.start_qn - start_qn + note.length_qn
    return xml + (_rest_xml(BEATS - now_qn) if now_qn < BEATS else "")


def _rest_xml(length_qn: float) -> str:
    return f"<note><rest/><duration>{round(length_qn * _DIVISIONS)}</duration><voice>1</voice></note>"


def _note_xml(note: ScoreNote) -> str:
    step = _STEPS[note.pitch_midi % 12]
    alter = "<alter>1</alter>" if step.endswith("#") else ""
    return (
        f"<note><pitch><step>{step[0]}</step>{alter}<octave>{note.pitch_midi // 12 - 1}</octave></pitch>"
        f"<duration>{round(note.length_qn * _DIVISIONS)}</duration><voice>1</voice>"
        f"<lyric><syllabic>single</syllabic><text>{escape(note.syllable)}</text></lyric></note>"
    )
