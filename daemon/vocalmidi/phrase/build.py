"""`build_phrase`: events of a take, in samples, to a `Phrase`, in quarter notes.

The order of the steps: tempo and bar line (or the project's own map) → grid → notes and hits, as played and as
quantised → key → strength → shift to the first bar line. With the context network (`meant.py`) tempo map and places
are its reading; without it, or where the user names a grid, each onset goes to the nearest place. Nothing is left out
and nothing is invented; each step's file names its method.
"""

from vocalmidi.errors import PhraseError
from vocalmidi.inference import Model
from vocalmidi.phrase.gathered import gather
from vocalmidi.phrase.grid import grid_step
from vocalmidi.phrase.hits import place_hits
from vocalmidi.phrase.key import estimate_key, evidence_of
from vocalmidi.phrase.meant import Told, meant_freely, meant_on
from vocalmidi.phrase.notes import place_notes
from vocalmidi.phrase.onsets import Onsets, onsets_of
from vocalmidi.phrase.raster import Places, Raster, qn_at_all, tempo_at
from vocalmidi.phrase.settings import Grid, PhraseSettings
from vocalmidi.phrase.strength import with_strength
from vocalmidi.phrase.timing import Timing, free_timing
from vocalmidi.values import Events, Meter, Phrase


def build_phrase(events: Events, settings: PhraseSettings, context: Model | None = None) -> Phrase:
    """Return what was sung as music; raise PhraseError when nothing was.

    context: the network `models/context.onnx`; without it every onset goes to the nearest place of one grid.
    QN 0 of the phrase is the last bar line at or before the first event; `tempo_map.time_at(0)` tells where it lies.
    """
    if not events.notes and not events.hits:
        raise PhraseError("nothing was sung: no note and no hit was heard; sing louder or nearer to the microphone")
    onsets = onsets_of(events)
    timing = _timing(onsets, settings)
    raster = _raster(events, timing, settings, context)
    notes, hits = place_notes(events, raster), place_hits(events, raster)
    key = settings.key or estimate_key(evidence_of(notes), settings.key_hints)
    length_qn = timing.meter.bar_qn
    phrase = Phrase(notes, hits, key, timing.meter, raster.tempo_map, length_qn, timing.alternatives)
    return with_strength(phrase, settings.quantise_strength)


def _timing(onsets: Onsets, settings: PhraseSettings) -> Timing:
    """Return the project's own map, or beats and bars as they are heard at the tempo given or at the likeliest."""
    if settings.tempo_map is not None:
        return Timing(settings.tempo_map, settings.meter or Meter(), ())
    return free_timing(onsets, settings.meter, settings.tempo_qpm)


def _raster(events: Events, timing: Timing, settings: PhraseSettings, context: Model | None) -> Raster:
    """Return the grid, and with the network what was meant on it, unless the user names a grid."""
    tempo_map, gathered = timing.tempo_map, gather(events)
    meant = None
    # On a project's map a grid that is named leaves the network nothing to say; alone, it still hears the beats.
    if context is not None and (settings.tempo_map is None or settings.grid is Grid.AUTO):
        told = Told(timing.meter, settings.genre)
        read = meant_freely if settings.tempo_map is None else meant_on
        meant = read(tempo_map, gathered.moments, told, context)
        tempo_map = meant.tempo_map
    time_s = gathered.moments.time_s
    step_qn = grid_step(settings.grid, qn_at_all(tempo_map, time_s), timing.meter, tempo_at(tempo_map, time_s[0]))
    if meant is None or settings.grid is not Grid.AUTO:
        return Raster(tempo_map, step_qn)
    of_notes, of_hits = gathered.of_notes, gathered.of_hits
    return Raster(
        tempo_map, step_qn, Places(meant.start_qn[of_notes], meant.stop_qn[of_notes], meant.start_qn[of_hits])
    )
