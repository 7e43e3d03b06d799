"""From a source to its notes, and from these to a request: what all ways to make an arrangement anew have in common."""

import uuid
from dataclasses import replace

from vocalmidi.app.convert import cards_of, provenance
from vocalmidi.app.origin import Making, making_of
from vocalmidi.app.source import Source, source_texts
from vocalmidi.app.wishes import check_music
from vocalmidi.app.writing import Band, arranged
from vocalmidi.reaper import InsertRequest
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Arrangement


def made_of(source: Source, band: Band) -> Arrangement:
    """Return the arrangement that a source says; raise ArrangeError where there can be none."""
    style, _ = check_music(source.settings)
    chosen = replace(band, settings=source.settings, style=style)
    return arranged(source.phrase, chosen, source.instrument, source.earlier)


def by_this_band(source: Source, band: Band) -> Source:
    """Return a source as one that is made now, of what was heard then."""
    return replace(source, making=_now(source.making, band))


def request_of(source: Source, music: Arrangement, band: Band, place_qn: QuarterNotes) -> InsertRequest:
    """Return the request for an arrangement of a source."""
    return InsertRequest(
        request_id=str(uuid.uuid4()),
        place_qn=place_qn,
        arrangement=music,
        provenance=provenance(source.phrase, source.settings, cards_of(band.networks), source.making.around),
        strength=source.settings.quantise / 100,
        sources=source_texts(source),
    )


def _now(then: Making, band: Band) -> Making:
    now = making_of(then.heard, band.ears, band.networks)
    # The ears of then heard it, whatever listens now.
    return replace(now, ears=then.ears, around=then.around)
