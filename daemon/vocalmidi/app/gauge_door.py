"""How `vocalmidi profile` asks a running daemon to measure itself: files in the folder `profile` of its spool.

Comes in: one question, ID.ask: for how long, with a trace or without. Goes out: ID.answer, a report or why there is
none, and ID.trace before it. The folder and all in it are their user's alone; ID is made of 32 hexadecimal digits and
nothing else of a question names a file. One is answered at a time; what nobody fetched goes at the next question.
"""

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from vocalmidi.app.gauging import Found, Measurable, Question, check_seconds, measure
from vocalmidi.config import Settings, lonely_spool, reaper_folder
from vocalmidi.errors import GaugeError, VocalMidiError
from vocalmidi.gauge import Report, report_of, report_table
from vocalmidi.realtime import called
from vocalmidi.reaper import daemon_state, make_folder, put_file, resource_path_if_any, spool_root

FOLDER = "profile"
ASK, ANSWER, TRACE = ".ask", ".answer", ".trace"
VERSION = 1
LOOK_S = 0.25
"""Between looks for a question: four times a second costs nothing, and nobody waits for less than a second of it."""
TAKEN_S, LATE_S = 5.0, 15.0
"""A daemon takes a question within LOOK_S; it answers when the time is over, and writes a trace within seconds."""
MAX_ASK_BYTES, MAX_ANSWER_BYTES, MAX_TRACE_BYTES = 1_000, 1_000_000, 200_000_000
"""A question is 80 bytes, a report 5 kB, a trace of as many stretches as there is room for 30 MB."""
_ID = re.compile(r"[0-9a-f]{32}")


def question_of(content: bytes) -> Question:
    """Return what a file asks; raise GaugeError where it is no question."""
    try:
        table = json.loads(content)
        version, seconds, traced = table["version"], table["seconds"], table["trace"]
    except (ValueError, KeyError, TypeError) as error:
        raise GaugeError(f"that is no question: {error}") from None
    if version != VERSION or not isinstance(traced, bool) or isinstance(seconds, bool):
        raise GaugeError(f"that is no question of version {VERSION}")
    if not isinstance(seconds, int | float):
        raise GaugeError(f"that is no question of version {VERSION}")
    check_seconds(seconds)
    return Question(float(seconds), traced)


@contextmanager
def answering(root: Path, program: Measurable) -> Generator[None]:
    """Answer questions in the spool `root` meanwhile, in a thread of its own."""
    folder = root / FOLDER
    make_folder(folder, private=True)
    ended = threading.Event()
    thread = threading.Thread(target=_answer_until, args=(ended, folder, program), name="profile", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _answer_until(ended: threading.Event, folder: Path, program: Measurable) -> None:
    called("profile")
    while not ended.wait(LOOK_S):
        with suppress(OSError, VocalMidiError):  # a full disk: who asked is told by the silence
            answer_next(folder, program, ended)


def answer_next(folder: Path, program: Measurable, ended: threading.Event) -> bool:
    """Answer a question that waits; return whether there was any."""
    asks = (path for path in folder.iterdir() if path.suffix == ASK and (path.is_file() or path.is_symlink()))
    path = min(asks, default=None)
    if path is None:
        return False
    for left in folder.iterdir():
        if left.suffix in (ANSWER, TRACE):
            left.unlink(missing_ok=True)
    content, name = _taken(path), _checked(path.stem)
    try:
        question = question_of(content)
        found = measure(program, "daemon", question, ended)
    except GaugeError as error:
        _put(folder, name, {"error": str(error)})
        return True
    if question.traced:
        put_file(folder / f"{name}{TRACE}", found.trace, private=True)
    _put(folder, name, {"report": report_table(found.report)})
    return True


def _taken(path: Path) -> bytes:
    """Return what a file holds, as much as a question may, and remove it."""
    try:
        if path.is_symlink() or not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(MAX_ASK_BYTES)
    finally:
        path.unlink(missing_ok=True)


def _checked(name: str) -> str:
    if not _ID.fullmatch(name):
        raise GaugeError("a question is called after 32 hexadecimal digits")
    return name


def _put(folder: Path, name: str, answer: dict[str, object]) -> None:
    content = json.dumps({"version": VERSION, **answer}).encode()
    put_file(folder / f"{name}{ANSWER}", content, private=True)


def daemon_root(settings: Settings) -> Path | None:
    """Return the spool of the daemon that runs for these settings; None where none does."""
    folder = resource_path_if_any(reaper_folder(settings))
    root = lonely_spool() if folder is None else spool_root(folder)
    return root if daemon_state(root, time.time()).is_alive else None


def ask(
    root: Path,
    question: Question,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Found:
    """Have the daemon of a spool measure itself, and return what it found.

    Raises:
        GaugeError: it does not answer, or has nothing to tell but why.
    """
    folder, name = root / FOLDER, uuid.uuid4().hex
    asked, answered = folder / f"{name}{ASK}", folder / f"{name}{ANSWER}"
    table = {"version": VERSION, "seconds": question.seconds, "trace": question.traced}
    make_folder(folder, private=True)
    put_file(asked, json.dumps(table).encode(), private=True)
    began_s = clock()
    try:
        while not answered.exists():
            passed_s = clock() - began_s
            if (asked.exists() and passed_s > TAKEN_S) or passed_s > question.seconds + TAKEN_S + LATE_S:
                raise GaugeError(
                    "the daemon does not answer: it measures for somebody else, is of another version or has ended"
                )
            sleep(LOOK_S)
        report = _report(_read(answered, MAX_ANSWER_BYTES))
        trace = _read(folder / f"{name}{TRACE}", MAX_TRACE_BYTES) if question.traced else b""
        return Found(report, trace)
    finally:
        for suffix in (ASK, ANSWER, TRACE):
            with suppress(OSError):
                (folder / f"{name}{suffix}").unlink(missing_ok=True)


def _read(path: Path, most_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise GaugeError(f"the daemon's answer can't be read ({error.strerror}); ask again") from error
    if len(content) > most_bytes:
        raise GaugeError(f"the daemon's answer is longer than {most_bytes} bytes; measure for fewer seconds")
    return content


def _report(content: bytes) -> Report:
    try:
        table = json.loads(content)
        if "error" in table:
            raise GaugeError(f"the daemon: {table['error']}")
        return report_of(json.dumps(table["report"]))
    except (ValueError, KeyError, TypeError) as error:
        raise GaugeError(f"the daemon's answer is no report: {error}") from error
