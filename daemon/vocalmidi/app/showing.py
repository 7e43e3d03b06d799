"""What the panel inside Reaper is shown: the session, the microphone's last moment, the phrase that was heard last.

Comes in: the session, the history of sound, a phrase. Goes out: a `Status` in the spool, at every change of the
session, and ten times a second while a panel holds its lease. It decides nothing.
"""

from contextlib import suppress

from vocalmidi.app.meter import LOOK_S, SILENCE, Meter, meter_of
from vocalmidi.app.session import Session, choices
from vocalmidi.capture import History
from vocalmidi.errors import CaptureError, ReaperError
from vocalmidi.reaper import MAX_SHOWN_NOTES, MAX_TEXT, ShownNote, Spool, Status
from vocalmidi.units import QuarterNotes, SampleIndex, Seconds, seconds_to_samples
from vocalmidi.values import Phrase

PERIOD_S = 0.1
CLOCK_GRAIN_S = 1e-6
"""Seconds since 1970 are no finer in a float64."""
LEASE_LOOK_S = 0.5
"""Between looks for a panel while there is none."""


class Show:
    """Writes the status when it is due."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._shown: Session | None = None
        self._is_open = False
        self._shown_s = self._look_s = 0.0  # when it was shown, and looked for a panel, last
        self.phrase: Phrase | None = None
        self.said = ""

    def turn(self, session: Session, history: History) -> None:
        """Show how it stands, where that is due."""
        now_s = self._spool.now()
        if abs(now_s - self._look_s) >= LEASE_LOOK_S:
            self._look_s, self._is_open = now_s, self._spool.panel_is_open()
        is_due = self._is_open and abs(now_s - self._shown_s) >= PERIOD_S - CLOCK_GRAIN_S
        if is_due or session != self._shown:
            # Windows replaces no file that somebody reads just now: then the next turn does.
            with suppress(ReaperError):
                self._spool.show(self._status(session, history, now_s))
                self._shown_s, self._shown = now_s, session

    def _status(self, session: Session, history: History, now_s: Seconds) -> Status:
        meter = meter_now(history) if session.listening and self._is_open else SILENCE
        return Status(
            owner_id=self._spool.owner_id,
            written_s=now_s,
            listening=session.listening,
            level_db=meter.level_db,
            pitch_midi=meter.pitch_midi,
            key=self.phrase.key if self.phrase else None,
            choices=choices(session),
            length_qn=self.phrase.length_qn if self.phrase else QuarterNotes(0.0),
            notes=_notes(self.phrase),
            said=self.said[:MAX_TEXT],
        )


def meter_now(history: History) -> Meter:
    """Return level and pitch of the last moment."""
    count = int(seconds_to_samples(LOOK_S, history.sample_rate_hz))
    try:
        here = history.available
        return meter_of(history.before(SampleIndex(here.stop), count).samples, history.sample_rate_hz)
    except CaptureError:
        return SILENCE  # nothing has come yet


def _notes(phrase: Phrase | None) -> tuple[ShownNote, ...]:
    notes = phrase.notes[-MAX_SHOWN_NOTES:] if phrase else ()
    return tuple(ShownNote(note.start_qn, note.length_qn, note.pitch_midi) for note in notes)
