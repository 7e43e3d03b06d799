"""Results as the JSON objects and the short text that the command line prints.

Comes in: values. Goes out: plain JSON-ready tables (version 1, documented in docs/CLI.md) and lines of text.
Only here does a value become a table.
"""

from collections import Counter
from typing import Any

from vocalmidi.app.choices import tonic_name
from vocalmidi.app.convert import Conversion
from vocalmidi.app.report_harmony import harmony_json, live_chords_json
from vocalmidi.app.simulate import LiveTake
from vocalmidi.arrange import PLAIN
from vocalmidi.units import SampleIndex, samples_to_seconds
from vocalmidi.values import (
    INSTRUMENTS,
    Arrangement,
    Events,
    HitEvent,
    InstrumentChoice,
    Origin,
    Part,
    TempoAlternative,
)

JSON_VERSION = 1
SUGGESTED_SHARE = 0.6
"""Below it a suggestion is a guess that a person need not read; the JSON has it all the same."""
MOST_TEMPOS = 3
"""Of the other tempos a person reads; the JSON has all."""
SAME_TEMPO = 0.04
"""Tempos that differ by less are one."""
_SECOND_DIGITS = 6
"""Microseconds: finer than a sample at any rate that is read."""

Json = dict[str, Any]


def transcription_json(events: Events) -> Json:
    """Return notes and hits in seconds, as `transcribe` writes them."""
    rate = events.sample_rate_hz
    notes = [
        {
            "onset_s": _seconds(note.onset, rate),
            "offset_s": _seconds(note.offset, rate),
            "pitch_midi": round(note.pitch_midi, 3),
            "velocity": note.velocity,
            "confidence": round(note.confidence, 3),
        }
        for note in events.notes
    ]
    hits = [_hit_json(hit, rate) for hit in events.hits]
    return {"version": JSON_VERSION, "duration_s": _seconds(events.stop, rate), "notes": notes, "hits": hits}


def live_json(take: LiveTake) -> Json:
    """Return live notes and hits in seconds with `emitted_s`, as `simulate` writes them.

    A note has the pitch said last, at `emitted_s`; `note_on_s` and `first_pitch_midi` tell of its note-on. So has a hit
    its class: `hit_on_s` and `first_label` tell what was said first.
    """
    rate = take.sample_rate_hz
    notes = [
        {
            "onset_s": _seconds(note.on.onset, rate),
            "offset_s": _seconds(note.offset, rate),
            "pitch_midi": round(note.said.pitch_midi, 3),
            "velocity": note.on.velocity,
            "confidence": round(note.said.confidence, 3),
            "emitted_s": _seconds(note.said.decided, rate),
            "note_on_s": _seconds(note.on.decided, rate),
            "first_pitch_midi": round(note.on.pitch_midi, 3),
        }
        for note in take.notes
    ]
    hits = [
        _hit_json(hit.said.hit, rate)
        | {
            "emitted_s": _seconds(hit.said.decided, rate),
            "hit_on_s": _seconds(hit.first.decided, rate),
            "first_label": hit.first.hit.label.value,
        }
        for hit in take.hits
    ]
    controls = [
        {
            "source": control.source,
            "controller": control.controller,
            "value": control.value,
            "emitted_s": _seconds(control.decided, rate),
        }
        for control in take.controls
    ]
    duration_s = _seconds(take.duration_samples, rate)
    return {
        "version": JSON_VERSION,
        "duration_s": duration_s,
        "notes": notes,
        "hits": hits,
        "controls": controls,
        "chords": live_chords_json(take.chords, rate),
    }


def conversion_json(conversion: Conversion, out: str) -> Json:
    """Return what was made of a recording, as `convert` prints it."""
    made = conversion.arrangement
    return {
        "version": JSON_VERSION,
        "tempo_qpm": round(made.tempo_qpm, 3),
        "meter": [made.meter.beats, made.meter.unit],
        "tempo_alternatives": [
            {
                "tempo_qpm": round(each.tempo_qpm, 3),
                "meter": [each.meter.beats, each.meter.unit],
                "probability": round(each.probability, 3),
            }
            for each in _alternatives(conversion)
        ],
        "key": {
            "tonic": tonic_name(made.key),
            "mode": made.key.mode,
            "probability": round(made.key.probability, 3),
        },
        "genre": made.genre,
        "seed": made.seed,
        **_wish_json(conversion),
        "notes": len(conversion.events.notes),
        "hits": len(conversion.events.hits),
        "parts": {part.name.value: len(part.notes) for part in made.parts},
        "instrument": {"written": conversion.instrument, "suggested": _suggestion_json(conversion.suggested)},
        "passes": len(conversion.passes),
        "harmony": made.harmony,
        **harmony_json(made),
        "origins": {part.name.value: _origins(part) for part in made.parts},
        "models": {card.name: card.sha256 for card in conversion.models},
        "out": out,
    }


def _wish_json(conversion: Conversion) -> Json:
    """Return what was asked of the arrangement, but for genre and seed."""
    wish = conversion.wish
    return {
        "seeds": {name.value: wish.seed_of(name) for name in wish.parts},
        "mood": wish.mood.name,
        "density": round(wish.density * 100),
        "complexity": round(wish.complexity * 100),
        "chords": "free" if wish.free_chords else "likely",
        "melody": wish.melody.value,
        "continue_bars": wish.continue_bars,
        "kept": [part.name.value for part in wish.kept.parts if part.name in wish.parts],
    }


def _origins(part: Part) -> Json:
    """Return how many notes of a part come from where."""
    counts = Counter(note.origin for note in part.notes)
    return {origin.value: counts[origin] for origin in Origin if counts[origin]}


def _alternatives(conversion: Conversion) -> tuple[TempoAlternative, ...]:
    return conversion.phrase.tempo_alternatives if conversion.phrase else ()


def _tempo_text(conversion: Conversion) -> str:
    """Return the line about tempo and metre, with what else they may be."""
    made = conversion.arrangement
    said = f"  tempo  {made.tempo_qpm:.1f} quarter notes a minute, {made.meter.beats}/{made.meter.unit}"
    others = dict.fromkeys(f"{each.tempo_qpm:.1f}" for each in _alternatives(conversion) if _other(each, made))
    return said + (f" (or {', '.join(list(others)[:MOST_TEMPOS])}: --tempo chooses)" if others else "")


def _other(each: TempoAlternative, made: Arrangement) -> bool:
    """Tell whether an alternative is another tempo than the one that was written."""
    return abs(each.tempo_qpm / made.tempo_qpm - 1.0) > SAME_TEMPO


def _suggestion_json(suggested: InstrumentChoice | None) -> Json | None:
    if suggested is None:
        return None
    shares = {name: round(share, 3) for name, share in zip(INSTRUMENTS, suggested.shares, strict=False)}
    return {"instrument": suggested.instrument, "share": round(suggested.share, 3), "shares": shares}


def _instrument_text(conversion: Conversion) -> list[str]:
    """Return the line about what the voice imitates, none where it is a lead and written as one."""
    said, written = conversion.suggested, conversion.instrument
    if written != "lead":
        return [f"  voice  written as {written}; --instrument lead writes a melody"]
    if said is None or said.instrument in ("lead", "drums") or said.share < SUGGESTED_SHARE:
        return []
    hint = f"written as a melody; --instrument {said.instrument} writes it as {said.instrument}"
    return [f"  voice  sounds like {said.instrument} (probability {said.share:.2f}), {hint}"]


def conversion_text(conversion: Conversion) -> str:
    """Return the short summary that a person reads after `convert`."""
    made, heard = conversion.arrangement, conversion.events
    key = f"{tonic_name(made.key)} {made.key.mode} (probability {made.key.probability:.2f})"
    if not heard.notes and made.key.probability < 1.0:
        key = "unknown, for no note was sung"
    parts = ", ".join(f"{part.name.title()} {len(part.notes)}" for part in made.parts)
    heard_s = samples_to_seconds(heard.stop - heard.start, heard.sample_rate_hz)
    return "\n".join(
        [
            f"  key    {key}",
            _tempo_text(conversion),
            f"  heard  {len(heard.notes)} notes, {len(heard.hits)} hits in {heard_s:.1f} s",
            f"  parts  {parts} notes ({made.genre}{_mood_text(conversion)}, seed {made.seed})",
            *_kept_text(conversion),
            *_instrument_text(conversion),
        ]
    )


def _kept_text(conversion: Conversion) -> list[str]:
    """Return the line about what stayed of an earlier result, none where there was none."""
    edited = conversion.earlier.edited
    kept = [part.name for part in conversion.wish.kept.parts if part.name in conversion.wish.parts]
    said = ", ".join(name.title() + (" (edited)" if name in edited else "") for name in kept)
    return [f"  kept   {said}"] if said else []


def _mood_text(conversion: Conversion) -> str:
    mood = conversion.wish.mood
    return "" if mood == PLAIN else f", {mood.name}"


def _hit_json(hit: HitEvent, sample_rate_hz: int) -> Json:
    own = {} if hit.trigger is None else {"trigger": hit.trigger.name, "pitch_midi": hit.trigger.pitch_midi}
    return {
        "onset_s": _seconds(hit.onset, sample_rate_hz),
        "label": hit.label.value,
        "velocity": hit.velocity,
        "confidence": round(hit.confidence, 3),
        **own,
    }


def _seconds(at: SampleIndex, sample_rate_hz: int) -> float:
    return round(samples_to_seconds(at, sample_rate_hz), _SECOND_DIGITS)
