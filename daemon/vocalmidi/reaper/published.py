"""The commands of our actions in one Reaper, as its bridge publishes them: values, and lines of the file and back.

Reaper draws a command's id from where its script lies, so no id can be known beforehand. See docs/SPOOL.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.lines import LineReader, check_id, check_range, check_text

ACTIONS_KIND = "actions"
MAX_ACTIONS = 1000
_COMMAND = re.compile(r"_[A-Za-z0-9_]{1,80}")


@dataclass(frozen=True, slots=True)
class PublishedAction:
    """An action of ours: the command that runs it in this Reaper (`_RS…`), and what it is called."""

    command: str
    title: str

    def __post_init__(self) -> None:
        check_text(self.title)
        if not _COMMAND.fullmatch(self.command):
            raise ValueError(f"command {self.command[:90]!r} must be an underscore and 1–80 letters, digits and _")


@dataclass(frozen=True, slots=True)
class ActionList:
    """All actions of ours in one Reaper; `owner_id` is that of the bridge that told them."""

    owner_id: str
    actions: tuple[PublishedAction, ...]

    def __post_init__(self) -> None:
        check_id(self.owner_id)
        check_range("number of actions", len(self.actions), 0, MAX_ACTIONS)


def action_lines(published: ActionList) -> Iterator[str]:
    """Yield the body lines of a list of actions."""
    yield f"actions {len(published.actions)}"
    for action in published.actions:
        yield f"action {action.command}"
        yield f"title {action.title}"


def read_actions(reader: LineReader) -> ActionList:
    """Return the list; raise ReaperError where a line is not as it should be."""
    count = reader.integer(reader.fields("actions", 1)[0], 0, MAX_ACTIONS)
    try:
        return ActionList(reader.message_id, tuple(_action(reader) for _ in range(count)))
    except ValueError as error:
        raise ReaperError(f"spool message refused: {error}; restart Reaper") from error


def _action(reader: LineReader) -> PublishedAction:
    return PublishedAction(reader.fields("action", 1)[0], reader.text("title"))
