"""`arrange`: a phrase in a style becomes four parts; the same phrase, style and seed always give the same notes.

The order: plan (grooves for all bars) → chords under the melody → each part by itself, with dice of its own, so that
leaving a part out changes no other.
"""

from collections.abc import Collection
from dataclasses import dataclass

from vocalmidi.arrange.bass import write_bass
from vocalmidi.arrange.bass_line import BassLine
from vocalmidi.arrange.comping import held_chords, write_chords
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.drums import write_drums
from vocalmidi.arrange.harmony import harmonise
from vocalmidi.arrange.melody import write_melody
from vocalmidi.arrange.parts import tidy
from vocalmidi.arrange.plan import Plan, make_plan
from vocalmidi.arrange.routing import Route, heard_as, in_register, route_of
from vocalmidi.arrange.style import Style
from vocalmidi.arrange.sung_groove import sung_groove
from vocalmidi.arrange.voicing import voice_chords
from vocalmidi.errors import ArrangeError
from vocalmidi.values import PART_NAMES, Arrangement, Chord, Instrument, Note, Part, PartName, Phrase

CHANNELS = {PartName.MELODY: 0, PartName.CHORDS: 1, PartName.BASS: 2, PartName.DRUMS: 9}
"""MIDI channels counted from 0; General MIDI keeps the tenth for drums."""


def arrange(
    phrase: Phrase,
    style: Style,
    seed: int,
    parts: Collection[PartName] = PART_NAMES,
    *,
    instrument: Instrument = "lead",
) -> Arrangement:
    """Return the parts asked for, in track order; raise ArrangeError when none is, or the phrase is empty.

    Without sung notes there is no pitch to go by: melody, chords and bass are there, and empty.
    instrument: what the voice stands for; its part holds the sung notes, and the melody is empty where that is another.
    """
    if not parts:
        raise ArrangeError(f"no part was asked for; name at least one of {', '.join(PART_NAMES)}")
    if not phrase.notes and not phrase.hits:
        raise ArrangeError("the phrase holds no note and no hit, so there is nothing to arrange; sing something first")
    route, phrase = route_of(instrument, parts), heard_as(phrase, instrument)
    tempo_qpm = _tempo(phrase)
    plan = make_plan(phrase, style, tempo_qpm, Dice(seed, "plan"))
    chords = harmonise(phrase, style.harmony, Dice(seed, "harmony"))
    band = _Band(phrase, style, seed, plan, chords, route)
    return Arrangement(
        genre=style.name,
        seed=seed,
        tempo_qpm=tempo_qpm,
        meter=phrase.meter,
        key=phrase.key,
        length_qn=phrase.length_qn,
        chords=chords,
        parts=tuple(band.part(name) for name in PART_NAMES if name in parts),
    )


@dataclass(frozen=True, slots=True)
class _Band:
    """All that the part writers go by."""

    phrase: Phrase
    style: Style
    seed: int
    plan: Plan
    chords: tuple[Chord, ...]
    route: Route

    def part(self, name: PartName) -> Part:
        """Return one part, tidied."""
        notes = tidy(self._notes(name, Dice(self.seed, name.value)), self.phrase.length_qn)
        own = self.route.program if name is self.route.part else None
        return Part(name, CHANNELS[name], self.style.program(name) if own is None else own, notes)

    def _notes(self, name: PartName, dice: Dice) -> list[Note]:
        style, plan = self.style, self.plan
        match name:
            case PartName.MELODY:
                return [] if self.route.part in (PartName.BASS, PartName.CHORDS) else write_melody(self.phrase)
            case PartName.CHORDS if self.route.part is name:
                return write_melody(self.phrase) + held_chords(
                    voice_chords(self.chords, self.phrase, style), style, dice
                )
            case PartName.BASS if self.route.part is name:
                return in_register(write_melody(self.phrase), style.bass.register)
            case PartName.CHORDS:
                return write_chords(voice_chords(self.chords, self.phrase, style), plan, style, dice)
            case PartName.BASS:
                line = BassLine(self.chords, self.phrase.key, style.bass.register, dice)
                return write_bass(line, plan, sung_groove(self.phrase, style.other_key), style.bass, dice)
            case PartName.DRUMS:
                return write_drums(plan, sung_groove(self.phrase, style.other_key), style, dice)


def _tempo(phrase: Phrase) -> float:
    """Return the tempo of the phrase on the whole, quarter notes a minute: a singer's drift is evened out."""
    tempo_map = phrase.tempo_map
    if len(tempo_map.points) == 1:
        return tempo_map.points[0].tempo_qpm
    return phrase.length_qn * 60.0 / (tempo_map.time_at(phrase.length_qn) - tempo_map.time_at(0.0))
