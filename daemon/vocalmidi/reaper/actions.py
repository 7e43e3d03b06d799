"""What our actions are called in one Reaper: its resource folder in, the list that its bridge has left there out."""

from pathlib import Path

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.codec import decode
from vocalmidi.reaper.install import spool_root
from vocalmidi.reaper.published import ActionList, PublishedAction

ACTIONS_FILE = "bridge.actions"


def published_actions(resource_path: Path) -> tuple[PublishedAction, ...]:
    """Return our actions with their commands, by title; raise ReaperError when no bridge has told them yet."""
    path = spool_root(resource_path) / ACTIONS_FILE
    try:
        published = decode(path.read_bytes())
    except FileNotFoundError:
        raise ReaperError(
            f"no bridge has told its actions in {path.parent}; run `vocalmidi reaper install` and start Reaper once"
        ) from None
    except OSError as error:
        raise ReaperError(f"can't read {path}: {error.strerror}; make it readable") from error
    if not isinstance(published, ActionList):
        raise ReaperError(f"{path} is no list of actions; start Reaper again, and its bridge writes it anew")
    return tuple(sorted(published.actions, key=lambda action: action.title))
