"""What a controller asked that takes longer than an answer: wishes to the bridge, sounds to be learnt.

Comes in: orders, from the control's thread, which never waits. Goes out: wishes in the spool, a new voice profile, and
what became of each in words. The daemon's answering thread calls `turn`; what is asked waits in a short line for it.
"""

import queue
import uuid
from collections import deque
from collections.abc import Callable
from functools import partial

from vocalmidi.app.lesson import Lessons
from vocalmidi.control import ERROR, WRITTEN, Action, Message, Order
from vocalmidi.errors import ControlError, VocalMidiError
from vocalmidi.reaper import BridgeCommand, BridgeWish, CommandName, ReceiptStatus, Spool, WishName, WriteReceipt
from vocalmidi.values import PART_NAMES, PartName

MOST_WAITING = 32
"""Orders: more than hands can give while one phrase is written."""
MOST_NEWS = 256
"""Messages that nobody has fetched yet; the oldest go."""
ANSWER_S = 5.0
"""The bridge answers within a fifth of a second; longer is a dialog or a render in Reaper."""
PORT = "port"
"""What a panic is about that has been seen to at the live port."""
SILENCED = "all notes off"
"""As the bridge says it."""
_PLAIN = {
    Action.WRITE: WishName.WRITE,
    Action.WRITE_AUDIO: WishName.WRITE_AUDIO,
    Action.WRITE_SELECTION: WishName.WRITE_SELECTION,
    Action.WRITE_BARS: WishName.WRITE_BARS,
    Action.CONTINUE: WishName.CONTINUE,
    Action.PANIC: WishName.PANIC,
}
"""Wishes whose argument is the order's value, if it has one."""


class Errands:
    """The line of what was asked, and what is on its way."""

    def __init__(self, spool: Spool, lessons: Lessons) -> None:
        """Pass wishes on through `spool`; have sounds learnt by `lessons`."""
        self._spool = spool
        self._lessons = lessons
        self._line: queue.Queue[Order] = queue.Queue(MOST_WAITING)
        self._asked: deque[BridgeWish] = deque()
        self._news: deque[Message] = deque(maxlen=MOST_NEWS)
        self._locked: frozenset[PartName] = frozenset()

    @property
    def is_busy(self) -> bool:
        """Whether something was asked that is not done."""
        return bool(self._asked) or not self._line.empty() or self._lessons.is_learning

    @property
    def locked(self) -> frozenset[PartName]:
        """The parts that are locked, of the arrangement that is selected or newest."""
        return self._locked

    def ask(self, order: Order) -> None:
        """Put an order into the line; raise ControlError when it is full."""
        try:
            self._line.put_nowait(order)
        except queue.Full:
            raise ControlError(f"{MOST_WAITING} things wait to be done; ask again when these are") from None

    def panic(self, *, is_quiet: bool) -> None:
        """Have Reaper end all notes; is_quiet: a port was silenced already, so that none need be there."""
        self.ask(Order(Action.PANIC, PORT if is_quiet else ""))

    def news(self) -> list[Message]:
        """Return and forget what became of what was asked."""
        told: list[Message] = []
        while self._news:
            told.append(self._news.popleft())
        return told

    def tell(self, status: ReceiptStatus, words: str) -> None:
        """Say what became of something."""
        if words:
            self._news.append(Message(WRITTEN if status is ReceiptStatus.OK else ERROR, (words,)))

    def told(self, command: BridgeCommand, receipt: WriteReceipt) -> None:
        """Say what became of a command; a setting that was changed tells itself."""
        if command.name is not CommandName.SET:
            self.tell(receipt.status, receipt.message)

    def turn(self) -> None:
        """Do what waits, and look for answers; nothing that goes wrong is raised."""
        while not self._line.empty():
            self._guarded(partial(self._begin, self._line.get_nowait()))
        for wish in tuple(self._asked):
            self._guarded(partial(self._look, wish))
        self._guarded(self._teach)
        report = self._spool.take_parts()
        if report is not None:
            self._locked = report.locked

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except VocalMidiError as error:
            self.tell(ReceiptStatus.REFUSED, " ".join(str(error).split()))

    def _teach(self) -> None:
        for words in self._lessons.turn():
            self.tell(ReceiptStatus.OK, words)

    def _begin(self, order: Order) -> None:
        if order.action is Action.LEARN:
            name, *pitch = order.values
            self._lessons.begin(str(name), int(pitch[0]) if pitch else None)
        elif order.action is Action.CLEAR:
            self.tell(ReceiptStatus.OK, self._lessons.clear(str(order.values[0])))
        elif order.subject == PORT and not self._spool.bridge_state().is_alive:
            self.tell(ReceiptStatus.OK, SILENCED)
        else:
            name, argument = _wish_of(order)
            wish = BridgeWish(str(uuid.uuid4()), name, self._spool.now(), argument)
            self._spool.wish(wish)
            self._asked.append(wish)

    def _look(self, wish: BridgeWish) -> None:
        """Take the bridge's answer to a wish, if it is there; give up after a while."""
        try:
            answer = self._spool.take_wish_answer(wish.wish_id)
        except VocalMidiError:
            self._asked.remove(wish)
            raise
        if answer is not None:
            self._asked.remove(wish)
            self.tell(answer.status, answer.message)
        elif self._spool.now() - wish.sent_s > ANSWER_S:
            self._asked.remove(wish)
            taken = "" if self._spool.drop_wish(wish.wish_id) else "; it may still be done"
            raise ControlError(
                f"Reaper has not answered {wish.name} in {ANSWER_S:g} s{taken}; close an open dialog there"
            )


def _wish_of(order: Order) -> tuple[WishName, str]:
    """Return the wish that an order means, and its argument."""
    match order.action:
        case Action.LOCK:
            return WishName.SET_LOCK, f"{order.subject} {'on' if order.values[0] else 'off'}"
        case Action.REGENERATE:
            words = " ".join(map(str, order.values)) or order.subject
            return (WishName.SEED_PART if len(order.values) > 1 else WishName.ROLL_PARTS), words
        case Action.ARRANGE:
            return WishName.ROLL_PARTS, _parts(str(order.values[0])) if order.values else ""
        case _:
            return _PLAIN[order.action], str(order.values[0]) if order.values else ""


def _parts(text: str) -> str:
    """Return parts as the bridge reads them; raise ControlError where one is none."""
    names = [word.strip().lower() for word in text.split(",") if word.strip()]
    wrong = [name for name in names if name not in list(PART_NAMES)]
    if wrong or not names:
        raise ControlError(f"{wrong[0] if wrong else text!r} is no part; there are {', '.join(PART_NAMES)}")
    return ",".join(names)
